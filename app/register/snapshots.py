"""The register as the consent engine reads it: a frozen picture of one moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.core.clock import london
from app.register.models import IMPORTED, UNNAMED, Adult, AdultKind, ConsentStatement, Pupil
from consent.model import ConsentState, Grant, Person, PersonKind, PersonName, Purpose

REFUSALS = (ConsentState.REFUSED, ConsentState.WITHDRAWN)


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
    return tuple(_grant(purpose, words, on) for purpose, words in standing_words(statements, on).items())


def standing_words(statements: Iterable[ConsentStatement], on: date) -> Mapping[Purpose, Sequence[ConsentStatement]]:
    """Return the newest word of each informant for each purpose, as known on that day.

    The MIS is one voice: an answer that it gave without a name ends with the next that it gives with one.
    """
    newest: dict[Purpose, dict[str, ConsentStatement]] = defaultdict(dict)
    known = [statement for statement in statements if _is_known(statement, on)]
    for statement in sorted(known, key=_moment):
        voices = newest[statement.purpose]
        if statement.how == IMPORTED:
            voices.pop(UNNAMED.casefold(), None)
        voices[statement.informant.casefold()] = statement
    return {purpose: tuple(voices.values()) for purpose, voices in newest.items()}


def _moment(statement: ConsentStatement) -> tuple[date, datetime, bool]:
    """Of a yes and a no of the same moment, the no comes last and stands."""
    return statement.given_on, statement.recorded_at, statement.state in REFUSALS


def _is_known(statement: ConsentStatement, on: date) -> bool:
    """A no counts from the moment it is heard of, whatever date was written on it; a yes from its date on."""
    if statement.given_on <= on:
        return True
    return statement.state in REFUSALS and london(statement.recorded_at).date() <= on


def _grant(purpose: Purpose, words: Sequence[ConsentStatement], on: date) -> Grant:
    states = {word.state for word in words}
    for refusal in REFUSALS:
        if refusal in states:
            return Grant(purpose, refusal)
    ends = [word.expires_on or date.max for word in words if word.state is ConsentState.GRANTED]
    if not ends:
        return Grant(purpose, ConsentState.NOT_RECORDED)
    last = max(ends)
    if last < on:
        return Grant(purpose, ConsentState.EXPIRED, last)
    return Grant(purpose, ConsentState.GRANTED, None if last == date.max else last)


def person_from_pupil(pupil: Pupil, grants: tuple[Grant, ...], *, no_publish: bool) -> Person:
    preferred = PersonName(
        pupil.preferred_forename or pupil.legal_forename, pupil.preferred_surname or pupil.legal_surname
    )
    legal = PersonName(pupil.legal_forename, pupil.legal_surname)
    names = (preferred,) if preferred == legal else (preferred, legal)
    lasting = tuple(until(grant, pupil.left_on) for grant in grants)
    return Person(str(pupil.id), PersonKind.PUPIL, names, lasting, no_publish, pupil.reg_group)


def until(grant: Grant, left_on: date | None) -> Grant:
    """No permission outlives the pupil's last day at the school."""
    if left_on is None or grant.state is not ConsentState.GRANTED:
        return grant
    return replace(grant, expires_on=min(grant.expires_on or left_on, left_on))


def person_from_adult(adult: Adult, grants: tuple[Grant, ...]) -> Person:
    group = "headteacher" if adult.kind is AdultKind.HEADTEACHER else adult.kind.value
    return Person(str(adult.id), PersonKind.ADULT, (PersonName(adult.forename, adult.surname),), grants, group=group)
