"""What the rules read: the comment as it stands, plain, and with its disguises undone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from moderation import lexicon, respell
from moderation.labels import Characteristic
from moderation.plain import plain_view
from moderation.rules.phrase import phrase_rules, whole_words
from moderation.undisguise import undisguised_view
from moderation.view import View

WIDE_RULE_FILES = ("wider", "turns", "remarks")
RULE_FILES = ("threats", "harms", "children", *WIDE_RULE_FILES)
LANGUAGE_FILE = "languages"
"""The gravest things in other languages: read as they stand, for what undoes a disguise of English would spoil them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One comment in the forms that rules look at; `masked` has everyday idioms and safe names blanked out."""

    original: str
    plain: View
    masked: View


def read(text: str, school_words: frozenset[str] = frozenset()) -> Reading:
    plain = plain_view(text)
    undisguised = undisguised_view(plain, speller()).collapsed()
    spans = [match.span() for match in _idioms().finditer(undisguised.text)]
    if school_words:
        listed = whole_words(lexicon.either([word.lower() for word in school_words]))
        spans += [match.span() for match in listed.finditer(undisguised.text)]
    spans += _safe_names(plain, text, undisguised)
    return Reading(text, plain.collapsed(), undisguised.masked(spans))


def _safe_names(plain: View, text: str, undisguised: View) -> list[tuple[int, int]]:
    """Blank surnames and places that sound like abuse, where they are written as names."""
    spans = [match.span() for match in _places().finditer(undisguised.text)]
    for match in _surnames().finditer(undisguised.text):
        first, last = undisguised.span(*match.span())
        before = text[max(0, first - 12) : first]
        is_name = text[first : first + 1].isupper() and not text[first:last].isupper()
        titled = re.search(r"\b(?:Mr|Mrs|Miss|Ms|Dr|Mx|[A-Z][a-z]+)\.?\s+$", before)
        if is_name and titled:
            spans.append(match.span())
    return spans


@cache
def speller() -> respell.Speller:
    literals = {word for name in RULE_FILES for rule in phrase_rules(name) for word in rule.words}
    worth = frozenset(lexicon.words("abuse", "worth_undoing"))
    loaded = lexicon.abuse_words() | worth
    aimed = {word for word in lexicon.words("abuse", "aimed") if word.isalpha()}
    targets = frozenset(literals | loaded | aimed)
    groups = frozenset(name for names in lexicon.by_characteristic("groups").values() for name in names if " " in name)
    return respell.build(targets, frozenset(loaded), worth, lexicon.common_words() | {"i", "a"}, groups)


@cache
def _idioms() -> re.Pattern[str]:
    """All idioms in one pattern; it stands at the start of a word itself, so that each may begin with its first letter."""
    listed = (idiom.removeprefix(r"\b") for idiom in lexicon.words("allowed", "idioms"))
    return re.compile(r"\b(?=\w)(?:" + "|".join(f"(?:{idiom})" for idiom in listed) + ")")


@cache
def _places() -> re.Pattern[str]:
    return whole_words(lexicon.either(lexicon.words("allowed", "places")))


@cache
def _surnames() -> re.Pattern[str]:
    return whole_words(lexicon.either(lexicon.words("allowed", "surnames")))


@cache
def slur_patterns() -> dict[Characteristic, re.Pattern[str]]:
    return {
        characteristic: whole_words(lexicon.either(slurs))
        for characteristic, slurs in lexicon.by_characteristic("slurs").items()
    }
