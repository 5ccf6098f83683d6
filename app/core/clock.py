"""The one source of time: aware, UTC inside, London where people read it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """Return the day in London: a consent that ends today still holds there until midnight."""
    return now().astimezone(LONDON).date()


def london(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def from_london(wall_clock: datetime) -> datetime:
    """Read a naive wall-clock time as London time; the doubled hour in October means its first pass."""
    return wall_clock.replace(tzinfo=LONDON, fold=0).astimezone(UTC)
