"""Bringing a MIS export in: the dry run tells just what is then done, in one transaction or not at all."""

import random
import time

import pytest

from app.core.actors import system_actor
from app.core.db import EVERY_SCHOOL
from app.core.errors import NotPermittedError
from app.register import importing
from app.register.events import consent_ended
from app.register.import_file import read_import
from app.register.importing import import_register
from app.register.models import BiometricConsent, BiometricKind, ConsentStatement, ParentContact, Pupil
from app.schools.services import create_school
from consent.model import ConsentState, Purpose

HEADINGS = "Admission No,Legal Forename,Legal Surname,Reg Group,Consent: Facebook,Consent: X,Consent: Biometric"
ANN, BO, CY = "1,Ann,Lee,4 Oak,Yes,Yes,", "2,Bo,Moe,4 Oak,No,,Protective only", "3,Cy,Noe,5 Elm,,,Refused"


@pytest.fixture
def ended():
    """Collect whom other features are told of."""
    told = {}

    def hear(sender, *, session, ended, actor):
        told.update(ended)

    consent_ended.connect(hear)
    yield told
    consent_ended.disconnect(hear)


def everything(office) -> list[tuple]:
    return sorted(
        [("pupil", row.admission_no, row.legal_forename, row.reg_group, row.left_on) for row in office.all_of(Pupil)]
        + [("said", str(row.pupil_id), row.purpose, row.state, row.given_on) for row in office.all_of(ConsentStatement)]
        + [
            ("template", str(row.pupil_id), row.kind, row.is_active, row.given_on)
            for row in office.all_of(BiometricConsent)
        ]
        + [("parent", str(row.pupil_id), row.name, row.email) for row in office.all_of(ParentContact)],
        key=str,
    )


def told(report) -> list[tuple]:
    return [
        (change.row.admission_no, change.is_new, change.headings, change.given, change.ended, change.refused, change.leaves,
         change.biometric, len(change.statements))
        for change in report.changes
    ]  # fmt: skip


def test_dry_run_writes_nothing(office):
    report = office.bring_in(HEADINGS, ANN, BO, CY, apply=False)
    assert (report.new, report.applied, everything(office)) == (3, False, [])


def test_what_the_dry_run_tells_is_done(office):
    office.bring_in(HEADINGS, ANN, BO)
    lines = (HEADINGS, "1,Anna,Lee,5 Elm,No,Yes,Granted", "3,Cy,Noe,5 Elm,Yes,,Refused", "4,,Poe,5 Elm,,,")
    tried, done = office.bring_in(*lines, apply=False), office.bring_in(*lines)
    assert told(tried) == told(done)
    assert (tried.missing, tried.errors) == (done.missing, done.errors) == (["2"], done.errors)
    assert office.state(office.number("1")) is ConsentState.REFUSED
    assert office.state(office.number("3")) is ConsentState.GRANTED


def test_second_time_changes_nothing(office):
    office.bring_in(HEADINGS, ANN, BO, CY)
    before = everything(office)
    report = office.bring_in(HEADINGS, ANN, BO, CY)
    assert (report.new, report.changed, report.unchanged) == (0, 0, 3)
    assert everything(office) == before


def test_rows_with_errors_are_left_out_and_the_others_brought_in(office):
    report = office.bring_in(HEADINGS, ANN, "2,Bo,Moe,4 Oak,perhaps,,", CY)
    assert [error.line for error in report.errors] == [3]
    assert [pupil.admission_no for pupil in office.all_of(Pupil)] == ["1", "3"]


def test_anything_that_fails_leaves_nothing_behind(office, monkeypatch):
    office.bring_in(HEADINGS, ANN)
    before = everything(office)

    def break_down(*arguments, **more):
        raise OSError("the disk is full")

    monkeypatch.setattr(importing, "touch_register", break_down)
    with pytest.raises(OSError, match="full"):
        office.bring_in(HEADINGS, "1,Anna,Lee,4 Oak,No,No,Granted", BO, CY)
    assert everything(office) == before


def test_missing_pupil_is_named_and_kept(office):
    office.bring_in(HEADINGS, ANN, BO, CY)
    report = office.bring_in(HEADINGS, BO)
    assert report.missing == ["1", "3"]
    assert office.count(Pupil) == 3
    assert office.state(office.number("1")) is ConsentState.GRANTED


def test_pupil_whose_row_has_an_error_is_not_missing(office):
    office.bring_in(HEADINGS, ANN)
    assert office.bring_in(HEADINGS, "1,Ann,Lee,4 Oak,perhaps,,", BO).missing == []


def test_refusal_by_import_counts_at_once_and_is_told(office, ended):
    office.bring_in(HEADINGS, ANN, BO)
    office.bring_in(HEADINGS, "1,Ann,Lee,4 Oak,No,Yes,", BO)
    ann = office.number("1")
    assert (office.state(ann), office.state(ann, Purpose.X), ended) == (
        ConsentState.REFUSED,
        ConsentState.GRANTED,
        {ann: {Purpose.FACEBOOK}},
    )
    assert office.events("consent:refused")[-1].details["purposes"] == ["facebook"]


def test_first_refusal_of_somebody_never_allowed_ends_nothing(office, ended):
    office.bring_in(HEADINGS, ANN, BO, CY)
    assert ended == {}


