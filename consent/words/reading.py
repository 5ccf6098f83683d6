"""Find in a text whatever reads as a name of the register, disguised or not; what it means is weighed later."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from consent.words.context import Place, places_of, sentence
from consent.words.disguises import (
    LEET_CHUNK,
    TWO_LETTERS,
    Found,
    masked_names,
    plainest,
    spelt_names,
    split_run,
    unleeted,
    unstretched,
)
from consent.words.index import NameIndex
from consent.words.lexicon import WordKind, lexicon, well_known_words
from consent.words.normalise import View, Word, parts_of, word_at, words_of
from consent.words.variants import BEFORE_MUTATION, initial_and_surname, run_together, small_forms, unmutated

_REPEATS = re.compile(r"(.)\1{2,}")
_CONTRACTION = re.compile(r"'(?:s|t|d|m|ve|ll|re)$")
_MEASURE = re.compile(
    r"\d+(?:[ap]m|st|nd|rd|th|[kcm]?m|[km]?g|m?l|k|s|p|h|hrs?|mins?|secs?|yrs?|x|ish|ft|in|mph|gb|mb)"
)
"""`11am` is no name, whatever its digits look like."""
_TAG = re.compile(r"[#@]\w+")
SHORTEST_RUN, SHORTEST_TAG_RUN = 8, 5
WIDEST_GAP = 4
LONGEST_LEET = 24
SHORTEST_MIRRORED = 4
SHORTEST_WITHIN = 5
LONGEST_CHANCE = 4
"""So short a name stands in many a word by chance: lin in Franklin."""
LONGEST_ABBREVIATION = 5


class How(Enum):
    PLAIN = auto()
    DISGUISED = auto()
    """Spaced out, struck through, in digits or drawn out: nobody writes an ordinary word so."""
    SPLIT = auto()
    """Two ordinary words side by side that make a name."""
    SLIP = auto()
    STRUCK = auto()
    """So many letters are struck out that it takes a first name and a surname to tell whose it is."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A name read somewhere in the view."""

    name: str
    at: int
    until: int
    how: How
    place: Place
    position: int
    """Of the word it begins in."""


