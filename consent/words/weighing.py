"""Weigh what reads as a name: is somebody of the register meant, and how sure is that?"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from consent.words.context import may_be_forename, may_be_surname
from consent.words.index import Ids, NameIndex
from consent.words.lexicon import PARTICLES, WordKind, contexts, lexicon, well_known
from consent.words.mentions import Certainty, Mention
from consent.words.normalise import Word
from consent.words.reading import Hit, How, Reading

_BETWEEN = re.compile(r"^(?:[^\w!?]|_){0,5}(?:[^\W_]+(?:[^\w!?]|_){1,3}){0,2}$")
_WORDLIKE = (WordKind.WORD, WordKind.ENGLISH, WordKind.PLACE, WordKind.SCHOOL, WordKind.STOP)
_KIN = frozenset("girl girls boy boys lad lads lass twin twins brother brothers sister sisters siblings family".split())
"""`The Woods twins` are people, though `the woods` are not."""
_TITLES_IN_SMALL = ("mr", "mrs", "dr")


@dataclass(frozen=True, slots=True)
class _Masks:
    """Words that belong to something well known, by position."""

    hidden: frozenset[int]
    shared: frozenset[int]


class Weigher:
    """Turns the hits of one reading into mentions."""

    def __init__(self, reading: Reading, index: NameIndex, allowed: Collection[str]) -> None:
        self._reading, self._index, self._allowed = reading, index, allowed
        self._hits = reading.hits()
        self._masks = _masks(reading.words)

    def mentions(self) -> list[Mention]:
        found = [mention for mention in map(self._single, self._hits) if mention is not None]
        found += self._pairs()
        found += self._with_initials()
        return found

    def _mention(
        self,
        at: int,
        until: int,
        ids: Ids,
        certainty: Certainty,
        *,
        after_title: bool = False,
        has_surname: bool = False,
    ) -> Mention:
        start, end = self._reading.view.span(at, until)
        return Mention(start, end, ids, certainty, after_title, has_surname)

    def _single(self, hit: Hit) -> Mention | None:
        word = self._reading.words[hit.position]
        if hit.name in self._allowed or word.text in self._allowed:
            return None
        if hit.position in self._masks.hidden or hit.place.is_saint or self._is_no_person(hit):
            return None
        if titled := self._titled(hit):
            return self._mention(hit.at, hit.until, titled, Certainty.NAME, after_title=True, has_surname=True)
        ids, certainty = self._index.bearers(hit.name), self._certainty(hit)
        has_surname = hit.name not in self._index.given
        if certainty is not None and hit.position in self._masks.shared:
            certainty = Certainty.MAYBE
        if certainty is None:
            return None
        return self._mention(hit.at, hit.until, ids, certainty, has_surname=has_surname)

    def _is_no_person(self, hit: Hit) -> bool:
        """A firm, or French; `Amelia & Co` may be a pupil and her friends, so a forename is none."""
        is_family_firm = hit.place.is_family_firm and hit.name not in self._index.given
        return hit.place.is_elided or (hit.how is How.PLAIN and (is_family_firm or hit.place.is_a_firm))

    def _titled(self, hit: Hit) -> Ids:
        """Return who is meant by `Mrs Walker`, and by `Miss Anna` if that is an adult's first name."""
        before = self._reading.words[hit.position - 1] if hit.position else None
        if before is None or not hit.place.follows_title:
            return frozenset()
        if not before.is_capital and before.text not in _TITLES_IN_SMALL:
            return frozenset()
        return self._index.family.get(hit.name) or self._index.given.get(hit.name, frozenset()) & self._index.adults

    def _certainty(self, hit: Hit) -> Certainty | None:
        kind = lexicon().kind_of(hit.name)
        if hit.place.is_a_show and hit.how in (How.PLAIN, How.SLIP):
            return None
        if hit.how is How.SLIP:
            return _slip(hit, kind)
        if hit.how is How.STRUCK:
            return None
        if hit.how is How.SPLIT:
            return Certainty.MAYBE
        if hit.how is How.DISGUISED:
            return _disguised(kind)
        if len(hit.name) < 3:
            is_said = hit.place.capitals_tell and not hit.place.word.is_upper
            return Certainty.MAYBE if kind is not WordKind.STOP and hit.place.word.is_capital and is_said else None
        if kind is WordKind.NAME:
            return _plain(hit, self._index)
        if (
            kind is WordKind.MOSTLY_NAME
            and (hit.place.word.is_capital or hit.place.is_tag)
            and hit.place.previous not in ("the", "a", "an")
        ):
            return Certainty.NAME
        if hit.name in self._index.family and hit.place.word.is_capital and hit.place.next in _KIN:
            return Certainty.MAYBE
        as_forename = hit.name in self._index.given and may_be_forename(hit.place, kind)
        as_surname = hit.name in self._index.family and may_be_surname(hit.place, kind)
        return Certainty.MAYBE if as_forename or as_surname else None

    def _pairs(self) -> Iterator[Mention]:
        for i, first in enumerate(self._hits):
            last = self._last_position(first)
            for second in islice(self._hits, i + 1, None):
                if second.position - last > 3:
                    break
                if second.at < first.until:
                    continue
                ids = self._index.both(first.name, second.name)
                if not ids or not self._may_belong(first, second):
                    continue
                certainty = _pair_certainty(first, second)
                if certainty is not None:
                    yield self._mention(first.at, second.until, ids, certainty, has_surname=True)

    def _may_belong(self, first: Hit, second: Hit) -> bool:
        """Only particles, initials and middle names may stand between."""
        between = self._reading.view.shown[first.until : second.at].removeprefix("'s")
        if not _BETWEEN.match(between):
            return False
        return all(
            len(word) == 1 or word.lower() in PARTICLES or (word[0].isupper() and not lexicon().knows(word.lower()))
            for word in re.findall(r"[^\W_]+", between)
        )

    def _with_initials(self) -> Iterator[Mention]:
        words = self._reading.words
        for hit in self._hits:
            if hit.how in (How.SLIP, How.SPLIT, How.STRUCK):
                continue
            before = words[hit.position - 1] if hit.position and hit.at == words[hit.position].at else None
            last = self._last_position(hit)
            after = words[last + 1] if last + 1 < len(words) else None
            hidden = self._masks.hidden if hit.position in self._masks.hidden else ()
            if (
                before is not None
                and hit.position - 1 not in hidden
                and self._is_initial(before, hit, hit.at - before.until)
            ):
                yield from self._initialled(hit, before, before.at, hit.until)
            if after is not None and last + 1 not in hidden and self._is_initial(after, hit, after.at - hit.until):
                yield from self._initialled(hit, after, hit.at, after.until)

    def _last_position(self, hit: Hit) -> int:
        position = hit.position
        while position + 1 < len(self._reading.words) and self._reading.words[position + 1].at < hit.until:
            position += 1
        return position

    def _is_initial(self, letter: Word, hit: Hit, gap: int) -> bool:
        if len(letter.text) != 1 or not letter.text.isalpha() or not 0 < gap < 4:
            return False
        shown = self._reading.view.shown
        has_stop = shown[letter.until : letter.until + 1] == "."
        between = shown[min(letter.until, hit.until) : max(letter.at, hit.at)]
        if between.strip(" \t,'’s") not in ("", ".", "_", "-", ". "):
            return False
        if letter.text in ("a", "i") and not has_stop and "_" not in between:
            return self._is_bare_initial(letter, hit)
        return letter.is_capital or "_" in between

    def _is_bare_initial(self, letter: Word, hit: Hit) -> bool:
        """`A Hart` and `Chris A` have initials; `A Green`, `Will I` and `May A-level` have words."""
        is_name = lexicon().kind_of(hit.name) not in _WORDLIKE
        follows = self._reading.view.shown[letter.until : letter.until + 1] not in ("-", "*")
        return is_name and letter.text == "a" and letter.is_capital and hit.place.word.is_capital and follows

    def _initialled(self, hit: Hit, letter: Word, at: int, until: int) -> Iterator[Mention]:
        before = letter.at < hit.at
        initials = self._index.initials
        families = self._index.family.get(hit.name, ())
        ids = {person for person in families if letter.text in initials[person][0]}
        if not before:
            ids |= {person for person in self._index.given.get(hit.name, ()) if letter.text in initials[person][1]}
        is_word = lexicon().kind_of(hit.name) in _WORDLIKE and not hit.place.word.is_capital
        if ids and not is_word:
            yield self._mention(at, until, frozenset(ids), Certainty.FULL_NAME, has_surname=True)


