"""How the cells of a MIS export are read, each with a sentence for what cannot be."""

import re
from datetime import date, datetime, timedelta

from app.core.clock import today
from app.register.models import BiometricKind
from app.register.upn import is_upn
from consent.model import ConsentState

GRANTED = {"y", "yes", "true", "1", "granted", "confirmed", "accepted", "✓", "✔"}
REFUSED = {"n", "no", "0", "false", "not granted", "declined", "refused", "✗", "✘"}
NOT_RECORDED = {"", "pending", "requested", "unknown", "n/a", "na", "not recorded", "expired"}

DATE_FORMS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%Y/%m/%d", "%d-%b-%Y", "%d %b %Y", "%d %B %Y")
FIRST_EXCEL_DAY = date(1899, 12, 30)
_EXCEL_NUMBER = re.compile(r"[1-7]\d{4}(\.\d+)?")
_SHORTENED_NUMBER = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
LOST_LETTER = "\N{REPLACEMENT CHARACTER}"


class CellError(ValueError):
    """A cell that cannot be read, with a sentence that says how to write it."""


def words_cell(text: str, *, most: int = 100) -> str | None:
    """Read a name, a class or another short text; blank, or a dash alone, is None."""
    words = " ".join(text.split())
    if words in ("", "-", "–"):
        return None
    if words[0] in "=+@#" or not words.isprintable():
        raise CellError(f"“{_short(words)}” looks like a formula or an error of the spreadsheet. Write it as text.")
    if LOST_LETTER in words:
        raise CellError(f"“{_short(words)}” has lost a letter. Export the file as “CSV UTF-8”.")
    if len(words) > most:
        raise CellError(f"“{_short(words)}” is longer than {most} letters.")
    return words


def needed_cell(text: str, *, most: int = 100) -> str:
    words = words_cell(text, most=most)
    if words is None:
        raise CellError("It is missing.")
    return words


def number_cell(text: str) -> str:
    """Read an admission number as it is written: zeros at its start belong to it."""
    number = needed_cell(text, most=40)
    if _SHORTENED_NUMBER.fullmatch(number):
        raise CellError(f"“{number}” was shortened by a spreadsheet. Format the column as text and export again.")
    return number


def upn_cell(text: str) -> str | None:
    upn = words_cell(text)
    if upn is not None and not is_upn(upn.upper()):
        raise CellError(f"“{_short(upn)}” is not a UPN: its check letter does not fit.")
    return upn.upper() if upn else None


def email_cell(text: str) -> str | None:
    address = text.strip()
    if not address:
        return None
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise CellError(f"“{_short(address)}” is not an e-mail address.")
    return address


def consent_cell(text: str) -> ConsentState:
    word = " ".join(text.split()).lower()
    if word in GRANTED:
        return ConsentState.GRANTED
    if word in REFUSED:
        return ConsentState.REFUSED
    if word == "withdrawn":
        return ConsentState.WITHDRAWN
    if word in NOT_RECORDED:
        return ConsentState.NOT_RECORDED
    raise CellError(f"“{_short(text)}” is not an answer. Write Yes, No, or leave it blank.")


def biometric_cell(text: str) -> BiometricKind | None:
    word = " ".join(text.replace("-", " ").replace("_", " ").split()).lower()
    if word == "protective only":
        return BiometricKind.PROTECTIVE_ONLY
    try:
        state = consent_cell(text)
    except CellError as error:
        sentence = f"“{_short(text)}” is not an answer. Write Granted, Protective only, Refused, or leave it blank."
        raise CellError(sentence) from error
    if state is ConsentState.GRANTED:
        return BiometricKind.GRANTED
    return None if state is ConsentState.NOT_RECORDED else BiometricKind.REFUSED


def flag_cell(text: str) -> bool | None:
    """Read yes or no; blank is neither."""
    state = consent_cell(text)
    return None if state is ConsentState.NOT_RECORDED else state is ConsentState.GRANTED


def date_cell(text: str) -> date | None:
    """Read DD/MM/YYYY, YYYY-MM-DD, 5 Sep 2026 or Excel's count of days, with or without a time; blank is None."""
    plain = " ".join(text.split())
    if not plain:
        return None
    if _EXCEL_NUMBER.fullmatch(plain):
        return FIRST_EXCEL_DAY + timedelta(days=int(float(plain)))
    without_time = re.sub(r"[ T]\d{1,2}:\d{2}.*$", "", plain)
    for form in DATE_FORMS:
        try:
            return datetime.strptime(without_time, form).date()  # noqa: DTZ007  a day has no time zone
        except ValueError:
            continue
    raise CellError(f"“{_short(plain)}” is not a date. Write it as DD/MM/YYYY.")


def past_date_cell(text: str) -> date | None:
    day = date_cell(text)
    if day is not None and day > today():
        raise CellError(f"{day:%d/%m/%Y} is in the future.")
    return day


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
