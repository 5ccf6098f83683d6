"""Open a table as people send it: CSV in the encodings and separators that MIS and Excel write, or an XLSX workbook."""

import codecs
import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from app.core.errors import InvalidInputError
from app.register.columns import field_called

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell

    AnyCell = Cell | MergedCell | ReadOnlyCell | EmptyCell

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED_BYTES = 150 * 1024 * 1024
MOST_COLUMNS = 300
SEPARATORS = ",;\t|"
LOOKED_AT = 10
"""How many lines may stand above the headings."""

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"
_UNREADABLE_WORKBOOK = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, KeyError, ValueError, SyntaxError, OSError, EOFError,
    IndexError, TypeError, AttributeError, NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    lines: Iterator[Line]
    may_be_shifted: bool
    """In a CSV file a forgotten separator moves every later cell of its line; in a workbook each has its place."""


def open_sheet(content: bytes) -> Sheet:
    """Open a file of a kind that we know. Raises InvalidInputError with the way on for every other."""
    if len(content) > MOST_BYTES:
        raise InvalidInputError("The file is larger than 20 MB. Export only the columns that are needed, or split it.")
    if not content.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise InvalidInputError("The file is empty. Export it again.")
    if content.startswith(_OLD_EXCEL):
        raise InvalidInputError(
            "This is an old Excel workbook (.xls) or one with a password. Save it as .xlsx without one, or as CSV."
        )
    if content.startswith(_ZIP):
        return Sheet(_workbook_lines(content), may_be_shifted=False)
    return Sheet(_csv_lines(_text(content)), may_be_shifted=True)


def _text(content: bytes) -> str:
    """Decode UTF-8, UTF-16 as Excel's “Unicode text” has it, or Windows-1252."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not is_utf16 and b"\x00" in content:
        raise InvalidInputError("This is not a table. Export it from your MIS as CSV, or save it as .xlsx.")
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInputError("The letters of the file cannot be read. Save it as “CSV UTF-8”.")


def _csv_lines(text: str) -> Iterator[Line]:
    announced = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)  # Excel's own first line
    separator = announced[1] if announced else _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
    number = 1
    try:
        for cells in reader:
            if number > 1 or not announced:
                yield Line(number, cells)
            number = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInputError(
            f"The file cannot be read from line {number} on: a quotation mark is missing or too many ({error})."
        ) from error


def _separator(text: str) -> str:
    """Choose the sign that makes the most known headings out of one of the first lines."""
    first = text[:100_000].splitlines()[:LOOKED_AT]
    known = {
        sign: max(sum(field_called(cell.strip(' "')) is not None for cell in line.split(sign)) for line in first)
        for sign in SEPARATORS
    }
    return max(SEPARATORS, key=lambda sign: known[sign])


def _workbook_lines(content: bytes) -> Iterator[Line]:
    try:
        _ensure_bounded(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and rules that it leaves out
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some programs write a wrong size, which would hide rows
            for number, row in enumerate(sheet.iter_rows(), start=1):
                yield Line(number, [_cell_text(cell) for cell in row[:MOST_COLUMNS]])
    except _UNREADABLE_WORKBOOK as error:
        raise InvalidInputError(
            "The workbook cannot be opened. Save it again as .xlsx with the table on its first sheet, or as CSV."
        ) from error


def _ensure_bounded(content: bytes) -> None:
    """Refuse a small file that unpacks to an enormous one; what the archive declares is also the most it yields."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise InvalidInputError("The workbook is far too large once opened. Save only the table, as .xlsx or CSV.")
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise InvalidInputError("This is not an Excel workbook. Save the table as .xlsx or as CSV.")


def _cell_text(cell: "AnyCell") -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and re.fullmatch("0+", str(cell.number_format)):
        return f"{value:0{len(str(cell.number_format))}d}"  # the zeros that the screen shows belong to the number
    return str(value)
