"""Quiet times follow the clock on the school's wall, also in the nights in which it is changed."""

from datetime import UTC, datetime, time

import pytest

from app.posts.models import Revision
from app.publishing.hours import first_moment, in_words, quiet_until
from app.schools.models import SchoolSettings

NIGHTS = SchoolSettings(quiet_from=time(21), quiet_until=time(7))
NIGHTS_AND_WEEKENDS = NIGHTS.model_copy(update={"quiet_weekends": True})
EARLY = SchoolSettings(quiet_from=time(0), quiet_until=time(1, 30))
LUNCH = SchoolSettings(quiet_from=time(12), quiet_until=time(13))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("settings", "moment", "ends"),
    [
        (SchoolSettings(), utc(2026, 11, 21, 3), None),
        (NIGHTS, utc(2026, 11, 19, 20, 59), None),
        (NIGHTS, utc(2026, 11, 19, 21), utc(2026, 11, 20, 7)),
        (NIGHTS, utc(2026, 11, 20, 6, 59), utc(2026, 11, 20, 7)),
        (NIGHTS, utc(2026, 11, 20, 7), None),
        (NIGHTS, utc(2026, 7, 1, 20, 30), utc(2026, 7, 2, 6)),  # summer: half past nine there
        (NIGHTS, utc(2026, 3, 28, 22), utc(2026, 3, 29, 6)),  # the night that is an hour short
        (NIGHTS, utc(2026, 10, 24, 21), utc(2026, 10, 25, 7)),  # and the one that is an hour long
        (EARLY, utc(2026, 10, 25, 1, 10), utc(2026, 10, 25, 1, 30)),  # the doubled hour, the second time
        (EARLY, utc(2026, 10, 25, 0, 10), utc(2026, 10, 25, 0, 30)),  # and the first
        (LUNCH, utc(2026, 11, 19, 12, 30), utc(2026, 11, 19, 13)),
        (NIGHTS_AND_WEEKENDS, utc(2026, 11, 20, 22), utc(2026, 11, 23, 7)),  # Friday evening to Monday morning
        (NIGHTS_AND_WEEKENDS, utc(2026, 11, 22, 12), utc(2026, 11, 23, 7)),
        (SchoolSettings(quiet_weekends=True), utc(2026, 11, 21, 12), utc(2026, 11, 23)),
        (SchoolSettings(quiet_from=time(9), quiet_until=time(9)), utc(2026, 11, 19, 9), None),
    ],
)
def test_quiet_time_ends_when_the_clock_on_the_wall_says(settings, moment, ends):
    assert quiet_until(settings, moment) == ends


def test_activity_that_ends_at_night_waits_for_the_morning():
    away = Revision(away_from_school=True, away_until=utc(2026, 11, 19, 22))
    wanted = utc(2026, 11, 19, 15)
    assert first_moment(NIGHTS, away, wanted, may_disturb=False) == utc(2026, 11, 20, 7)
    assert first_moment(NIGHTS, away, wanted, may_disturb=True) == utc(2026, 11, 19, 22), (
        "nobody overrides the children"
    )


def test_quiet_times_are_said_in_words():
    assert in_words(SchoolSettings()) == ""
    assert in_words(NIGHTS_AND_WEEKENDS) == "from 21:00 to 07:00 and at weekends"
