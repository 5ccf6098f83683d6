"""The columns of a MIS export: what schools' systems call them."""

import re

from consent.model import Purpose

PURPOSE_LABELS = {
    Purpose.FACEBOOK: "Facebook",
    Purpose.X: "X",
    Purpose.WEBSITE: "Website",
    Purpose.INTERNAL: "Internal",
    Purpose.PRESS: "Press",
    Purpose.PROSPECTUS: "Prospectus",
    Purpose.VIDEO: "Video",
    Purpose.NAME: "Name",
}

HEADINGS = {
    "upn": "UPN",
    "admission_no": "Admission No",
    "legal_forename": "Legal Forename",
    "legal_surname": "Legal Surname",
    "preferred_forename": "Preferred Forename",
    "preferred_surname": "Preferred Surname",
    "date_of_birth": "DOB",
    "year_group": "Year Group",
    "reg_group": "Reg Group",
    "admitted_on": "Date of Admission",
    "left_on": "Date of Leaving",
    "parent_1_name": "Parent 1 Name",
    "parent_1_relationship": "Parent 1 Relationship",
    "parent_1_pr": "Parent 1 PR",
    "parent_1_email": "Parent 1 Email",
    "parent_2_name": "Parent 2 Name",
    "parent_2_relationship": "Parent 2 Relationship",
    "parent_2_pr": "Parent 2 PR",
    "parent_2_email": "Parent 2 Email",
    "consent_social": "Consent: Social media",
    "consent_biometric": "Consent: Biometric",
    "consent_date": "Consent Date",
    "informed_by": "Informed By",
    "notes": "Notes",
    **{f"consent_{purpose.value}": f"Consent: {label}" for purpose, label in PURPOSE_LABELS.items()},
}
"""Our own words for the columns: shown in messages and written in exports."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    "upn": ("unique pupil number",),
    "admission_no": ("admission number", "adno", "adm no", "admissionno", "pupil id", "student id"),
    "legal_forename": ("legal first name", "forename", "first name", "given name"),
    "legal_surname": ("legal last name", "surname", "last name", "family name"),
    "preferred_forename": ("preferred first name", "chosen forename", "known as"),
    "preferred_surname": ("preferred last name", "chosen surname"),
    "date_of_birth": ("date of birth", "birth date"),
    "year_group": ("year", "nc year", "national curriculum year", "yr group", "year taught in"),
    "reg_group": ("registration group", "reg", "registration form", "reg form", "class", "form", "tutor group"),
    "admitted_on": ("admission date", "start date", "doa"),
    "left_on": ("leaving date", "leave date", "dol"),
    "parent_1_name": ("parent 1", "contact 1 name", "priority 1 contact"),
    "parent_1_relationship": ("contact 1 relationship",),
    "parent_1_pr": ("contact 1 pr",),
    "parent_1_email": ("contact 1 email",),
    "parent_2_name": ("parent 2", "contact 2 name"),
    "parent_2_relationship": ("contact 2 relationship",),
    "parent_2_pr": ("contact 2 pr",),
    "parent_2_email": ("contact 2 email",),
    "consent_social": ("social media", "social media consent"),
    "consent_biometric": ("biometric", "biometric consent"),
    "consent_x": ("consent twitter", "consent x twitter", "twitter consent"),
    "consent_date": ("date of consent", "consent given on"),
    "informed_by": ("consent given by", "consented by"),
    "notes": ("consent notes",),
}
OF_A_PARENT = {
    "relationship": "relationship",
    "pr": "pr",
    "parental responsibility": "pr",
    "email": "email",
    "parent email": "email",
}
"""Headings that belong to the parent named in the column before them."""


def _words(heading: str) -> str:
    return " ".join(re.sub(r"[^0-9a-z]+", " ", heading.lower()).split())


_FIELD_OF = (
    {_words(heading): field for field, heading in HEADINGS.items()}
    | {word: field for field, words in SYNONYMS.items() for word in words}
    | {f"{purpose.value} consent": f"consent_{purpose.value}" for purpose in Purpose}
    | {f"photo consent {purpose.value}": f"consent_{purpose.value}" for purpose in Purpose}
)


def field_called(heading: str, *, parent: int = 1) -> str | None:
    """Return our field for a column heading, whatever its case and punctuation; None for one that we do not use."""
    words = _words(heading)
    if words in OF_A_PARENT:
        return f"parent_{parent}_{OF_A_PARENT[words]}"
    return _FIELD_OF.get(words)
