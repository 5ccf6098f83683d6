"""Judge one comment: read it, run every rule and the classifier, and let the table decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from moderation.classifier import MODEL_VERSION
from moderation.engine import RULE_FILES, Reading, read
from moderation.labels import Action, Advice, Characteristic, Label, PersonRole, Route, Severity
from moderation.language import language_behind
from moderation.model import Comment, Context, Signal, Verdict
from moderation.policy import POLICY_VERSION, QUOTED, RETOLD, ROW_OF, SOFTENED, TABLE, Reach, Row
from moderation.rules.abuse import abuse_signals
from moderation.rules.phrase import phrase_rules
from moderation.rules.privacy import mentions_in, privacy_signals
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
        return _verdict((), text, "")
    reading = read(text, surroundings.school_words)
    signals = [
        *_rule_signals(reading),
        *privacy_signals(text, surroundings),
        *_about_people(text, reading, surroundings),
    ]
    for classifier in surroundings.classifiers:
        signals += classifier.classify(text)
    language = language_behind(text, reading.masked.text)
    signals += model_signals(reading, signals, language)
    if language not in ("", "en"):
        signals.append(Signal("language.other", Label.NOT_ENGLISH, 0.6, "is not in English", 0, len(text)))
    if comment.attachments and not text.strip():
        signals.append(Signal("attachment.only", Label.ATTACHMENT, 0.6, "is a picture without words", 0, 0))
    return _verdict(tuple(signals), text, language)


def judge_all(cases: Iterable[tuple[Comment, Context]]) -> list[Verdict]:
    return [judge(comment, context) for comment, context in cases]


def hide_order(verdict: Verdict) -> tuple[int, int, float]:
    """Sort key for a pile-on: the worst first."""
    return (-int(verdict.severity), -verdict.action.rank, -verdict.score)


def _rule_signals(reading: Reading) -> list[Signal]:
    signals = [
        signal
        for name in RULE_FILES
        for rule in phrase_rules(name)
        for signal in rule.signals(reading.masked, reading.original)
    ]
    return signals + list(abuse_signals(reading))


def _about_people(text: str, reading: Reading, context: Context) -> Iterable[Signal]:
    """An accusation beside the name of a member of staff, found by the school's own list."""
    for mention in mentions_in(text, context):
        if mention.role is PersonRole.PUPIL:
            continue
        near = reading.plain.text[max(0, mention.start - _NEAR) : mention.end + _NEAR]
        if _SERIOUS.search(near):
            label = Label.ALLEGATION_HEAD if mention.role is PersonRole.HEAD else Label.ALLEGATION_STAFF
            who = "the headteacher" if mention.role is PersonRole.HEAD else "a named member of staff"
            because = f"accuses {who} of something serious"
            yield Signal(f"allegation.named_{mention.role.value}", label, 0.88, because, mention.start, mention.end)


def _verdict(signals: tuple[Signal, ...], text: str, language: str) -> Verdict:
    rows = _rows(signals)
    action = max((_action(row, reach) for row, reach in rows), key=lambda item: item.rank, default=Action.ALLOW)
    acting = _acting(rows)
    ordered = sorted(signals, key=lambda signal: (-_rank(signal), -signal.score))
    return Verdict(
        action=action,
        hide=_hides(rows),
        severity=max((_severity(row, reach) for row, reach in rows), default=Severity.NONE),
        categories=tuple(dict.fromkeys(signal.label for signal in ordered)),
        characteristics=_characteristics(ordered),
        routes=_routes(acting),
        restricted=any(row.restricted for row in acting),
        advice=_advice(acting),
        signals=tuple(ordered),
        reasons=tuple(dict.fromkeys(f"It {signal.because}." for signal in ordered)) or ("Nothing was found.",),
        score=round(max((signal.score for signal in signals if signal.label is not Label.CRITICISM), default=0.0), 4),
        language=language,
        policy_version=POLICY_VERSION,
        model_version=MODEL_VERSION,
    )


def _rows(signals: Sequence[Signal]) -> list[tuple[Row, Reach]]:
    """Return the rows that signals reach, each with how far."""
    told = bool({signal.label for signal in signals} & set(QUOTED))
    best: dict[Label, float] = {}
    for signal in signals:
        best[signal.label] = max(best.get(signal.label, 0.0), signal.score)
    rows = []
    for row in TABLE:
        reach = row.reach(best.get(row.label, 0.0))
        if reach is Reach.NOTHING or row.action is Action.ALLOW:
            continue
        if told and row.label in SOFTENED:
            reach = Reach.ASKS
        elif told and row.label in RETOLD:
            reach = min(reach, Reach.TELLS)
        rows.append((row, reach))
    return rows


def _action(row: Row, reach: Reach) -> Action:
    return row.action if reach >= Reach.TELLS else Action.REVIEW


def _severity(row: Row, reach: Reach) -> Severity:
    if reach is Reach.ACTS:
        return row.severity
    return min(row.severity, Severity.HIGH) if reach is Reach.TELLS else Severity.LOW


def _acting(rows: Sequence[tuple[Row, Reach]]) -> list[Row]:
    """The rows that decide who is told: the acting ones, or all when none acts."""
    furthest = max((reach for _, reach in rows), default=Reach.NOTHING)
    wanted = min(furthest, Reach.TELLS)
    return [row for row, reach in rows if reach >= wanted]


def _hides(rows: Sequence[tuple[Row, Reach]]) -> bool:
    """A disclosure stays in sight of those who can help unless it also names, threatens or exposes somebody."""
    acting = [row for row, reach in rows if reach is Reach.ACTS]
    if any(row.label is Label.DISCLOSURE for row in acting):
        return any(row.label in _EXPOSING or row.restricted for row in acting)
    return any(row.hide for row in acting)


_EXPOSING = frozenset(
    {
        Label.THREAT,
        Label.PUPIL_NAMED,
        Label.PERSONAL_DATA,
        Label.DOXXING,
        Label.SEXUAL_CHILD,
        Label.CONTACT_SEEKING,
    }
)


def _routes(rows: Sequence[Row]) -> tuple[Route, ...]:
    if any(row.label is Label.ALLEGATION_HEAD for row in rows):
        return (Route.CHAIR_OF_GOVERNORS,)
    return tuple(dict.fromkeys(route for row in rows for route in row.routes))


def _advice(rows: Sequence[Row]) -> tuple[Advice, ...]:
    return tuple(dict.fromkeys(advice for row in rows for advice in row.advice))


def _characteristics(signals: Sequence[Signal]) -> tuple[Characteristic, ...]:
    found = dict.fromkeys(signal.characteristic for signal in signals if signal.characteristic is not None)
    if not found and any(signal.label is Label.PREJUDICE for signal in signals):
        return (Characteristic.OTHER,)
    return tuple(found)


def _rank(signal: Signal) -> int:
    row = ROW_OF[signal.label]
    return row.action.rank * 10 + int(row.severity)


def _is_own(comment: Comment, context: Context) -> bool:
    own = {account.lower().lstrip("@") for account in context.own_accounts}
    return bool(comment.author) and comment.author.lower().lstrip("@") in own
