"""A row of a MIS export against what the register knows: a no is kept, a yes must be news."""

from datetime import date
from uuid import uuid4

import pytest

from app.register.import_file import read_import
from app.register.import_plan import Known, plan_row
from app.register.models import BiometricKind, ParentContact, Pupil
from consent.model import ConsentState, Purpose
from tests.support.consent_words import TODAY, about_templates, imported, said

YES, NO = ConsentState.GRANTED, ConsentState.REFUSED
FACEBOOK = [Purpose.FACEBOOK]
MARCH, SEPTEMBER = date(2026, 3, 1), date(2026, 9, 5)


def plan(headings: str, cells: str, *statements, templates=(), pupil=True, **fields):
    file = read_import(f"Admission No,Legal Forename,Legal Surname{headings}\n1,Ann,Lee{cells}\n".encode())
    assert file.errors == []
    known = (
        Pupil(id=uuid4(), admission_no="1", **{"legal_forename": "Ann", "legal_surname": "Lee"} | fields)
        if pupil
        else None
    )
    return plan_row(file.rows[0], Known(known, statements, templates), today=TODAY, recorded_by="Office")


def facebook(answer: str, dated: str = "", by: str = "", *statements):
    return plan(",Consent: Facebook,Consent Date,Informed By", f",{answer},{dated},{by}", *statements)


@pytest.mark.parametrize(
    ("answer", "dated", "by", "known", "given", "ended", "kept"),
    [
        ("Yes", "", "", [], True, False, False),
        ("Yes", "05/09/2026", "Mother", [], True, False, False),
        ("No", "", "", [], False, False, False),
        ("", "05/09/2026", "", [said(YES, MARCH)], False, False, False),
        ("No", "", "", [said(YES, SEPTEMBER)], False, True, False),
        ("No", "01/03/2026", "", [said(YES, SEPTEMBER)], False, True, False),
        ("Withdrawn", "", "", [said(YES, SEPTEMBER)], False, True, False),
        ("Yes", "", "", [said(NO, MARCH)], False, False, True),
        ("Yes", "01/03/2026", "Mother", [said(NO, MARCH)], False, False, True),
        ("Yes", "01/02/2026", "Mother", [said(NO, MARCH)], False, False, True),
        ("Yes", "05/09/2026", "Mother", [said(NO, MARCH)], True, False, False),
        ("Yes", "05/09/2026", "Father", [said(NO, MARCH)], False, False, True),
        ("Yes", "05/09/2026", "", [said(NO, MARCH)], False, False, True),
        ("Yes", "05/09/2026", "Mother", [imported(NO, MARCH)], True, False, False),
        ("Yes", "05/09/2026", "", [imported(NO, MARCH)], True, False, False),
        ("Yes", "", "", [imported(NO, MARCH)], False, False, True),
        ("Yes", "05/09/2026", "Mother", [said(ConsentState.WITHDRAWN, MARCH)], True, False, False),
        ("Yes", "05/09/2026", "Mother", [said(NO, MARCH), said(NO, MARCH, by="Father")], False, False, True),
    ],
)  # fmt: skip
def test_yes_and_no(answer, dated, by, known, given, ended, kept):
    change = facebook(answer, dated, by, *known)
    assert (change.given == FACEBOOK, change.ended == FACEBOOK, change.kept_refusals == FACEBOOK) == (
        given,
        ended,
        kept,
    )


@pytest.mark.parametrize("dated", ["", "05/09/2026"])
@pytest.mark.parametrize("by", ["", "Mother"])
@pytest.mark.parametrize("answer", ["Yes", "No", "Withdrawn", ""])
def test_same_row_twice_changes_nothing_the_second_time(answer, dated, by):
    first = facebook(answer, dated, by)
    assert not facebook(answer, dated, by, *first.statements).changes_something


def test_yes_of_an_earlier_school_year_is_written_down_and_expired():
    change = facebook("Yes", "05/09/2024")
    assert (change.given, change.lapsed, len(change.statements)) == ([], FACEBOOK, 1)


def test_yes_without_a_date_never_renews_what_has_expired():
    change = facebook("Yes", "", "", said(YES, date(2025, 9, 5), until=date(2026, 8, 31)))
    assert (change.given, change.kept_expired, change.statements) == ([], FACEBOOK, [])


def test_newer_dated_yes_renews():
    change = facebook("Yes", "05/09/2026", "", said(YES, date(2025, 9, 5), until=date(2026, 8, 31)))
    assert (change.given, change.statements[0].expires_on) == (FACEBOOK, date(2027, 8, 31))


def test_answers_of_one_row_are_weighed_apart():
    change = plan(",Consent: Facebook,Consent: X", ",Yes,No", said(YES, MARCH, purpose=Purpose.X))
    assert (change.given, change.ended) == (FACEBOOK, [Purpose.X])


