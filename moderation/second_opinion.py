"""What the trained model adds to the rules: it hides only what is plain, tells of harm to a child early, and else asks."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from moderation.classifier import ANY_HARM, abusive_probability, harm_probabilities
from moderation.engine import Reading
from moderation.labels import Label
from moderation.language import is_strange
from moderation.manner import is_fond, is_slight, means_somebody, names_a_wrong
from moderation.model import Signal
from moderation.policy import KEPT_IN_SIGHT, QUOTED, ROW_OF
from moderation.rules.phrase import expanded, shared_pieces, whole_words

HIDE_AT, REVIEW_AT = 0.93, 0.62
"""Where the measure of abuse hides beside a rule, and where it asks a person."""
PLAIN, LIKELY, POSSIBLE = 0.75, 0.6, 0.5
"""The scores of a signal: enough to act, enough to tell people at once, enough to ask."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """How much each measure counts; fitted on comments that the measures had not been trained on, so that the sum is a chance."""

    own: float
    any_harm: float
    report: float
    abuse: float
    base: float

    def chance(self, harms: Mapping[str, float], name: str, abuse: float) -> float:
        return _squashed(
            self.own * _odds(harms[name])
            + self.any_harm * _odds(harms[ANY_HARM])
            + self.report * _odds(harms["report"])
            + self.abuse * _odds(abuse)
            + self.base
        )


@dataclass(frozen=True, slots=True)
class Bounds:
    """How sure the model must be of one harm to ask; how harmful the words must be to tell people at once, and to act."""

    label: Label
    words: str
    weighing: Weighing
    ask: float
    tell: float
    act: float
    sure: float
    """How sure it must be of this harm, not only of some harm, to act."""


_HARMFUL, _HARMFUL_BASE = (0.29, 0.48, 0.07, -0.14, -0.08, 0.22), -0.76
"""How much counts for harm: any harm at all, the two likeliest harms, a report, an answer to abuse, abuse."""
_NEVER = 2.0
_CHILD = (Weighing(0.86, 0.0, -0.02, 0.06, -0.84), 0.25, 0.5, 0.93, 0.6)
_STAFF = (Weighing(0.83, 0.06, -0.06, 0.0, -1.17), 0.25, 0.5, 0.93, 0.6)
_PEOPLE = (Weighing(0.76, -0.12, -0.05, 0.24, -0.81), 0.2, _NEVER, 0.85, 0.3)
_ADVERTS = (Weighing(0.96, -0.04, -0.07, 0.03, -1.11), 0.2, _NEVER, 0.6, 0.2)
_PRIVATE = (Weighing(0.87, 0.05, -0.03, 0.0, -1.09), 0.2, _NEVER, 0.8, 0.4)
_TOLD = (Weighing(1.0, 0.0, 0.0, 0.0, 0.0), 0.4, _NEVER, _NEVER, _NEVER)
_ANSWERED = (Weighing(1.0, 0.0, 0.0, 0.0, 0.0), 0.65, _NEVER, _NEVER, _NEVER)
BOUNDS: dict[str, Bounds] = {
    "threat": Bounds(Label.THREAT, "a threat", *_CHILD),
    "incite": Bounds(Label.SELF_HARM_INCITEMENT, "telling somebody to harm themselves", *_CHILD),
    "disclosure": Bounds(Label.DISCLOSURE, "a cry for help, or worry about a child", *_CHILD),
    "missing": Bounds(Label.MISSING_CHILD, "about a missing child", *_CHILD),
    "contact": Bounds(Label.CONTACT_SEEKING, "an attempt to get in touch with a child", *_CHILD),
    "sexual": Bounds(Label.SEXUAL_CHILD, "sexual about a child", *_CHILD),
    "allegation": Bounds(Label.ALLEGATION_STAFF, "an accusation against a member of staff", *_STAFF),
    "doxxing": Bounds(Label.DOXXING, "telling where somebody can be found", *_CHILD),
    "extremism": Bounds(Label.EXTREMISM, "support for extremism", *_CHILD),
    "drugs": Bounds(Label.DRUGS, "about getting or selling drugs", *_CHILD),
    "weapons": Bounds(Label.WEAPONS, "about a weapon", *_CHILD),
    "prejudice": Bounds(Label.PREJUDICE, "prejudice against a group of people", *_PEOPLE),
    "insult": Bounds(Label.INSULT, "an insult", *_PEOPLE),
    "lewd": Bounds(Label.SEXUAL, "sexual", *_PEOPLE),
    "spam": Bounds(Label.SPAM, "an advertisement or a scam", *_ADVERTS),
    "private": Bounds(Label.PERSONAL_DATA, "private facts about somebody", *_PRIVATE),
    "report": Bounds(Label.REPORT_OF_ABUSE, "a report of bullying or abuse", *_TOLD),
    "counter": Bounds(Label.COUNTER_SPEECH, "an answer to abuse", *_ANSWERED),
}
HARMLESS_HEADS = frozenset({ANY_HARM, "criticism", "report", "counter"})
"""The heads of what is no harm in itself."""
ANY_AT = 0.2
"""How harmful words must be to ask a person where no harm in particular is seen."""
UNSEEN_BELOW = 0.02
OWN_AT = 0.25
"""Nothing is done about a harm by the model alone unless its own head sees it."""
TELL_SURE_AT, CRY_AT = 0.2, 0.4
"""How sure the model must be of a grave harm to tell of it; a cry for help or a missing child is told of from here on, however harmless it reads."""
CERTAIN_AT = 0.95
"""How harmful words must be for the model to tell of what a rule takes for no harm."""
SENTENCE_AT = 0.5
"""How sure the model must be of one sentence to ask about a comment that is harmless as a whole."""
_SENTENCE = re.compile(r"[^.!?\n]+?(?=[.!?\n]|$| but )")
_FEWEST_GAPS = 3
_LEAST = 1e-4
CRITICISM_AT = 0.25
"""From here on a comment may be criticism, which the model alone never hides."""
MAYBE_CRITICISM_AT = 0.15
"""From here on an accusation that names no wrong is taken for criticism, so that no complaint about the head becomes a secret."""


def model_signals(reading: Reading, signals: Sequence[Signal], language: str) -> Iterator[Signal]:
    """The trained model's opinion. Beside criticism, a report or another language it only asks a person."""
    text = reading.masked.text
    end = len(reading.original)
    harms = harm_probabilities(text)
    labels = {signal.label for signal in signals}
    labels |= {BOUNDS[name].label for name in ("report", "counter") if _retells(harms, name)}
    criticises = harms["criticism"] >= CRITICISM_AT
    if criticises and Label.CRITICISM not in labels:
        yield Signal("model.criticism", Label.CRITICISM, POSSIBLE, "reads like criticism, which is welcome", 0, end)
    careful = criticises or bool(labels & {Label.CRITICISM, *QUOTED}) or language not in ("", "en") or is_strange(text)
    meek = {signal.label for signal in signals if signal.score == POSSIBLE}
    abuse = abusive_probability(text)
    foreign = language not in ("", "en")
    found = list(_harm_signals(harms, abuse, text, end, meek, careful=careful, criticises=criticises, foreign=foreign))
    acted = any(ROW_OF[signal.label].hide and signal.score >= PLAIN for signal in (*signals, *found))
    yield from (signal for signal in found if not (acted and _is_faint(signal, harms)))
    bold = not careful and not meek & {Label.INSULT, Label.PREJUDICE}
    if abuse >= HIDE_AT and bold and labels & {Label.PROFANITY, Label.INSULT, Label.PREJUDICE}:
        yield Signal("model.abusive", Label.INSULT, abuse, "reads like abuse to the trained model", 0, end)
    elif abuse >= REVIEW_AT:
        yield Signal("model.doubtful", Label.UNKIND, 0.7, "may be unkind, says the trained model", 0, end)
    elif not found and harmfulness(harms, abuse) >= ANY_AT:
        yield Signal("model.any_harm", Label.UNKIND, 0.7, "may do harm, says the trained model", 0, end)
    elif not found and not any(signal.score >= POSSIBLE and signal.label is not Label.CRITICISM for signal in signals):
        yield from _sentence_signals(reading)


