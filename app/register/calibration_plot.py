"""Where the lines of the calibration's drawing run: numbers only, the template draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

from consent.faces.calibration.measure import Row
from consent.faces.calibration.proportions import Proportion

WIDTH, HEIGHT = 480, 330
LEFT, RIGHT, TOP, BOTTOM = 48, 464, 10, 270
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    points: str
    ranges: tuple[tuple[float, float, float], ...]
    """Across, and the 95 % range from top to bottom."""


@dataclass(frozen=True, slots=True)
class Plot:
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    missed: Line
    alarms: Line
    alarm_at: float
    """Where the distance in force stands."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM


def plot_of(rows: Sequence[Row], *, alarm: float) -> Plot:
    first, last = rows[0].distance, rows[-1].distance

    def across(distance: float) -> float:
        return round(LEFT + (min(max(distance, first), last) - first) / (last - first) * (RIGHT - LEFT), 1)

    def line(name: str) -> Line:
        told: list[tuple[float, Proportion]] = [(across(row.distance), getattr(row, name)) for row in rows]
        known = [(at, part) for at, part in told if part.share is not None]
        points = " ".join(f"{at},{_up(part.share or 0.0)}" for at, part in known)
        return Line(points, tuple((at, _up(part.interval[1]), _up(part.interval[0])) for at, part in known))

    return Plot(
        across=tuple(Tick(across(row.distance), f"{row.distance:.1f}") for row in rows[::2]),  # room on a phone
        up=tuple(Tick(_up(share), f"{share:.0%}") for share in SHARES),
        missed=line("missed"),
        alarms=line("alarms"),
        alarm_at=across(alarm),
    )


def _up(share: float) -> float:
    return round(BOTTOM - share * (BOTTOM - TOP), 1)
