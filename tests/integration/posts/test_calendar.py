"""The calendar: London days, one's own posts, and a feed that tells nothing of what is in them."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from app.accounts.roles import Role
from app.core import clock
from app.dashboard.calendar import entries_between, span_of
from app.posts.models import PostState


def schedule(house, caption, moment):
    post_id = house.draft(caption, scheduled_for=moment)
    house.submit(post_id)
    house.approve(post_id)
    return post_id


def test_late_summer_evening_belongs_to_its_london_day(house, time_machine):
    time_machine.move_to(datetime(2027, 6, 1, 9, tzinfo=UTC))
    post_id = schedule(house, "Doors open at six.", datetime(2027, 6, 30, 23, 30, tzinfo=UTC))
    with house.database.reading(house.school_id) as session:
        found = entries_between(session, date(2027, 7, 1), date(2027, 7, 1), actor=house.author)
    assert [(entry.post_id, entry.at.hour) for entry in found[date(2027, 7, 1)]] == [(post_id, 0)]


def test_author_sees_own_posts_and_the_approver_all(house, user_with):
    moment = clock.now().replace(microsecond=0)
    house.publish("Doors open at six.")
    today = clock.london(moment).date()
    with house.database.reading(house.school_id) as session:
        stranger = user_with(Role.STAFF).as_actor()
        assert not entries_between(session, today, today, actor=stranger)
        (entry,) = entries_between(session, today, today, actor=house.approver)[today]
    assert entry.state is PostState.PUBLISHED


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_pages_of_the_calendar(house, sign_in, view):
    house.publish("Doors open at six.")
    page = sign_in(Role.SMT).get(f"/calendar/?view={view}")
    assert page.status_code == 200
    assert "Doors open at six." in page.text


def test_feed_tells_when_and_not_what(house, sign_in):
    house.publish("Doors open at six.")
    browser = sign_in(Role.SMT)
    address = browser.get("/calendar/").text.split('readonly value="http://localhost')[1].split('"')[0]
    answer = house.app.test_client().get(address)
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["summary"] == "Post to Facebook and X (published)"
    assert b"Doors open" not in answer.data


def test_forged_feed_address_is_not_found(house):
    assert house.app.test_client().get("/calendar/IjEi.forged.ics").status_code == 404


def test_feed_ends_with_the_account(house, sign_in, user_with):
    user = user_with(Role.SMT)
    address = sign_in(user=user).get("/calendar/").text.split('readonly value="http://localhost')[1].split('"')[0]
    with house.database.transaction(house.school_id) as session:
        session.merge(user).suspended_at = clock.now()
    assert house.app.test_client().get(address).status_code == 404


def test_month_shows_whole_weeks_and_neighbours():
    span = span_of("month", date(2027, 1, 31))
    assert (span.days[0].weekday(), span.days[-1].weekday()) == (0, 6)
    assert (span.before, span.after) == (date(2026, 12, 1), date(2027, 2, 1))
