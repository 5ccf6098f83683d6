"""The names that the rules are given: pupils from the register, staff from the register and from the accounts."""

import pytest

from app.accounts.roles import Role
from app.comments.context import office_contacts
from app.comments.names import names_of_school
from app.register.models import Adult, AdultKind, Pupil
from moderation import PersonRole


@pytest.fixture
def names(database, school, user_with):
    user_with(Role.HEADTEACHER, name="Ingrid Okonkwo")
    user_with(Role.STAFF, name="Theo Blenkinsop")
    user_with(Role.GOVERNOR, name="Gerda Governor")
    with database.transaction(school.id) as session:
        session.add(Pupil(admission_no="1", legal_forename="Amelia", legal_surname="Hartwell"))
        session.add(Adult(forename="Priya", surname="Ramanathan", kind=AdultKind.STAFF))
        session.add(Adult(forename="Viktor", surname="Visitorson", kind=AdultKind.VISITOR))
    with database.reading(school.id) as session:
        return names_of_school(session)


@pytest.mark.parametrize(
    ("text", "role", "is_sure"),
    [
        ("Is that Amelia Hartwell on the left?", PersonRole.PUPIL, True),
        ("Amelia looks so happy", PersonRole.PUPIL, False),
        ("Mrs Ramanathan is the best", PersonRole.STAFF, True),
        ("ask priya ramanathan about it", PersonRole.STAFF, True),
        ("Mr Blenkinsop again", PersonRole.STAFF, True),
        ("Mrs Okonkwo should resign", PersonRole.HEAD, True),
        ("Viktor Visitorson came", None, False),
        ("Gerda Governor came", None, False),
        ("What a lovely day", None, False),
    ],
)
def test_person_is_found_in_their_role(names, text, role, is_sure):
    found = {mention.role: mention.confidence for mention in names.find(text)}
    assert set(found) == ({role} if role else set())
    if role:
        assert (found[role] >= 0.8) is is_sure


def test_title_never_means_a_pupil(names):
    assert [mention.role for mention in names.find("Mrs Hartwell came to the fair")] == []


def test_office_contacts_are_sorted_by_kind():
    office = office_contacts(
        ["0114 496 0000", "office@school.example", "S10 2TN", "https://www.school.example/contact"]
    )
    assert (office.phones, office.emails, office.postcodes, office.domains) == (
        ("0114 496 0000",),
        ("office@school.example",),
        ("S10 2TN",),
        ("school.example",),
    )
