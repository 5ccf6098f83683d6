"""Keep in memory what was worked out of a school's register, for as long as the register stays as it is."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID

Kept = TypeVar("Kept")


class KeptBySchool(Generic[Kept]):
    """One thing for each school, of its newest version alone: a change in one school costs the others nothing."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[UUID, tuple[Hashable, Kept]] = OrderedDict()

    def get(self, school_id: UUID, version: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return what is kept for this version of the school's register, or make it."""
        with self._lock:
            known, found = self._kept.get(school_id, (None, None))
            if found is not None and known == version:
                self._kept.move_to_end(school_id)
                return found
        made = make()
        with self._lock:
            self._kept[school_id] = (version, made)
            self._kept.move_to_end(school_id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)  # the school that nobody asked about for longest
        return made
