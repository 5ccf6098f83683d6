"""A person's own notices over HTTP."""

import pytest

from app.accounts.roles import Role
from app.notifications import queries, services

SENTENCE = "A comment on a school account needs you now."


@pytest.fixture
def browser(sign_in, database, school):
    browser = sign_in(Role.STAFF)
    with database.transaction(school.id) as session:
        services.notify(session, [browser.person.id], SENTENCE, link="/account")
    return browser


@pytest.fixture
def notice(browser, database, school):
    with database.reading(school.id) as session:
        return queries.unread(session, browser.person.id)[0]


def count(database, school, browser) -> int:
    with database.reading(school.id) as session:
        return queries.count_unread(session, browser.person.id)


def test_notice_is_listed_and_opened(browser, notice, database, school):
    assert SENTENCE in browser.get("/notices").text
    answer = browser.post(f"/notices/{notice.id}/open")
    assert (answer.status_code, answer.location) == (302, "/account")
    assert count(database, school, browser) == 0


def test_looking_at_a_notice_changes_nothing(browser, notice, database, school):
    assert SENTENCE in browser.get(f"/notices/{notice.id}").text
    assert count(database, school, browser) == 1


def test_all_are_marked_as_read(browser, database, school):
    assert browser.post("/notices/read", follow_redirects=True).status_code == 200
    assert count(database, school, browser) == 0


def test_notice_of_somebody_else_is_not_found(notice, sign_in):
    other = sign_in(Role.HEADTEACHER)
    assert other.get(f"/notices/{notice.id}").status_code == 404
    assert other.post(f"/notices/{notice.id}/open").status_code == 404


def test_nobody_signed_in_sees_nothing(client):
    assert client.get("/notices").status_code == 302
