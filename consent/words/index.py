"""Everybody's names, turned into tables that a word is looked up in: compiled once for each version of the register."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from string import ascii_lowercase
from typing import TypeVar

from rapidfuzz.distance import OSA

from consent.model import Person, PersonKind
from consent.words.lexicon import PARTICLES, other_forms
from consent.words.normalise import letters_of

SHORTEST_PART = 3
SHORTEST_SLIP = 5
LONGEST_SHORT = 4
SHORTEST_TWICE_SLIPPED = 7
SHORTEST_STRETCHED = 3
SHORTEST_SKELETON = 3
_NO_VOWELS = str.maketrans("", "", "aeiou")

Ids = frozenset[str]
NOBODY: Ids = frozenset()
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Who bears a name, by its plain letters. All tables are read-only."""

    given: Mapping[str, Ids]
    family: Mapping[str, Ids]
    initials: Mapping[str, tuple[str, str]]
    """Of each person: the first letters of the given names, and of the family names."""
    adults: Ids
    compounds: frozenset[str]
    """Names of several words, run together."""
    slips: Mapping[str, tuple[str, ...]]
    """Names by what is left when one letter is missing."""
    squeezed: Mapping[str, tuple[str, ...]]
    """Names by their letters without repeats."""
    short_slips: Mapping[str, tuple[str, ...]]
    """Names of three or four letters by what a slip of the finger makes of them."""
    shapes: Mapping[tuple[int, str, str], tuple[str, ...]]
    """Names by length and first letter, and by length and last letter."""
    skeletons: Mapping[str, tuple[str, ...]]
    """Names by their consonants."""
    longest: int

    def __contains__(self, name: str) -> bool:
        return name in self.given or name in self.family

    def bearers(self, name: str) -> Ids:
        return self.given.get(name, NOBODY) | self.family.get(name, NOBODY)

    def both(self, one: str, other: str) -> Ids:
        """Return who has one of these as first name and the other as surname."""
        given, family = self.given, self.family
        return (given.get(one, NOBODY) & family.get(other, NOBODY)) | (
            given.get(other, NOBODY) & family.get(one, NOBODY)
        )

    def slipped(self, word: str) -> list[str]:
        """Return the names that one wrong, missing, added or swapped letter turns into this word."""
        if len(word) < SHORTEST_SLIP - 1:
            return []
        near = {name for key in (word, *shortened(word)) for name in self.slips.get(key, ())}
        return [name for name in near if OSA.distance(name, word, score_cutoff=1) == 1]

    def sounding_like(self, word: str) -> list[str]:
        """Return the long names that begin alike and are two slips away: `Oluwatobbii`."""
        if len(word) < SHORTEST_TWICE_SLIPPED - 1:
            return []
        near = (name for size in range(-2, 3) for name in self.shapes.get((len(word) + size, word[0], ""), ()))
        return [
            name for name in near
            if len(name) >= SHORTEST_TWICE_SLIPPED and OSA.distance(name, word, score_cutoff=2) == 2
        ]  # fmt: skip

    def slipped_short(self, word: str) -> tuple[str, ...]:
        """Return the names of three or four letters that are one slip away from this word."""
        return self.short_slips.get(word, ())


def compile_index(people: Iterable[Person]) -> NameIndex:
    given: dict[str, set[str]] = defaultdict(set)
    family: dict[str, set[str]] = defaultdict(set)
    initials: dict[str, tuple[str, str]] = {}
    adults: set[str] = set()
    compounds: set[str] = set()
    for person in people:
        firsts, lasts = "", ""
        if person.kind is PersonKind.ADULT:
            adults.add(person.id)
        for name in person.names:
            for table, words, forms in ((given, name.forename, True), (family, name.surname, False)):
                for part in _parts(words, compounds):
                    table[part].add(person.id)
                    for form in other_forms().get(part, ()) if forms else ():
                        table[form].add(person.id)
            firsts += "".join(part[0] for part in _pieces(name.forename))
            lasts += "".join(part[0] for part in _pieces(name.surname))
        initials[person.id] = (firsts, lasts)
    names = {*given, *family}
    return NameIndex(
        given=_frozen(given),
        family=_frozen(family),
        initials=initials,
        adults=frozenset(adults),
        compounds=frozenset(compounds),
        slips=_slip_table(names),
        squeezed=_by((squeeze(name), name) for name in names if len(name) >= SHORTEST_STRETCHED),
        short_slips=_by((slip, name) for name in names if len(name) in (3, 4) for slip in slips_of(name)),
        shapes=_by((key, name) for name in names for key in ((len(name), name[0], ""), (len(name), "", name[-1]))),
        skeletons=_by((bones, name) for name in names if len(bones := consonants_of(name)) >= SHORTEST_SKELETON),
        longest=max(map(len, names), default=0),
    )


def squeeze(word: str) -> str:
    return "".join(sign for sign, _ in groupby(word))


def consonants_of(word: str) -> str:
    return word.translate(_NO_VOWELS)


def shortened(word: str) -> Iterable[str]:
    return (word[:position] + word[position + 1 :] for position in range(len(word)))


def slips_of(name: str) -> set[str]:
    """Return a short name with two letters swapped or one doubled; of four letters, also with a wrong or a missing one."""
    found = {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)}
    found |= {name[:i] + name[i] + name[i:] for i in range(len(name))}
    if len(name) == LONGEST_SHORT:
        found |= set(shortened(name))
        for i in range(len(name)):
            found |= {name[:i] + letter + name[i + 1 :] for letter in ascii_lowercase}
            found |= {name[:i] + letter + name[i:] for letter in ascii_lowercase}
        found |= {name + letter for letter in ascii_lowercase}
    return found - {name}


def _pieces(name: str) -> list[str]:
    """Split a name at spaces and hyphens into plain words."""
    return [letters for piece in name.replace("-", " ").split() if (letters := letters_of(piece))]


def _parts(name: str, compounds: set[str]) -> set[str]:
    """Return what may stand for a name: the whole run together, and each part that is more than a particle.

    `Al-Hassan` gives `alhassan` and `hassan`; `Van der Berg` gives `vanderberg`, `derberg` and `berg`.
    """
    pieces = _pieces(name)
    tails = {"".join(pieces[start:]) for start in range(len(pieces))}
    alone = {piece for piece in pieces if len(piece) >= SHORTEST_PART and piece not in PARTICLES}
    whole = {"".join(pieces)} if pieces else set()
    if len(pieces) > 1:
        heads = {"".join(pieces[:end]) for end in range(2, len(pieces) + 1)}
        compounds |= {run for run in tails | heads if run not in pieces}
        whole |= {run for run in tails | heads if len(run) > SHORTEST_PART and run not in PARTICLES}
    return {part for part in alone | whole if part}


def _slip_table(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    return _by((key, name) for name in names if len(name) >= SHORTEST_SLIP for key in {name, *shortened(name)})


def _by(pairs: Iterable[tuple[Key, str]]) -> Mapping[Key, tuple[str, ...]]:
    table: dict[Key, list[str]] = defaultdict(list)
    for key, name in pairs:
        table[key].append(name)
    return {key: tuple(found) for key, found in table.items()}


def _frozen(names: Mapping[str, set[str]]) -> dict[str, Ids]:
    return {name: frozenset(ids) for name, ids in names.items()}
