"""Read a MIS export into rows, or into sentences about what is wrong with it. Nothing is written here."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import islice
from typing import TypeVar

from app.core.errors import InvalidInputError
from app.register.cells import (
    CellError,
    biometric_cell,
    consent_cell,
    date_cell,
    email_cell,
    flag_cell,
    needed_cell,
    number_cell,
    past_date_cell,
    upn_cell,
    words_cell,
)
from app.register.columns import HEADINGS, field_called
from app.register.models import BiometricKind
from app.register.spreadsheets import LOOKED_AT, Line, Sheet, open_sheet
from consent.model import ConsentState, Purpose

MOST_ROWS = 20_000
LONGEST_NOTE = 2_000
NEEDED = ("admission_no", "legal_forename", "legal_surname")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class ParentRow:
    name: str
    relationship: str | None
    has_parental_responsibility: bool | None
    """None when the file does not say."""
    email: str | None


@dataclass(frozen=True, slots=True)
class PupilRow:
    line: int
    admission_no: str
    fields: dict[str, str | date | None]
    """Columns of Pupil that the file has; a column it does not have is left alone."""
    consents: dict[Purpose, ConsentState]
    biometric: BiometricKind | None
    consent_date: date | None
    informed_by: str | None
    notes: str | None
    parents: tuple[ParentRow, ...]


@dataclass(frozen=True, slots=True)
class RowError:
    line: int
    admission_no: str
    sentence: str


@dataclass(frozen=True)
class ImportFile:
    rows: list[PupilRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    unused_columns: list[str] = field(default_factory=list)
    sha256: str = ""


def read_import(content: bytes) -> ImportFile:
    """Read CSV or XLSX. Raises InvalidInputError when the file as a whole makes no sense."""
    sheet = open_sheet(content)
    headings = _headings(sheet)
    result = ImportFile(unused_columns=headings.unused, sha256=hashlib.sha256(content).hexdigest())
    _read_rows(sheet, headings, result)
    if not result.rows and not result.errors:
        raise InvalidInputError("The file has headings but no pupils under them. Export it again.")
    return result


@dataclass(frozen=True, slots=True)
class _Headings:
    mapping: dict[int, str]
    unused: list[str]
    width: int


def _headings(sheet: Sheet) -> _Headings:
    """Find the line that names the columns: titles may stand above it."""
    best: Line | None = None
    most = -1
    for line in islice(sheet.lines, LOOKED_AT):
        known = {field_called(cell) for cell in line.cells} - {None}
        if known.issuperset(NEEDED):
            return _mapped(line)
        if len(known) > most and any(cell.strip() for cell in line.cells):
            best, most = line, len(known)
    cells = best.cells if best else []
    missing = [HEADINGS[name] for name in NEEDED if name not in {field_called(cell) for cell in cells}]
    read = ", ".join(" ".join(cell.split())[:40] for cell in cells[:12])
    raise InvalidInputError(
        f"The file lacks these columns: {', '.join(missing)}. Its first line must name them; it reads: {read}."
    )


def _mapped(line: Line) -> _Headings:
    mapping: dict[int, str] = {}
    by_field: dict[str, str] = {}
    unused = []
    parent = 1
    for position, cell in enumerate(line.cells):
        heading = " ".join(cell.split())
        found = field_called(heading, parent=parent)
        if found is None:
            unused += [heading[:60]] if heading else []
            continue
        if found in by_field:
            raise InvalidInputError(
                f"The columns “{by_field[found]}” and “{heading}” are both read as {HEADINGS[found]}. Remove one."
            )
        mapping[position] = found
        by_field[found] = heading
        if found.startswith("parent_"):
            parent = int(found[len("parent_")])
    return _Headings(mapping, unused, len(line.cells))


def _read_rows(sheet: Sheet, headings: _Headings, result: ImportFile) -> None:
    seen: dict[str, int] = {}
    upns: dict[str, int] = {}
    for line in sheet.lines:
        if not any(cell.strip() for cell in line.cells):
            continue
        if len(result.rows) + len(result.errors) >= MOST_ROWS:
            raise InvalidInputError(f"The file has more than {MOST_ROWS:,} rows. Split it.")
        row, complaints = _row(line, headings, may_be_shifted=sheet.may_be_shifted)
        upn = row.fields.get("upn")
        first = seen.setdefault(lookalike(row.admission_no), line.number) if row.admission_no else line.number
        if first != line.number:
            complaints.append(f"Admission number {row.admission_no} is already in line {first}.")
        if upn and upns.setdefault(str(upn), line.number) != line.number:
            complaints.append(f"The UPN {upn} is already in line {upns[str(upn)]}.")
        if complaints:
            result.errors.append(RowError(line.number, row.admission_no, " ".join(complaints)))
        else:
            result.rows.append(row)


def lookalike(number: str) -> str:
    """Return what is left of an admission number when a spreadsheet drops its zeros or somebody its capitals."""
    return number.casefold().lstrip("0") or "0"


class _Cells:
    """The cells of one row. Complaints are kept, so that all of a row can be mended in one go."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given
        self.complaints: list[str] = []

    def take(self, name: str, read: Callable[[str], Value], otherwise: Value) -> Value:
        try:
            return read(self.given.get(name, ""))
        except CellError as error:
            self.complaints.append(f"{HEADINGS[name]}: {error}")
            return otherwise

    def words(self, name: str, most: int = 100) -> str | None:
        return self.take(name, partial(words_cell, most=most), None)