def test_blank_cell_neither_gives_nor_takes(office):
    office.bring_in(HEADINGS, ANN, CY)
    office.bring_in(HEADINGS, "1,Ann,Lee,4 Oak,,,", "3,Cy,Noe,5 Elm,,,")
    assert office.state(office.number("1")) is ConsentState.GRANTED
    assert office.state(office.number("3")) is ConsentState.NOT_RECORDED


def test_refusal_on_a_form_outlasts_an_import(office):
    office.bring_in(HEADINGS, ANN)
    ann = office.number("1")
    office.say(ann, ConsentState.WITHDRAWN)
    report = office.bring_in(HEADINGS, ANN)
    assert (report.total("kept_refusals"), office.state(ann)) == (2, ConsentState.WITHDRAWN)


def test_column_that_is_missing_leaves_the_register_alone(office):
    office.bring_in(HEADINGS, ANN)
    office.bring_in("Admission No,Legal Forename,Legal Surname", "1,Ann,Lee")
    (pupil,) = office.all_of(Pupil)
    assert (pupil.reg_group, office.state(pupil.id)) == ("4 Oak", ConsentState.GRANTED)


@pytest.mark.parametrize("number", ["42", "042", "00042", "p042"])
def test_number_that_looks_like_another_makes_no_second_child(office, number):
    office.bring_in(HEADINGS, "0042,Ann,Lee,4 Oak,No,,", "P042,Bo,Moe,4 Oak,No,,")
    report = office.bring_in(HEADINGS, f"{number},Ann,Lee,4 Oak,Yes,Yes,")
    assert "in the register" in report.errors[0].sentence
    assert office.count(Pupil) == 2


def test_upn_of_another_pupil_makes_no_second_child(office):
    office.bring_in("UPN,Admission No,Legal Forename,Legal Surname", "H801200001001,1,Ann,Lee")
    report = office.bring_in("UPN,Admission No,Legal Forename,Legal Surname", "H801200001001,2,Ann,Lee")
    assert "already belongs to admission number 1" in report.errors[0].sentence
    assert office.count(Pupil) == 1


def test_leaver_keeps_a_record_and_loses_the_template(office):
    office.bring_in(HEADINGS, "1,Ann,Lee,4 Oak,Yes,Yes,Granted")
    ann = office.number("1")
    report = office.bring_in("Admission No,Legal Forename,Legal Surname,Date of Leaving", "1,Ann,Lee,01/09/2026")
    assert [change.row.admission_no for change in report.leavers] == ["1"]
    assert (office.state(ann), office.count(Pupil)) == (ConsentState.EXPIRED, 1)
    assert office.count(BiometricConsent, BiometricConsent.is_active) == 0


def test_leaving_takes_down_no_old_post(office, ended):
    office.bring_in(HEADINGS, ANN)
    office.bring_in("Admission No,Legal Forename,Legal Surname,Date of Leaving", "1,Ann,Lee,01/09/2026")
    assert ended == {}


def test_contacts_are_kept_up_to_date(office):
    headings = "Admission No,Legal Forename,Legal Surname,Parent 1 Name,Parent 1 Email,Parent 1 PR"
    office.bring_in(headings, "1,Ann,Lee,Mo Lee,mo@b.example,")
    assert [parent.has_parental_responsibility for parent in office.all_of(ParentContact)] == [False]
    office.bring_in(headings, "1,Ann,Lee,MO LEE,new@b.example,Yes")
    (parent,) = office.all_of(ParentContact)
    assert (parent.email, parent.has_parental_responsibility) == ("new@b.example", True)


def test_schools_of_one_installation_do_not_meet(office, database):
    office.bring_in(HEADINGS, ANN)
    with database.transaction(EVERY_SCHOOL) as session:
        other = create_school(session, "Elm Park School")
    actor = system_actor(other.id, "test", *office.actor.permissions)
    with database.transaction(other.id) as session:
        report = import_register(
            session, read_import(f"{HEADINGS}\n1,Di,Poe,4 Oak,No,No,\n".encode()), apply=True, actor=actor
        )
    assert (report.new, report.missing) == (1, [])
    assert [pupil.legal_forename for pupil in office.all_of(Pupil)] == ["Ann"]


def test_only_those_who_may_import(office, actor_with):
    parsed = read_import(f"{HEADINGS}\n{ANN}\n".encode())
    with office.database.reading(office.school_id) as session, pytest.raises(NotPermittedError):
        import_register(session, parsed, apply=False, actor=actor_with())


def test_import_is_recorded_with_the_file_that_it_was(office):
    office.bring_in(HEADINGS, ANN, BO)
    (event,) = office.events("register:imported")
    assert (event.details["new"], event.details["answers"], len(event.details["file"])) == (
        2,
        {"granted": 2, "refused": 1},
        64,
    )


def test_september_of_a_school_is_quick(office):
    """420 pupils with every answer: far below the ten minutes of the whole journey."""
    chance = random.Random(3)
    rows = [f"{number},Ann{number},Lee,4 Oak,{chance.choice(['Yes', 'No', ''])},Yes,Granted" for number in range(420)]
    started = time.monotonic()
    report = office.bring_in(HEADINGS, *rows)
    assert (report.new, time.monotonic() - started < 60) == (420, True)
    assert office.count(BiometricConsent, BiometricConsent.kind == BiometricKind.GRANTED) == 420