def _harm_signals(
    harms: Mapping[str, float],
    abuse: float,
    text: str,
    end: int,
    meek: Collection[Label],
    *,
    careful: bool,
    criticises: bool,
    foreign: bool,
) -> Iterator[Signal]:
    slight, harmful = is_slight(text), harmfulness(harms, abuse)
    names_group = bool(_group().search(text))
    is_kind = is_fond(text) and not names_group
    for name, bounds in BOUNDS.items():
        if harms[name] < UNSEEN_BELOW:
            continue
        chance = bounds.weighing.chance(harms, name, abuse)
        if chance < bounds.ask or (bounds.label in QUOTED and not _retells(harms, name)):
            continue
        label = _label(bounds.label, text, careful=slight or harms["criticism"] >= MAYBE_CRITICISM_AT)
        sees, certain = harms[name] >= OWN_AT, harmful >= CERTAIN_AT
        act = _NEVER if name == "prejudice" and not names_group else bounds.act
        acts = sees and harmful >= act and chance >= bounds.sure and label not in meek and not (careful or is_kind)
        acts = acts and not slight and (name != "insult" or means_somebody(text))
        cries = label in KEPT_IN_SIGHT
        tells = (harmful >= bounds.tell and chance >= TELL_SURE_AT) or (cries and chance >= CRY_AT)
        tells = tells and sees and not foreign and (cries or not slight) and (certain or label not in meek)
        tells = tells and not (name == "allegation" and criticises and harms["criticism"] >= harms[name])
        if label in QUOTED or acts:
            yield Signal(f"model.{name}", label, PLAIN, f"reads like {bounds.words} to the trained model", 0, end)
        elif tells:
            yield Signal(f"model.{name}", label, LIKELY, f"is probably {bounds.words}, says the trained model", 0, end)
        else:
            yield Signal(f"model.{name}", label, POSSIBLE, f"may be {bounds.words}, says the trained model", 0, end)


