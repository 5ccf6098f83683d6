"""What can go wrong to order: an answer in place of the right one, a bent answer, or none at all."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from app.sandbox.answers import Answer
from app.sandbox.tables import Fault

_LONGEST = 3600.0


class Effect(StrEnum):
    BEFORE = "before"
    """The write never happens."""
    AFTER = "after"
    """The write has happened; only its answer is lost."""


class Silence(StrEnum):
    TIMEOUT = "timeout"
    DROP = "drop"


@dataclass(frozen=True)
class Instead:
    """Answer this in place of what is right."""

    answer: Callable[[Fault], Answer]
    says: str


@dataclass(frozen=True)
class Bent:
    """Do what was asked, then bend the answer."""

    bend: Callable[[Answer, Fault], Answer]
    says: str


@dataclass(frozen=True)
class Silent:
    """Give no answer."""

    how: Silence
    says: str


@dataclass(frozen=True)
class OfDelivery:
    """Spoil the delivery of a webhook."""

    says: str


Kind: TypeAlias = Instead | Bent | Silent | OfDelivery


def seconds_of(fault: Fault, default: float) -> float:
    given = fault.options.get("seconds", default)
    return float(given) if isinstance(given, int | float) and 0 <= given <= _LONGEST else default
