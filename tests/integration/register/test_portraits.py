"""Portraits are enrolled on the pupil's page, told in words, never kept, and renewed every year."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from io import BytesIO

import numpy as np
import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.core import clock
from app.notifications.models import Notice
from app.register.models import BiometricKind, FaceTemplate, PortraitView
from app.register.portraits import DUE_AFTER, GONE_AFTER, Need, look_after_portraits, standings
from app.schools.models import BiometricMode
from consent.faces.scan import EnrolmentError, Portrait
from consent.model import Quality

GOOD = Quality(height=200, sharpness=80, turned=5, covered=0)
ASIDE = Quality(height=200, sharpness=80, turned=30, covered=0)
SEEN = {b"front": GOOD, b"left": ASIDE, b"right": ASIDE, b"straight": GOOD, b"profile": Quality(200, 80, 75, 0)}
DAY = timedelta(days=1)


class FakeEyes:
    """Sees what the bytes say."""

    def portrait(self, data: bytes) -> Portrait:
        if data not in SEEN:
            raise EnrolmentError("No face was found.")
        return Portrait(np.full(128, len(data) / 100), SEEN[data])


@pytest.fixture
def ann(office, monkeypatch):
    monkeypatch.setitem(office.app.extensions, "schoolgate.engine-of-faces", FakeEyes())
    pupil_id = office.pupil()
    office.say_of_templates(pupil_id, BiometricKind.GRANTED)
    return pupil_id


@pytest.fixture
def manager(sign_in, office):
    office.decide(BiometricMode.TRANSIENT)
    return sign_in(Role.OFFICE_MANAGER)


def pictures(**given):
    return {view: (BytesIO(content), "IMG.jpg") for view, content in given.items()}


def made_older(office, by):
    with office.database.transaction(office.school_id) as session:
        session.execute(sa.update(FaceTemplate).values(enrolled_at=clock.now() - by))


def needs(office):
    with office.database.reading(office.school_id) as session:
        return [standing.need for standing in standings(session)]


def test_three_portraits_are_enrolled_and_the_pictures_are_gone(manager, office, ann, tmp_path):
    answer = manager.post(f"/register/{ann}/portraits", data=pictures(front=b"front", left=b"left", right=b"right"))
    assert (answer.status_code, answer.text.count("Kept, and good.")) == (200, 3)
    kept = office.all_of(FaceTemplate)
    assert {template.view for template in kept} == set(PortraitView)
    assert all(b"front" not in template.vector_sealed for template in kept)
    assert needs(office) == [Need.NOTHING]


def test_each_picture_is_told_in_words(manager, office, ann):
    answer = manager.post(
        f"/register/{ann}/portraits", data=pictures(front=b"nobody", left=b"straight", right=b"profile")
    )
    for words in ("No face was found.", "looks straight ahead", "turned too far aside"):
        assert words in answer.text
    assert (office.templates_of(ann), needs(office)) == (1, [Need.MORE_PORTRAITS])


@pytest.mark.parametrize("obstacle", ["off", "objection", "left"])
def test_nobody_is_enrolled_against_the_rules(manager, office, ann, obstacle):
    if obstacle == "off":
        office.decide(BiometricMode.OFF)
    elif obstacle == "objection":
        office.say_of_templates(ann, BiometricKind.REFUSED, by="Father", how="verbal")
    else:
        office.bring_in("Admission No,Legal Forename,Legal Surname,Date of Leaving", "1,Ann,Lee,01/09/2025")
    answer = manager.post(f"/register/{ann}/portraits", data=pictures(front=b"front"))
    assert (answer.status_code, office.count(FaceTemplate)) == (409, 0)


def test_no_picture_at_all_is_asked_for(manager, ann):
    answer = manager.post(f"/register/{ann}/portraits")
    assert (answer.status_code, "Choose at least one portrait" in answer.text) == (422, True)


def test_portraits_are_renewed_yearly(manager, office, ann):
    manager.post(f"/register/{ann}/portraits", data=pictures(front=b"front", left=b"left", right=b"right"))
    made_older(office, DUE_AFTER + DAY)
    assert needs(office) == [Need.NEW_PORTRAITS]
    for _ in range(2):
        look_after_portraits(office.database)
    assert (office.templates_of(ann), office.count(Notice)) == (3, 1)
    assert "Due for new portraits (1)" in manager.get("/register/portraits?need=new_portraits").text
    SEEN.update({b"front!": GOOD, b"left!": ASIDE, b"right!": ASIDE})
    manager.post(f"/register/{ann}/portraits", data=pictures(front=b"front!", left=b"left!", right=b"right!"))
    assert (office.templates_of(ann), needs(office)) == (3, [Need.NOTHING])
    assert [event.details["reason"] for event in office.events("template:disposed")] == ["replaced by newer portraits"]


def test_templates_too_old_to_show_the_child_are_deleted(manager, office, ann):
    manager.post(f"/register/{ann}/portraits", data=pictures(front=b"front"))
    made_older(office, GONE_AFTER + DAY)
    look_after_portraits(office.database)
    assert (office.templates_of(ann), needs(office)) == (0, [Need.FIRST_PORTRAITS])
    assert office.events("template:disposed")[0].details["reason"] == "older than a year and a half"


def test_templates_are_deleted_by_hand(manager, office, ann):
    manager.post(f"/register/{ann}/portraits", data=pictures(front=b"front"))
    assert manager.post(f"/register/{ann}/forget").status_code == 302
    assert (office.templates_of(ann), needs(office)) == (0, [Need.FIRST_PORTRAITS])


RAW = """INSERT INTO face_template (id, school_id, pupil_id, biometric_consent_id, consent_is_active, vector_sealed,
    source_sha256, enrolled_at, enrolled_by) SELECT {new}, school_id, {pupil}, {consent}, {active}, vector_sealed,
    'x', enrolled_at, enrolled_by FROM face_template"""


MOVE = "UPDATE face_template SET {column} = {value}"


def refused(office, statement):
    """Tell whether the database refuses it: to the product, and to a program that never asked for foreign keys."""
    engine = office.database.engine
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.exec_driver_sql(statement)
    if engine.dialect.name == "sqlite" and "face_template" in statement:
        with closing(sqlite3.connect(engine.url.database)) as bare, pytest.raises(sqlite3.IntegrityError):
            bare.execute(statement)
    return True


def test_raw_sql_makes_no_template_without_an_active_consent(manager, office, ann):
    manager.post(f"/register/{ann}/portraits", data=pictures(front=b"front"))
    other, nobody, true, false = f"'{office.pupil('2')}'", "'11111111-1111-1111-1111-111111111111'", "true", "false"
    if office.database.engine.dialect.name == "sqlite":
        other, nobody = other.replace("-", ""), nobody.replace("-", "")
    own, consent = "pupil_id", "biometric_consent_id"
    assert refused(office, RAW.format(new=nobody, pupil=own, consent=nobody, active=true))
    assert refused(office, RAW.format(new=nobody, pupil=own, consent=consent, active=false))
    assert refused(office, RAW.format(new=nobody, pupil=other, consent=consent, active=true))
    assert refused(office, MOVE.format(column=own, value=other))
    assert refused(office, MOVE.format(column=consent, value=nobody))
    assert office.templates_of(ann) == office.count(FaceTemplate) == 1


def test_raw_sql_ends_no_consent_under_a_template(manager, office, ann):
    manager.post(f"/register/{ann}/portraits", data=pictures(front=b"front"))
    assert refused(office, "UPDATE biometric_consent SET is_active = NOT is_active")
    assert refused(office, "UPDATE biometric_consent SET kind = 'refused'")
    assert refused(office, "DELETE FROM biometric_consent")
    assert office.templates_of(ann) == 1
