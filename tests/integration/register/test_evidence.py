"""The written proof of a consent: cleaned, sealed, handed out to the office alone, and each look on record."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.core import clock
from app.register.models import ConsentEvidence, ConsentStatement, Pupil
from app.register.versions import touch_register

PDF = b"%PDF-1.7 the form, signed by a parent"


@pytest.fixture
def pupil_id(database, school):
    with database.transaction(school.id) as session:
        pupil = Pupil(admission_no="1", legal_forename="Mei", legal_surname="Tanaka", reg_group="4 Oak")
        session.add(pupil)
        session.flush()
        touch_register(session)
        return pupil.id


def said(content, name="form.pdf"):
    return {
        "purposes": ["facebook", "x"], "state": "granted", "informant": "Yuki Tanaka", "capacity": "parent",
        "how": "form", "given_on": clock.today().isoformat(), "wording_version": "2026-09",
        "evidence": (BytesIO(content), name),
    }  # fmt: skip


def photo_of_a_form():
    image = Image.new("RGB", (600, 800), "white")
    content = BytesIO()
    image.save(content, "JPEG", exif=b"Exif\x00\x00secret place")
    return content.getvalue()


def test_form_is_sealed_and_opens_for_the_office(database, school, sign_in, pupil_id):
    office = sign_in(Role.OFFICE_MANAGER)
    assert office.post(f"/register/{pupil_id}/statements", data=said(PDF)).status_code == 302
    with database.reading(school.id) as session:
        (kept,) = session.scalars(sa.select(ConsentEvidence))
        statements = session.scalars(sa.select(ConsentStatement)).all()
    assert PDF not in kept.sealed
    assert {(item.evidence_id, item.wording_version) for item in statements} == {(kept.id, "2026-09")}
    answer = office.get(f"/register/evidence/{kept.id}")
    assert (answer.data, answer.headers["Content-Disposition"]) == (PDF, "attachment; filename=consent-form.pdf")
    with database.reading(school.id) as session:
        assert session.scalar(sa.select(sa.func.count()).where(AuditEvent.tag == "evidence:opened")) == 1


def test_photo_of_a_form_is_made_anew_without_metadata(database, school, sign_in, pupil_id):
    office = sign_in(Role.OFFICE_MANAGER)
    office.post(f"/register/{pupil_id}/statements", data=said(photo_of_a_form(), "form.jpg"))
    with database.reading(school.id) as session:
        (kept,) = session.scalars(sa.select(ConsentEvidence))
    content = office.get(f"/register/evidence/{kept.id}").data
    assert Image.open(BytesIO(content)).size == (600, 800)
    assert b"secret place" not in content


def test_anything_else_is_refused_and_nothing_is_recorded(database, school, sign_in, pupil_id):
    answer = sign_in(Role.OFFICE_MANAGER).post(f"/register/{pupil_id}/statements", data=said(b"<script>", "form.pdf"))
    assert answer.status_code == 422
    assert "PDF or a picture" in answer.text
    assert "Yuki Tanaka" in answer.text, "what was entered is still there"
    with database.reading(school.id) as session:
        assert session.scalars(sa.select(ConsentStatement)).all() == []


@pytest.mark.parametrize("role", [Role.STAFF, Role.SMT, Role.GOVERNOR, Role.DPO])
def test_nobody_else_opens_the_form(database, school, sign_in, pupil_id, role):
    sign_in(Role.OFFICE_MANAGER).post(f"/register/{pupil_id}/statements", data=said(PDF))
    with database.reading(school.id) as session:
        (kept,) = session.scalars(sa.select(ConsentEvidence))
    assert sign_in(role).get(f"/register/evidence/{kept.id}").status_code == 403
