"""Time inside is UTC; what people read and write is London's, in winter and in summer."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def wall(*parts: int, fold: int = 0) -> datetime:
    """A time as a clock on the wall shows it."""
    return datetime(*parts, fold=fold)  # noqa: DTZ001  no zone is the point


def test_now_knows_its_zone():
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (utc(2026, 1, 15, 23, 59), date(2026, 1, 15)),
        (utc(2026, 1, 16, 0, 0), date(2026, 1, 16)),
        (utc(2026, 7, 15, 22, 59), date(2026, 7, 15)),
        (utc(2026, 7, 15, 23, 0), date(2026, 7, 16)),
        (utc(2026, 3, 29, 0, 30), date(2026, 3, 29)),
        (utc(2026, 10, 24, 23, 30), date(2026, 10, 25)),
        (utc(2026, 10, 25, 23, 30), date(2026, 10, 25)),
    ],
)
def test_the_day_ends_at_midnight_in_london(moment, day):
    """A consent that ends today holds until then, and not an hour longer in summer."""
    with time_machine.travel(moment, tick=False):
        assert clock.today() == day


@pytest.mark.parametrize(
    ("wall_clock", "moment"),
    [
        (wall(2026, 1, 15, 9, 0), utc(2026, 1, 15, 9, 0)),
        (wall(2026, 7, 15, 9, 0), utc(2026, 7, 15, 8, 0)),
        (wall(2026, 3, 29, 0, 59), utc(2026, 3, 29, 0, 59)),
        (wall(2026, 3, 29, 2, 0), utc(2026, 3, 29, 1, 0)),
        (wall(2026, 10, 25, 0, 59), utc(2026, 10, 24, 23, 59)),
        (wall(2026, 10, 25, 1, 30), utc(2026, 10, 25, 0, 30)),
        (wall(2026, 10, 25, 2, 0), utc(2026, 10, 25, 2, 0)),
    ],
)
def test_a_wall_clock_time_is_londons(wall_clock, moment):
    assert clock.from_london(wall_clock) == moment


def test_the_hour_that_does_not_exist_goes_out_when_the_clocks_have_moved():
    """Half past one on the night in March: nobody's clock shows it, and the post is not lost."""
    assert clock.london(clock.from_london(wall(2026, 3, 29, 1, 30))).replace(tzinfo=None) == wall(2026, 3, 29, 2, 30)


def test_the_doubled_hour_means_its_first_pass_whatever_the_form_says():
    second_pass = wall(2026, 10, 25, 1, 30, fold=1)
    assert clock.from_london(second_pass) == clock.from_london(second_pass.replace(fold=0)) == utc(2026, 10, 25, 0, 30)


@given(st.datetimes(min_value=wall(2020, 1, 1), max_value=wall(2036, 1, 1)))
def test_every_time_that_a_clock_shows_comes_back(wall_clock):
    there = clock.london(clock.from_london(wall_clock)).replace(tzinfo=None, fold=0)
    assert there - wall_clock in (timedelta(0), timedelta(hours=1))
    if wall_clock.month not in (3, 10):
        assert there == wall_clock
