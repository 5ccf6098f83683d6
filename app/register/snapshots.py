"""The register as the consent engine reads it: a frozen picture of one moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.register.models import Adult, AdultKind, ConsentStatement, Pupil
from consent.model import ConsentState, Grant, Person, PersonKind, PersonName, Purpose


@dataclass(frozen=True)
class RegisterSnapshot:
    """Satisfies `consent.ports.Register`."""

    everyone: Mapping[str, Person]

    def people(self) -> Sequence[Person]:
        return tuple(self.everyone.values())

    def person(self, person_id: str) -> Person | None:
        return self.everyone.get(person_id)


def grants_from(statements: Iterable[ConsentStatement], on: date) -> tuple[Grant, ...]:
    """Weigh every informant's newest word: any 'no' wins, a grant must be in date, and silence is not consent."""
    newest: dict[Purpose, dict[str, ConsentStatement]] = defaultdict(dict)
    for statement in sorted(statements, key=lambda item: (item.given_on, item.recorded_at)):
        newest[statement.purpose][statement.informant.casefold()] = statement
    return tuple(_grant(purpose, list(words.values()), on) for purpose, words in newest.items())


def _grant(purpose: Purpose, words: Sequence[ConsentStatement], on: date) -> Grant:
    states = {word.state for word in words}
    for refusal in (ConsentState.REFUSED, ConsentState.WITHDRAWN):
        if refusal in states:
            return Grant(purpose, refusal)
    granted = [word for word in words if word.state is ConsentState.GRANTED]
    if not granted:
        return Grant(purpose, ConsentState.NOT_RECORDED)
    ends = [word.expires_on for word in granted if word.expires_on is not None]
    expires_on = min(ends) if ends else None
    if expires_on is not None and expires_on < on:
        return Grant(purpose, ConsentState.EXPIRED, expires_on)
    return Grant(purpose, ConsentState.GRANTED, expires_on)


def person_from_pupil(pupil: Pupil, grants: tuple[Grant, ...], *, no_publish: bool) -> Person:
    preferred = PersonName(
        pupil.preferred_forename or pupil.legal_forename, pupil.preferred_surname or pupil.legal_surname
    )
    legal = PersonName(pupil.legal_forename, pupil.legal_surname)
    names = (preferred,) if preferred == legal else (preferred, legal)
    return Person(str(pupil.id), PersonKind.PUPIL, names, grants, no_publish, pupil.reg_group)


def person_from_adult(adult: Adult, grants: tuple[Grant, ...]) -> Person:
    group = "headteacher" if adult.kind is AdultKind.HEADTEACHER else adult.kind.value
    return Person(str(adult.id), PersonKind.ADULT, (PersonName(adult.forename, adult.surname),), grants, group=group)
