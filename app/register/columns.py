"""The columns of a MIS export: what schools' systems call them, and how their cells are read."""

import re
from datetime import date, datetime

from app.register.models import BiometricKind
from consent.model import ConsentState, Purpose

SYNONYMS: dict[str, tuple[str, ...]] = {
    "upn": ("upn", "unique pupil number"),
    "admission_no": ("admission no", "admission number", "adno", "adm no", "admissionno", "pupil id", "student id"),
    "legal_forename": ("legal forename", "legal first name", "forename", "first name", "given name"),
    "legal_surname": ("legal surname", "legal last name", "surname", "last name", "family name"),
    "preferred_forename": ("preferred forename", "preferred first name", "chosen forename", "known as"),
    "preferred_surname": ("preferred surname", "preferred last name", "chosen surname"),
    "date_of_birth": ("dob", "date of birth", "birth date"),
    "year_group": ("year group", "year", "nc year", "national curriculum year", "yr group"),
    "reg_group": ("reg group", "registration group", "reg", "registration form", "class", "form", "tutor group"),
    "admitted_on": ("date of admission", "admission date", "start date", "doa"),
    "left_on": ("date of leaving", "leaving date", "leave date", "dol"),
    "parent_1_name": ("parent 1 name", "parent 1", "contact 1 name", "priority 1 contact"),
    "parent_1_relationship": ("parent 1 relationship", "relationship", "contact 1 relationship"),
    "parent_1_pr": ("parent 1 pr", "pr", "parental responsibility", "contact 1 pr"),
    "parent_1_email": ("parent 1 email", "email", "contact 1 email", "parent email"),
    "parent_2_name": ("parent 2 name", "parent 2", "contact 2 name"),
    "parent_2_relationship": ("parent 2 relationship", "contact 2 relationship"),
    "parent_2_pr": ("parent 2 pr", "contact 2 pr"),
    "parent_2_email": ("parent 2 email", "contact 2 email"),
    "consent_social": ("consent social media", "social media", "social media consent"),
    "consent_biometric": ("consent biometric", "biometric", "biometric consent"),
    "consent_date": ("consent date", "date of consent", "consent given on"),
    "informed_by": ("informed by", "consent given by", "consented by"),
    "notes": ("notes", "consent notes"),
    **{
        f"consent_{purpose.value}": (
            f"consent {purpose.value}",
            f"{purpose.value} consent",
            f"photo consent {purpose.value}",
        )
        for purpose in Purpose
    },
}
SYNONYMS["consent_x"] += ("consent twitter", "consent x twitter", "twitter consent")

_FIELD_OF = {word: field for field, words in SYNONYMS.items() for word in words}

GRANTED = {"y", "yes", "true", "1", "granted", "confirmed", "accepted", "✓", "✔"}
REFUSED = {"n", "no", "0", "false", "not granted", "declined", "refused", "✗", "✘"}
NOT_RECORDED = {"", "pending", "requested", "unknown", "n/a", "na", "not recorded"}


class CellError(ValueError):
    """A cell that cannot be read, with a sentence that says how to write it."""


def field_called(header: str) -> str | None:
    """Return our field for a column heading, whatever its case and punctuation; None for one that we do not use."""
    words = " ".join(re.sub(r"[^0-9a-z]+", " ", header.lower()).split())
    return _FIELD_OF.get(words)


def consent_cell(text: str) -> ConsentState:
    word = " ".join(text.split()).lower()
    if word in GRANTED:
        return ConsentState.GRANTED
    if word in REFUSED:
        return ConsentState.REFUSED
    if word in NOT_RECORDED:
        return ConsentState.NOT_RECORDED
    raise CellError(f"“{text}” is not an answer. Write Yes, No, or leave it blank.")


def biometric_cell(text: str) -> BiometricKind | None:
    word = " ".join(text.replace("-", " ").split()).lower()
    if word == "protective only":
        return BiometricKind.PROTECTIVE_ONLY
    state = consent_cell(text)
    if state is ConsentState.GRANTED:
        return BiometricKind.GRANTED
    return BiometricKind.REFUSED if state is ConsentState.REFUSED else None


def date_cell(text: str) -> date | None:
    """Read DD/MM/YYYY (also with dots or dashes) or YYYY-MM-DD; blank is None."""
    plain = text.strip().split(" ")[0]
    if not plain:
        return None
    for form in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007  a day has no time zone
        except ValueError:
            continue
    raise CellError(f"“{text}” is not a date. Write it as DD/MM/YYYY.")


def flag_cell(text: str) -> bool:
    return consent_cell(text) is not ConsentState.REFUSED
