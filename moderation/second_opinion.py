"""What the trained model adds to the rules: it hides only what is plain, tells of harm to a child early, and else asks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from moderation.classifier import ANY_HARM, harm_probabilities
from moderation.engine import Reading
from moderation.labels import Label
from moderation.language import is_strange
from moderation.lexicon import scornful_emoji
from moderation.manner import is_fond, is_plain_question, is_slight, names_a_wrong
from moderation.model import Signal
from moderation.policy import KEPT_IN_SIGHT, QUOTED, ROW_OF
from moderation.rules.phrase import expanded, shared_pieces, whole_words

PLAIN, LIKELY, POSSIBLE = 0.75, 0.6, 0.5
"""The scores of a signal: enough to act, enough to tell people at once, enough to ask."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How sure the model must be of one harm to ask; how harmful the words must be to tell people at once, and to act."""

    label: Label
    words: str
    ask: float
    tell: float
    act: float
    sure: float
    """How sure it must be of this harm, not only of some harm, to act."""


_NEVER = 2.0
_CHILD = (0.2, 0.35, 0.9, 0.3)
_ACCUSED = (0.2, 0.35, _NEVER, _NEVER)
_PEOPLE = (0.2, _NEVER, 0.99, 0.25)
_GROUPS = (0.2, _NEVER, 0.99, 0.25)
_ADVERTS = (0.2, _NEVER, 0.7, 0.2)
_PRIVATE = (0.2, _NEVER, 0.9, 0.3)
_TOLD = (0.4, _NEVER, _NEVER, _NEVER)
_ANSWERED = (0.65, _NEVER, _NEVER, _NEVER)
BOUNDS: dict[str, Bounds] = {
    "threat": Bounds(Label.THREAT, "a threat", *_CHILD),
    "incite": Bounds(Label.SELF_HARM_INCITEMENT, "telling somebody to harm themselves", *_CHILD),
    "disclosure": Bounds(Label.DISCLOSURE, "a cry for help, or worry about a child", *_CHILD),
    "missing": Bounds(Label.MISSING_CHILD, "about a missing child", *_CHILD),
    "contact": Bounds(Label.CONTACT_SEEKING, "an attempt to get in touch with a child", *_CHILD),
    "sexual": Bounds(Label.SEXUAL_CHILD, "sexual about a child", *_CHILD),
    "allegation": Bounds(Label.ALLEGATION_STAFF, "an accusation against a member of staff", *_ACCUSED),
    "doxxing": Bounds(Label.DOXXING, "telling where somebody can be found", *_CHILD),
    "extremism": Bounds(Label.EXTREMISM, "support for extremism", *_CHILD),
    "drugs": Bounds(Label.DRUGS, "about getting or selling drugs", *_CHILD),
    "weapons": Bounds(Label.WEAPONS, "about a weapon", *_CHILD),
    "prejudice": Bounds(Label.PREJUDICE, "prejudice against a group of people", *_GROUPS),
    "insult": Bounds(Label.INSULT, "an insult", *_PEOPLE),
    "lewd": Bounds(Label.SEXUAL, "sexual", *_PEOPLE),
    "spam": Bounds(Label.SPAM, "an advertisement or a scam", *_ADVERTS),
    "private": Bounds(Label.PERSONAL_DATA, "private facts about somebody", *_PRIVATE),
    "report": Bounds(Label.REPORT_OF_ABUSE, "a report of bullying or abuse", *_TOLD),
    "counter": Bounds(Label.COUNTER_SPEECH, "an answer to abuse", *_ANSWERED),
}
_HARMLESS = frozenset({ANY_HARM, "allow", "criticism", "report", "counter"})
ANY_AT = 0.1
"""How harmful words must be to ask a person where no harm in particular is seen."""
STAFF_AT = 0.997
"""How harmful words about staff or the head must be for an insult that only the model sees: biting wit is mostly criticism."""
GROUP_AT = 0.95
"""How harmful words must be to be hidden as prejudice where they name a group of people."""
SLIGHT_AT = 0.99
"""How harmful words must be where they are fewer than five."""
PICTURED_AT = 0.9
"""The same, and for insults, beside an emoji of scorn: nobody complains about a school with a pig or a knife."""
KIND_AT = 0.99
"""How harmful words must be to be hidden though friends talk like that ("bless her"); an advert says "congratulations" too."""
WORTH_A_CALL_AT = 0.25
"""A doubt about a child below this is not worth a call beside what is plain."""
TELL_SURE_AT = 0.25
"""How sure the model must be of a grave harm to tell of it."""
CERTAIN_AT = 0.95
"""How harmful words must be for the model to tell of what a rule takes for no harm."""
PART_AT, PART_TELLS_AT = 0.8, 0.9
"""How sure the model must be of one part to ask about a comment that is harmless as a whole, and to tell of a cry for help in it."""
_PART = re.compile(r"[^.!?,;\n]+?(?=[.!?,;\n]|$| but | and )")
_FEWEST_GAPS = 3
_OF_PEOPLE = frozenset({"insult", "prejudice", "lewd"})
_NAME = re.compile(r"(?<=[a-z,’'] )[A-Z][a-z]{2,}")
_PEOPLE_MEANT = (
    "<YOU>|<YOU_ARE>|<TITLED>|<CHILD>|<STAFF_JOB>|<HEAD>|^head'?s?|<GROUP>|<SLUR>|<INSULT>|you\\w*|u|ur|ya|your\\w*|he|she|him|her|his|hers|they|them|their|theirs|(?:he|she|they)'?\\w{1,2}"
    "|who|whose|one|ones|lot|kind|sort|mums?|dads?|mam|nan|parents?|famil(?:y|ies)|kids?|lads?|lass(?:es)?|boys?|girls?|wom[ae]n|m[ae]n|lad(?:y|ies)|blokes?|guys?|people|person|face|bro|left|right|fat|fatty|minging|munters?|spotty|tramps?|scruffy|fridge"
)
_ANYBODY = re.compile(
    r"\b(?:thank|mind|tells?|told|shows?|gives?|if) you (?:a lot|all|everything|something|enough|an idea|ask me|so much)\b|\bthank you\b"
    r"|\byou (?:could ?n'?t|can'?t|cannot) make (?:it|this) up\b|\byou know\b|\byou'?d (?:think|expect)\b"
)
"""Turns of speech in which "you" is nobody: "that tells you everything"."""
CRITICISM_AT = 0.25
"""From here on a comment is called criticism."""
FREE_OF_CRITICISM_BELOW, NO_CRITICISM_BELOW = 0.005, 0.003
"""The model alone hides nothing that might be criticism; where a rule reads criticism, the model must be all but sure of the contrary."""
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
    foreign = language not in ("", "en")
    cries = any(signal.label in KEPT_IN_SIGHT and signal.score >= PLAIN for signal in signals)
    complains = harms["criticism"] >= (FREE_OF_CRITICISM_BELOW if Label.CRITICISM not in labels else NO_CRITICISM_BELOW)
    careful = complains or cries or bool(labels & set(QUOTED)) or foreign or is_strange(text)
    meek = {signal.label for signal in signals if signal.score == POSSIBLE}
    found = list(_harm_signals(harms, reading, meek, careful=careful, criticises=criticises, foreign=foreign))
    acted = any(ROW_OF[signal.label].hide and signal.score >= PLAIN for signal in (*signals, *found))
    yield from (signal for signal in found if not (acted and _is_faint(signal, harms)))
    heard = any(signal.score >= POSSIBLE and signal.label is not Label.CRITICISM for signal in signals)
    in_parts = [] if found or heard else list(_sentence_signals(reading, foreign=foreign))
    yield from in_parts
    if not found and not in_parts and harmfulness(harms) >= ANY_AT:
        yield Signal("model.any_harm", Label.UNKIND, 0.7, "may do harm, says the trained model", 0, end)


