"""Files as they arrive: every encoding, separator and kind, and those that only pretend."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from app.core.errors import InvalidInputError
from app.register import spreadsheets
from app.register.spreadsheets import open_sheet

ROWS = [["Admission No", "Legal Forename", "Legal Surname"], ["0007", "Zoë", "O’Neill"]]


def cells(content: bytes) -> list[list[str]]:
    return [list(line.cells) for line in open_sheet(content).lines]


def written(separator: str = ",", end: str = "\r\n") -> str:
    return end.join(separator.join(row) for row in ROWS) + end


def workbook(*rows, number_format: str = "General", sheets: int = 1) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    for row in sheet.iter_rows(min_row=2, max_col=1):
        row[0].number_format = number_format
    for _ in range(sheets - 1):
        book.create_sheet().append(["other"])
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le-sig"])
def test_encodings(encoding):
    content = b"\xff\xfe" + written().encode("utf-16-le") if encoding == "utf-16-le-sig" else written().encode(encoding)
    assert cells(content) == ROWS


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(separator):
    assert cells(written(separator).encode()) == ROWS


@pytest.mark.parametrize("separator", [";", "!"])
def test_announced_separator(separator):
    assert cells(f"sep={separator}\r\n{written(separator)}".encode()) == ROWS


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end):
    assert cells(written(end=end).encode()) == ROWS


def test_separator_inside_quotation_marks():
    assert cells(b'Admission No,Legal Forename,Legal Surname\n1,"Ann, Mary","Lee; Jr"\n')[1] == [
        "1",
        "Ann, Mary",
        "Lee; Jr",
    ]


def test_space_after_the_separator():
    assert cells(b'"Admission No", "Legal Forename", "Legal Surname"\n"1", "Ann", "Lee"\n')[1] == ["1", "Ann", "Lee"]


def test_lines_are_counted_as_an_editor_does():
    content = b'Admission No,Legal Forename,Legal Surname\n1,"Ann\nMary",Lee\n2,Bo,Moe\n'
    assert [line.number for line in open_sheet(content).lines] == [1, 2, 4]


def test_unclosed_quotation_mark_swallows_nothing():
    with pytest.raises(InvalidInputError, match="from line 2 on"):
        cells(b'Admission No,Legal Forename,Legal Surname\n1,"Ann,Lee\n2,Bo,Moe\n')


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe", "empty"),
        (b"\x00" * 50, "empty"),
        (b"a\x00b,c\n", "not a table"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"PK\x03\x04 cut short", "cannot be opened"),
        (b"a,b\n\x81\x8d\x8f\n", "UTF-8"),
        (b"\xff\xfea", "UTF-8"),
        (b'a,"' + b"x" * 200_000 + b'"\n', "cannot be read"),
    ],
)
def test_what_is_no_table_says_what_to_do(content, sentence):
    with pytest.raises(InvalidInputError, match=sentence):
        cells(content)


def test_file_of_more_than_20_mb_is_refused_unread():
    with pytest.raises(InvalidInputError, match="20 MB"):
        open_sheet(b"x" * (spreadsheets.MOST_BYTES + 1))


def test_workbook_values_are_read_as_they_look():
    content = workbook(
        ["Admission No", "DOB", "Date", "Yes", "No", "Number", "Half", "Blank", "Text"],
        [12, datetime.fromisoformat("2018-04-12T09:30"), date(2026, 9, 5), True, False, 3.0, 2.5, None, "0042"],
    )
    assert cells(content)[1] == ["12", "2018-04-12", "2026-09-05", "Yes", "No", "3", "2.5", "", "0042"]


def test_zeros_that_a_workbook_shows_are_kept():
    assert cells(workbook(["Admission No"], [7], number_format="0000"))[1] == ["0007"]


def test_only_the_first_sheet_is_read():
    assert cells(workbook(["Admission No"], ["1"], sheets=3)) == [["Admission No"], ["1"]]


def test_formula_of_a_workbook_is_never_worked_out():
    assert cells(workbook(["Admission No"], ["=1+1"]))[1] == [""]


def test_other_archives_are_no_workbooks():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(InvalidInputError, match="not an Excel workbook"):
        cells(output.getvalue())


def test_small_archive_that_unpacks_to_an_enormous_one_is_refused():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (spreadsheets.MOST_UNPACKED_BYTES + 1))
    assert len(output.getvalue()) < 1_000_000
    with pytest.raises(InvalidInputError, match="far too large"):
        cells(output.getvalue())


def test_archive_that_lies_about_its_size_is_refused():
    content = workbook(*([["x" * 50]] * 200))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        real = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    with pytest.raises(InvalidInputError, match="cannot be opened"):
        cells(content.replace(real.to_bytes(4, "little"), (real // 2).to_bytes(4, "little")))


def test_entities_of_a_workbook_are_not_multiplied():
    content = workbook(["Admission No"], ["1"])
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "%s">%s]><x>&h;</x>' % (
        b"a" * 100,
        b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 30) for i in range(7)),
    )
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(output, "w") as changed:
        for entry in archive.infolist():
            changed.writestr(entry, bomb if entry.filename == "xl/workbook.xml" else archive.read(entry))
    with pytest.raises(InvalidInputError, match="cannot be opened"):
        cells(output.getvalue())
