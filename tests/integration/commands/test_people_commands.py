"""Schools and staff from the command line."""

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.roles import Role
from app.accounts.services import check_password
from app.core.db import EVERY_SCHOOL
from app.schools.models import School


@pytest.fixture
def users(database):
    def read():
        with database.reading(EVERY_SCHOOL) as session:
            return list(session.scalars(sa.select(User)))

    return read


def test_school_is_created_once(run, app, database):
    assert run("school", "create", "  Bramley   Hill ").out == "Created Bramley Hill.\n"
    again = run("school", "create", "Bramley Hill")
    assert (again.status, "already a school" in again.err) == (1, True)
    with database.reading(EVERY_SCHOOL) as session:
        assert session.scalar(sa.select(sa.func.count(School.id))) == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_school_needs_a_name(run, app, name):
    ended = run("school", "create", name)
    assert (ended.status, "Give the school a name" in ended.err) == (1, True)


def test_password_that_is_printed_signs_in(run, school, database, users):
    ended = run("staff", "create", "A.Okafor@School.example", "--role", "smt")
    password = ended.out.split("Password: ")[1].strip()
    with database.reading(EVERY_SCHOOL) as session:
        assert check_password(session, "a.okafor@school.example", password) is not None
    assert [user.name for user in users()] == ["A Okafor"]


@pytest.mark.parametrize("word", ["DSL", "head teacher", "office-manager", "Staff", "link_governor"])
def test_roles_are_read_as_people_write_them(run, school, word):
    assert run("staff", "create", "a@b.example", "--role", word).status == 0


def test_several_roles(run, school, users):
    run("staff", "create", "a@b.example", "--role", "staff", "--role", "dsl", "--name", "Jo Bell")
    assert (users()[0].name, set(users()[0].roles_today)) == ("Jo Bell", {Role.STAFF, Role.SAFEGUARDING_LEAD})


def test_password_is_read_from_standard_input(run, school, database):
    run("staff", "create", "a@b.example", "--role", "staff", "--password-stdin", given="a very long password\n")
    with database.reading(EVERY_SCHOOL) as session:
        assert check_password(session, "a@b.example", "a very long password") is not None


@pytest.mark.parametrize(
    ("words", "given", "status", "sentence"),
    [
        (["nonsense", "--role", "staff"], None, 1, "is not an e-mail address"),
        (["a@b.example", "--role", "king"], None, 2, "“king” is not a role. Choose one of: staff"),
        (["a@b.example"], None, 2, "--role"),
        (["--role", "staff"], None, 2, "EMAIL"),
        (["a@b.example", "--role", "staff", "--password-stdin"], "short\n", 1, "at least 12"),
        (["a@b.example", "--role", "staff", "--password-stdin"], "", 1, "at least 12"),
        (["a@b.example", "--role", "staff", "--school", "Nowhere"], None, 1, "no school called Nowhere"),
    ],
)
def test_wrong_words_are_told(run, school, users, words, given, status, sentence):
    ended = run("staff", "create", *words, given=given)
    assert (ended.status, users()) == (status, [])
    assert sentence in " ".join(ended.err.split())


def test_same_address_twice(run, school):
    run("staff", "create", "a@b.example", "--role", "staff")
    ended = run("staff", "create", "A@B.example", "--role", "smt")
    assert (ended.status, "already has an account" in ended.err) == (1, True)


def test_same_address_in_another_school(run, school, second_school):
    run("staff", "create", "a@b.example", "--role", "staff", "--school", school.name)
    ended = run("staff", "create", "a@b.example", "--role", "staff", "--school", second_school.name)
    assert (ended.status, "already has an account" in ended.err) == (1, True)


def test_two_schools_need_naming(run, school, second_school):
    ended = run("staff", "create", "a@b.example", "--role", "staff")
    assert (ended.status, "--school" in ended.err, second_school.name in ended.err) == (1, True, True)
    for number, name in enumerate((second_school.name.upper(), second_school.slug, second_school.id)):
        assert run("staff", "create", f"{number}@b.example", "--role", "staff", "--school", name).status == 0


def test_no_school_yet(run, app):
    ended = run("staff", "create", "a@b.example", "--role", "staff")
    assert (ended.status, "school create NAME" in ended.err) == (1, True)
