"""The made-up pupils, as a MIS export would list them, with consents of every state."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from app.core import clock

PICTURES = Path(__file__).parent / "pictures"

REFUSED = {"P05", "P12"}
"""Omar Rahimi and Theo Ashworth may not be shown; they are enrolled to keep them out of pictures."""
NOT_RECORDED = {"P14", "P26"}
LAPSED = {"P18"}
FACEBOOK_ONLY = {"P09", "P24"}
NO_BIOMETRIC = {"P01", "P16", "P23", "P28"}
MAY_BE_NAMED = {"P06", "P13", "P19", "P21", "P27"}


def people() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((PICTURES / "manifest.json").read_text())["people"]
    return found


def pupils_csv() -> bytes:
    """Return the register of the made-up school as a CSV export."""
    output = io.StringIO(newline="")
    writer = csv.writer(output)
    writer.writerow(
        [
            "Admission No", "Legal Forename", "Legal Surname", "DOB", "Year Group", "Reg Group", "Parent 1 Name", "Relationship",
            "PR", "Consent: Internal", "Consent: Website", "Consent: Facebook", "Consent: X", "Consent: Name",
            "Consent: Biometric", "Consent Date", "Informed By",
        ]
    )  # fmt: skip
    for person in people():
        if person["role"] == "pupil":
            writer.writerow(_row(person))
    return output.getvalue().encode()


def _row(person: dict[str, Any]) -> list[str]:
    key: str = person["id"]
    forename, _, surname = person["name"].partition(" ")
    today = clock.today()
    answer = "No" if key in REFUSED else "" if key in NOT_RECORDED else "Yes"
    given = date(today.year - 2, 9, 5) if key in LAPSED else _this_school_year(today)
    biometric = "Protective only" if key in REFUSED else "" if key in NO_BIOMETRIC | NOT_RECORDED else "Granted"
    return [
        key, forename, surname, f"12/04/{today.year - person['age'] - 1}", person["year"], person["class"],
        f"Parent of {forename}", "Mother", "Yes", "Yes" if answer == "Yes" else answer, answer, answer,
        "No" if key in FACEBOOK_ONLY else answer, "Yes" if key in MAY_BE_NAMED else "", biometric,
        given.strftime("%d/%m/%Y"), f"Parent of {forename}",
    ]  # fmt: skip


def _this_school_year(today: date) -> date:
    return date(today.year - (today.month < 9), 9, min(5, today.day) if today.month == 9 else 5)


def portraits() -> list[tuple[str, Path]]:
    """Return admission number and picture of every pupil who may be enrolled."""
    return [
        (person["id"], PICTURES / portrait["file"])
        for person in people()
        if person["role"] == "pupil" and person["id"] not in NO_BIOMETRIC | NOT_RECORDED
        for portrait in person["portraits"]
    ]
