"""What the trained model adds to the rules: it hides only what is plain, tells of harm to a child early, and else asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from moderation.classifier import ANY_HARM, abusive_probability, harm_probabilities
from moderation.engine import Reading
from moderation.labels import Label
from moderation.model import Signal
from moderation.policy import QUOTED
from moderation.rules.phrase import expanded, shared_pieces, whole_words

HIDE_AT, REVIEW_AT = 0.93, 0.62
"""Where the measure of abuse hides beside a rule, and where it asks a person."""
_PLAIN, _LIKELY, _POSSIBLE = 0.75, 0.6, 0.5
"""The scores of a signal: enough to act, enough to tell people at once, enough to ask."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How sure the model must be of one harm to ask, to tell people at once, and to act."""

    label: Label
    words: str
    ask: float
    tell: float
    act: float


_CHILD = (0.15, 0.3, 0.8)
_PEOPLE = (0.25, 1.0, 0.4)
_OTHERS = (0.25, 1.0, 0.6)
_NEVER = 2.0
BOUNDS: dict[str, Bounds] = {
    "threat": Bounds(Label.THREAT, "a threat", *_CHILD),
    "incite": Bounds(Label.SELF_HARM_INCITEMENT, "telling somebody to harm themselves", *_CHILD),
    "disclosure": Bounds(Label.DISCLOSURE, "a cry for help, or worry about a child", *_CHILD),
    "missing": Bounds(Label.MISSING_CHILD, "about a missing child", *_CHILD),
    "contact": Bounds(Label.CONTACT_SEEKING, "an attempt to get in touch with a child", *_CHILD),
    "sexual": Bounds(Label.SEXUAL_CHILD, "sexual about a child", *_CHILD),
    "allegation": Bounds(Label.ALLEGATION_STAFF, "an accusation against a member of staff", 0.15, 0.4, 0.95),
    "doxxing": Bounds(Label.DOXXING, "telling where somebody can be found", *_CHILD),
    "extremism": Bounds(Label.EXTREMISM, "support for extremism", *_CHILD),
    "drugs": Bounds(Label.DRUGS, "about getting or selling drugs", *_CHILD),
    "weapons": Bounds(Label.WEAPONS, "about a weapon", *_CHILD),
    "prejudice": Bounds(Label.PREJUDICE, "prejudice against a group of people", *_PEOPLE),
    "insult": Bounds(Label.INSULT, "an insult", *_PEOPLE),
    "spam": Bounds(Label.SPAM, "an advertisement or a scam", *_OTHERS),
    "private": Bounds(Label.PERSONAL_DATA, "private facts about somebody", *_OTHERS),
    "report": Bounds(Label.REPORT_OF_ABUSE, "a report of bullying or abuse", 0.4, _NEVER, _NEVER),
    "counter": Bounds(Label.COUNTER_SPEECH, "an answer to abuse", 0.4, _NEVER, _NEVER),
}
ANY_AT = 0.45
ABUSE_AT = 0.6
"""Groups and people are spoken of kindly too: the model hides an insult or prejudice only where it reads abuse as well."""
_ABUSE = (Label.INSULT, Label.PREJUDICE)
CRITICISM_AT = 0.25
"""From here on a comment may be criticism, which the model alone never hides."""


def model_signals(reading: Reading, signals: Sequence[Signal], language: str) -> Iterator[Signal]:
    """The trained model's opinion. Beside criticism, a report or another language it only asks a person."""
    text = reading.masked.text
    end = len(reading.original)
    harms = harm_probabilities(text)
    labels = {signal.label for signal in signals}
    labels |= {BOUNDS[name].label for name in ("report", "counter") if harms[name] >= BOUNDS[name].ask}
    criticises = harms["criticism"] >= CRITICISM_AT
    if criticises and Label.CRITICISM not in labels:
        yield Signal("model.criticism", Label.CRITICISM, _POSSIBLE, "reads like criticism, which is welcome", 0, end)
    careful = criticises or bool(labels & {Label.CRITICISM, *QUOTED}) or language not in ("", "en")
    abuse = abusive_probability(text)
    found = list(
        _harm_signals(
            harms, text, end, careful=careful, abusive=min(abuse, harms[ANY_HARM]) >= ABUSE_AT, criticises=criticises
        )
    )
    yield from found
    if abuse >= HIDE_AT and not careful and labels & {Label.PROFANITY, Label.INSULT, Label.PREJUDICE}:
        yield Signal("model.abusive", Label.INSULT, abuse, "reads like abuse to the trained model", 0, end)
    elif abuse >= REVIEW_AT:
        yield Signal("model.doubtful", Label.UNKIND, 0.7, "may be unkind, says the trained model", 0, end)
    elif not found and harms[ANY_HARM] >= ANY_AT:
        yield Signal("model.any_harm", Label.UNKIND, 0.7, "may do harm, says the trained model", 0, end)


def _harm_signals(
    harms: dict[str, float], text: str, end: int, *, careful: bool, abusive: bool, criticises: bool
) -> Iterator[Signal]:
    for name, bounds in BOUNDS.items():
        probability = harms[name]
        if probability < bounds.ask:
            continue
        label = bounds.label
        if label is Label.ALLEGATION_STAFF and _head().search(text):
            label = Label.ALLEGATION_HEAD
        acts = probability >= bounds.act and not careful and (abusive or label not in _ABUSE)
        tells = probability >= bounds.tell and not (criticises and name == "allegation")
        if label in QUOTED or acts:
            yield Signal(f"model.{name}", label, _PLAIN, f"reads like {bounds.words} to the trained model", 0, end)
        elif tells:
            yield Signal(f"model.{name}", label, _LIKELY, f"is probably {bounds.words}, says the trained model", 0, end)
        else:
            yield Signal(f"model.{name}", label, _POSSIBLE, f"may be {bounds.words}, says the trained model", 0, end)


@cache
def _head() -> re.Pattern[str]:
    return whole_words(expanded("<HEAD>|^head", shared_pieces()))