class Reading:
    """One text, read once against one index."""

    def __init__(self, view: View, index: NameIndex) -> None:
        self.view, self._index = view, index
        self.words = words_of(view)
        self.places = places_of(view, self.words)
        self._tags = [match.span() for match in _TAG.finditer(view.shown)]
        self._lexicon = lexicon()
        self._ends = [word.until for word in self.words]

    def hits(self) -> list[Hit]:
        found = [hit for position in range(len(self.words)) for hit in self._of_word(position)]
        found += self._joined()
        found += self._unleeted()
        for piece in masked_names(self.view.text, self._index):
            found += self._placed([piece], How.SLIP if piece.is_clear else How.STRUCK)
        found += self._placed(spelt_names(self.view.text, self._index), How.DISGUISED)
        return sorted(set(found), key=lambda hit: (hit.at, hit.until, hit.name, hit.how.value))

    def _of_word(self, position: int) -> Iterable[Hit]:
        word = self.words[position]
        bare = word.text[:-1] if word.text.endswith("s") and len(word.text) > 4 else word.text
        if word.text in self._index:
            return [self._hit(word.text, position, How.PLAIN)]
        if drawn := unstretched(word.text, self._index):
            return [self._hit(name, position, How.DISGUISED) for name in drawn]
        if self._lexicon.kind_of(word.text) is not WordKind.NAME:
            return [self._hit(name, position, How.SLIP) for name in self._mutated(position)]
        if bare in self._index:
            return [self._hit(bare, position, How.PLAIN)]
        if parted := [*self._in_run(position), *self._in_handle(position)]:
            return parted
        bare_bones = self._index.skeletons.get(word.text, ()) if word.is_capital else ()
        return [
            *(self._hit(name, position, How.SLIP) for name in self._near(position)),
            *(self._hit(name, position, How.STRUCK) for name in bare_bones),
        ]

    def _near(self, position: int) -> set[str]:
        """Return the names that a word of no language may stand for: slips, small and mutated forms, names in a mirror."""
        word, place = self.words[position], self.places[position]
        if _CONTRACTION.search(self.view.text[word.at : word.until]) or self._is_abbreviation(word, place):
            return set()
        names = set(self._index.slipped(word.text))
        if word.is_capital or place.follows_cue:
            names |= {*self._index.slipped_short(word.text), *self._index.sounding_like(word.text)}
            names |= {name for name in (*small_forms(word.text), *unmutated(word.text)) if name in self._index}
        if len(word.text) > SHORTEST_MIRRORED and word.text[::-1] in self._index:
            names.add(word.text[::-1])
        return names

    @staticmethod
    def _is_abbreviation(word: Word, place: Place) -> bool:
        return word.is_upper and place.capitals_tell and len(word.text) <= LONGEST_ABBREVIATION

    def _mutated(self, position: int) -> Iterable[str]:
        """`Da iawn i Fared`: after some Welsh words the first letter of Mared changes."""
        word, place = self.words[position], self.places[position]
        if not word.is_capital or place.previous not in BEFORE_MUTATION:
            return ()
        return (name for name in unmutated(word.text) if name in self._index)

    def _in_handle(self, position: int) -> Iterator[Hit]:
        """Find `@ahart`, and `Minhanh` for Minh Anh."""
        word = self.words[position]
        found = [*run_together(word.text, self._index), *initial_and_surname(word.text, self._index)]
        for name, start in found:
            at = word.at + start
            if word.until - word.at == len(word.text):
                how = How.DISGUISED if self._is_in_tag(word.at) else How.SPLIT
                yield Hit(name, at, at + len(name), how, self.places[position], position)

    def _hit(self, name: str, position: int, how: How) -> Hit:
        word, place = self.words[position], self.places[position]
        if self._is_in_tag(word.at):
            place = replace(place, is_tag=True)
        return Hit(name, word.at, word.until, how, place, position)

    def _is_in_tag(self, at: int) -> bool:
        before = bisect_left(self._tags, (at, 0)) - 1
        return before >= 0 and at < self._tags[before][1]

    def _in_run(self, position: int) -> Iterator[Hit]:
        """Find names in `WellDoneAmelia`, `welldoneamelia`, `amelia09`."""
        word = self.words[position]
        is_tag = self._is_in_tag(word.at)
        pieces: list[tuple[Word, bool]] = []
        for part in parts_of(word, self.view) or [word]:
            pieces += self._pieces(part, is_tag=is_tag)
        if len(pieces) < 2 and not any(letters.text != word.text for letters, _ in pieces):
            return
        for place, (piece, is_sure) in zip(sentence([piece for piece, _ in pieces]), pieces, strict=True):
            if is_sure and piece.text in self._index:
                is_chance = not is_tag and piece.until - piece.at <= LONGEST_CHANCE and not piece.is_capital
                how = How.SPLIT if is_chance else How.PLAIN
                yield Hit(piece.text, piece.at, piece.until, how, replace(place, is_tag=True), position)

    def _pieces(self, part: Word, *, is_tag: bool) -> list[tuple[Word, bool]]:
        """Split a part into words, and tell for each whether it may be taken for a name."""
        shortest = SHORTEST_TAG_RUN if is_tag else SHORTEST_RUN
        is_known = self._lexicon.knows(part.text) or (
            part.is_capital and not is_tag and part.text in well_known_words()
        )
        is_whole = part.text in self._index or is_known
        if is_whole or len(part.text) < shortest or not part.text.isalpha() or part.until - part.at != len(part.text):
            return [(part, len(part.text) > 2)]
        split = split_run(part.text, self._index)
        names = [piece for piece in split.pieces if piece.is_known and piece.text in self._index]
        trusted = split.unread == 0 and (is_tag or len(names) > 1 or any(len(name.text) > 4 for name in names))
        return [
            (
                word_at(self.view, part.at + piece.start, part.at + piece.end),
                trusted or (is_tag and len(piece.text) > 3),
            )
            for piece in split.pieces
        ]

    def _joined(self) -> Iterator[Hit]:
        """Find names pulled apart (`A m e l i a`, `Ame-lia`, `Am elia`) and names of several words."""
        for first in range(len(self.words) - 1):
            run = self.words[first].text
            for last in range(first + 1, len(self.words)):
                gap = self.words[last].at - self.words[last - 1].until
                run += self.words[last].text
                if gap > WIDEST_GAP or len(run) > self._index.longest:
                    break
                if len(run) > 2 and run in self._index:
                    how = self._how_joined(self.words[first : last + 1], run)
                    if how is not None:
                        start, end = self.words[first], self.words[last]
                        yield Hit(run, start.at, end.until, how, self.places[first], first)

    def _how_joined(self, pieces: Sequence[Word], run: str) -> How | None:
        if all(len(piece.text) == 1 for piece in pieces):
            return How.DISGUISED
        first, rest = pieces[0], pieces[1:]
        ordinary = [self._is_ordinary(piece.text) for piece in pieces]
        if run in self._index.compounds and (first.is_capital or not all(ordinary)):
            return How.PLAIN
        is_restarted = any(piece.is_capital for piece in rest) and not all(
            piece.is_upper or len(piece.text) == 1 for piece in pieces
        )
        if len(run) < 4 or (is_restarted and len(first.text) == 1):
            return None
        if not any(sign.isspace() for sign in self.view.shown[first.at : pieces[-1].until]):
            return How.DISGUISED
        if not all(ordinary):
            return How.SPLIT if is_restarted else How.DISGUISED
        is_odd = len(run) > 5 and first.is_capital and not is_restarted
        is_speech = any(self._lexicon.kind_of(piece.text) is WordKind.STOP for piece in pieces)
        return How.SPLIT if is_odd and not is_speech else None

    def _is_ordinary(self, text: str) -> bool:
        if len(text) < 3 or not text.isalpha():
            return text in TWO_LETTERS or text in ("a", "i") or not text.isalpha()
        return self._lexicon.knows(text) or self._lexicon.kind_of(text) is WordKind.STOP

    def _unleeted(self) -> Iterator[Hit]:
        """Find names in digits and signs: `4melia`, `H@rt`, `#4meliaH4rt`."""
        for chunk in LEET_CHUNK.finditer(self.view.text):
            letters = chunk.group()
            if letters.isalpha() or _MEASURE.fullmatch(letters):
                continue
            yield from self._numbered(letters, chunk.start())
            if len(letters) > LONGEST_LEET:
                yield from self._within(letters, chunk.start())
                continue
            yield from self._drawn_out(letters, chunk.start())
            for trimmed in _trimmed(letters):
                at = chunk.start() + letters.index(trimmed)
                for reading in unleeted(trimmed):
                    yield from self._leet_hit(reading, at)

    def _within(self, letters: str, at: int) -> Iterator[Hit]:
        """Find a name in digits and signs inside a run too long to try every reading of."""
        for reading in plainest(letters):
            for start in range(len(reading) - SHORTEST_WITHIN + 1):
                for end in range(start + SHORTEST_WITHIN, min(len(reading), start + self._index.longest) + 1):
                    is_disguised = not letters[start:end].isalpha() and reading[start:end] in self._index
                    position = self._position_at(at + start, at + end) if is_disguised else None
                    if position is not None:
                        place = self.places[position]
                        yield Hit(reading[start:end], at + start, at + end, How.DISGUISED, place, position)

    def _numbered(self, letters: str, at: int) -> Iterator[Hit]:
        """Find `A1m2e3l4i5a`."""
        bare = "".join(sign for sign in letters if sign.isalpha())
        position = self._position_at(at, at + len(letters))
        if position is not None and len(bare) > 3 and bare in self._index and not letters.startswith(bare):
            yield Hit(bare, at, at + len(letters), How.DISGUISED, self.places[position], position)

    def _drawn_out(self, letters: str, at: int) -> Iterator[Hit]:
        calm = _REPEATS.sub(r"\1", letters)
        position = self._position_at(at, at + len(letters))
        if calm == letters or position is None:
            return
        for reading in unleeted(calm):
            if len(reading) > 2 and reading in self._index:
                yield Hit(reading, at, at + len(letters), How.DISGUISED, self.places[position], position)

    def _leet_hit(self, reading: str, at: int) -> Iterable[Hit]:
        until = at + len(reading)
        position = self._position_at(at, until)
        if position is None:
            return
        if reading in self._index and len(reading) > 2:
            yield Hit(reading, at, until, How.DISGUISED, self.places[position], position)
        elif len(reading) > SHORTEST_RUN:
            split = split_run(reading, self._index)
            for piece in split.pieces if split.unread == 0 else ():
                if (
                    piece.text in self._index
                    and self._lexicon.kind_of(piece.text) is WordKind.NAME
                    and len(piece.text) > 3
                ):
                    yield Hit(
                        piece.text, at + piece.start, at + piece.end, How.DISGUISED, self.places[position], position
                    )

    def _position_at(self, at: int, until: int) -> int | None:
        i = bisect_right(self._ends, at)
        return i if i < len(self.words) and self.words[i].at < until else None

    def _placed(self, found: Iterable[Found], how: How) -> Iterator[Hit]:
        for piece in found:
            position = self._position_at(piece.at, piece.until)
            if position is not None:
                yield Hit(piece.name, piece.at, piece.until, how, self.places[position], position)


def _trimmed(letters: str) -> set[str]:
    """Leave out signs at the edges that are punctuation, and up to four digits that are a number."""
    bare = letters.lstrip("@|(").rstrip("!|+(")
    return {letters, bare, *(bare[:-size] for size in range(1, 5) if bare[-size:].isdigit() and len(bare) > size + 2)}
