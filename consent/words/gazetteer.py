"""The names of everybody in the register, compiled so that a text is searched in the time of its own length."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from consent.model import Person
from consent.words.lists import AFTER_WORD, BEFORE_WORD, DIMINUTIVES, NAME_WORDS, PARTICLES, SURNAME_WORDS, TITLES
from consent.words.normalise import Word, plain, spelt_out, unleeted, unstretched, words_of

LONGEST_TAG = 60
SHORTEST_PART = 2
SHORTEST_SLIP = 6


class Certainty(IntEnum):
    """How sure it is that a word names somebody."""

    MAYBE = 1
    """Also a word, or a slip away from a name."""
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


@dataclass(frozen=True)
class Gazetteer:
    """Immutable; made by `compile_gazetteer` once for each version of the register."""

    forenames: dict[str, frozenset[str]]
    surnames: dict[str, frozenset[str]]
    joined: dict[str, frozenset[str]]
    slips: dict[str, frozenset[str]]
    initials: dict[str, frozenset[tuple[str, str]]]
    allowed: frozenset[str]

    def find(self, text: str) -> list[Mention]:
        """Return every mention of somebody of the register, each with its span in the text."""
        words = _with_readings(words_of(text))
        found = [*self._in_words(text, words), *self._spelt(text), *self._in_tags(text)]
        return _merged(found)

    def _in_words(self, text: str, words: Sequence[Word]) -> Iterable[Mention]:
        for position, word in enumerate(words):
            before = words[position - 1] if position else None
            after = words[position + 1] if position + 1 < len(words) else None
            full = self._full_name(words, position)
            if full is not None:
                yield full
            if word.text in self.allowed:
                continue
            yield from self._single(text, word, before, after)

    def _full_name(self, words: Sequence[Word], position: int) -> Mention | None:
        first = words[position]
        for other in words[position + 1 : position + 4]:
            if other.start - words[position].end > 24:
                break
            ids = self._pair(first.text, other.text) | self._pair(other.text, first.text)
            if ids and first.end <= other.start:
                return Mention(first.start, other.end, ids, Certainty.FULL_NAME)
            if other.text not in PARTICLES and len(other.text) > 1:
                break
        return None

    def _pair(self, forename: str, surname: str) -> frozenset[str]:
        given, family = self.forenames.get(forename), self.surnames.get(surname)
        if given and family and given & family:
            return given & family
        if len(forename) == 1 and family:
            return frozenset(person for letter, person in self.initials.get(surname, ()) if letter == forename)
        if len(surname) == 1 and given:
            return frozenset(person for letter, person in self.initials.get("*" + forename, ()) if letter == surname)
        return frozenset()

    def _single(self, text: str, word: Word, before: Word | None, after: Word | None) -> Iterable[Mention]:
        after_title = before is not None and before.text in TITLES
        given, family = self.forenames.get(word.text), self.surnames.get(word.text)
        if given and not after_title:
            if word.text not in NAME_WORDS:
                yield Mention(word.start, word.end, given, Certainty.NAME)
            elif _reads_as_name(text, word, before, after):
                yield Mention(word.start, word.end, given, Certainty.MAYBE)
        if family:
            if after_title:
                yield Mention(word.start, word.end, family, Certainty.NAME, after_title=True)
            elif word.text not in SURNAME_WORDS and word.text not in NAME_WORDS:
                yield Mention(word.start, word.end, family, Certainty.NAME)
            elif (
                not word.from_tag
                and word.is_capital
                and not _starts_sentence(text, word)
                and _stands_alone(before, after)
            ):
                yield Mention(word.start, word.end, family, Certainty.MAYBE)
        if not given and not family and word.is_capital and len(word.text) >= SHORTEST_SLIP and not after_title:
            ids = self._slipped(word.text)
            if ids and not _starts_sentence(text, word):
                yield Mention(word.start, word.end, ids, Certainty.MAYBE)

    def _slipped(self, word: str) -> frozenset[str]:
        """Find a name that one wrong, missing, added or swapped letter turns into this word."""
        found: frozenset[str] = self.slips.get(word, frozenset())
        for shorter in _shortened(word):
            found |= self.slips.get(shorter, frozenset())
        return found

    def _spelt(self, text: str) -> Iterable[Mention]:
        for word in spelt_out(text):
            ids = self.joined.get(word.text) or self.forenames.get(word.text) or self.surnames.get(word.text)
            if ids:
                yield Mention(word.start, word.end, ids, Certainty.NAME)

    def _in_tags(self, text: str) -> Iterable[Mention]:
        """Find names run together in lower case: `#welldoneameliahart`."""
        for token in text.split():
            letters = "".join(sign for sign in plain(token) if sign.isalnum())
            if not (token[0] in "#@" or len(letters) > 12) or len(letters) > LONGEST_TAG:
                continue
            start = text.index(token)
            for size in range(len(letters), 4, -1):
                for offset in range(len(letters) - size + 1):
                    piece = letters[offset : offset + size]
                    ids = self.joined.get(piece)
                    if (
                        ids is None
                        and token[0] in "#@"
                        and piece not in NAME_WORDS
                        and offset in (0, len(letters) - size)
                    ):
                        ids = self.forenames.get(piece)
                    if ids:
                        yield Mention(start, start + len(token), ids, Certainty.NAME)


def compile_gazetteer(people: Iterable[Person], *, allowed_words: Iterable[str] = ()) -> Gazetteer:
    """Compile the names of these people. `allowed_words` are words that the school says are not names."""
    forenames: dict[str, set[str]] = defaultdict(set)
    surnames: dict[str, set[str]] = defaultdict(set)
    joined: dict[str, set[str]] = defaultdict(set)
    initials: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for person in people:
        for name in person.names:
            given, family = _parts(name.forename), _parts(name.surname)
            for part in _with_short_forms(given):
                forenames[part].add(person.id)
                initials["*" + part] |= {(piece[0], person.id) for piece in family if piece}
                for last in family:
                    joined[part + last].add(person.id)
            for part in family:
                surnames[part].add(person.id)
                initials[part] |= {(piece[0], person.id) for piece in given if piece}
    slips: dict[str, set[str]] = defaultdict(set)
    for names in (forenames, surnames):
        for part, ids in names.items():
            if len(part) >= SHORTEST_SLIP and part not in NAME_WORDS and part not in SURNAME_WORDS:
                for shorter in {part, *_shortened(part)}:
                    slips[shorter] |= ids
    return Gazetteer(
        forenames=_frozen(forenames),
        surnames=_frozen(surnames),
        joined=_frozen(joined),
        slips=_frozen(slips),
        initials={part: frozenset(pairs) for part, pairs in initials.items()},
        allowed=frozenset(plain(word) for word in allowed_words),
    )


def _parts(name: str) -> list[str]:
    """Split a name into what may stand alone, and the whole run together (`Al-Hassan`, `O'Neill`, `Mary Jane`)."""
    pieces = [plain(piece).replace("'", "") for piece in name.replace("-", " ").split()]
    parts = [piece for piece in pieces if len(piece) >= SHORTEST_PART and piece not in PARTICLES]
    if len(pieces) > 1:
        parts.append("".join(pieces))
    return parts or [piece for piece in pieces if piece]


def _with_short_forms(parts: Sequence[str]) -> set[str]:
    forms = set(parts)
    for part in parts:
        forms.update(DIMINUTIVES.get(part, ()))
        forms.update(long for long, short in _SPELLINGS.items() if part in short)
    return forms


_SPELLINGS = {name: DIMINUTIVES[name] for name in ("mohammed", "aisha", "catherine", "katherine")}
"""Names written in many ways: any of them stands for all."""


def _shortened(word: str) -> Iterable[str]:
    return (word[:position] + word[position + 1 :] for position in range(len(word)))


def _frozen(names: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {part: frozenset(ids) for part, ids in names.items()}


def _with_readings(words: Sequence[Word]) -> list[Word]:
    """Undo leet and stretched letters where a word has them."""
    return [
        Word(unstretched(unleeted(word.text)), word.start, word.end, word.is_capital, word.from_tag) for word in words
    ]


def _starts_sentence(text: str, word: Word) -> bool:
    lead = text[: word.start].rstrip(" \t\"'“‘(#@")
    return not lead or lead[-1] in ".!?:;\n•–—" or not any(sign.isalnum() for sign in lead[-2:])


def _reads_as_name(text: str, word: Word, before: Word | None, after: Word | None) -> bool:
    """Decide whether a name that is also a word may be meant as a name here. In doubt it may."""
    if not word.is_capital:
        return False
    if word.text in BEFORE_WORD and (before is None or before.text in BEFORE_WORD[word.text] or before.text.isdigit()):
        return False
    if after is not None and word.text in BEFORE_WORD and after.text[:1].isdigit():
        return False
    return not (after is not None and after.text in AFTER_WORD.get(word.text, ()))


def _stands_alone(before: Word | None, after: Word | None) -> bool:
    """A capital Hall or Green beside another capital word is mostly a place: Town Hall, Green Lane."""
    if before is not None and (before.text in {"the", "our", "school", "in", "at", "to", "from"} or before.is_capital):
        return False
    return not (after is not None and after.is_capital)


def _merged(mentions: Iterable[Mention]) -> list[Mention]:
    """Keep, of overlapping mentions, the surest and longest."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda item: (-item.certainty, item.start - item.end, item.start)):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda item: item.start)
