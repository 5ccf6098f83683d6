"""Every rule that ever was: what it is called, what it looks for, and whether it is given up or on trial."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from moderation.labels import Label

_LEDGER = Path(__file__).parent / "rules" / "ledger.toml"
_WHOLE_FAMILY = ".*"


@dataclass(frozen=True, slots=True)
class KnownRule:
    """A rule as the ledger keeps it; its name is history and never used for anything else."""

    rule: str
    labels: tuple[Label, ...]
    since: str
    retired: str = ""
    is_on_trial: bool = False


@cache
def known_rules() -> tuple[KnownRule, ...]:
    """Return the whole ledger, in the order of names."""
    table = tomllib.loads(_LEDGER.read_text(encoding="utf-8"))["rules"]
    return tuple(
        KnownRule(
            rule=name,
            labels=tuple(Label(label) for label in entry["labels"]),
            since=entry["since"],
            retired=entry.get("retired", ""),
            is_on_trial=entry.get("trial", False),
        )
        for name, entry in sorted(table.items())
    )


@cache
def rules_on_trial() -> frozenset[str]:
    """Rules that came with this version and only look on so far."""
    return frozenset(known.rule for known in known_rules() if known.is_on_trial)


def is_listed(rule: str, listed: Iterable[str]) -> bool:
    """Whether a rule is meant by a list of names; `threat.*` means all of that family."""
    family = rule.partition(".")[0] + _WHOLE_FAMILY
    return any(name in (rule, family) for name in listed)
