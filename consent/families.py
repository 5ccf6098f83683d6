"""The register with its families: who shares a surname is looked up once for all faces of a post."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from consent.model import Person, PersonKind
from consent.ports import Register


class Families:
    def __init__(self, register: Register) -> None:
        self._register = register

    def person(self, person_id: str) -> Person | None:
        return self._register.person(person_id)

    def namesakes(self, person: Person) -> Sequence[Person]:
        """Return the other pupils of one surname: brothers and sisters are told apart by hand."""
        if person.kind is not PersonKind.PUPIL:
            return ()
        found = {other.id: other for surname in _surnames(person) for other in self._pupils[surname]}
        return [other for other in found.values() if other.id != person.id]

    @cached_property
    def _pupils(self) -> Mapping[str, Sequence[Person]]:
        pupils: defaultdict[str, list[Person]] = defaultdict(list)
        for person in self._register.people():
            for surname in _surnames(person) if person.kind is PersonKind.PUPIL else ():
                pupils[surname].append(person)
        return pupils


def _surnames(person: Person) -> set[str]:
    return {name.surname.casefold() for name in person.names if name.surname}
