"""Rows of a MIS export: what is read, and what is said about what cannot be."""

from datetime import date

import pytest
import time_machine

from app.core.errors import InvalidInputError
from app.register import import_file
from app.register.import_file import ParentRow, read_import
from app.register.models import BiometricKind
from consent.model import ConsentState, Purpose

HEADINGS = "Admission No,Legal Forename,Legal Surname"
YES, NO, BLANK = ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.NOT_RECORDED


def read(*lines: str):
    return read_import("\n".join(lines).encode())


def row(headings: str = "", cells: str = ""):
    """Read one pupil with further columns; the first three are given."""
    file = read(HEADINGS + headings, "1,Ann,Lee" + cells)
    assert file.errors == [], file.errors
    return file.rows[0]


def problem(headings: str, cells: str) -> str:
    file = read(HEADINGS + headings, "1,Ann,Lee" + cells)
    assert file.rows == []
    return file.errors[0].sentence


@pytest.mark.parametrize(
    "heading",
    ["Admission No", "ADMISSION NUMBER", "admission_no", "Adno", "Adm. No.", "Pupil ID", " Admission  No: "],
)
def test_headings_are_known_by_many_names(heading):
    assert read(f"{heading},Forename,Surname", "0042,Ann,Lee").rows[0].admission_no == "0042"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Legal Forename", "legal_forename"), ("First name", "legal_forename"), ("Chosen Surname", "preferred_surname"),
        ("Preferred Forename", "preferred_forename"), ("DOB", "date_of_birth"), ("Date of Birth", "date_of_birth"),
        ("Year Group", "year_group"), ("NC Year", "year_group"), ("Reg Group", "reg_group"), ("Class", "reg_group"),
        ("Tutor Group", "reg_group"), ("Date of Admission", "admitted_on"), ("Date of Leaving", "left_on"), ("DOL", "left_on"),
        ("UPN", "upn"), ("Unique Pupil Number", "upn"), ("Parent 1 Name", "parent_1_name"), ("Parent 2 Email", "parent_2_email"),
        ("Consent: Facebook", "consent_facebook"), ("Consent - Facebook", "consent_facebook"), ("Facebook consent", "consent_facebook"),
        ("Consent: X", "consent_x"), ("Consent: Twitter", "consent_x"), ("Consent: X (Twitter)", "consent_x"),
        ("Consent: Social media", "consent_social"), ("Consent: Biometric", "consent_biometric"), ("Consent: Name", "consent_name"),
        ("Consent Date", "consent_date"), ("Informed By", "informed_by"), ("Notes", "notes"), ("Shoe size", None), ("", None),
    ],
)  # fmt: skip
def test_synonyms_of_headings(heading, field):
    assert import_file.field_called(heading) == field


def test_titles_may_stand_above_the_headings():
    assert read("Bramley Hill School", "", HEADINGS, "1,Ann,Lee").rows[0].line == 4


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["Forename,Surname", "Ann,Lee"], "lacks these columns: Admission No"),
        (["Number,First,Last", "1,Ann,Lee"], "it reads: Number, First, Last"),
        (["1,Ann,Lee"], "Its first line must name them"),
        ([HEADINGS], "no pupils under them"),
        ([HEADINGS, ",,", "  , ,"], "no pupils under them"),
        ([HEADINGS + ",Forename", "1,Ann,Lee,Anna"], "“Legal Forename” and “Forename” are both read as Legal Forename"),
        ([HEADINGS + ",Notes,notes", "1,Ann,Lee,,"], "“Notes” and “notes”"),
    ],
)
def test_file_without_sense_is_refused_as_a_whole(lines, sentence):
    with pytest.raises(InvalidInputError, match=sentence):
        read(*lines)


def test_file_of_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(import_file, "MOST_ROWS", 3)
    lines = [HEADINGS, *(f"{number},Ann,Lee" for number in range(4))]
    assert len(read(*lines[:4]).rows) == 3
    with pytest.raises(InvalidInputError, match="Split it"):
        read(*lines)


def test_columns_that_are_not_used_are_named():
    assert read(HEADINGS + ",House,,Consent: Facebok", "1,Ann,Lee,Red,,Yes").unused_columns == [
        "House",
        "Consent: Facebok",
    ]


def test_blank_rows_are_passed_over():
    assert [found.line for found in read(HEADINGS, "", ",,", "1,Ann,Lee", " , , ", "2,Bo,Moe").rows] == [4, 6]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("1,Bo,Moe", "already in line 2"),
        ("01,Bo,Moe", "already in line 2"),
        ("0001,Bo,Moe", "already in line 2"),
        ("2,Ann,Lee", ""),
    ],
)
def test_admission_number_counts_once_with_or_without_its_zeros(second, said):
    file = read(HEADINGS, "1,Ann,Lee", second)
    assert [error.line for error in file.errors] == ([3] if said else [])
    assert all(said in error.sentence for error in file.errors)


def test_upn_counts_once():
    file = read(HEADINGS + ",UPN", "1,Ann,Lee,H801200001001", "2,Bo,Moe,h801200001001")
    assert "already in line 2" in file.errors[0].sentence