@pytest.mark.parametrize(
    ("answer", "dated", "by", "words", "written", "kept"),
    [
        ("Granted", "", "", [], BiometricKind.GRANTED, False),
        ("Protective only", "", "", [], BiometricKind.PROTECTIVE_ONLY, False),
        ("Refused", "", "", [], BiometricKind.REFUSED, False),
        ("", "", "", [], None, False),
        ("", "", "", [about_templates(BiometricKind.GRANTED, MARCH)], None, False),
        ("Granted", "", "", [about_templates(BiometricKind.GRANTED, MARCH)], None, False),
        ("Refused", "", "", [about_templates(BiometricKind.GRANTED, MARCH)], BiometricKind.REFUSED, False),
        ("Refused", "", "", [about_templates(BiometricKind.REFUSED, MARCH)], None, False),
        ("Protective only", "", "", [about_templates(BiometricKind.GRANTED, MARCH)], BiometricKind.PROTECTIVE_ONLY, False),
        ("Granted", "", "", [about_templates(BiometricKind.PROTECTIVE_ONLY, MARCH)], None, False),
        ("Granted", "05/09/2026", "", [about_templates(BiometricKind.PROTECTIVE_ONLY, MARCH)], BiometricKind.GRANTED, False),
        ("Granted", "", "", [about_templates(BiometricKind.REFUSED, MARCH)], None, True),
        ("Granted", "05/09/2026", "Father", [about_templates(BiometricKind.REFUSED, MARCH)], None, True),
        ("Protective only", "05/09/2026", "Father", [about_templates(BiometricKind.REFUSED, MARCH)], None, True),
        ("Granted", "05/09/2026", "mother", [about_templates(BiometricKind.REFUSED, MARCH)], BiometricKind.GRANTED, False),
    ],
)  # fmt: skip
def test_biometric_answers_are_weighed_like_the_others(answer, dated, by, words, written, kept):
    headings = ",Consent: Biometric,Consent Date,Informed By"
    change = plan(headings, f",{answer},{dated},{by}", templates=words)
    assert (change.biometric.kind if change.biometric else None, change.kept_objection) == (written, kept)


@pytest.mark.parametrize(
    ("answer", "written"), [("Granted", None), ("Protective only", None), ("Refused", BiometricKind.REFUSED)]
)
@pytest.mark.parametrize("left_on", [None, MARCH])
def test_leaver_gets_no_consent_to_a_template_any_more(answer, written, left_on):
    change = plan(",Consent: Biometric,Date of Leaving", f",{answer},01/03/2026", left_on=left_on)
    assert (change.biometric.kind if change.biometric else None) is written


def test_differing_columns_are_named():
    change = plan(",Reg Group,DOB", ",5 Elm,12/04/2018", reg_group="4 Oak", date_of_birth=date(2018, 4, 12))
    assert (change.headings, change.is_new, change.changes_something) == (["Reg Group"], False, True)


def test_new_pupil_is_new():
    change = plan("", "", pupil=False)
    assert (change.is_new, change.headings, change.name) == (True, [], "Ann Lee")


@pytest.mark.parametrize(
    ("cell", "before", "leaves"),
    [
        (",01/03/2026", None, True),
        (",01/03/2026", MARCH, False),
        (",", MARCH, False),
        (",21/11/2026", None, False),
        (",01/08/2027", None, False),
    ],
)
def test_leavers_are_those_whose_last_day_has_newly_passed(cell, before, leaves):
    assert plan(",Date of Leaving", cell, left_on=before).leaves is leaves


def test_leaving_ends_what_was_given_without_being_a_refusal():
    change = plan(",Date of Leaving", ",01/03/2026", said(YES, date(2026, 2, 1), until=None))
    assert (change.after[Purpose.FACEBOOK], change.ended, change.lapsed) == (ConsentState.EXPIRED, [], FACEBOOK)


@pytest.mark.parametrize(
    ("cells", "differs"),
    [(",Mo Lee,Mother,mo@b.example,", False), (",mo lee,Mother,mo@b.example,Yes", False), (",Mo Lee,Mother,mo@b.example,No", True),
     (",Mo Lee,Aunt,mo@b.example,", True), (",Mo Lee,Mother,,", True), (",Fa Lee,,,", True), (",,,,", False)],
)  # fmt: skip
def test_contacts_that_differ(cells, differs):
    headings = ",Parent 1 Name,Parent 1 Relationship,Parent 1 Email,Parent 1 PR"
    file = read_import(f"Admission No,Legal Forename,Legal Surname{headings}\n1,Ann,Lee{cells}\n".encode())
    pupil = Pupil(id=uuid4(), admission_no="1", legal_forename="Ann", legal_surname="Lee")
    contact = ParentContact(
        name="Mo Lee", relationship="Mother", email="mo@b.example", has_parental_responsibility=True
    )
    change = plan_row(file.rows[0], Known(pupil, parents={"mo lee": contact}), today=TODAY, recorded_by="Office")
    assert bool(change.parents) is differs
