"""Adults agree for themselves, in writing; what they say counts at once."""

import pytest

from app.accounts.roles import Role

ADA = {"title": "Ms", "forename": "Ada", "surname": "Okafor", "kind": "staff"}
YES = {"purposes": ["facebook", "name"], "state": "granted", "how": "e-mail", "given_on": "2026-09-01"}


@pytest.fixture
def office(sign_in):
    return sign_in(Role.OFFICE_MANAGER)


@pytest.fixture
def page(office):
    return office.post("/register/adults/new", data=ADA).location


def test_adult_is_entered_and_agrees(office, page):
    office.post(page, data=YES)
    shown = office.get("/register/adults").text
    assert "Ms Ada Okafor" in shown
    assert "Granted" in shown


def test_yes_must_be_in_writing(office, page):
    answer = office.post(page, data=YES | {"how": "verbal"})
    assert answer.status_code == 422
    assert "must be in writing" in answer.text


def test_same_adult_is_entered_once(office, page):
    answer = office.post("/register/adults/new", data=ADA)
    assert answer.status_code == 422
    assert "in the register already" in answer.text


def test_withdrawal_counts_at_once(office, page):
    office.post(page, data=YES)
    office.post(page, data=YES | {"state": "withdrawn", "how": "verbal"})
    assert "Withdrawn" in office.get("/register/adults").text


@pytest.mark.parametrize("role", [Role.STAFF, Role.VOLUNTEER, Role.GOVERNOR])
def test_others_do_not_read_the_register(sign_in, page, role):
    assert sign_in(role).get("/register/adults").status_code == 403


def test_who_may_only_read_records_nothing(sign_in, page):
    answer = sign_in(Role.HEADTEACHER).post(page, data=YES)
    assert answer.status_code in (403, 422)
    assert "Granted" not in sign_in(Role.OFFICE_MANAGER).get("/register/adults").text
