"""Read a MIS export into rows, or into sentences about what is wrong with it. Nothing is written here."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from app.core.clock import today
from app.core.errors import InvalidInputError
from app.register.columns import CellError, biometric_cell, consent_cell, date_cell, field_called, flag_cell
from app.register.models import BiometricKind
from app.register.upn import is_upn
from consent.model import ConsentState, Purpose


class _Reader(Protocol):
    """A csv reader: rows of cells, and the line it is at."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


MOST_ROWS = 20_000
LONGEST_CELL = 2_000
NEEDED = ("admission_no", "legal_forename", "legal_surname")


@dataclass(frozen=True, slots=True)
class ParentRow:
    name: str
    relationship: str | None
    has_parental_responsibility: bool
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


def read_import(content: bytes) -> ImportFile:
    """Read a CSV file in UTF-8 or Windows-1252. Raises InvalidInputError when the file as a whole makes no sense."""
    reader = csv.reader(io.StringIO(_text(content), newline=""))
    try:
        header = next(reader, [])
        mapping, unused = _mapping(header)
        return _read_rows(reader, mapping, unused)
    except csv.Error as error:
        raise InvalidInputError(f"The file is not a readable CSV file ({error}). Export it again.") from error


def _text(content: bytes) -> str:
    if b"\x00" in content or content[:2] == b"PK":
        raise InvalidInputError("This is not a CSV file. In your MIS or spreadsheet choose “Save as CSV”.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _mapping(header: list[str]) -> tuple[dict[int, str], list[str]]:
    mapping: dict[int, str] = {}
    unused = []
    for position, heading in enumerate(header):
        found = field_called(heading)
        if found is None:
            unused.append(heading)
        elif found in mapping.values():
            raise InvalidInputError(f"Two columns are both read as “{heading}”. Remove one of them.")
        else:
            mapping[position] = found
    missing = [name.replace("_", " ") for name in NEEDED if name not in mapping.values()]
    if missing:
        raise InvalidInputError(f"The file lacks these columns: {', '.join(missing)}. The first line must name them.")
    return mapping, unused


def _read_rows(reader: _Reader, mapping: dict[int, str], unused: list[str]) -> ImportFile:
    result = ImportFile(unused_columns=unused)
    seen: dict[str, int] = {}
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        line = reader.line_num
        if len(result.rows) + len(result.errors) >= MOST_ROWS:
            raise InvalidInputError(f"The file has more than {MOST_ROWS} rows. Split it.")
        given = {name: cells[position].strip() if position < len(cells) else "" for position, name in mapping.items()}
        try:
            row = _row(line, given)
            if row.admission_no in seen:
                raise CellError(f"Admission number {row.admission_no} is already in line {seen[row.admission_no]}.")
        except CellError as error:
            result.errors.append(RowError(line, given["admission_no"], str(error)))
        else:
            seen[row.admission_no] = line
            result.rows.append(row)
    return result


def _row(line: int, given: dict[str, str]) -> PupilRow:
    for name in NEEDED:
        if not given[name]:
            raise CellError(f"The {name.replace('_', ' ')} is missing.")
    if any(len(cell) > LONGEST_CELL for cell in given.values()):
        raise CellError("A cell is far too long. Check the row.")
    upn = given.get("upn", "").upper()
    if upn and not is_upn(upn):
        raise CellError(f"“{upn}” is not a UPN: its check letter does not fit.")
    return PupilRow(
        line=line,
        admission_no=given["admission_no"][:40],
        fields=_pupil_fields(given, upn),
        consents=_consents(given),
        biometric=biometric_cell(given.get("consent_biometric", "")),
        consent_date=_past(date_cell(given.get("consent_date", ""))),
        informed_by=given.get("informed_by") or None,
        notes=given.get("notes") or None,
        parents=_parents(given),
    )


def _pupil_fields(given: dict[str, str], upn: str) -> dict[str, str | date | None]:
    words = ("legal_forename", "legal_surname", "preferred_forename", "preferred_surname")
    fields: dict[str, str | date | None] = {name: given[name][:100] or None for name in words if name in given}
    fields |= {name: given[name][:40] or None for name in ("year_group", "reg_group") if name in given}
    fields |= {name: date_cell(given[name]) for name in ("date_of_birth", "admitted_on", "left_on") if name in given}
    if "upn" in given:
        fields["upn"] = upn or None
    return fields


def _consents(given: dict[str, str]) -> dict[Purpose, ConsentState]:
    """Read the consent columns. “Social media” speaks for Facebook and X unless these have columns of their own."""
    found = {purpose: consent_cell(given[f"consent_{purpose}"]) for purpose in Purpose if f"consent_{purpose}" in given}
    if "consent_social" in given:
        social = consent_cell(given["consent_social"])
        for purpose in (Purpose.FACEBOOK, Purpose.X):
            found.setdefault(purpose, social)
            if social is ConsentState.REFUSED:
                found[purpose] = ConsentState.REFUSED
    return found


def _parents(given: dict[str, str]) -> tuple[ParentRow, ...]:
    rows = []
    for number in (1, 2):
        name = given.get(f"parent_{number}_name", "")
        if name:
            rows.append(
                ParentRow(
                    name[:200],
                    given.get(f"parent_{number}_relationship", "")[:60] or None,
                    flag_cell(given.get(f"parent_{number}_pr", "")),
                    given.get(f"parent_{number}_email", "")[:254] or None,
                )
            )
    return tuple(rows)


def _past(day: date | None) -> date | None:
    if day is not None and day > today():
        raise CellError(f"The consent date {day:%d/%m/%Y} is in the future.")
    return day
