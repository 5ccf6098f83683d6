"""A reading of a comment in which every character still knows where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """Normalised text with, for each character, its span in the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Translate a span of this view into a span of the original text."""
        if not self.text:
            return 0, 0
        last = len(self.text) - 1
        first = min(max(start, 0), last)
        final = min(max(end - 1, first), last)
        return self.starts[first], max(self.ends[final], self.starts[first])

    def collapsed(self) -> View:
        """The same with one blank where several stand, as a reader takes them; ends of lines stay."""
        if "  " not in self.text:
            return self
        kept = [at for at, letter in enumerate(self.text) if letter != " " or at == 0 or self.text[at - 1] != " "]
        return View(
            "".join(self.text[at] for at in kept), [self.starts[at] for at in kept], [self.ends[at] for at in kept]
        )

    def masked(self, spans: Sequence[tuple[int, int]]) -> View:
        """Blank out the given spans of the view, so that no rule reads them."""
        if not spans:
            return self
        letters = list(self.text)
        for start, end in spans:
            letters[start:end] = " " * (end - start)
        return View("".join(letters), self.starts, self.ends)


def identity(text: str) -> View:
    """The view that changes nothing but capitals, for text whose length lower-casing keeps."""
    return View(text, range(len(text)), range(1, len(text) + 1))
