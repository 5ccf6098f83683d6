"""What a school says of itself is changed on a page, bounded, and kept in the record."""

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.schools.models import School
from consent.recognisability import Strictness

SOUND = {
    "published_contacts": "020 7946 0018\r\noffice@school.example\r\n\r\n020 7946 0018",
    "allowed_words": "Rose House",
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
    assert after.allowed_words == ("Rose House",)
    assert (after.biometric_mode, after.alarm_distance) == (before.biometric_mode, before.alarm_distance)
    with database.reading(school.id) as session:
        event = session.scalars(sa.select(AuditEvent).where(AuditEvent.tag == "school:settings-changed")).one()
    assert event.details["changed"]["allowed_words"] == [[], ["Rose House"]]


def test_rule_on_recognisable_faces_is_set_and_bounded(admin, database, school):
    admin.post("/settings", data=SOUND | {"face_rule": "hold", "face_rule_height": "60"})
    after = settings_of(database, school)
    assert (after.face_rule, after.face_rule_height, after.face_rule_turned) == (Strictness.HOLD, 60, 60)
    for nonsense in ({"face_rule": "never"}, {"face_rule_height": "2"}, {"face_rule_turned": "x"}):
        assert admin.post("/settings", data=SOUND | {"face_rule": "hold"} | nonsense).status_code == 422


def test_distances_are_not_changed_in_passing(admin, database, school):
    """They are adopted on the calibration's page, with a reason and the figures."""
    admin.post("/settings", data=SOUND | {"alarm_distance": "0.3"})
    assert settings_of(database, school).alarm_distance == 0.65


def test_page_shows_what_is_set(admin):
    admin.post("/settings", data=SOUND)
    page = admin.get("/settings").text
    assert "office@school.example" in page
    assert "nobody has decided on it yet" in page


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_change_settings(sign_in, role):
    assert sign_in(role).post("/settings", data=SOUND).status_code == 403
