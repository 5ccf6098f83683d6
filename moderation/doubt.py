"""Where the rules are less sure than they say: the model sees none of it, or nobody and no harm is meant."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from moderation.classifier import harm_probabilities
from moderation.engine import RULE_FILES, WIDE_RULE_FILES, Reading
from moderation.labels import Action, Characteristic, Label
from moderation.manner import is_fond, is_of_a_thing, is_of_oneself, is_plain_question
from moderation.model import Signal
from moderation.policy import KEPT_IN_SIGHT, QUOTED, ROW_OF
from moderation.rules.phrase import phrase_rules
from moderation.second_opinion import BOUNDS, LIKELY, MAYBE_CRITICISM_AT, POSSIBLE, harm_beside_a_cry, harmfulness

HARMLESS_BELOW = 0.2
HARMLESS_BEYOND_DOUBT, HINTED_AT = 0.01, 0.15
"""How harmful the whole must be for a rule to tell people, and to hide where only the sentence around the words bears it out."""
ADDRESS_AT = 0.05
"""Below it a number and a name are no address, but perhaps forty pieces of rocky road."""
PLAIN_ALONE_AT = 0.95
"""From here on harm in one sentence is hidden however kind the others are."""
GRAVE_AT, GRAVELY_HARMFUL_AT, CONFIRMED_AT, INSULT_AT, SLUR_AT = 0.4, 0.5, 0.5, 0.2, 0.02
"""From where the model bears a rule out: that grave harm, any harm beside it; harm where it is not grave, beside a plain insult, and beside a slur."""
_CLASSES = {
    Label.ALLEGATION_HEAD: "allegation",
    Label.SCAM: "spam",
    **{bounds.label: name for name, bounds in BOUNDS.items() if bounds.label not in QUOTED},
}
_TEASING = (Label.INSULT,)
_CURSING = (Label.INSULT, Label.THREAT)
_ASKED = (Label.SPAM, Label.SCAM, Label.PERSONAL_DATA)
_INSULTS = frozenset({"insult.aimed", "insult.word", "insult.told_to"})
_ACCUSING = frozenset({Label.ALLEGATION_STAFF, Label.ALLEGATION_HEAD})
_GIVEN_AWAY = frozenset(
    {
        "privacy.phone",
        "privacy.email",
        "privacy.postcode",
        "privacy.plate",
        "privacy.pupil_named",
        "privacy.name_and_class",
    }
)
SURELY_CRITICISM_AT = 0.5
"""From here on a sentence is criticism: what a rule reads into it is told or asked about, and nothing is hidden for it."""
_STOPS = (".", "!", "?", "\n")
_BREAKS = (*_STOPS, ",", ";", " and ", " but ")


def doubted(reading: Reading, signals: Sequence[Signal]) -> list[Signal]:
    """What the rules say, less sure where the model sees none of it, or where nobody or no harm is meant."""
    return [_lowered(reading, signal) for signal in signals]


def _lowered(reading: Reading, signal: Signal) -> Signal:
    most = _most(reading, signal) if signal.score > POSSIBLE else 1.0
    return replace(signal, score=most) if most < signal.score else signal


def _most(reading: Reading, signal: Signal) -> float:
    """How sure a rule may be at most: a rule alone tells people of grave harm, and hides where the model sees the harm too."""
    if ROW_OF[signal.label].hide and not _is_explicit(signal) and _is_within_criticism(reading, signal):
        return LIKELY
    name = _CLASSES.get(signal.label)
    if signal.rule == "privacy.address" and harmfulness(harm_probabilities(reading.masked.text)) < ADDRESS_AT:
        return POSSIBLE
    if name is None or signal.rule not in _reading_rules():
        return 1.0
    text = reading.masked.text
    if signal.label in KEPT_IN_SIGHT:
        harmless = harmfulness(harm_probabilities(text)) < HARMLESS_BELOW
        return LIKELY if harmless and signal.rule in _wide_rules() else 1.0
    start, end = _place(reading, signal)
    if _is_meek(text, signal, start, end):
        return POSSIBLE
    if _sees(text, name, signal):
        return 1.0
    hint = harmfulness(harm_probabilities(text))
    clause, part = _clause(text, start, end), _clause(text, start, end, _BREAKS)
    alone = max(harm_beside_a_cry(harm_probabilities(words)) for words in (clause, part))
    if _may_stand_alone(signal) and alone >= PLAIN_ALONE_AT:
        return 1.0
    if max(hint, alone) < HARMLESS_BEYOND_DOUBT and signal.label not in _ACCUSING:
        return POSSIBLE
    return 1.0 if hint >= HINTED_AT and _sees(clause, name, signal) else LIKELY


def _may_stand_alone(signal: Signal) -> bool:
    """Grave harm, hate and plain insults, which kind words beside them must not bring back."""
    grave = ROW_OF[signal.label].action is Action.ESCALATE
    return grave or signal.label is Label.PREJUDICE or signal.rule in _INSULTS


def _is_explicit(signal: Signal) -> bool:
    """Words that hide even a complaint: a slur, an insult, a threat and its like, a number or a name given away."""
    if signal.label in _ACCUSING:
        return False
    grave = ROW_OF[signal.label].action is Action.ESCALATE
    return grave or signal.rule.startswith("slur.") or signal.rule in _INSULTS or signal.rule in _GIVEN_AWAY


def _is_within_criticism(reading: Reading, signal: Signal) -> bool:
    """Whether the sentence in which a signal stands is criticism, or may be in a comment that is: no machine hides it."""
    text = reading.masked.text
    sentence = _clause(text, *_place(reading, signal))
    is_criticism = harm_probabilities(text)["criticism"] >= SURELY_CRITICISM_AT
    enough = MAYBE_CRITICISM_AT if is_criticism else SURELY_CRITICISM_AT
    return harm_probabilities(sentence)["criticism"] >= enough


def _is_meek(text: str, signal: Signal, start: int, end: int) -> bool:
    """Whether nobody is meant, or no harm: a thing is cursed, friends tease each other, a parent asks."""
    if signal.label in _CURSING and is_of_a_thing(text, start, end):
        return True
    if signal.label in _TEASING and (is_fond(_clause(text, start, end)) or is_of_oneself(text[:end])):
        return True
    return signal.label in _ASKED and is_plain_question(text)


def _sees(text: str, name: str, signal: Signal) -> bool:
    """Whether the model sees the harm that a rule has found."""
    harms = harm_probabilities(text)
    if ROW_OF[signal.label].action is Action.ESCALATE:
        return harms[name] >= GRAVE_AT or harm_beside_a_cry(harms) >= GRAVELY_HARMFUL_AT
    least = SLUR_AT if signal.rule.startswith("slur.") else INSULT_AT if signal.rule in _INSULTS else CONFIRMED_AT
    return harmfulness(harms) >= least


def _place(reading: Reading, signal: Signal) -> tuple[int, int]:
    """Where a signal stands in the undisguised words."""
    starts = reading.masked.starts
    return bisect_left(starts, signal.start), bisect_left(starts, signal.end)


def _clause(text: str, start: int, end: int, marks: Sequence[str] = _STOPS) -> str:
    """The words around a span as far as the next marks, so that kind words beside it count for nothing."""
    first = max(text.rfind(mark, 0, start) + len(mark) if mark in text[:start] else 0 for mark in marks)
    last = min((at for at in (text.find(mark, end) for mark in marks) if at >= 0), default=len(text))
    return text[first:last]


@cache
def _reading_rules() -> frozenset[str]:
    """The rules that read words, which can be misread, and not facts such as a number or a name."""
    slurs = {f"slur.{characteristic.value}" for characteristic in Characteristic}
    return frozenset({rule.rule for name in RULE_FILES for rule in phrase_rules(name)} | slurs | _INSULTS)


@cache
def _wide_rules() -> frozenset[str]:
    return frozenset(rule.rule for name in WIDE_RULE_FILES for rule in phrase_rules(name))
