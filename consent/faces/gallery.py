"""The enrolled faces of a school, laid out so that comparing is one matrix product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from consent.faces.boxes import Rows
from consent.faces.cohort import Cohort, Numbers, apart
from consent.faces.model import Vector

PIECE = 1000
"""Templates whose company is measured at a time, which bounds the memory of a large school."""


@dataclass(frozen=True)
class Layout:
    """All templates under one another, person after person."""

    places: Mapping[str, tuple[int, int]]
    """First row of each person, and the row after the last."""
    rows: Numbers
    squares: Numbers
    """The squared length of each row."""
    middles: Numbers
    """The mean of each person's rows."""
    company: Numbers
    """How far the company of each template is; empty without a cohort."""


@dataclass(frozen=True)
class Gallery:
    """The enrolled faces: one or more templates a person. Those in `only_to_protect` are never suggested.

    With a cohort, faces are seen from its middle, and distances are levelled by the company that both faces keep.
    """

    templates: Mapping[str, Sequence[Vector]]
    only_to_protect: frozenset[str] = frozenset()
    cohort: Cohort | None = None

    @cached_property
    def people(self) -> tuple[str, ...]:
        return tuple(person for person, several in self.templates.items() if len(several))

    def between(self, people: Sequence[str], others: Sequence[str]) -> Numbers:
        """Return people × others: how far the middles of their templates lie apart."""
        places = {person: place for place, person in enumerate(self.people)}
        middles = self.layout.middles
        return apart(middles[[places[person] for person in people]], middles[[places[other] for other in others]])

    def distances(
        self, vectors: Sequence[Vector], people: Sequence[str], *, leaving_out: Sequence[int] | None = None
    ) -> Rows:
        """Return faces × people: the levelled distance to the nearest template of each.

        `leaving_out` names for each face one row of the layout that does not count: its own, when templates are
        compared with one another.
        """
        layout = self.layout
        probes = np.asarray(vectors, dtype=np.float32)
        probes = probes if self.cohort is None else self.cohort.levelled(probes)
        everybody = tuple(people) == self.people
        rows = slice(None) if everybody else [row for person in people for row in range(*layout.places[person])]
        distances = apart(probes, layout.rows[rows], layout.squares[rows])
        if leaving_out is not None:
            distances[np.arange(len(probes)), list(leaving_out)] = np.inf
        if self.cohort is not None:
            distances -= layout.company[rows] / 2
        sizes = [len(self.templates[person]) for person in people]
        nearest = _nearest(distances, sizes)
        if self.cohort is not None:
            nearest += self.cohort.usual - self.cohort.company_without(probes, people) / 2
        told: Rows = nearest.astype(np.float64)
        return told

    @cached_property
    def layout(self) -> Layout:
        rows, ends = self._stacked()
        company = np.empty(0, np.float32)
        if self.cohort is not None and len(rows):
            rows = self.cohort.levelled(rows)
            owners = [person for person in self.people for _ in self.templates[person]]
            pieces = [slice(at, at + PIECE) for at in range(0, len(rows), PIECE)]
            company = np.concatenate([self.cohort.company(rows[piece], owners[piece]) for piece in pieces])
        middles = [rows[first:last].mean(axis=0) for first, last in pairwise(ends)]
        places = dict(zip(self.people, pairwise(ends), strict=True))
        return Layout(places, rows, (rows**2).sum(axis=1), np.asarray(middles, dtype=np.float32), company)

    def __getstate__(self) -> dict[str, object]:
        """Travel as a few large arrays, with the company already measured, so that a child process need not do it."""
        rows, ends = self._stacked()
        kept = {"layout": self.layout, "people": self.people, "rows": rows, "ends": ends}
        return kept | {"only_to_protect": self.only_to_protect, "cohort": self.cohort}

    def __setstate__(self, state: dict[str, Any]) -> None:  # as __getstate__ wrote it
        rows, ends = state.pop("rows"), state.pop("ends")
        pieces = [list(rows[first:last]) for first, last in pairwise(ends)]
        self.__dict__.update(state, templates=dict(zip(state["people"], pieces, strict=True)))

    def _stacked(self) -> tuple[Numbers, list[int]]:
        """Return all templates as they were enrolled, and where those of each person end."""
        vectors = [vector for person in self.people for vector in self.templates[person]]
        ends = np.cumsum([0, *(len(self.templates[person]) for person in self.people)]).tolist()
        return np.asarray(vectors, dtype=np.float32).reshape(len(vectors), len(vectors[0]) if vectors else 0), ends


def _nearest(distances: Numbers, sizes: Sequence[int]) -> Numbers:
    """Return faces × people: the smallest of the columns of each person, who has so many of them."""
    nearest: Numbers
    if len(set(sizes)) == 1:  # the usual school, several times faster
        nearest = np.minimum.reduce([distances[:, place :: sizes[0]] for place in range(sizes[0])])
    else:
        nearest = np.minimum.reduceat(distances, np.cumsum([0, *sizes[:-1]]), axis=1)
    return nearest