def _slip(hit: Hit, kind: WordKind) -> Certainty | None:
    """Judge what is no word of its own and is near a name."""
    place = hit.place
    if kind is WordKind.NAME or (kind is WordKind.MOSTLY_NAME and place.word.is_capital):
        is_sure = place.follows_cue and place.word.is_capital and not place.names_a_thing
        return Certainty.NAME if is_sure else Certainty.MAYBE
    if not place.word.is_capital or kind is WordKind.STOP:
        return None
    is_somebody = kind is WordKind.WORD or place.is_subject or place.follows_cue
    return Certainty.MAYBE if is_somebody and not place.names_a_thing else None


def _disguised(kind: WordKind) -> Certainty | None:
    if kind is WordKind.STOP:
        return None
    return Certainty.NAME if kind in (WordKind.NAME, WordKind.MOSTLY_NAME) else Certainty.MAYBE


def _plain(hit: Hit, index: NameIndex) -> Certainty | None:
    """Judge a name that is nothing else. It may be part of a place's, a title's or another person's name."""
    place = hit.place
    if place.is_an_animal:
        return Certainty.MAYBE
    if place.follows_praise:
        return Certainty.NAME
    if place.names_a_street or (hit.name in contexts().also_places and place.is_on_a_map):
        return None
    if (
        place.is_title
        or place.is_part_of_a_place
        or (hit.name in contexts().also_places and (place.is_destination or place.is_in_a_list_of_places))
    ):
        return Certainty.MAYBE
    if place.follows_public_role or (place.has_another_surname and place.next not in index):
        return Certainty.MAYBE
    if hit.name != place.word.text and (place.previous in contexts().numbers or hit.name not in index.given):
        return Certainty.MAYBE  # four Matildas, Clarks and Coopers
    return Certainty.NAME if place.word.is_capital or place.is_tag or len(hit.name) > 3 else Certainty.MAYBE


