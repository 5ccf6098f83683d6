"""Ways of writing a name that no list holds: mutated as in Welsh, made small, inflected, or run together."""

from collections.abc import Iterable, Iterator

from consent.words.index import NameIndex

BEFORE_MUTATION = frozenset("i o a â am ar at dan dros drwy gan heb hyd wrth y yr ei fy neu iawn ac gyda".split())
"""Welsh words that change the first letter of a name after them."""
_RADICALS = (
    ("ngh", "c"), ("ng", "g"), ("nh", "t"), ("mh", "p"), ("ch", "c"), ("ph", "p"), ("th", "t"), ("dd", "d"), ("g", "c"),
    ("b", "p"), ("d", "t"), ("f", "b"), ("f", "m"), ("m", "b"), ("n", "d"), ("l", "ll"), ("r", "rh"), ("", "g"),
)  # fmt: skip
_SMALL_ENDINGS = tuple("kins ster boo bear bhai jaan ben jan sie sy zie ie ey ji di y o s z".split())
_CASE_ENDINGS = tuple(
    "iego iemu owie ovi owi ova owa iej ego emu ami ach ą ę ej em om ie ku ko ov in a e i o u y".split()
)
_NOMINATIVES = ("", "a", "i", "o", "y", "ek")
_SHORTEST_STEM, _SHORTEST_INFLECTED = 3, 4


def unmutated(word: str) -> Iterator[str]:
    """Return what a Welsh name may be called when nothing stands before it: `Geraint` for `Eraint`, `Cerys` for `Gerys`."""
    for mutated, radical in _RADICALS:
        if word.startswith(mutated) and len(word) > len(mutated) + 2:
            yield radical + word[len(mutated) :]


def small_forms(word: str) -> Iterator[str]:
    """Return the names that this may be a pet form or an inflected form of: `Finn` for `Finny`, `Kowalska` for `Kowalskiej`."""
    for ending in _SMALL_ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM:
            yield stem
            if stem[-1] == stem[-2]:
                yield stem[:-1]
    for ending in _CASE_ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_INFLECTED:
            yield from (stem + last for last in _NOMINATIVES if stem + last != word)


def run_together(word: str, index: NameIndex) -> Iterator[tuple[str, int]]:
    """Return the first name and the surname of one person that stand in a word without a gap, each with its place."""
    for cut in range(2, len(word) - 1):
        left, right = word[:cut], word[cut:]
        if left in index and right in index and index.both(left, right):
            yield left, 0
            yield right, cut


def initial_and_surname(handle: str, index: NameIndex) -> Iterable[tuple[str, int]]:
    """Return the surname in `ahart`, if somebody of that name has that initial."""
    bearers = index.family.get(handle[1:], ()) if len(handle) > _SHORTEST_STEM else ()
    if any(handle[0] in index.initials[person][0] for person in bearers):
        return [(handle[1:], 1)]
    return []
