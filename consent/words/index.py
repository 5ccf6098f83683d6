"""Everybody's names, turned into tables that a word is looked up in: compiled once for each version of the register."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from rapidfuzz.distance import OSA

from consent.model import Person, PersonKind
from consent.words.lexicon import PARTICLES, other_forms
from consent.words.normalise import letters_of, plain

SHORTEST_PART = 3
SHORTEST_SLIP = 5
SHORTEST_STRETCHED = 3

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
    shapes: Mapping[tuple[int, str], tuple[str, ...]]
    """Names by length and first letter."""
    longest: int

    def __contains__(self, name: str) -> bool:
        return name in self.given or name in self.family

    def bearers(self, name: str) -> Ids:
        return self.given.get(name, NOBODY) | self.family.get(name, NOBODY)

    def slipped(self, word: str) -> list[str]:
        """Return the names that one wrong, missing, added or swapped letter turns into this word."""
        if len(word) < SHORTEST_SLIP - 1:
            return []
        near = {name for key in (word, *shortened(word)) for name in self.slips.get(key, ())}
        return [name for name in near if OSA.distance(name, word, score_cutoff=1) == 1]


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
            firsts += plain(name.forename)[:1]
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
        shapes=_by(((len(name), name[0]), name) for name in names),
        longest=max(map(len, names), default=0),
    )


def squeeze(word: str) -> str:
    return "".join(sign for sign, _ in groupby(word))


def shortened(word: str) -> Iterable[str]:
    return (word[:position] + word[position + 1 :] for position in range(len(word)))


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
