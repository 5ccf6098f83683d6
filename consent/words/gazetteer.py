"""The names of everybody in the register, found in a text in the time of the text's own length."""

from collections.abc import Iterable
from dataclasses import dataclass

from consent.model import Person
from consent.words.index import NameIndex, compile_index
from consent.words.mentions import Certainty, Mention, merged
from consent.words.normalise import letters_of, plain_view
from consent.words.reading import Reading
from consent.words.weighing import weigh

__all__ = ["Certainty", "Gazetteer", "Mention", "compile_gazetteer"]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Immutable; made by `compile_gazetteer` once for each version of the register, and shared between threads."""

    index: NameIndex
    allowed: frozenset[str]

    def find(self, text: str) -> list[Mention]:
        """Return every mention of somebody of the register, each with its span in the text."""
        reading = Reading(plain_view(text), self.index)
        return merged(list(weigh(reading, self.index, self.allowed)))


def compile_gazetteer(people: Iterable[Person], *, allowed_words: Iterable[str] = ()) -> Gazetteer:
    """Compile the names of these people. `allowed_words` are words that the school says are not names."""
    return Gazetteer(compile_index(people), frozenset(letters_of(word) for word in allowed_words))
