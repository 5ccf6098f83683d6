"""What must be done before faces may be matched, and what of it is on record."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Self

from app.core.errors import InvalidInputError

LONGEST_UNTIL_REVIEW = timedelta(days=366)
SHORTEST_ADVICE = 20
"""Letters: “ok” is not advice."""


@dataclass(frozen=True, slots=True)
class Checklist:
    impact_assessed_on: date | None
    officer_advice: str
    governors_agreed_on: date | None
    parents_written_to_on: date | None
    children_told_on: date | None
    other_way: str
    review_on: date | None

    @classmethod
    def of(cls, given: Mapping[str, object]) -> Self:
        """Read it as a form or a row holds it; a date may be its ISO text."""
        return cls(
            impact_assessed_on=_day(given.get("impact_assessed_on")),
            officer_advice=_text(given.get("officer_advice")),
            governors_agreed_on=_day(given.get("governors_agreed_on")),
            parents_written_to_on=_day(given.get("parents_written_to_on")),
            children_told_on=_day(given.get("children_told_on")),
            other_way=_text(given.get("other_way")),
            review_on=_day(given.get("review_on")),
        )

    def told(self) -> dict[str, object]:
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}

    def lines(self) -> list[tuple[str, str]]:
        """Return what a page shows, line by line."""
        return [(LABELS[name], _words(value)) for name, value in asdict(self).items()]


DONE = ("impact_assessed_on", "governors_agreed_on", "parents_written_to_on", "children_told_on")
"""What lies behind the school when it decides."""
LABELS = {
    "impact_assessed_on": "Impact assessment finished",
    "officer_advice": "Advice of the data protection officer",
    "governors_agreed_on": "Governors agreed",
    "parents_written_to_on": "Letters sent to each parent of every pupil",
    "children_told_on": "Pupils told, in a notice that a child understands",
    "other_way": "The other way, for whoever does not consent",
    "review_on": "To be reviewed by",
}
MISSING = {
    "impact_assessed_on": "Enter when the impact assessment was finished",
    "officer_advice": "Write down what the data protection officer advised, in a sentence or more",
    "governors_agreed_on": "Enter when the governors agreed",
    "parents_written_to_on": "Enter when the letters went to each parent of every pupil",
    "children_told_on": "Enter when the pupils were told",
    "other_way": "Describe the other way in a sentence or more, as parents were told of it",
    "review_on": "Enter when the decision is to be reviewed",
}


def shortcomings(checklist: Checklist, *, on: date) -> dict[str, str]:
    """Return what is missing or cannot be, by field; empty when matching may be switched on."""
    found = {name: MISSING[name] for name, value in asdict(checklist).items() if _is_missing(value)}
    for name in DONE:
        given = getattr(checklist, name)
        if given is not None and given > on:
            found[name] = "This date is in the future: enter it once it is done"
    assessed, agreed = checklist.impact_assessed_on, checklist.governors_agreed_on
    if assessed and agreed and assessed > agreed:
        found.setdefault("impact_assessed_on", "The impact assessment comes first: the governors decide on it")
    if checklist.review_on is not None and not on < checklist.review_on <= on + LONGEST_UNTIL_REVIEW:
        found["review_on"] = "Choose a day within the next twelve months"
    return found


def ensure_complete(checklist: Checklist, *, on: date) -> None:
    found = shortcomings(checklist, on=on)
    if found:
        raise InvalidInputError(f"The checklist is not complete. {'. '.join(found.values())}.")


def _day(value: object) -> date | None:
    if isinstance(value, str) and value:
        return date.fromisoformat(value)
    return value if isinstance(value, date) else None


def _text(value: object) -> str:
    return str(value or "").strip()


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, str) and len(value) < SHORTEST_ADVICE)


def _words(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "–")