def _pair_certainty(first: Hit, second: Hit) -> Certainty | None:
    """Two words make a full name unless both are ordinary words in small letters."""
    if How.STRUCK in (first.how, second.how) or first.how is second.how is How.SPLIT:
        return Certainty.MAYBE
    kinds = [lexicon().kind_of(hit.name) for hit in (first, second)]
    is_written = all(
        hit.place.word.is_capital or hit.place.is_tag or hit.how is How.DISGUISED for hit in (first, second)
    )
    if not all(kind in _WORDLIKE for kind in kinds):
        return None if _is_chance(first, second, kinds) else Certainty.FULL_NAME
    if not is_written:
        return Certainty.MAYBE if first.place.follows_cue else None
    is_shouted = first.place.word.is_upper and not first.place.capitals_tell
    return Certainty.MAYBE if is_shouted else Certainty.FULL_NAME


def _is_chance(first: Hit, second: Hit, kinds: Sequence[WordKind]) -> bool:
    """`Samuel Pepys' baker`: where names have capitals, a word in small letters is a word."""
    hits = (first, second)
    has_capital = any(hit.place.word.is_capital for hit in hits)
    return any(
        kind in _WORDLIKE
        and hit.how is How.PLAIN
        and not (hit.place.word.is_capital or hit.place.is_tag)
        and (has_capital or kind is WordKind.STOP)
        for hit, kind in zip(hits, kinds, strict=True)
    )


def _masks(words: Sequence[Word]) -> _Masks:
    hidden: set[int] = set()
    shared: set[int] = set()
    texts = [word.text for word in words]
    for position, text in enumerate(texts):
        for phrase in well_known().get(text, ()):
            if tuple(texts[position : position + len(phrase.words)]) == phrase.words:
                (shared if phrase.is_shared else hidden).update(range(position, position + len(phrase.words)))
    return _Masks(frozenset(hidden - shared), frozenset(shared))


def weigh(reading: Reading, index: NameIndex, allowed: Collection[str]) -> Iterable[Mention]:
    return Weigher(reading, index, allowed).mentions()
