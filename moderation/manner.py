"""How a hard word is meant: among friends, or of a thing and nobody. Then a person looks, and nothing is hidden for it."""

from __future__ import annotations

import re
from functools import cache

from moderation import lexicon
from moderation.rules.phrase import expanded, shared_pieces, whole_words

_BEFORE, _BEHIND = 30, 25
_QUESTION = re.compile(
    r"\W*(?:hi|hello|hey|please|sorry|pls|just|so|and|but|or|also|quick|question|\W)*\s*(?:is|are|do|does|did|can|could|will|would|should|what|when|where"
    r"|which|who|how|any|anyone|anybody|has|have|was|were|am)\b[^?]{3,160}\?\W*(?:thanks?|ta|thank you|please|x+|\W)*$"
)
_SOMEBODY = "him|her|them|<YOU>|<YOU_ARE>|<TITLED>|<CHILD>|<STAFF_JOB>|<HEAD>|<GROUP>|<SLUR>|parents?|people|man|woman|(?:everyone|everybody|somebody|someone) in"
_ONESELF = re.compile(
    r"\bi(?:'?m| am| was| look(?:ed)?(?: like)?| felt?| feel)(?: (?!(?:you|u|he|she|they|that|your|ur|this|sick|telling|saying)\b)[a-z']+){1,5}$"
)
_GIVEN_AWAY = re.compile(r"\d{5}|https?:|www\.|@|£|\$|\b(?:link|bio|dm|inbox|whatsapp|telegram|click)\b")


def is_fond(text: str) -> bool:
    """Reads like teasing among friends: "you absolute melt Dean, see you in the pub"."""
    return bool(_fond().search(text))


def is_of_oneself(text: str) -> bool:
    """Ends with words that the writer says of themselves: "I was a horrible little git"."""
    return bool(_ONESELF.search(text))


def is_of_a_thing(text: str, start: int, end: int) -> bool:
    """What is cursed or threatened here is a thing: "this heat is a bitch", "I'm going to throttle that printer"."""
    near = text[max(0, start - _BEFORE) : end + _BEHIND]
    return bool(_things().search(near)) and not _somebody().search(text)


def is_plain_question(text: str) -> bool:
    """A short question that gives nothing away: "Is the tuck shop cash only?"."""
    return bool(_QUESTION.match(text)) and not _GIVEN_AWAY.search(text)


@cache
def _fond() -> re.Pattern[str]:
    return whole_words(lexicon.either(lexicon.words("manner", "fond")))


@cache
def _things() -> re.Pattern[str]:
    listed = lexicon.either(lexicon.words("manner", "things"))
    return whole_words(rf"(?:(?:this|that|those|these|the|my|our|bloody|stupid) (?:[a-z]+ )?)?{listed}s?")


@cache
def _somebody() -> re.Pattern[str]:
    return whole_words(expanded(_SOMEBODY, shared_pieces()))
