"""Finds in one pass over a text which patterns can stand in it at all, so that only these few are searched for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter

import ahocorasick

from moderation.model import Signal
from moderation.rules.landmarks import Way
from moderation.rules.phrase import PhraseRule, phrase_rules
from moderation.view import View


class Sieve:
    """Holds back every way of a rule of whose landmarks a text has none."""

    def __init__(self, rules: tuple[PhraseRule, ...]) -> None:
        self._ways = [(rule, way) for rule in rules for way in rule.ways]
        self._unmarked = 0
        numbers: dict[str, int] = {}
        for number, (_, way) in enumerate(self._ways):
            self._unmarked |= 0 if way.landmarks else 1 << number
            for word in way.landmarks:
                numbers[word] = numbers.get(word, 0) | 1 << number
        self._finder = ahocorasick.Automaton()
        for word, bits in numbers.items():
            self._finder.add_word(word, bits)
        self._finder.make_automaton()

    def signals(self, view: View, original: str) -> Iterator[Signal]:
        """What the rules say of a text, in their order."""
        for rule, ways in groupby(self._possible(view.text), key=itemgetter(0)):
            yield from rule.signals(view, original, [way for _, way in ways])

    def _possible(self, text: str) -> Iterator[tuple[PhraseRule, Way]]:
        """The ways that may stand in the text, in their order: each is a bit of a number."""
        left = self._unmarked
        for _, bits in self._finder.iter(text):
            left |= bits
        while left:
            lowest = left & -left
            yield self._ways[lowest.bit_length() - 1]
            left ^= lowest


@cache
def sieve(*files: str) -> Sieve:
    """The sieve over all rules of these files."""
    return Sieve(tuple(rule for name in files for rule in phrase_rules(name)))
