"""Words shaped like names beside a cue, which no register entry explains: siblings, former pupils, visitors."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_NAME = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’]+(?:[- ](?:[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’]+|[A-ZÀ-ÖØ-Þ]\b\.?)){0,2}"
_BEFORE = re.compile(
    rf"\b(?i:well done(?: to)?|congratulations(?: to)?|congrats(?: to)?|happy birthday(?: to)?|thank you(?: to)?|thanks to|"
    rf"shout[- ]out to|welcome(?: back)?(?: to)?|good luck(?: to)?|goodbye(?: to)?|proud of|awarded to|presented to|won by|"
    rf"our star|brother of|sister of|son of|daughter of|pictured(?: is| are)?|called|named)\s*[,:]?\s+({_NAME})"
)
_AFTER = re.compile(
    rf"({_NAME})\s*,?\s*(?i:\(?(?:aged?\s+\d{{1,2}}|in year \w+|from year \w+|of year \w+|year \d{{1,2}}|\d[a-z]\b)\)?)"
)

KNOWN = frozenset(
    """
    a all an and another art arts assembly autumn bbc book boys breakfast britain british brownies buddhism
    buddhist cbeebies children christian christianity christmas class cleaners club computing cooks council
    covid cricket cubs dance day dear diwali drama duke early earth easter edinburgh eid england english every
    everyone eyfs families february football forest foundation france french friday friends friends' from gcse
    geography girls governors great hanukkah harvest head headteacher hindu hinduism his history holi home house
    i in infants internet islam it january jewish july june juniors key ks1 ks2 leavers lego lent library london
    lunchtime maths mfl miss monday mother mothering mothers mr mrs ms music muslim my national netball nhs
    november nursery october ofsted olympic olympics one online open our parent parents passover pe phonics
    please primary pshe pta pupils quiz ramadan re reading reception red remembrance rugby saint sats saturday
    scholastic school science scotland scouts secondary september shakespeare sikh snow spanish spelling sport
    sports spring st staff stage stem student students summer sunday swimming teachers team term thank that the
    their these this those thursday to today tomorrow tuc tuesday uk united us victorian victorians visitors
    volunteers wales we wednesday well welsh what when winter world worship writing year yesterday you young
    your
    """.split()
)


@dataclass(frozen=True, slots=True)
class NameShaped:
    text: str
    start: int
    end: int


def find_name_shaped(text: str, *, allowed_words: Collection[str] = ()) -> list[NameShaped]:
    """Return words beside a cue that look like somebody's name and are not words a school uses anyway."""
    known = KNOWN | {word.lower() for word in allowed_words}
    found: dict[int, NameShaped] = {}
    for expression in (_BEFORE, _AFTER):
        for match in expression.finditer(text):
            for shaped in _kept(match.group(1), match.start(1), known):
                found.setdefault(shaped.start, shaped)
    return sorted(found.values(), key=lambda shaped: shaped.start)


def _kept(phrase: str, start: int, known: Collection[str]) -> Iterable[NameShaped]:
    words = [word for word in re.split(r"[ -]", phrase) if word]
    if all(word.lower().rstrip("'’s.") in known or word.lower().strip("'’.") in known for word in words):
        return
    first = words[0].lower().strip("'’.")
    if first in known:
        return
    yield NameShaped(phrase, start, start + len(phrase))