def _harm_signals(
    harms: Mapping[str, float],
    reading: Reading,
    meek: Collection[Label],
    *,
    careful: bool,
    criticises: bool,
    foreign: bool,
) -> Iterator[Signal]:
    text, end = reading.masked.text, len(reading.original)
    harmful, beside_a_cry = harmfulness(harms), harm_beside_a_cry(harms)
    slight = is_slight(text) and (is_plain_question(text) or beside_a_cry < SLIGHT_AT)
    scorned = not scornful_emoji().isdisjoint(reading.original)
    for name, bounds in BOUNDS.items():
        chance = harms[name]
        if chance < bounds.ask or (bounds.label in QUOTED and not _retells(harms, name)):
            continue
        label = _label(bounds.label, text, careful=slight or harms["criticism"] >= MAYBE_CRITICISM_AT)
        cries = label in KEPT_IN_SIGHT
        enough = GROUP_AT if name == "prejudice" and _group().search(text) else bounds.act
        pictured = name in _OF_PEOPLE and scorned
        enough = min(enough, PICTURED_AT) if pictured else enough
        acts = (harmful if cries else beside_a_cry) >= enough and chance >= bounds.sure and label not in meek
        acts = acts and not (careful or (slight and not (pictured and not is_plain_question(text))))
        acts = acts and (name == "spam" or beside_a_cry >= KIND_AT or not _is_kind(text))
        acts = acts and not (name == "insult" and beside_a_cry < STAFF_AT and _staff().search(text))
        acts = acts and (name not in _OF_PEOPLE or (pictured and name == "prejudice") or _names_people(reading))
        tells = harmful >= bounds.tell and chance >= TELL_SURE_AT
        tells = tells and not foreign and (cries or not slight) and (harmful >= CERTAIN_AT or label not in meek)
        tells = tells and not (name == "allegation" and criticises and harms["criticism"] >= chance)
        if label in QUOTED or acts:
            yield Signal(f"model.{name}", label, PLAIN, f"reads like {bounds.words} to the trained model", 0, end)
        elif tells:
            yield Signal(f"model.{name}", label, LIKELY, f"is probably {bounds.words}, says the trained model", 0, end)
        else:
            yield Signal(f"model.{name}", label, POSSIBLE, f"may be {bounds.words}, says the trained model", 0, end)


