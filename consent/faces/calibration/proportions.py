"""Counts out of a total, with the range in which the true share lies."""

import math
from dataclasses import dataclass

SURE = 1.96
"""Standard deviations on either side of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Proportion:
    count: int
    total: int

    @property
    def share(self) -> float | None:
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        """Return Wilson's 95 % interval, which also holds for few cases and for none at all."""
        if not self.total:
            return 0.0, 1.0
        share, spread = self.count / self.total, SURE**2 / self.total
        middle = (share + spread / 2) / (1 + spread)
        reach = SURE / (1 + spread) * math.sqrt(share * (1 - share) / self.total + spread / (4 * self.total))
        low = 0.0 if self.count == 0 else max(0.0, middle - reach)
        high = 1.0 if self.count == self.total else min(1.0, middle + reach)
        return low, high

    def __str__(self) -> str:
        if not self.total:
            return "no cases"
        low, high = self.interval
        return f"{self.count} of {self.total} ({self.count / self.total:.0%}, {low:.0%} to {high:.0%})"
