"""What the consent engine asks of its surroundings: protocols of at most three methods."""

from collections.abc import Sequence
from typing import Protocol

from consent.model import Person


class Register(Protocol):
    """Everybody whose consent is known: present pupils, leavers under 18, adults who were asked."""

    def people(self) -> Sequence[Person]: ...

    def person(self, person_id: str) -> Person | None: ...


class TextReader(Protocol):
    """Reads words inside a picture."""

    def read(self, picture: bytes) -> Sequence[str]: ...
