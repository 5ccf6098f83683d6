"""How cells are read: every word that schools' systems write, and nothing else."""

from datetime import date

import pytest
import time_machine

from app.register import cells
from app.register.cells import CellError
from app.register.models import BiometricKind
from app.register.upn import is_upn
from consent.model import ConsentState

GRANTED, REFUSED, BLANK = ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.NOT_RECORDED


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("Y Yes yes YES True 1 Granted Confirmed Accepted ✓", GRANTED),
        ("N No NO 0 Declined Refused ✗ false", REFUSED),
        ("Pending Requested Unknown N/A", BLANK),
    ],
)
def test_each_word_for_an_answer_is_read(words, state):
    assert {cells.consent_cell(word) for word in words.split()} == {state}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", BLANK),
        ("   ", BLANK),
        ("  yes  ", GRANTED),
        ("Not Granted", REFUSED),
        ("not  granted", REFUSED),
        ("Not recorded", BLANK),
        ("Expired", BLANK),
        ("Withdrawn", ConsentState.WITHDRAWN),
    ],
)
def test_space_and_case_do_not_matter(text, state):
    assert cells.consent_cell(text) is state


@pytest.mark.parametrize(
    "text", ["maybe", "yes please", "Y/N", "2", "-1", "yes\u200b", "oui", "=TRUE()", "#N/A", "x" * 500]
)
def test_anything_else_is_an_error_that_quotes_it(text):
    with pytest.raises(CellError, match="is not an answer") as caught:
        cells.consent_cell(text)
    assert len(str(caught.value)) < 140


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Granted", BiometricKind.GRANTED),
        ("yes", BiometricKind.GRANTED),
        ("Protective only", BiometricKind.PROTECTIVE_ONLY),
        ("PROTECTIVE-ONLY", BiometricKind.PROTECTIVE_ONLY),
        ("protective_only", BiometricKind.PROTECTIVE_ONLY),
        ("Refused", BiometricKind.REFUSED),
        ("withdrawn", BiometricKind.REFUSED),
        ("", None),
        ("pending", None),
    ],
)
def test_biometric_answers(text, kind):
    assert cells.biometric_cell(text) is kind


@pytest.mark.parametrize("text", ["protective", "only", "perhaps"])
def test_unclear_biometric_answer_is_an_error(text):
    with pytest.raises(CellError, match="Protective only"):
        cells.biometric_cell(text)


@pytest.mark.parametrize(
    "text",
    ["05/09/2026", "5/9/2026", "05.09.2026", "05-09-2026", "2026-09-05", "2026/09/05", "05-Sep-2026", "5 Sep 2026",
     "5 September 2026", "46270", "46270.5", "05/09/2026 00:00:00", "2026-09-05T10:30:00", "2026-09-05 10:30", " 05/09/2026 "],
)  # fmt: skip
def test_dates_as_mis_and_excel_write_them(text):
    assert cells.date_cell(text) == date(2026, 9, 5)


@pytest.mark.parametrize(
    "text", ["31/02/2026", "09/25/2026", "05/09/26", "tomorrow", "2026", "0", "99999999", "05/09/0000"]
)
def test_unclear_date_is_an_error(text):
    with pytest.raises(CellError, match="DD/MM/YYYY"):
        cells.date_cell(text)


def test_blank_date_is_none():
    assert cells.date_cell("  ") is None


@time_machine.travel("2026-11-21T12:00:00Z")
def test_consent_cannot_be_given_tomorrow():
    assert cells.past_date_cell("21/11/2026") == date(2026, 11, 21)
    with pytest.raises(CellError, match="future"):
        cells.past_date_cell("22/11/2026")


@pytest.mark.parametrize(
    ("text", "words"),
    [("  Anna  Maria ", "Anna Maria"), ("Anna\nMaria", "Anna Maria"), ("", None), ("-", None), ("–", None), ("Zoë", "Zoë"),
     ("O'Neill-D’Arcy", "O'Neill-D’Arcy"), ("Нина", "Нина"), ("Q", "Q")],
)  # fmt: skip
def test_names_are_kept_as_they_are_written(text, words):
    assert cells.words_cell(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0",
        "+1",
        "@SUM(A1)",
        "#REF!",
        "Ann\x00a",
        "Ann\x1b[2J",
        "Zo\N{REPLACEMENT CHARACTER}",
        "x" * 101,
    ],
)
def test_formulas_and_broken_letters_are_no_names(text):
    with pytest.raises(CellError):
        cells.words_cell(text)


@pytest.mark.parametrize("number", ["0042", "000", "A/12", "12-34", "P01", "1002_3"])
def test_admission_number_stays_as_it_is_written(number):
    assert cells.number_cell(number) == number


@pytest.mark.parametrize("number", ["", "-", "1.00E+05", "1E+11", "=A1", "9" * 41])
def test_unusable_admission_number_is_an_error(number):
    with pytest.raises(CellError):
        cells.number_cell(number)


@pytest.mark.parametrize(
    ("text", "sound"),
    [("H801200001001", True), ("H801200001002", False), ("I801200001001", False), ("H80120000100", False), ("", False),
     ("H8012000010011", False), ("h801200001001", False), ("H80120000100I", False), ("H80120000100é", False)],
)  # fmt: skip
def test_check_letter_of_a_upn(text, sound):
    assert is_upn(text) is sound


def test_temporary_upn_ends_in_a_letter():
    sound = [letter for letter in "ABCDEFGHJKLMNPQRTUVWXYZ" if is_upn(f"{letter}80120000100A")]
    assert len(sound) == 1


def test_upn_in_small_letters_is_put_right():
    assert cells.upn_cell(" h801200001001 ") == "H801200001001"


@pytest.mark.parametrize(
    ("text", "sound"),
    [("a@b.example", True), ("", True), ("a@b", False), ("a b@c.example", False), ("a@b.example; c@d.example", False)],
)
def test_addresses(text, sound):
    if sound:
        assert cells.email_cell(text) == (text or None)
        return
    with pytest.raises(CellError, match="e-mail"):
        cells.email_cell(text)


@pytest.mark.parametrize(("text", "flag"), [("Yes", True), ("N", False), ("", None), ("unknown", None)])
def test_blank_flag_is_neither_yes_nor_no(text, flag):
    assert cells.flag_cell(text) is flag