def _row(line: Line, headings: _Headings, *, may_be_shifted: bool) -> tuple[PupilRow, list[str]]:
    given = {
        name: line.cells[position] if position < len(line.cells) else "" for position, name in headings.mapping.items()
    }
    cells = _Cells(given)
    row = PupilRow(
        line=line.number,
        admission_no=cells.take("admission_no", number_cell, ""),
        fields=_fields(cells),
        consents=_consents(cells),
        biometric=cells.take("consent_biometric", biometric_cell, None),
        consent_date=cells.take("consent_date", past_date_cell, None),
        informed_by=cells.words("informed_by", most=200),
        notes=_note(cells),
        parents=_parents(cells),
    )
    if may_be_shifted and _is_shifted(line.cells, headings.width, row):
        cells.complaints.append(
            f"The row has {len(line.cells)} cells but there are {headings.width} headings, so its answers may stand "
            "under the wrong one."
        )
    return row, cells.complaints


def _is_shifted(cells: Sequence[str], width: int, row: PupilRow) -> bool:
    """Tell whether a yes may have slipped into a column that it was not meant for."""
    if len(cells) > width:
        return any(cell.strip() for cell in cells[width:])
    says_yes = ConsentState.GRANTED in row.consents.values() or row.biometric not in (None, BiometricKind.REFUSED)
    return len(cells) < width and says_yes


def _fields(cells: _Cells) -> dict[str, str | date | None]:
    found: dict[str, str | date | None] = {
        "legal_forename": cells.take("legal_forename", needed_cell, ""),
        "legal_surname": cells.take("legal_surname", needed_cell, ""),
    }
    readers: dict[str, Callable[[str], str | date | None]] = {
        "preferred_forename": words_cell,
        "preferred_surname": words_cell,
        "year_group": partial(words_cell, most=40),
        "reg_group": partial(words_cell, most=40),
        "upn": upn_cell,
        "date_of_birth": past_date_cell,
        "admitted_on": date_cell,
        "left_on": date_cell,
    }
    return found | {name: cells.take(name, read, None) for name, read in readers.items() if name in cells.given}


def _consents(cells: _Cells) -> dict[Purpose, ConsentState]:
    """Read the consent columns. “Social media” speaks for Facebook and X unless these have columns of their own."""
    blank = ConsentState.NOT_RECORDED
    found = {
        purpose: cells.take(f"consent_{purpose}", consent_cell, blank)
        for purpose in Purpose
        if f"consent_{purpose}" in cells.given
    }
    if "consent_social" in cells.given:
        social = cells.take("consent_social", consent_cell, blank)
        for purpose in (Purpose.FACEBOOK, Purpose.X):
            found.setdefault(purpose, social)
            if social in (ConsentState.REFUSED, ConsentState.WITHDRAWN):
                found[purpose] = social
    return found


def _note(cells: _Cells) -> str | None:
    note = cells.given.get("notes", "").strip()
    if len(note) > LONGEST_NOTE:
        cells.complaints.append(f"Notes: longer than {LONGEST_NOTE:,} letters.")
    return note or None


def _parents(cells: _Cells) -> tuple[ParentRow, ...]:
    rows: dict[str, ParentRow] = {}
    for number in (1, 2):
        name = cells.words(f"parent_{number}_name", most=200)
        row = ParentRow(
            name or "",
            cells.words(f"parent_{number}_relationship", most=60),
            cells.take(f"parent_{number}_pr", flag_cell, None),
            cells.take(f"parent_{number}_email", email_cell, None),
        )
        if name:
            rows.setdefault(name.casefold(), row)
    return tuple(rows.values())
