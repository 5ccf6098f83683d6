"""X bills each post that it shows once a day; we count as it does."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.platforms.metering import Meter

OWN, SEARCH, ONE = "/2/users/7/tweets", "/2/tweets/search/recent", "/2/tweets/1"


@pytest.mark.parametrize(
    ("readings", "thousandths"),
    [
        ([(OWN, {"data": [{"id": "1"}, {"id": "2"}], "meta": {}})], 2),
        ([(SEARCH, {"data": [{"id": "1"}]}), (ONE, {"data": {"id": "2"}})], 10),
        ([(OWN, {"data": [{"id": "1"}]}), (ONE, {"data": {"id": 1}})], 1),
        ([("/2/users", {"data": [{"id": "1", "username": "sam"}, {"id": "2", "username": "kim"}]})], 20),
        ([(OWN, {"meta": {"result_count": 0}}), (ONE, {"errors": [{}]}), (ONE, None), (OWN, {"data": "?"})], 0),
    ],
    ids=["own posts", "what others wrote", "the same again", "people", "nothing shown"],
)
def test_reading_costs_what_the_price_list_says(readings, thousandths):
    meter = Meter()
    for route, body in readings:
        meter.note(route, body)
    assert [meter.take(), meter.take()] == [thousandths, 0]


def test_the_same_post_is_billed_again_on_the_next_day():
    meter = Meter()
    with time_machine.travel(datetime(2026, 11, 23, 23, 50, tzinfo=UTC), tick=False) as at:
        for _ in range(3):
            meter.note(OWN, {"data": [{"id": "1"}]})
            at.shift(timedelta(minutes=6))
    assert meter.take() == 2
