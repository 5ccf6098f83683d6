"""What the gazetteer answers."""

from dataclasses import dataclass
from enum import IntEnum


class Certainty(IntEnum):
    """How sure it is that a word names somebody."""

    MAYBE = 1
    """Also a word, very short, or a slip away from a name."""
    NAME = 2
    """A first name or a surname of the register."""
    FULL_NAME = 3
    """First name and surname of the same person, or one of them with the other's initial."""


@dataclass(frozen=True, slots=True)
class Mention:
    start: int
    end: int
    person_ids: frozenset[str]
    certainty: Certainty
    after_title: bool = False
    """Follows Mr, Mrs, Dr …: an adult's way of being named."""
    has_surname: bool = False


def merged(mentions: list[Mention]) -> list[Mention]:
    """Keep, of overlapping mentions, the surest and longest."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda item: (-item.certainty, item.start - item.end, item.start)):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda item: item.start)
