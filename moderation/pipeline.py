"""Judge one comment: read it, run every rule and the classifier, and let the table decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from moderation.classifier import MODEL_VERSION, abusive_probability
from moderation.engine import RULE_FILES, Reading, read
from moderation.labels import Action, Advice, Characteristic, Label, PersonRole, Route, Severity
from moderation.language import language_of
from moderation.model import Comment, Context, Signal, Verdict
from moderation.policy import POLICY_VERSION, QUOTED, ROW_OF, SOFTENED, TABLE, Row
from moderation.rules.abuse import abuse_signals
from moderation.rules.phrase import phrase_rules
from moderation.rules.privacy import mentions_in, privacy_signals

LONGEST = 10_000
HIDE_AT, REVIEW_AT = 0.93, 0.62
"""Where the classifier alone hides, and where it asks a person."""
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
    language = language_of(text)
    signals += _from_model(reading, signals, language)
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


def _from_model(reading: Reading, signals: Sequence[Signal], language: str) -> Iterable[Signal]:
    """The classifier's opinion. Beside criticism, a report or another language it only asks a person."""
    probability = abusive_probability(reading.masked.text)
    labels = {signal.label for signal in signals}
    careful = labels & {Label.CRITICISM, *QUOTED} or language not in ("", "en")
    end = len(reading.original)
    if probability >= HIDE_AT and not careful and labels & {Label.PROFANITY, Label.INSULT, Label.PREJUDICE}:
        yield Signal("model.abusive", Label.INSULT, probability, "reads like abuse to the classifier", 0, end)
    elif probability >= REVIEW_AT:
        yield Signal("model.doubtful", Label.UNKIND, 0.7, "may be unkind, says the classifier", 0, end)


def _verdict(signals: tuple[Signal, ...], text: str, language: str) -> Verdict:
    rows = _rows(signals)
    action, hide = Action.ALLOW, False
    for row, acts in rows:
        reached = row.action if acts else Action.REVIEW
        action = max(action, reached, key=lambda item: item.rank)
        hide = hide or (acts and row.hide)
    if Label.DISCLOSURE in {row.label for row, acts in rows if acts} and not _must_hide(rows):
        hide = False
    acting = [row for row, acts in rows if acts] or [row for row, _ in rows]
    routes = _routes(acting)
    ordered = sorted(signals, key=lambda signal: (-_rank(signal), -signal.score))
    return Verdict(
        action=action,
        hide=hide,
        severity=max((row.severity if acts else Severity.LOW for row, acts in rows), default=Severity.NONE),
        categories=tuple(dict.fromkeys(signal.label for signal in ordered)),
        characteristics=_characteristics(ordered),
        routes=routes,
        restricted=any(row.restricted for row in acting),
        advice=_advice(acting),
        signals=tuple(ordered),
        reasons=tuple(dict.fromkeys(f"It {signal.because}." for signal in ordered)) or ("Nothing was found.",),
        score=round(max((signal.score for signal in signals if signal.label is not Label.CRITICISM), default=0.0), 4),
        language=language,
        policy_version=POLICY_VERSION,
        model_version=MODEL_VERSION,
    )


def _rows(signals: Sequence[Signal]) -> list[tuple[Row, bool]]:
    """Return the rows that signals reach, each with whether it acts or only asks for a look."""
    told = {signal.label for signal in signals} & set(QUOTED)
    best: dict[Label, float] = {}
    for signal in signals:
        best[signal.label] = max(best.get(signal.label, 0.0), signal.score)
    rows = []
    for row in TABLE:
        score = best.get(row.label)
        if score is None or score < row.doubt:
            continue
        acts = score >= row.threshold and not (told and row.label in SOFTENED)
        if row.action is not Action.ALLOW:
            rows.append((row, acts))
    return rows


def _must_hide(rows: Sequence[tuple[Row, bool]]) -> bool:
    """A disclosure stays in sight of those who can help unless it also names, threatens or exposes somebody."""
    exposing = {
        Label.THREAT,
        Label.PUPIL_NAMED,
        Label.PERSONAL_DATA,
        Label.DOXXING,
        Label.SEXUAL_CHILD,
        Label.CONTACT_SEEKING,
    }
    return any(acts and (row.label in exposing or row.restricted) for row, acts in rows)


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
