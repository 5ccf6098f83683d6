"""The engine's verdict, with what the school itself decided: its own blocked words, and rules that may not hide."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

import moderation
from app.comments.context import Case
from moderation.known_rules import is_listed
from moderation.plain import plain_view
from moderation.policy import ROW_OF, Reach, loudness
from moderation.rules.phrase import whole_words

OWN_WORD = "school.blocked_word"
_SCORE = 0.9
LONG_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Opinion:
    verdict: moderation.Verdict
    was_held_back: bool = False
    """It would have been hidden, but the school switched that off."""


def opinion_on(case: Case) -> Opinion:
    """Judge one comment. A rule that is switched off still tells people; it only hides nothing by itself."""
    verdict = _with_own_words(moderation.judge(case.comment, case.context), case)
    if not verdict.hide or _may_hide(verdict, case):
        return Opinion(verdict)
    return Opinion(_held(verdict), was_held_back=True)


def categories_of(verdict: moderation.Verdict) -> tuple[moderation.Label, ...]:
    """Return what a comment is, the surest and gravest first. Beside what is plain, a doubt says nothing."""
    best: dict[moderation.Label, float] = {}
    for signal in verdict.signals:
        best[signal.label] = max(best.get(signal.label, 0.0), signal.score)
    reached = {label: (ROW_OF[label], ROW_OF[label].reach(score)) for label, score in best.items()}
    loud = loudness(reached.values())
    heard = [label for label in verdict.categories if label not in reached or reached[label][1] >= loud]
    return tuple(sorted(heard, key=lambda label: _weight(label, best.get(label, 0.0)), reverse=True))


def _weight(label: moderation.Label, score: float) -> tuple[int, int, float]:
    row = ROW_OF[label]
    reach = row.reach(score)
    if row.action is moderation.Action.REVIEW:
        reach = min(reach, Reach.ASKS)  # it never does more than ask, however sure it is
    return (int(reach), int(row.severity), score)


def reasons_of(verdict: moderation.Verdict) -> list[str]:
    """Say in words what carried the verdict; the doubts beside it stay with the signals."""
    heard = categories_of(verdict)
    said = [f"It {signal.because}." for signal in verdict.signals if signal.label in heard]
    return list(dict.fromkeys(said)) or list(verdict.reasons)


def _may_hide(verdict: moderation.Verdict, case: Case) -> bool:
    if not case.hides_by_itself:
        return False
    if not any(is_listed(signal.rule, case.rules_off) for signal in verdict.signals):
        return True
    without = moderation.judge(case.comment, replace(case.context, switched_off=case.rules_off))
    if not is_listed(OWN_WORD, case.rules_off):
        without = _with_own_words(without, case)
    return without.hide


def _held(verdict: moderation.Verdict) -> moderation.Verdict:
    """Everybody is told as ever, and a person looks."""
    action = moderation.Action.REVIEW if verdict.action is moderation.Action.HIDE else verdict.action
    return replace(verdict, hide=False, action=action)


def _with_own_words(verdict: moderation.Verdict, case: Case) -> moderation.Verdict:
    """A word that the school does not allow is hidden; but in a complaint it only asks a person to look."""
    word = _blocked_word(case)
    if not word or verdict.hide:
        return verdict
    said = set(verdict.categories)  # doubts too: whoever may complain or tell of abuse is not hidden for a word
    complains = moderation.Label.CRITICISM in said
    because = "has a word that this school does not allow"
    signal = moderation.Signal(OWN_WORD, moderation.Label.INSULT, _SCORE, because, *word)
    action = moderation.Action.REVIEW if complains else moderation.Action.HIDE
    return replace(
        verdict,
        action=max(verdict.action, action, key=lambda each: each.rank),
        hide=not complains and not said & set(_SPOKEN),
        severity=max(verdict.severity, moderation.Severity.LOW),
        categories=tuple(dict.fromkeys([*verdict.categories, signal.label])),
        routes=tuple(dict.fromkeys([*verdict.routes, moderation.Route.HEAD])),
        signals=(*verdict.signals, signal),
        reasons=(*(() if not verdict.signals else verdict.reasons), f"It {because}."),
        score=max(verdict.score, _SCORE),
    )


_SPOKEN = (
    moderation.Label.DISCLOSURE,
    moderation.Label.MISSING_CHILD,
    moderation.Label.REPORT_OF_ABUSE,
    moderation.Label.COUNTER_SPEECH,
)
"""Whoever asks for help or tells of abuse is heard, whatever words they use."""


def _blocked_word(case: Case) -> tuple[int, int] | None:
    """Find one of the school's words, also written with odd letters, spaced out or stretched."""
    if not case.blocked_words:
        return None
    plain = plain_view(case.comment.text)
    match = _pattern(case.blocked_words).search(plain.text)
    return plain.span(*match.span()) if match else None


@lru_cache(maxsize=64)
def _pattern(words: frozenset[str]) -> re.Pattern[str]:
    return whole_words("|".join(map(_loosely, sorted(words, key=len, reverse=True))))


def _loosely(word: str) -> str:
    """A short word must be written as it is: spaced out it would be found across others."""
    letters = plain_view(word).text
    if len(letters) < LONG_ENOUGH or " " in letters:
        return re.escape(letters).replace(r"\ ", r"\s+")
    return r"[\W_]{0,2}".join(f"{re.escape(letter)}+" for letter in letters)