def test_everything_wrong_with_a_row_is_told_at_once():
    said = problem(",DOB,UPN,Consent: Facebook,Consent: Biometric", ",31/02/2020,X1,perhaps,sometimes")
    for part in ("DOB: “31/02/2020”", "UPN: “X1”", "Consent: Facebook: “perhaps”", "Consent: Biometric: “sometimes”"):
        assert part in said


def test_wrong_row_leaves_the_others_in():
    file = read(HEADINGS, "1,,Lee", "2,Bo,Moe", ",Cy,Noe", "=1,Di,Poe")
    assert [found.admission_no for found in file.rows] == ["2"]
    assert [(error.line, error.admission_no) for error in file.errors] == [(2, "1"), (4, ""), (5, "")]


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (",DOB", ",tomorrow"), (",DOB", ",01/01/2999"), (",Consent Date", ",01/01/2999"), (",Preferred Forename", ",=cmd|'x'!A0"),
        (",Reg Group", f",{'x' * 41}"), (",Notes", f",{'x' * 2001}"), (",Parent 1 Name,Parent 1 Email", ",Mum,nowhere"),
        (",Parent 1 Name,Parent 1 PR", ",Mum,perhaps"), (",Consent: Social media", ",some"),
    ],
)  # fmt: skip
def test_unreadable_cell_keeps_its_row_out(headings, cells):
    assert headings.split(",")[-1] in problem(headings, cells)


def test_quoted_newlines_stay_inside_their_cell():
    file = read(HEADINGS + ",Notes", '1,"Ann\nMary",Lee,"two\nlines"', "2,Bo,Moe,")
    assert file.rows[0].fields["legal_forename"] == "Ann Mary"
    assert (file.rows[0].notes, file.rows[1].line) == ("two\nlines", 5)


CONSENTS = ",Consent: Facebook,Consent: X"


@pytest.mark.parametrize(
    ("cells", "errs"),
    [
        (",Yes,Yes", False),
        (",Yes", True),
        (",No", False),
        ("", False),
        (",Yes,Yes,", False),
        (",Yes,Yes,extra", True),
        (",No,No,Jr", True),
    ],
)
def test_yes_that_may_have_slipped_sideways_is_no_yes(cells, errs):
    file = read(HEADINGS + CONSENTS, "1,Ann,Lee" + cells)
    assert bool(file.errors) is errs


@pytest.mark.parametrize(
    ("headings", "cells", "facebook", "x"),
    [
        (",Consent: Social media", ",Yes", YES, YES),
        (",Consent: Social media", ",No", NO, NO),
        (",Consent: Social media", ",", BLANK, BLANK),
        (",Consent: Social media,Consent: X", ",Yes,", YES, BLANK),
        (",Consent: Social media,Consent: X", ",Yes,No", YES, NO),
        (",Consent: Social media,Consent: X", ",No,Yes", NO, NO),
        (",Consent: X,Consent: Social media", ",Yes,Withdrawn", ConsentState.WITHDRAWN, ConsentState.WITHDRAWN),
    ],
)
def test_social_media_speaks_for_both_networks_but_never_widens(headings, cells, facebook, x):
    consents = row(headings, cells).consents
    assert (consents[Purpose.FACEBOOK], consents[Purpose.X]) == (facebook, x)


def test_column_that_is_not_there_says_nothing():
    assert (row().consents, row().fields.keys(), row().biometric) == ({}, {"legal_forename", "legal_surname"}, None)


def test_every_purpose_has_its_column():
    headings = "".join(
        f",Consent: {name}" for name in ("Internal", "Website", "Facebook", "X", "Press", "Prospectus", "Video", "Name")
    )
    assert row(headings, ",Y" * 8).consents == dict.fromkeys(Purpose, YES)


def test_biometric_answer_is_its_own():
    assert row(",Consent: Biometric", ",Protective only").biometric is BiometricKind.PROTECTIVE_ONLY


def test_parents_of_two_columns_each():
    headings = ",Parent 1 Name,Relationship,PR,Email,Parent 2 Name,Relationship,PR,Email"
    assert row(headings, ",Mo Lee,Mother,Yes,mo@b.example,Fa Lee,Father,,").parents == (
        ParentRow("Mo Lee", "Mother", True, "mo@b.example"),
        ParentRow("Fa Lee", "Father", None, None),
    )


def test_same_parent_twice_is_one_parent():
    assert len(row(",Parent 1 Name,Parent 2 Name", ",Mo Lee,mo lee").parents) == 1


@time_machine.travel("2026-11-21T12:00:00Z")
def test_a_whole_row_is_read():
    found = row(
        ",Preferred Forename,DOB,Year Group,Reg Group,Date of Leaving,Consent Date,Informed By,UPN",
        ",Annie,12/04/2018,Year 3,3 Oak,31/08/2027,05/09/2026,Mo Lee,H801200001001",
    )
    assert found.fields == {
        "legal_forename": "Ann", "legal_surname": "Lee", "preferred_forename": "Annie", "date_of_birth": date(2018, 4, 12),
        "year_group": "Year 3", "reg_group": "3 Oak", "left_on": date(2027, 8, 31), "upn": "H801200001001",
    }  # fmt: skip
    assert (found.consent_date, found.informed_by) == (date(2026, 9, 5), "Mo Lee")
