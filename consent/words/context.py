"""Where a word stands, and whether a name that is also a word may be meant as a name there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from consent.words.lexicon import TITLES, WordKind, contexts, lexicon
from consent.words.normalise import View, Word

_ENDS = re.compile(r"[.!?:;\n•–—|]|\s[-*]\s|[\U0001f300-\U0001faff☀-➿]")

_FIRM = re.compile(r" & (?:Sons?|Daughters?|Co)\b")
_BEFORE_PLACES = ("to", "from", "at", "of", "against", "v", "vs", "between", "and", "for")


@dataclass(frozen=True, slots=True)
class Place:
    """One word among its neighbours in the same sentence; the neighbours are empty at its ends."""

    word: Word
    before: tuple[str, str, str]
    """The three words before, the nearest last."""
    after: tuple[str, str]
    next_is_capital: bool
    previous_is_capital: bool
    starts_sentence: bool
    capitals_tell: bool
    """The sentence has small words too, so that a capital means something."""
    is_tag: bool = False
    is_joined: bool = False
    """Nothing but a space or a hyphen stands before the next word."""
    is_bound: bool = False
    """Only a hyphen stands before the next word."""
    is_elided: bool = False
    """`J'ai` in French."""
    is_family_firm: bool = False
    """`Hart & Sons`."""
    is_told_to_be_an_animal: bool = False
    is_a_show: bool = False
    """`Oliver! opens on Friday`, `Annie, our spring musical, needs a dog`."""
    is_addressed: bool = False
    """A comma and "you" follow: `Grace, you did us proud`."""
    is_title: bool = False
    """An exclamation mark follows, and the sentence goes on: `Oliver! opens on Friday`."""

    @property
    def previous(self) -> str:
        return self.before[2]

    @property
    def next(self) -> str:
        return self.after[0]

    @property
    def follows_cue(self) -> bool:
        ends = contexts().cue_ends
        if self.word.is_capital and self.previous in contexts().weak_cues:
            return True
        return any(self.before[3 - size :] in ends for size in (1, 2, 3))

    @property
    def follows_title(self) -> bool:
        return self.previous in TITLES

    @property
    def follows_public_role(self) -> bool:
        return self.previous in contexts().roles and self.next_is_capital

    @property
    def names_a_thing(self) -> bool:
        """It stands in `Holly class`, `Team Ruby`, `the Summer`, `in May`, `St George`."""
        lists = contexts()
        is_thing = self.next in lists.things and not (self.word.is_owner and not self.next_is_capital)
        if is_thing or self.previous in lists.groups or self.previous in lists.determiners:
            return True
        if self.word.text not in lists.time_words or (self.follows_cue and not self.next[:1].isdigit()):
            return False
        return self.previous in lists.times or self.previous[:1].isdigit() or self.next[:1].isdigit()

    @property
    def names_a_street(self) -> bool:
        """It stands in `Lawrence Road`, `Victoria Park Primary School`: somebody gave it a name long ago."""
        return self.next_is_capital and self.next in contexts().landmarks

    @property
    def has_another_surname(self) -> bool:
        """A capital word follows that may be a surname: `a story by David Almond`."""
        is_surname = self.next_is_capital and self.is_joined and self.capitals_tell and len(self.next) > 2
        return is_surname and lexicon().kind_of(self.next) not in (WordKind.STOP, WordKind.SCHOOL)

    @property
    def is_a_firm(self) -> bool:
        """`Frank's Barbers`, `Will's Bike Shop`."""
        trades = contexts().trades
        is_trade = self.next in trades or " ".join(self.after) in trades
        return is_trade and self.next_is_capital and self.word.is_capital and (self.word.is_owner or self.capitals_tell)

    @property
    def is_part_of_a_place(self) -> bool:
        """`Carter's Field`."""
        return self.word.is_owner and self.next_is_capital and self.next in contexts().things

    @property
    def is_an_animal(self) -> bool:
        """`Nancy, our new goldfish`, `our school dog Nancy`."""
        return self.previous in contexts().animals or self.is_told_to_be_an_animal

    @property
    def follows_praise(self) -> bool:
        return self.follows_cue and self.previous != "by"

    @property
    def is_in_a_list_of_places(self) -> bool:
        kinds = lexicon().kinds
        return any(
            kinds.get(word) is WordKind.PLACE for word in (self.previous, self.next, self.before[1], self.after[1])
        )

    @property
    def is_saint(self) -> bool:
        return self.previous in ("st", "saint", "sts") and self.word.text in contexts().saints

    @property
    def is_destination(self) -> bool:
        """`in Chester`, `our trip to Paris`."""
        lists = contexts()
        return self.previous in lists.places_after or (self.previous == "to" and self.before[1] in lists.ways)

    @property
    def is_on_a_map(self) -> bool:
        """`our partner school in Georgia`."""
        return self.previous == "in" and self.before[1] in contexts().sites

    @property
    def is_subject(self) -> bool:
        return self.word.is_owner or self.is_addressed or self.next in contexts().person_verbs

    @property
    def is_a_season(self) -> bool:
        """`June is here`, `April showers`: it speaks of the time."""
        lists = contexts()
        return self.word.text in lists.time_words and (
            self.next in lists.seasonal or (self.next == "is" and self.after[1] in lists.seasonal)
        )

    @property
    def ends_a_title(self) -> bool:
        """`the Platinum Sports Mark`: a capital word before it belongs to the same title."""
        if not self.previous_is_capital or not self.before[1] or self.is_subject:
            return False
        return lexicon().kind_of(self.previous) is WordKind.ENGLISH

    @property
    def opens_a_wish(self) -> bool:
        """`Will you`, `May your`, `Hope to`, `Mark the`."""
        if not self.next:
            return self.starts_sentence and self.word.text in contexts().time_words
        return self.starts_sentence and self.next in contexts().openers


def places_of(view: View, words: Sequence[Word]) -> list[Place]:
    """Tell for each word how it stands in its sentence."""
    breaks = [True] + [
        bool(_ENDS.search(_gap(view, left, right))) and not _is_initial(view, left) for left, right in pairwise(words)
    ]
    places: list[Place] = []
    start = 0
    for end in range(1, len(words) + 1):
        if end == len(words) or breaks[end]:
            places += sentence(words[start:end])
            start = end
    shown = view.shown
    return [
        replace(
            place,
            is_bound=shown[left.until : right.at] == "-",
            is_elided=shown[left.at : left.until].lower() == "j'ai" and right.text in contexts().french,
            is_family_firm=bool(_FIRM.match(shown[left.until : left.until + 12])),
            is_joined=shown[left.until : right.at] in (" ", "-"),
            is_addressed=shown[left.until : right.at] == ", " and right.text in ("you", "your", "we"),
            is_title=_is_title(shown, left, right),
            is_a_show=_is_show(shown[left.until : left.until + 48]),
            is_told_to_be_an_animal=right.text == "our" and _is_animal(shown[right.until : right.until + 40]),
        )
        for place, left, right in zip(places, words, words[1:], strict=False)
    ] + places[-1:]


def _is_animal(words_after: str) -> bool:
    told = re.match(r"(?: \w+){1,3}", words_after)
    return told is not None and not contexts().animals.isdisjoint(told.group().lower().split())


def _is_show(words_after: str) -> bool:
    """Nothing may make it somebody: `, our musical star`, `! opens the batting`."""
    billed = re.match(r"! (\w+) (?:on|at|tonight|tomorrow|next|this)\b", words_after)
    told = re.match(r", our(?: \w+){0,2} (\w+)(?:[,.;!?]| is | opens | needs )", words_after)
    lists = contexts()
    return bool((billed and billed.group(1) in lists.billings) or (told and told.group(1).lower() in lists.shows))


def _is_title(shown: str, word: Word, following: Word) -> bool:
    return shown[word.until : following.at] == "! " and not following.is_capital and following.text.isalpha()


def _gap(view: View, left: Word, right: Word) -> str:
    return view.shown[left.until : right.at]


def _is_initial(view: View, word: Word) -> bool:
    """The full stop after an initial or a title ends no sentence."""
    is_stop = view.shown[word.until : word.until + 1] == "."
    return is_stop and ((len(word.text) == 1 and word.is_capital) or word.text in TITLES)


def sentence(words: Sequence[Word]) -> list[Place]:
    tell = any(not word.is_capital and len(word.text) > 1 and word.text.isalpha() for word in words)
    texts = ["", "", "", *(word.text for word in words), "", ""]
    return [
        Place(
            word=word,
            before=(texts[i], texts[i + 1], texts[i + 2]),
            after=(texts[i + 4], texts[i + 5]),
            next_is_capital=i + 1 < len(words) and words[i + 1].is_capital,
            previous_is_capital=i > 0 and words[i - 1].is_capital,
            starts_sentence=i == 0,
            capitals_tell=tell,
        )
        for i, word in enumerate(words)
    ]


def may_be_forename(place: Place, kind: WordKind) -> bool:
    """Decide for a forename that is also a word. In doubt it is one."""
    if kind is WordKind.STOP:
        return False
    if place.names_a_thing and not (place.follows_cue and place.is_subject):
        return False
    if place.is_bound and place.next in contexts().endings:
        return False
    if place.follows_cue:
        return place.word.is_capital or kind is not WordKind.ENGLISH
    has_capital = place.word.is_capital and (place.capitals_tell or not place.word.is_upper)
    if kind is WordKind.PLACE and place.is_destination:
        return False
    if kind is WordKind.SCHOOL and not place.is_subject:
        return False
    if not has_capital:
        return place.starts_sentence and place.is_subject and kind is WordKind.WORD
    if place.starts_sentence or not place.capitals_tell:
        return _opens_as_name(place, kind)
    return not place.ends_a_title


def _opens_as_name(place: Place, kind: WordKind) -> bool:
    """A capital at the start of a sentence says nothing: the next word must."""
    if place.is_a_season:
        return False
    if kind in (WordKind.WORD, WordKind.MOSTLY_NAME):
        if place.next == "and":
            return not _is_everyday(place, place.after[1])
        return place.is_subject or not (place.opens_a_wish or _is_lone_word(place))
    return place.is_subject


def _is_lone_word(place: Place) -> bool:
    """A word before a plain noun in small letters: `Olive oil`, `Art room`. `Rose dancing` and `May with her cake` are not."""
    is_verb = len(place.next) > 4 and place.next.endswith(("ing", "ed"))
    return not place.next_is_capital and _is_everyday(place, place.next) and not is_verb


def _is_everyday(place: Place, word: str) -> bool:
    """Tell whether a word beside this one is a plain thing, so that this one is likely to be a thing too."""
    known, lists = lexicon(), contexts()
    is_thing = known.kind_of(word) in (WordKind.ENGLISH, WordKind.WORD) and word not in lists.company
    return known.knows(place.word.text) and (is_thing or word in lists.qualities)


def may_be_surname(place: Place, kind: WordKind) -> bool:
    """Decide for a surname that is also a word and stands without its forename."""
    if kind is WordKind.STOP or not place.word.is_capital or place.names_a_thing:
        return False
    if place.previous_is_capital and not place.starts_sentence:
        return _looks_like_forename(place.previous) and place.word.text not in contexts().things
    if not place.capitals_tell:
        return False
    if place.is_addressed:
        return True
    if place.follows_cue:
        return kind not in (WordKind.PLACE, WordKind.SCHOOL) or place.is_subject
    if place.starts_sentence or place.next_is_capital or place.is_destination or place.previous in _BEFORE_PLACES:
        return False
    return kind not in (WordKind.PLACE, WordKind.SCHOOL)


def _looks_like_forename(word: str) -> bool:
    return len(word) > 1 and lexicon().kind_of(word) in (WordKind.NAME, WordKind.MOSTLY_NAME) and word not in TITLES
