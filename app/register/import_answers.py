"""Which answers of a row of a MIS export are news, and which an earlier no outranks."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID, uuid4

from app.core import clock
from app.register.biometrics import BiometricAnswer, Words, active_among, objection_among
from app.register.import_file import PupilRow
from app.register.models import IMPORTED, UNNAMED, BiometricKind, Capacity, ConsentStatement
from app.register.services import end_of_school_year
from app.register.snapshots import REFUSALS, grants_from, standing_words, until
from consent.model import ConsentState, Purpose

Statements = Sequence[ConsentStatement]


class Answers:
    """The consent columns of one row."""

    def __init__(self, row: PupilRow, statements: Statements, *, pupil_id: UUID, today: date, recorded_by: str) -> None:
        self._row, self._statements, self._pupil_id = row, statements, pupil_id
        self._today, self._recorded_by = today, recorded_by
        self._standing = standing_words(statements, today)
        self.kept_refusals: list[Purpose] = []
        self.kept_expired: list[Purpose] = []

    def states(self, statements: Statements, left_on: date | None) -> dict[Purpose, ConsentState]:
        """Return what counts today, as the consent checks would read it."""
        grants = grants_from(statements, self._today)
        found = {grant.purpose: until(grant, left_on).state_on(self._today) for grant in grants}
        return {purpose: found.get(purpose, ConsentState.NOT_RECORDED) for purpose in Purpose}

    def fresh(self, before: Mapping[Purpose, ConsentState]) -> Statements:
        return [
            self._statement(purpose, state)
            for purpose, state in self._row.consents.items()
            if state is not ConsentState.NOT_RECORDED and self._is_news(purpose, state, before[purpose])
        ]

    def _is_news(self, purpose: Purpose, state: ConsentState, before: ConsentState) -> bool:
        if self._is_written_down(purpose, state):
            return False
        if state in REFUSALS:
            return before not in REFUSALS
        if self._is_outranked(purpose):
            self.kept_refusals.append(purpose)
            return False
        if self._row.consent_date is None:
            if before is ConsentState.EXPIRED:
                self.kept_expired.append(purpose)
            return before is ConsentState.NOT_RECORDED
        granted = [word for word in self._standing.get(purpose, ()) if word.state is ConsentState.GRANTED]
        return all(word.given_on < self._row.consent_date for word in granted)

    def _is_outranked(self, purpose: Purpose) -> bool:
        """A no stands against a yes that is not newer, has no date, or comes from somebody else."""
        refusals = [word for word in self._standing.get(purpose, ()) if word.state in REFUSALS]
        return not all(_may_supersede(self._row, word.informant, word.how, word.given_on) for word in refusals)

    def _is_written_down(self, purpose: Purpose, state: ConsentState) -> bool:
        """The same file can be brought in twice."""
        if self._row.consent_date is None:
            return False
        told = (purpose, state, informant_of(self._row).casefold(), self._row.consent_date)
        return any(
            told == (word.purpose, word.state, word.informant.casefold(), word.given_on) for word in self._statements
        )

    def _statement(self, purpose: Purpose, state: ConsentState) -> ConsentStatement:
        given_on = self._row.consent_date or self._today
        return ConsentStatement(
            id=uuid4(),
            pupil_id=self._pupil_id,
            purpose=purpose,
            state=state,
            informant=informant_of(self._row),
            capacity=Capacity.PARENT,
            given_on=given_on,
            how=IMPORTED,
            expires_on=end_of_school_year(given_on) if state is ConsentState.GRANTED else None,
            note=self._row.notes,
            recorded_by=self._recorded_by,
            recorded_at=clock.now(),
        )


def _may_supersede(row: PupilRow, informant: str, how: str, given_on: date) -> bool:
    """Tell whether a yes of this row ends that no: it must be newer, and of the same voice."""
    same_voice = informant.casefold() == informant_of(row).casefold() or (how == IMPORTED and informant == UNNAMED)
    return same_voice and row.consent_date is not None and given_on < row.consent_date


def biometric_news(row: PupilRow, words: Words, *, today: date, has_left: bool) -> tuple[BiometricAnswer | None, bool]:
    """Return the answer to write, if it is news, and whether an objection stands in its way."""
    if row.biometric is None or (has_left and row.biometric is not BiometricKind.REFUSED):
        return None, False
    answer = BiometricAnswer(row.biometric, informant_of(row), Capacity.PARENT, IMPORTED, row.consent_date or today)
    active, objection = active_among(words), objection_among(words)
    if row.biometric is BiometricKind.REFUSED:
        return (answer if active or objection is None else None), False
    if objection and not _may_supersede(row, objection.informant, objection.how, objection.given_on):
        return None, True
    if active is None or (active.kind is not row.biometric and _may_change(active.kind, active.given_on, row)):
        return answer, False
    return None, False


def _may_change(kind: BiometricKind, given_on: date, row: PupilRow) -> bool:
    """Narrowing counts at once; widening needs a newer, dated word."""
    if kind is BiometricKind.GRANTED:
        return True
    return row.consent_date is not None and given_on < row.consent_date


def informant_of(row: PupilRow) -> str:
    return row.informed_by or UNNAMED