def _retells(harms: Mapping[str, float], name: str) -> bool:
    """Whether the words report abuse, or answer it rather than being abuse themselves."""
    worst = max(harms[each] for each in harms.keys() - HARMLESS_HEADS)
    return harms[name] >= BOUNDS[name].ask and (name == "report" or harms[name] >= worst)


def harmfulness(harms: Mapping[str, float], abuse: float) -> float:
    """Return how likely words are to do harm of whatever kind, from 0 to 1; fitted as the chances of each harm are."""
    first, second = sorted((harms[name] for name in harms.keys() - HARMLESS_HEADS), reverse=True)[:2]
    measures = (harms[ANY_HARM], first, second, harms["report"], harms["counter"], abuse)
    return _squashed(sum(map(operator.mul, _HARMFUL, map(_odds, measures))) + _HARMFUL_BASE)


def _label(label: Label, text: str, *, careful: bool) -> Label:
    """Whom an accusation is about; what reads like criticism or a question and names no wrong is no secret, only perhaps unkind."""
    if label is not Label.ALLEGATION_STAFF:
        return label
    if careful and not names_a_wrong(text):
        return Label.UNKIND
    return Label.ALLEGATION_HEAD if _head().search(text) else label


def _is_faint(signal: Signal, harms: Mapping[str, float]) -> bool:
    """A doubt about a child that its own head does not bear out: beside what is plain it would only call people for nothing."""
    return (
        signal.label in KEPT_IN_SIGHT
        and signal.score == POSSIBLE
        and harms[signal.rule.removeprefix("model.")] < OWN_AT
    )


def _sentence_signals(reading: Reading) -> Iterator[Signal]:
    """What one sentence may be that the others hide: harm said in the middle of friendly words."""
    view = reading.masked
    spans = [part.span() for part in _SENTENCE.finditer(view.text) if part.group().count(" ") >= _FEWEST_GAPS]
    best: tuple[float, Bounds, int, int] | None = None
    for start, end in spans if len(spans) > 1 else ():
        harms = harm_probabilities(view.text[start:end])
        for name, bounds in BOUNDS.items():
            if bounds.label in QUOTED or harms[name] < OWN_AT:
                continue
            chance = bounds.weighing.chance(harms, name, abusive_probability(view.text[start:end]))
            if chance >= SENTENCE_AT and (best is None or chance > best[0]):
                best = (chance, bounds, start, end)
    if best:
        _, bounds, start, end = best
        rule = next(name for name, known in BOUNDS.items() if known is bounds)
        because = f"may be {bounds.words} in one of its sentences, says the trained model"
        yield Signal(f"model.{rule}", bounds.label, POSSIBLE, because, *view.span(start, end))


def _odds(chance: float) -> float:
    bounded = min(max(chance, _LEAST), 1.0 - _LEAST)
    return math.log(bounded / (1.0 - bounded))


def _squashed(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))


@cache
def _group() -> re.Pattern[str]:
    return whole_words(expanded("<GROUP>|<SLUR>", shared_pieces()))


@cache
def _head() -> re.Pattern[str]:
    return whole_words(expanded("<HEAD>|^head", shared_pieces()))
