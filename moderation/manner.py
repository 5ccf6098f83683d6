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
_FEWEST_WORDS = 5
_WRONG = re.compile(
    r"\b(?:hits?|hitting|slap\w*|smack\w*|grabb?\w*|push\w*|shov\w*|hurts?|hurting|punch\w*|kick\w*|drag(?:s|ged|ging)|chok\w+|touch\w*|grop\w+|assault\w*|abus\w+|pa?ed+o\w*"
    r"|nonces?|predators?|groom\w*|rap(?:e|es|ed|ing|ists?)|molest\w*|steal\w*|st[oe]le|stolen|thie\w+|nick(?:s|ed|ing)|pocket\w*|fiddl\w+|embezzl\w+|fraud\w*|brib\w+|corrupt\w*"
    r"|drunk|drink(?:s|ing)?|vodka|booz\w+|alcohol|pissed|drugs?|skimm\w+|affair|arrest\w*|police|racists?|racism|sexist|perv\w*|creep\w*|sleep(?:s|ing) with|slept with|sex\w*|kiss\w*|nudes?|messag\w+|texts?|texting|texted"
    r"|bull(?:y|ies|ied|ying)|manhandl\w+|restrain\w*|lock(?:s|ed)|humiliat\w+|shout\w*|scream\w*|threat\w*|cover(?:s|ed|ing)?[ -]?ups?|cover(?:s|ed|ing)? (?:it|this|that|for|things)|hid(?:es|ing|den)?|buried|shred\w+"
    r"|forg(?:es|ed|ing)|falsif\w+|lied|lies|lying|sack(?:s|ed)|suspended|inappropriate|investigat\w+|conviction|convicted|neglect\w*|harm\w*|injur\w+|bruis\w+|cruel\w*|crimin\w+|crime|unsafe|alone with|favourites?)\b"
)


def is_slight(text: str) -> bool:
    """A plain question, or too few words for the model to call people about."""
    return len(text.split()) < _FEWEST_WORDS or is_plain_question(text)


def names_a_wrong(text: str) -> bool:
    """Names something that an accusation could be about: violence, abuse, theft, drink, lies."""
    return bool(_WRONG.search(text))


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
