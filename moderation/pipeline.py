"""Judge one comment: read it, run every rule and the classifier, and let the table decide."""

from __future__ import annotations

import re
from collections.abc import Iterable

from moderation.decision import held_back, verdict_on, with_shadow
from moderation.doubt import doubted
from moderation.engine import LANGUAGE_FILE, RULE_FILES, Reading, read
from moderation.known_rules import is_listed, rules_on_trial
from moderation.labels import Label, PersonRole
from moderation.language import language_behind
from moderation.model import Comment, Context, Signal, Verdict
from moderation.outside import outside_signals
from moderation.plain import plain_view
from moderation.rules.abuse import abuse_signals
from moderation.rules.privacy import mentions_in, privacy_signals
from moderation.rules.sieve import sieve
from moderation.second_opinion import model_signals

LONGEST = 10_000
_SERIOUS = re.compile(
    r"\b(?:hit|hits|slapped|grabbed|pushed|hurt|punched|touched|touches|groped|assaulted|abused|paedo|pedo|nonce|predator|stole|"
    r"stealing|thief|drunk|affair|arrested|racist|messaging|messaged|texting|sleeping with|slept with|perv|pervert|creepy with|"
    r"bullies|bullied|bullying|manhandled|locked|humiliated|fraud|pocketing|covering up|covered up|inappropriate)\b"
)
_NEAR = 80


def judge(comment: Comment, context: Context | None = None) -> Verdict:
    """Return what a comment is, what to do with it, and why. Never raises on any text."""
    surroundings = context or Context()
    text = comment.text[:LONGEST].encode("utf-8", "replace").decode("utf-8")
    if _is_own(comment, surroundings):
        return verdict_on((), "")
    reading = read(text, surroundings.school_words)
    counted, beside = _sorted_out(_first_signals(reading, surroundings), surroundings)
    counted = doubted(reading, counted)
    language = language_behind(text, reading.masked.text)
    later = [*model_signals(reading, counted, language), *_form_signals(comment, text, language)]
    later += outside_signals(surroundings.classifiers, text)
    counted_later, beside_later = _sorted_out(later, surroundings)
    beside += beside_later
    for candidate in surroundings.candidates:
        beside += candidate.signals(reading.masked.text)
    verdict = with_shadow(verdict_on([*counted, *counted_later], language), beside)
    return verdict if surroundings.may_hide else held_back(verdict)


def judge_all(cases: Iterable[tuple[Comment, Context]]) -> list[Verdict]:
    return [judge(comment, context) for comment, context in cases]


def hide_order(verdict: Verdict) -> tuple[int, int, float]:
    """Sort key for a pile-on: the worst first."""
    return (-int(verdict.severity), -verdict.action.rank, -verdict.score)


def _first_signals(reading: Reading, context: Context) -> Iterable[Signal]:
    """What the rules notice, before the model is asked."""
    yield from _rule_signals(reading)
    yield from privacy_signals(reading.original, context)
    yield from _about_people(reading.original, context)


def _form_signals(comment: Comment, text: str, language: str) -> Iterable[Signal]:
    if language not in ("", "en"):
        yield Signal("language.other", Label.NOT_ENGLISH, 0.6, "is not in English", 0, len(text))
    if comment.attachments and not text.strip():
        yield Signal("attachment.only", Label.ATTACHMENT, 0.6, "is a picture without words", 0, 0)


def _sorted_out(signals: Iterable[Signal], context: Context) -> tuple[list[Signal], list[Signal]]:
    """The signals that count, and those of rules that are switched off or only on trial."""
    looking_on = context.switched_off | context.on_trial | rules_on_trial()
    counted: list[Signal] = []
    beside: list[Signal] = []
    for signal in signals:
        (beside if is_listed(signal.rule, looking_on) else counted).append(signal)
    return counted, beside


def _rule_signals(reading: Reading) -> list[Signal]:
    return [
        *sieve(*RULE_FILES).signals(reading.masked, reading.original),
        *sieve(LANGUAGE_FILE).signals(reading.plain, reading.original),
        *abuse_signals(reading),
    ]


def _about_people(text: str, context: Context) -> Iterable[Signal]:
    """An accusation beside the name of a member of staff, found by the school's own list."""
    for mention in mentions_in(text, context):
        if mention.role is PersonRole.PUPIL:
            continue
        near = text[max(0, mention.start - _NEAR) : mention.end + _NEAR]
        if _SERIOUS.search(plain_view(near).text):
            label = Label.ALLEGATION_HEAD if mention.role is PersonRole.HEAD else Label.ALLEGATION_STAFF
            who = "the headteacher" if mention.role is PersonRole.HEAD else "a named member of staff"
            because = f"accuses {who} of something serious"
            yield Signal(f"allegation.named_{mention.role.value}", label, 0.88, because, mention.start, mention.end)


def _is_own(comment: Comment, context: Context) -> bool:
    own = {account.lower().lstrip("@") for account in context.own_accounts}
    return bool(comment.author) and comment.author.lower().lstrip("@") in own
