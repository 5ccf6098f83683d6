"""Insults, slurs and profanity: whole words, and weaker ones only when aimed at somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from moderation import lexicon
from moderation.engine import Reading, slur_patterns
from moderation.labels import Label
from moderation.model import Signal
from moderation.rules.phrase import expanded, quoted, shared_pieces, whole_words

_CONTEXT = 60


def abuse_signals(reading: Reading) -> Iterator[Signal]:
    text = reading.masked.text
    for characteristic, pattern in slur_patterns().items():
        if found := pattern.search(text):
            own = bool(_of_oneself().search(text[: found.start()]))
            score, because = (0.5, "uses a slur, perhaps of themselves") if own else (0.92, "uses a slur")
            yield _signal(
                "slur." + characteristic.value, Label.PREJUDICE, score, because, reading, found, characteristic
            )
            break
    if found := _aimed().search(text):
        score, because = (
            (0.6, "teases somebody, fondly it seems") if _fond().search(text) else (0.88, "insults somebody")
        )
        yield _signal("insult.aimed", Label.INSULT, score, because, reading, found)
    elif found := _insults().search(text):
        own = bool(_calling_in().match(text[found.end() :]) or _of_oneself().search(text[: found.start()]))
        score, because = (0.5, "uses an insult, perhaps of themselves") if own else (0.8, "uses an insult")
        yield _signal("insult.word", Label.INSULT, score, because, reading, found)
    elif found := _harsh().search(text):
        yield _signal(
            "insult.harsh", Label.INSULT, 0.5, "is harsh with somebody, or only with their work", reading, found
        )
    if found := _told_to().search(text):
        yield _signal("insult.told_to", Label.INSULT, 0.85, "tells somebody to go away in strong words", reading, found)
    if found := _profanity().search(text):
        yield _signal("profanity.word", Label.PROFANITY, 0.55, "uses strong language", reading, found)


def _signal(
    rule: str,
    label: Label,
    score: float,
    because: str,
    reading: Reading,
    found: re.Match[str],
    characteristic: object = None,
) -> Signal:
    first, last = reading.masked.span(*found.span())
    words = quoted(reading.original[first:last])
    return Signal(rule, label, score, f"{because}: “{words}”", first, last, characteristic)  # type: ignore[arg-type]  # None or a Characteristic


@cache
def _of_oneself() -> re.Pattern[str]:
    """Words before a slur that claim it: "as a proud …", "we …"."""
    return re.compile(
        r"\b(?:i'?m|i am|as|we|us|we'?re|being|my fellow|myself)(?: (?:a|an|the|all|just|such|proud|fellow|big|old|total|of)){0,4} $"
    )


@cache
def _calling_in() -> re.Pattern[str]:
    """Words behind an insult that claim it: "numpty here, which door is it?"."""
    return re.compile(
        r" (?:of a (?:mum|dad|parent|nan) )?(?:here|alert|moment|question)(?: again)?\b(?! (?:who|is|are|was|teaches|at))"
    )


@cache
def _fond() -> re.Pattern[str]:
    return re.compile(r"\b(?:love (?:u|you|ya)|luv (?:u|you|ya))\b")


@cache
def _insults() -> re.Pattern[str]:
    return whole_words(lexicon.either(lexicon.words("abuse", "insults")))


@cache
def _profanity() -> re.Pattern[str]:
    return whole_words(lexicon.either(lexicon.words("abuse", "profanity")))


@cache
def _aimed() -> re.Pattern[str]:
    strength = r"(?:(?:such |so |just |all |really |proper |actual(?:ly)? |total(?:ly)? |complete(?:ly)? |absolute(?:ly)? |fucking |bloody |fat |ugly |stupid |thick |little |old |dirty |lying |lazy |useless |nasty |horrible |disgusting |vile |pathetic |rotten |filthy |evil |miserable |sad |a |an |the |well |too |pure |bunch of |load of |waste of )*)"
    what, hard = "(?:<AIMED>|<INSULT>)", "(?:<HARD>|<INSULT>)"
    patterns = [
        f"(?!(?<=is that )(?:ur|your) )(?:<YOU_ARE>) {strength}{hard}",
        f"(?:you|u|ya) {strength}{hard}",
        f"(?:he|she)(?:'?s| is| was|s) {strength}{hard}",
        f"(?:<TITLED>|<HEAD>|<STAFF_JOB>)(?:'?s| is| was| are| were|s)? {strength}{hard}",
        f"(?:that|this|the|those|these|your|ur|his|her|their) (?:[a-z0-9]+ ){{0,2}}?(?:kid|boy|girl|lad|child|mum|mother|dad|one|woman|man)(?:'?s| is| looks?| are) (?:like )?{strength}{what}",
        f"(?:that|this|the|those|these|your|ur|his|her|their) (?:[a-z0-9]+ ){{0,2}}?(?:teacher|parents?|ta|staff)(?:'?s| is| looks?| are) (?:like )?{strength}{hard}",
        f"what (?:a|an) {strength}{hard}(?= (?:he|she|you|of a|teacher|woman|man|kid|boy|girl|parent|head)|$|[.!?,])",
        r"(?:nobody|no ?one|everyone|everybody|we all|i|they all) (?:likes?|hates?|can'?t stand|despises?) (?:you|her|him|that (?:kid|boy|girl|teacher))(?=$|[.!?,]| (?:all(?! for)|and|so|because|he|she|you|go|just|lol|anyway))",
        r"(?:face|looks?|smells?|built|head) like (?:a |an )?(?:[a-z]+ )?(?:pig|horse|rat|dog|foot|slapped arse|bin|shit|brick|tramp|bag|whale|gorilla|monkey|donkey)",
        r"(?:you|he|she|they)(?:'?re|'?s| are| is)? (?:not |never )?(?:fit|should ?n'?t be|shouldnt be|not be|never be) (?:to |allowed to )?(?:be |teach|teaching|run|work|near|around)(?=.*(?:disgrace|vile|idiot|thick|ugly|fat|scum))",
    ]
    return whole_words("|".join(f"(?:{expanded(pattern, shared_pieces())})" for pattern in patterns))


@cache
def _harsh() -> re.Pattern[str]:
    """Hard words of a grown-up or the school, which may as well be criticism."""
    strength = (
        "(?:(?:such |so |just |all |really |complete(?:ly)? |absolute(?:ly)? |a |an |the |too |bunch of |load of )*)"
    )
    pattern = f"(?:<YOU_ARE>|(?:he|she|<TITLED>|<HEAD>|<STAFF_JOB>)(?:'?s| is| was| are| were)) {strength}<MILD>"
    return whole_words(expanded(pattern, shared_pieces()))


@cache
def _told_to() -> re.Pattern[str]:
    return whole_words(
        r"(?:fuck (?:off|you|u|yourself|yourselves|ya|this teacher|them all)|go fuck|piss off|get fucked|screw you|shut the fuck up|stfu|shut (?:up|it),? you|eat shit|up yours|kiss my arse|suck (?:it|a dick))"
    )
