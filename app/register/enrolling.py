"""Enrol a picture: from the file's name to the pupil, from the face to a sealed template."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.actors import Actor
from app.core.crypto import Sealer
from app.core.db import Database
from app.core.errors import AppError, NotFoundError
from app.register.likenesses import add_template, ensure_consented, ensure_may_enrol, is_enrolled
from app.register.matching import decide_matching, is_undecided
from app.register.models import BiometricKind, Pupil
from app.schools.models import BiometricMode
from app.schools.services import school_to_change, school_with
from consent.faces.engine import EngineUnavailableError
from consent.faces.image import PictureError
from consent.faces.isolated import IsolatedEngine, ScanError
from consent.faces.model import Vector
from consent.faces.scan import EnrolmentError

SWITCHED_ON = (
    "Face matching was off because nobody had decided on it. It is now in the mode “transient”: a photo's faces are "
    "compared in memory and forgotten. This is recorded in the audit trail as a decision of whoever runs this "
    "command; the data protection officer should confirm it. To undo it: flask --app wsgi register matching off"
)
GROUND = (
    "Pictures were enrolled from the command line. Still to be confirmed: impact assessment, advice of the data "
    "protection officer, letters to parents, a date for review."
)


class EnrolmentState(StrEnum):
    ENROLLED = "enrolled"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What became of one picture."""

    state: EnrolmentState
    sentence: str
    switched_matching_on: bool = False


class Enroller:
    """Enrols the pictures of one school, one after the other; no transaction is open while a picture is looked at."""

    def __init__(self, database: Database, engine: IsolatedEngine, sealer: Sealer, actor: Actor) -> None:
        self._database, self._engine, self._sealer, self._actor = database, engine, sealer, actor

    def enrol(self, stem: str, picture: bytes) -> Enrolment:
        """Enrol a picture whose file is called `<admission no>_<anything>`."""
        try:
            return self._enrol(stem, picture)
        except (AppError, PictureError, EnrolmentError, ScanError, EngineUnavailableError) as error:
            return Enrolment(EnrolmentState.REFUSED, str(error))

    def _enrol(self, stem: str, picture: bytes) -> Enrolment:
        digest = hashlib.sha256(picture).hexdigest()
        with self._database.reading(self._actor.school_id) as session:
            pupil = _pupil_named(session, stem)
            if self._is_undecided(session):
                ensure_consented(session, pupil)
            else:
                ensure_may_enrol(session, pupil, school_with(session, self._actor.school_id).settings)
            if is_enrolled(session, pupil.id, digest):
                return Enrolment(EnrolmentState.KNOWN, f"Already enrolled for {pupil.admission_no}.")
        return self._keep(pupil, digest, self._engine.enrol(picture))

    def _keep(self, pupil: Pupil, digest: str, vector: Vector) -> Enrolment:
        with self._database.transaction(self._actor.school_id) as session:
            school = school_to_change(session, self._actor.school_id)
            switches_on = is_undecided(school.settings)
            if switches_on:
                decide_matching(session, school, BiometricMode.TRANSIENT, because=GROUND, actor=self._actor)
            consent = add_template(
                session,
                session.get_one(Pupil, pupil.id),
                vector,
                source_sha256=digest,
                sealer=self._sealer,
                actor=self._actor,
            )
        only = ", only to keep the pupil out of pictures" if consent.kind is BiometricKind.PROTECTIVE_ONLY else ""
        return Enrolment(EnrolmentState.ENROLLED, f"Enrolled for {pupil.admission_no}{only}.", switches_on)

    def _is_undecided(self, session: Session) -> bool:
        return is_undecided(school_with(session, self._actor.school_id).settings)


def _pupil_named(session: Session, stem: str) -> Pupil:
    """Find whose picture it is: the longest beginning of the name that is an admission number."""
    for number in _beginnings(stem):
        pupil = session.scalar(sa.select(Pupil).where(Pupil.admission_no == number))
        if pupil is not None:
            return pupil
    number = stem.split("_", maxsplit=1)[0]
    raise NotFoundError(f"No pupil has the admission number “{number}”. Name the file <admission no>_<anything>.jpg.")


def _beginnings(stem: str) -> Iterator[str]:
    parts = stem.split("_")
    for length in range(len(parts), 0, -1):
        yield "_".join(parts[:length])
