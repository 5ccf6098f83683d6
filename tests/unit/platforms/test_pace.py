"""What usage headers say is remembered, and holds routine reading back in good time."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core import clock
from app.platforms.errors import TransientError
from app.platforms.pace import Allowance, Pace, facebook_pause, regain, x_pause, x_reset
from tests.unit.platforms.scripted import facebook, said

PAGES = (
    '{"112":[{"type":"pages","call_count":%d,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":%d}]}'
)


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({}, None),
        ({"X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":25}'}, None),
        ({"X-App-Usage": '{"call_count":90,"total_time":25,"total_cputime":25}'}, 5),
        ({"X-App-Usage": '{"call_count":1,"total_time":100,"total_cputime":25}'}, 5),
        ({"X-Business-Use-Case-Usage": PAGES % (89, 0)}, None),
        ({"X-Business-Use-Case-Usage": PAGES % (95, 0)}, 5),
        ({"X-Business-Use-Case-Usage": PAGES % (100, 42)}, 42),
        ({"X-App-Usage": "nonsense", "X-Business-Use-Case-Usage": "[]"}, None),
    ],
)
def test_facebook_asks_for_a_pause_before_it_refuses(headers, minutes):
    until = facebook_pause(headers)
    if minutes is None:
        assert until is None
    else:
        assert timedelta(seconds=-5) < until - clock.now() - timedelta(minutes=minutes) <= timedelta(0)


def test_end_of_a_throttle_is_read_and_bounded():
    assert regain({"X-Business-Use-Case-Usage": PAGES % (100, 13)}) == timedelta(minutes=13)
    assert regain({"X-Business-Use-Case-Usage": PAGES % (100, 10**12)}) == timedelta(days=1)
    assert regain({}) is None


@pytest.mark.parametrize(
    ("headers", "pause", "reset"),
    [
        ({}, None, None),
        ({"x-rate-limit-remaining": "1", "x-rate-limit-reset": "1700000000"}, None, 1700000000),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1700000000"}, 1700000000, 1700000000),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "soon"}, None, None),
        ({"x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": "1700009000", "x-rate-limit-remaining": "0", "x-rate-limit-reset": "1700000000"}, 1700009000, 1700009000),
    ],
)  # fmt: skip
def test_x_says_when_it_answers_again(headers, pause, reset):
    assert x_pause(headers) == (datetime.fromtimestamp(pause, UTC) if pause else None)
    assert x_reset(headers) == (datetime.fromtimestamp(reset, UTC) if reset else None)


def test_retry_after_is_heard():
    assert timedelta(seconds=25) < x_reset({"retry-after": "30"}) - clock.now() <= timedelta(seconds=30)


def test_longest_pause_counts_and_a_past_one_does_not():
    allowance = Allowance()
    allowance.ensure()
    allowance.pause(clock.now() - timedelta(minutes=1))
    allowance.ensure()
    far = clock.now() + timedelta(minutes=9)
    for until in (far, clock.now() + timedelta(minutes=1), None):
        allowance.pause(until)
    with pytest.raises(TransientError) as caught:
        allowance.ensure()
    assert caught.value.retry_at == far


def test_each_account_has_its_own():
    pace = Pace()
    pace.of("facebook:1").pause(clock.now() + timedelta(minutes=1))
    pace.of("facebook:2").ensure()
    assert pace.of("facebook:1") is pace.of("facebook:1")


def test_guess_of_a_throttle_doubles_with_each_that_follows_and_begins_anew_after_an_answer(monkeypatch):
    allowance, now = Allowance(), clock.now()

    def guessed(after: timedelta) -> float:
        nonlocal now
        now += after
        monkeypatch.setattr(clock, "now", lambda: now)
        return allowance.guess() / timedelta(minutes=1)

    second, hour = timedelta(seconds=1), timedelta(hours=1)
    assert guessed(second) == 1
    assert guessed(timedelta(seconds=15)) == 0.75, "told twice, refused once"
    assert [guessed(hour) for _ in range(5)] == [2, 4, 8, 15, 15]
    allowance.answered()
    assert guessed(second) == 1


def test_facebook_that_does_not_say_for_how_long_is_left_alone_for_a_minute():
    throttled, fine = said({"error": {"code": 4, "message": "Too many calls"}}, 400), said({"success": True})
    page, _ = facebook(throttled, throttled, fine, throttled)
    waits = []
    for _ in range(4):
        try:
            page.hide("1_2")
        except TransientError as error:
            waits.append(error.retry_at - clock.now())
    assert len(waits) == 3
    assert all(timedelta(seconds=50) < wait <= timedelta(minutes=1) for wait in waits)