def _names_people(reading: Reading) -> bool:
    """Speaks of somebody or of a group: what speaks of nobody may mock a school, and that is criticism."""
    return bool(_people().search(_ANYBODY.sub(" ", reading.masked.text)) or _NAME.search(reading.original))


def _is_kind(text: str) -> bool:
    return is_fond(text) and not _group().search(text)


def _retells(harms: Mapping[str, float], name: str) -> bool:
    """Whether the words report abuse, or answer it rather than being abuse themselves."""
    worst = max(harms[each] for each in harms.keys() - _HARMLESS)
    return harms[name] >= BOUNDS[name].ask and (name == "report" or harms[name] >= worst)


def harmfulness(harms: Mapping[str, float]) -> float:
    """Return how likely words are to do harm of whatever kind, from 0 to 1."""
    return sum(chance for name, chance in harms.items() if name not in _HARMLESS)


def harm_beside_a_cry(harms: Mapping[str, float]) -> float:
    """The same without what makes a comment stay in sight: a cry for help must not be hidden because it is likely one."""
    return harmfulness(harms) - harms["disclosure"] - harms["missing"]


def _label(label: Label, text: str, *, careful: bool) -> Label:
    """Whom an accusation is about; what reads like criticism or a question and names no wrong is no secret, only perhaps unkind."""
    if label is not Label.ALLEGATION_STAFF:
        return label
    if careful and not names_a_wrong(text):
        return Label.UNKIND
    return Label.ALLEGATION_HEAD if _head().search(text) else label


def _is_faint(signal: Signal, harms: Mapping[str, float]) -> bool:
    """A doubt about a child that is next to none: beside what is plain it would only call people for nothing."""
    return (
        signal.label in KEPT_IN_SIGHT
        and signal.score == POSSIBLE
        and harms[signal.rule.removeprefix("model.")] < WORTH_A_CALL_AT
    )


def _sentence_signals(reading: Reading, *, foreign: bool) -> Iterator[Signal]:
    """What one part may be that the others hide: harm said in the middle of friendly words. A cry for help is told of."""
    view = reading.masked
    parts = list(_PART.finditer(view.text))
    spans = [part.span() for part in parts if part.group().count(" ") >= _FEWEST_GAPS] if len(parts) > 1 else []
    read = [(span, harm_probabilities(view.text[slice(*span)])) for span in spans]
    harms = [(chances[name], name, span) for span, chances in read for name in BOUNDS.keys() - {"report", "counter"}]
    chance, name, span = max(harms, default=(0.0, "", (0, 0)))
    if chance >= PART_AT:
        bounds = BOUNDS[name]
        told = bounds.label in KEPT_IN_SIGHT and chance >= PART_TELLS_AT and not foreign
        score = LIKELY if told else POSSIBLE
        because = f"may be {bounds.words} in one of its sentences, says the trained model"
        yield Signal(f"model.{name}", bounds.label, score, because, *view.span(*span))


@cache
def _group() -> re.Pattern[str]:
    return whole_words(expanded("<GROUP>|<SLUR>", shared_pieces()))


@cache
def _people() -> re.Pattern[str]:
    return whole_words(expanded(_PEOPLE_MEANT, shared_pieces()))


@cache
def _staff() -> re.Pattern[str]:
    return whole_words(
        expanded("<HEAD>|<STAFF_JOB>|<TITLED>|head ?teachers?|teachers?|the head|governors?", shared_pieces())
    )


@cache
def _head() -> re.Pattern[str]:
    return whole_words(expanded("<HEAD>|^head", shared_pieces()))
