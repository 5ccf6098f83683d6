"""What a school says of itself is changed on a page, bounded, and kept in the record."""

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.schools.models import School

SOUND = {
    "published_contacts": "020 7946 0018\r\noffice@school.example\r\n\r\n020 7946 0018",
    "allowed_words": "Rose House",
    "alarm_distance": "0.6",
    "protected_distance": "0.5",
    "suggestion_distance": "0.4",
    "suggestion_margin": "0.1",
}


@pytest.fixture
def admin(sign_in):
    return sign_in(Role.ADMINISTRATOR)


def settings_of(database, school):
    with database.reading(school.id) as session:
        return session.get_one(School, school.id).settings


def test_settings_are_saved_once_each_and_audited(admin, database, school):
    before = settings_of(database, school)
    assert admin.post("/settings", data=SOUND).status_code == 302
    after = settings_of(database, school)
    assert after.published_contacts == ("020 7946 0018", "office@school.example")
    assert (after.allowed_words, after.alarm_distance) == (("Rose House",), 0.6)
    assert after.biometric_mode is before.biometric_mode, "matching itself is decided elsewhere"
    with database.reading(school.id) as session:
        event = session.scalars(sa.select(AuditEvent).where(AuditEvent.tag == "school:settings-changed")).one()
    assert event.details["changed"]["alarm_distance"] == [0.65, 0.6]


@pytest.mark.parametrize("wrong", [{"alarm_distance": "2"}, {"alarm_distance": "wide"}, {"suggestion_margin": "-1"}])
def test_unsound_distance_is_refused_and_nothing_is_saved(admin, database, school, wrong):
    answer = admin.post("/settings", data=SOUND | wrong)
    assert answer.status_code == 422
    assert "Rose House" in answer.text, "what was entered is still there"
    assert settings_of(database, school).allowed_words == ()


def test_page_shows_what_is_set(admin):
    admin.post("/settings", data=SOUND)
    page = admin.get("/settings").text
    assert "office@school.example" in page
    assert "nobody has decided on it yet" in page


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_change_settings(sign_in, role):
    assert sign_in(role).post("/settings", data=SOUND).status_code == 403
