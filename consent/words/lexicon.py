"""The word lists beside this package: English, names that are also words, short forms, and what stands around names."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from importlib.resources import files

from consent.words.normalise import letters_of, plain

TITLES = frozenset(
    """
    mr mrs miss ms mx dr prof professor rev revd reverend sir dame lord lady cllr councillor fr canon mister missus
    """.split()
)
PARTICLES = frozenset(
    """
    al ap ab el bin bint ibn da das dal de del della den der des di do dos du la le los lo o of mac mc fitz ten ter the
    van von y e zu zur st san
    """.split()
)


class WordKind(Enum):
    """What else a name is, besides a name."""

    NAME = auto()
    """Nothing else: whoever writes it means somebody."""
    MOSTLY_NAME = auto()
    """With a capital it is a name: Harry, Tom."""
    WORD = auto()
    """A word that many people are called: Grace, Will, May."""
    PLACE = auto()
    SCHOOL = auto()
    """Subjects, faiths, peoples, shops and festivals that schools write with a capital."""
    ENGLISH = auto()
    """Any other English word: Green, Hall, Baker."""
    STOP = auto()
    """A word that no sentence does without, or a school's abbreviation: An, So, PE."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    everyday: frozenset[str]
    usual: frozenset[str]
    kinds: Mapping[str, WordKind]

    def knows(self, word: str) -> bool:
        return word in self.everyday or word in self.usual

    def kind_of(self, word: str) -> WordKind:
        kind = self.kinds.get(word)
        if kind is not None:
            return kind
        return WordKind.ENGLISH if self.knows(word) else WordKind.NAME


@dataclass(frozen=True, slots=True)
class Contexts:
    """Words that stand around names, or around words that only look like names."""

    cue_ends: frozenset[tuple[str, ...]]
    weak_cues: frozenset[str]
    person_verbs: frozenset[str]
    determiners: frozenset[str]
    things: frozenset[str]
    groups: frozenset[str]
    openers: frozenset[str]
    times: frozenset[str]
    time_words: frozenset[str]
    places_after: frozenset[str]
    ways: frozenset[str]
    roles: frozenset[str]
    saints: frozenset[str]
    landmarks: frozenset[str]
    seasonal: frozenset[str]
    company: frozenset[str]
    trades: frozenset[str]
    endings: frozenset[str]
    french: frozenset[str]
    short_days: frozenset[str]
    also_places: frozenset[str]
    numbers: frozenset[str]
    qualities: frozenset[str]
    animals: frozenset[str]
    sites: frozenset[str]
    shows: frozenset[str]
    billings: frozenset[str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Well-known words such as `harry potter`. `shared`: pupils may well be meant all the same (`mary and joseph`)."""

    words: tuple[str, ...]
    is_shared: bool


@cache
def lexicon() -> Lexicon:
    english = _sections("english.txt")
    kinds: dict[str, WordKind] = {}
    for heading, words in _sections("name_words.txt").items():
        kinds |= dict.fromkeys(words, _HEADINGS[heading])
    kinds |= dict.fromkeys(_read("stop_words.txt").split(), WordKind.STOP)
    return Lexicon(frozenset(english["everyday"]), frozenset(english["usual"]), kinds)


_HEADINGS = {
    "words": WordKind.WORD,
    "mostly names": WordKind.MOSTLY_NAME,
    "places": WordKind.PLACE,
    "school words": WordKind.SCHOOL,
}


@cache
def contexts() -> Contexts:
    lists: dict[str, list[str]] = tomllib.loads(_read("contexts.toml"))
    cue_ends = frozenset(tuple(plain(cue).split()) for cue in lists.pop("cue_ends"))
    return Contexts(cue_ends=cue_ends, **{name: frozenset(words) for name, words in lists.items()})


@cache
def well_known() -> Mapping[str, tuple[Phrase, ...]]:
    """Return the well-known phrases by their first word."""
    found: dict[str, tuple[Phrase, ...]] = {}
    for line in _lines("well_known.txt"):
        words = tuple(letters_of(word) for word in line.removeprefix("? ").split())
        found[words[0]] = (*found.get(words[0], ()), Phrase(words, line.startswith("? ")))
    return found


@cache
def well_known_words() -> frozenset[str]:
    return frozenset(word for phrases in well_known().values() for phrase in phrases for word in phrase.words)


@cache
def other_forms() -> Mapping[str, frozenset[str]]:
    """Return, for a forename, its other spellings and its short forms."""
    spellings: dict[str, set[str]] = {}
    for line in _lines("spellings.txt"):
        for word in line.split():
            spellings.setdefault(word, set()).update(line.split())
    forms = {word: set(others) for word, others in spellings.items()}
    for line in _lines("diminutives.txt"):
        long, _, short = line.partition(":")
        for spelling in {long, *spellings.get(long, ())}:
            forms.setdefault(spelling, set()).update(short.split())
    return {word: frozenset(others) for word, others in forms.items()}


def _sections(name: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    words: list[str] = []
    for line in _read(name).splitlines():
        if line.startswith("# "):
            words = sections.setdefault(line[2:], [])
        else:
            words.extend(line.split())
    return sections


def _lines(name: str) -> list[str]:
    return [line for line in _read(name).splitlines() if line and not line.startswith("#")]


def _read(name: str) -> str:
    return files("consent.words").joinpath("data", name).read_text(encoding="utf-8")
