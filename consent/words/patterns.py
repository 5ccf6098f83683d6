"""Words shaped like names beside a cue, which no register entry explains: siblings, former pupils, visitors."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from consent.words.context import Place, places_of
from consent.words.lexicon import TITLES, WordKind, contexts, lexicon, well_known
from consent.words.normalise import View, Word, letters_of, plain_view, words_of

_AGE_AFTER = re.compile(
    r"^'?s?\s*[,(–-]?\s*\(?(?:is |in |from |of |who is )?(?:aged?\s+\d{1,2}|\d{1,2}\s*years?\s*old|year\s+\d{1,2}|y\d{1,2}\b|\d[a-z]\b|"
    r"\d{1,2}\)|year\s+(?:one|two|three|four|five|six)|reception\b|nursery\b)",
    re.IGNORECASE,
)
_CLASS_BEFORE = re.compile(
    r"(?:\byear\s+\d{1,2}|\breception|\bnursery|\bclass\s+(?:\d\w?|(?-i:[A-Z]{1,2}))|\baged?\s+\d{1,2})(?:'s|s')?\s*[,:]?\s*$",
    re.IGNORECASE,
)
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class NameShaped:
    text: str
    start: int
    end: int


def find_titled(text: str, *, allowed_words: Collection[str] = ()) -> list[NameShaped]:
    """Return surnames after Mr, Mrs, Dr …, the title with them, unless they are out of a story."""
    scene = _Scene(text, allowed_words)
    found = []
    for i, (title, name) in enumerate(zip(scene.words, scene.words[1:], strict=False)):
        is_title = title.text in TITLES and (title.is_capital or title.text in ("mr", "mrs", "dr"))
        if not is_title or not name.is_capital or i + 1 in scene.known or name.at - title.until > 3:
            continue
        last = scene.words[scene.last_of(i + 1)]
        is_word = title.text in ("miss", "dame", "lord", "lady", "sir", "canon") and lexicon().knows(name.text)
        if name.text not in scene.allowed and not is_word:
            found.append(scene.shaped(title, last))
    return found


def find_name_shaped(text: str, *, allowed_words: Collection[str] = ()) -> list[NameShaped]:
    """Return words beside a cue that look like somebody's name and are not words a school uses anyway."""
    scene = _Scene(text, allowed_words)
    found: list[NameShaped] = []
    end = -1
    for i, word in enumerate(scene.words):
        if word.start >= end and scene.is_name_like(i) and scene.has_cue(i):
            last = scene.words[scene.last_of(i)]
            end = last.end
            found.append(scene.shaped(word, last))
    return found


class _Scene:
    """One text, cut into words that stand in their places."""

    def __init__(self, text: str, allowed_words: Collection[str]) -> None:
        self._text = text
        self.view: View = plain_view(text)
        self.words: list[Word] = words_of(self.view)
        self.places: list[Place] = places_of(self.view, self.words)
        self.allowed = {letters_of(word) for word in allowed_words}
        self.known = set(self._known_positions())

    def _known_positions(self) -> Iterator[int]:
        texts = [word.text for word in self.words]
        for i, text in enumerate(texts):
            for phrase in well_known().get(text, ()):
                if tuple(texts[i : i + len(phrase.words)]) == phrase.words:
                    yield from range(i, i + len(phrase.words))

    def is_name_like(self, i: int) -> bool:
        """Tell whether a word is written like a name and is no other word that we know."""
        word, place = self.words[i], self.places[i]
        if not word.is_capital or len(word.text) < _SHORTEST or i in self.known or word.text in self.allowed:
            return False
        if not word.text.isalpha() or (word.is_upper and len(word.text) < 5):
            return False
        if place.names_a_thing or place.is_elided or place.previous in TITLES or word.text in contexts().company:
            return False
        if word.text in contexts().short_days and {place.previous, place.next} & contexts().short_days:
            return False
        kind = lexicon().kind_of(word.text)
        if kind in (WordKind.ENGLISH, WordKind.STOP, WordKind.PLACE, WordKind.SCHOOL):
            return False
        return kind in (WordKind.NAME, WordKind.MOSTLY_NAME) or place.capitals_tell

    def has_cue(self, i: int) -> bool:
        place, word = self.places[i], self.words[i]
        if place.follows_cue or self._follows_name(i):
            return True
        shown = self.view.shown
        return bool(
            _AGE_AFTER.match(shown[self._until(i) : self._until(i) + 40])
            or _CLASS_BEFORE.search(shown[max(0, word.at - 30) : word.at])
        )

    def _until(self, i: int) -> int:
        return self.words[self.last_of(i)].until

    def _follows_name(self, i: int) -> bool:
        """In a list of names one cue speaks for all: `Well done to Zofia, Kwabena and Tariq`."""
        return self._spoken_for[i]

    @cached_property
    def _spoken_for(self) -> Sequence[bool]:
        """Tell of every word whether a cue reaches it along a list of names; each is looked at once."""
        reached = [False]
        for i, word in enumerate(self.words):
            if self.is_name_like(i):
                reached.append(reached[i] or self.places[i].follows_cue)
            else:
                reached.append(reached[i] and word.text in ("and", "to"))
        return reached

    def last_of(self, i: int) -> int:
        """Return the position of the last word of the name that begins here."""
        return self._last[i]

    @cached_property
    def _last(self) -> Sequence[int]:
        last = list(range(len(self.words)))
        for i in reversed(last[:-1]):
            if self._continues(i):
                last[i] = last[i + 1]
        return last

    def _continues(self, i: int) -> bool:
        """Tell whether the next word belongs to the same name."""
        if i + 1 >= len(self.words):
            return False
        word, following = self.words[i], self.words[i + 1]
        between = self.view.shown[word.until : following.at]
        return between in (" ", "-", " - ") and following.is_capital and not lexicon().knows(following.text)

    def shaped(self, first: Word, last: Word) -> NameShaped:
        return NameShaped(self._text[first.start : last.end], first.start, last.end)
