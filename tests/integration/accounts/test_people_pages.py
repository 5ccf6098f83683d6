"""The administrator adds people, who choose their own password by an invitation that works once."""

from datetime import timedelta

import pytest

from app.accounts.models import User
from app.accounts.roles import Role
from app.core import clock
from tests.conftest import PASSWORD

NEW = {"name": "Ada Okafor", "email": "a.okafor@school.example", "roles": ["staff", "smt"]}


@pytest.fixture
def admin(sign_in):
    return sign_in(Role.ADMINISTRATOR)


def invitation_in(page):
    return page.text.split('readonly value="http://localhost')[1].split('"')[0]


def test_invited_person_chooses_a_password_and_signs_in(app, admin):
    address = invitation_in(admin.post("/people/new", data=NEW))
    visitor = app.test_client()
    assert "Welcome, Ada Okafor" in visitor.get(address).text
    assert visitor.post(address, data={"password": "three random words"}).status_code == 302
    signed_in = visitor.post("/sign-in", data={"email": NEW["email"], "password": "three random words"})
    assert signed_in.status_code == 302
    assert visitor.get("/reviews/").status_code == 200


def test_invitation_works_once(app, admin):
    address = invitation_in(admin.post("/people/new", data=NEW))
    app.test_client().post(address, data={"password": "three random words"})
    again = app.test_client().post(address, data={"password": "another password"})
    assert again.status_code == 404
    assert "used or has run out" in again.text


def test_invitation_runs_out(app, admin, time_machine):
    address = invitation_in(admin.post("/people/new", data=NEW))

    time_machine.move_to(clock.now() + timedelta(days=8))
    assert app.test_client().get(address).status_code == 404


@pytest.mark.parametrize("address", ["/welcome/nonsense", "/welcome/WyIxIiwiMiJd.forged.signature"])
def test_forged_invitation_is_not_found(app, school, address):
    assert app.test_client().get(address).status_code == 404


def test_weak_password_is_refused_in_words(app, admin):
    address = invitation_in(admin.post("/people/new", data=NEW))
    answer = app.test_client().post(address, data={"password": "short"})
    assert answer.status_code == 422
    assert "12 to 200 characters" in answer.text


def test_address_that_is_taken_keeps_what_was_entered(admin):
    admin.post("/people/new", data=NEW)
    answer = admin.post("/people/new", data=NEW | {"name": "Somebody Else"})
    assert answer.status_code == 422
    assert "already has an account" in answer.text
    assert "Somebody Else" in answer.text


def test_roles_are_given_and_taken_from_today_on(admin, database, school, user_with):
    person = user_with(Role.STAFF)
    admin.post(f"/people/{person.id}", data={"roles": ["coordinator"]})
    with database.reading(school.id) as session:
        assert session.get_one(User, person.id).roles_today == (Role.COORDINATOR,)


def test_nobody_changes_their_own_roles(admin, database, school):
    answer = admin.post(f"/people/{admin.person.id}", data={"roles": ["headteacher", "administrator"]})
    assert answer.status_code == 422
    with database.reading(school.id) as session:
        assert session.get_one(User, admin.person.id).roles_today == (Role.ADMINISTRATOR,)


def test_new_invitation_replaces_a_forgotten_password(app, admin, user_with):
    person = user_with(Role.STAFF)
    address = invitation_in(admin.post(f"/people/{person.id}/invite"))
    app.test_client().post(address, data={"password": "three random words"})
    old = app.test_client().post("/sign-in", data={"email": person.email, "password": PASSWORD})
    assert old.status_code == 422


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_add_people(sign_in, role):
    assert sign_in(role).post("/people/new", data=NEW).status_code == 403
