"""Made-up registers for the consent tests: one school's, and a trust's of fifty thousand."""

import random
from collections.abc import Iterable
from pathlib import Path

from consent.model import ConsentState, Grant, Person, PersonKind, PersonName, Purpose

LISTS = Path(__file__).parents[1] / "data" / "words"
EVERYTHING = tuple(Grant(purpose, ConsentState.GRANTED) for purpose in Purpose)


class ListedRegister:
    """Satisfies `consent.ports.Register`."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._people = {person.id: person for person in people}

    def people(self) -> tuple[Person, ...]:
        return tuple(self._people.values())

    def person(self, person_id: str) -> Person | None:
        return self._people.get(person_id)


def pupil(person_id: str, *names: str, grants: Iterable[Grant] = (), no_publish: bool = False) -> Person:
    """Make a pupil; each name is `Forename|Surname`, or split at its last space."""
    return Person(person_id, PersonKind.PUPIL, tuple(map(_name, names)), tuple(grants), no_publish)


def adult(person_id: str, *names: str, grants: Iterable[Grant] = ()) -> Person:
    return Person(person_id, PersonKind.ADULT, tuple(map(_name, names)), tuple(grants))


def lines(name: str) -> list[str]:
    """Read a list of the test data, without its notes."""
    text = (LISTS / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("# ")]


def school(size: int = 420) -> ListedRegister:
    """A school in which every forename and every surname of the lists is somebody's, words among them."""
    forenames, surnames = " ".join(lines("forenames.txt")).split(), " ".join(lines("surnames.txt")).split()
    random.Random(7).shuffle(surnames)
    pairs = ((forenames[i % len(forenames)], surnames[i % len(surnames)]) for i in range(size))
    return ListedRegister(pupil(f"S{i}", f"{given}|{family}") for i, (given, family) in enumerate(pairs))


def rich_school(size: int = 1400) -> ListedRegister:
    """A large school as mixed as a real one: every listed name once at least, double-barrelled and known-as names."""
    chance = random.Random(23)
    near, far = _names(""), _names("_of_the_world")
    people = []
    for i in range(size):
        givens, families = near if chance.random() < 0.6 else far
        given, family = givens[i % len(givens)], families[(i * 7 + i // len(families)) % len(families)]
        if chance.random() < 0.07:
            family = f"{family}-{chance.choice(near[1])}"
        known_as = [f"{chance.choice(near[0])}|{family}"] if chance.random() < 0.08 else []
        people.append(pupil(f"R{i}", f"{given}|{family}", *known_as))
    return ListedRegister(people)


def _names(kind: str) -> tuple[list[str], list[str]]:
    """Read the forenames and the surnames of one kind; a name of several words is joined by underlines there."""
    forenames, surnames = (" ".join(lines(f"{list_}{kind}.txt")).split() for list_ in ("forenames", "surnames"))
    return [name.replace("_", " ") for name in forenames], [name.replace("_", " ") for name in surnames]


def trust(size: int = 50_000) -> ListedRegister:
    """Fifty thousand pupils: common names many times over, and some twenty thousand rare ones."""
    chance = random.Random(11)
    forenames, surnames = " ".join(lines("forenames.txt")).split(), " ".join(lines("surnames.txt")).split()
    people = []
    for i in range(size):
        given = chance.choice(forenames) if chance.random() < 0.8 else _invented(chance)
        family = chance.choice(surnames) if chance.random() < 0.6 else _invented(chance)
        if chance.random() < 0.06:
            family = f"{family}-{chance.choice(surnames)}"
        people.append(pupil(f"T{i}", f"{given}|{family}"))
    return ListedRegister(people)


def _name(name: str) -> PersonName:
    given, _, family = name.partition("|") if "|" in name else name.rpartition(" ")
    return PersonName(given, family)


def _invented(chance: random.Random) -> str:
    starts = "Ab Ad Ak An Ar Ba Be Bo Bra Ca Che Da De Do Dra E Fa Fi Ga Gho Gu Ha He I Ja Je Jo Ka Ke Kho Ko Kra La Lo Ma Me Mo Mu Na Nde".split()
    middles = "ba bi cha da de di fi ga gi ha ji ka ki kwa la li lo ma mi mo na ni no nza pe ra ri ro sa shi so ta te ti to va vi wo ya yo za".split()
    ends = "ba d dze h kar ko l la lu m man mu n na ni nov ov ra ri s sh ska ski th tra va wicz y".split()
    return chance.choice(starts) + "".join(chance.choices(middles, k=chance.choice((1, 1, 2)))) + chance.choice(ends)
