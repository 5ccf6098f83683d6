"""When a post may go out: not in the school's quiet times, and not while its pupils are still where the photo shows."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from app.core import clock
from app.posts.models import Revision
from app.schools.models import SchoolSettings

MOST_JUMPS = 12
"""From one quiet time into the next: a night, a weekend, a night."""
SATURDAY = 5


def quiet_until(settings: SchoolSettings, moment: datetime) -> datetime | None:
    """Return when the quiet time that holds this moment ends, by London clocks; None when it is not quiet."""
    ends = None
    for _ in range(MOST_JUMPS):
        following = _next_end(settings, clock.london(ends or moment))
        if following is None:
            return ends
        ends = following
    return ends


def first_moment(settings: SchoolSettings, revision: Revision, wanted: datetime, *, may_disturb: bool) -> datetime:
    """Return when a post goes out that is wanted then."""
    at = max(wanted, held_until(revision) or wanted)
    return at if may_disturb else (quiet_until(settings, at) or at)


def held_until(revision: Revision) -> datetime | None:
    """Return until when the photos would tell strangers where pupils are."""
    return revision.away_until if revision.away_from_school else None


def in_words(settings: SchoolSettings) -> str:
    """Say the school's quiet times, or nothing when it has none."""
    parts = ["at weekends"] if settings.quiet_weekends else []
    if settings.quiet_from is not None and settings.quiet_until is not None:
        parts.insert(0, f"from {settings.quiet_from:%H:%M} to {settings.quiet_until:%H:%M}")
    return " and ".join(parts)


def _next_end(settings: SchoolSettings, local: datetime) -> datetime | None:
    """Return the end after this moment; in the hour that October has twice, the second one if the first is over."""
    found = _wall_clock_end(settings, local)
    if found is None:
        return None
    first = clock.from_london(found)
    return first if first > local else found.replace(tzinfo=clock.LONDON, fold=1).astimezone(UTC)


def _wall_clock_end(settings: SchoolSettings, local: datetime) -> datetime | None:
    if settings.quiet_weekends and local.weekday() >= SATURDAY:
        return _at(local + timedelta(days=7 - local.weekday()), time.min)
    begins, ends = settings.quiet_from, settings.quiet_until
    if begins is None or ends is None or begins == ends:
        return None
    now = local.time()
    if begins < ends:
        return _at(local, ends) if begins <= now < ends else None
    if now >= begins:
        return _at(local + timedelta(days=1), ends)
    return _at(local, ends) if now < ends else None


def _at(day: datetime, wall_clock: time) -> datetime:
    return datetime.combine(day.date(), wall_clock)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What keeps a post that is approved now from going out at its time."""

    away_until: datetime | None
    quiet_until: datetime | None


def outlook(settings: SchoolSettings, revision: Revision) -> Outlook:
    wanted = max(revision.scheduled_for or clock.now(), clock.now())
    away = held_until(revision)
    at = max(wanted, away or wanted)
    return Outlook(away if away is not None and away > wanted else None, quiet_until(settings, at))
