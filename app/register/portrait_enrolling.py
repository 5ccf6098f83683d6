"""Enrol a pupil's portraits from the page: each is looked at, told in words, and only its numbers are kept."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.actors import Actor
from app.core.crypto import Sealer
from app.core.db import Database
from app.core.errors import AppError
from app.core.permissions import Permission
from app.register.biometrics import dispose_of_templates
from app.register.likenesses import add_template, ensure_may_enrol, is_enrolled
from app.register.models import PortraitView, Pupil
from app.register.portraits import DUE_AFTER, ENOUGH
from app.register.services import pupil_with
from app.schools.models import SchoolSettings
from app.schools.services import school_with
from consent.faces.engine import EngineUnavailableError
from consent.faces.image import PictureError
from consent.faces.isolated import IsolatedEngine, ScanError
from consent.faces.scan import BLURRED, EnrolmentError, Portrait
from consent.model import Quality

LARGEST = 30 * 1024 * 1024
STRAIGHT, ASIDE, TOO_FAR = 25.0, 12.0, 60.0
"""Degrees between nose and camera: a front view at most, a side view at least, and where recognising ends."""


@dataclass(frozen=True, slots=True)
class PortraitOutcome:
    view: PortraitView
    is_kept: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class _Seen:
    view: PortraitView
    digest: str
    portrait: Portrait


class PortraitEnroller:
    """Looks at portraits while no transaction is open, then keeps those that can serve, all at once."""

    def __init__(self, database: Database, engine: IsolatedEngine, sealer: Sealer, actor: Actor) -> None:
        self._database, self._engine, self._sealer, self._actor = database, engine, sealer, actor

    def enrol(self, pupil_id: UUID, pictures: Mapping[PortraitView, bytes]) -> list[PortraitOutcome]:
        """Return what became of each picture. Raises AppError when this pupil may not be enrolled at all."""
        self._actor.ensure(Permission.REGISTER_ENROL)
        with self._database.reading(self._actor.school_id) as session:
            ensure_may_enrol(session, pupil_with(session, pupil_id), self._settings(session))
        seen, outcomes = [], []
        for view, picture in pictures.items():
            looked = self._look(view, picture)
            if isinstance(looked, PortraitOutcome):
                outcomes.append(looked)
            else:
                seen.append(looked)
        outcomes += self._keep(pupil_id, seen) if seen else []
        return sorted(outcomes, key=lambda outcome: list(PortraitView).index(outcome.view))

    def _look(self, view: PortraitView, picture: bytes) -> _Seen | PortraitOutcome:
        try:
            if len(picture) > LARGEST:
                raise EnrolmentError("The file is larger than 30 MB. Use a smaller copy.")
            portrait = self._engine.portrait(picture)
            if portrait.quality.turned > TOO_FAR:
                raise EnrolmentError("The face is turned too far aside. Both eyes should be seen.")
        except (PictureError, EnrolmentError, ScanError, EngineUnavailableError) as error:
            return PortraitOutcome(view, is_kept=False, sentence=str(error))
        return _Seen(view, hashlib.sha256(picture).hexdigest(), portrait)

    def _keep(self, pupil_id: UUID, seen: list[_Seen]) -> list[PortraitOutcome]:
        with self._database.transaction(self._actor.school_id) as session:
            pupil = pupil_with(session, pupil_id)
            outcomes = [self._keep_one(session, pupil, one) for one in seen]
            if sum(outcome.is_kept for outcome in outcomes) >= ENOUGH:
                limit = clock.now() - DUE_AFTER
                reason = "replaced by newer portraits"
                dispose_of_templates(session, pupil.id, reason=reason, actor=self._actor, before=limit)
            return outcomes

    def _keep_one(self, session: Session, pupil: Pupil, one: _Seen) -> PortraitOutcome:
        try:
            if is_enrolled(session, pupil.id, one.digest):
                return PortraitOutcome(one.view, is_kept=False, sentence="This very picture is enrolled already.")
        except AppError as error:
            return PortraitOutcome(one.view, is_kept=False, sentence=error.sentence)
        add_template(
            session,
            pupil,
            one.portrait.vector,
            source_sha256=one.digest,
            view=one.view,
            sealer=self._sealer,
            actor=self._actor,
        )
        return PortraitOutcome(one.view, is_kept=True, sentence=quality_in_words(one.portrait.quality, one.view))

    def _settings(self, session: Session) -> SchoolSettings:
        return school_with(session, self._actor.school_id).settings


def quality_in_words(quality: Quality, view: PortraitView) -> str:
    """Say what could be better next time; every sentence begins with what was done."""
    remarks = []
    if view is PortraitView.FRONT and quality.turned > STRAIGHT:
        remarks.append("the face looks aside: a front view looks into the camera")
    if view is not PortraitView.FRONT and quality.turned < ASIDE:
        remarks.append("the face looks straight ahead: turn the head a little, so that both eyes are still seen")
    if quality.sharpness < 2 * BLURRED:
        remarks.append("it is rather soft: hold still and find more light")
    if quality.covered > 0:
        remarks.append("part of the face is cut off or hidden")
    return "Kept, and good." if not remarks else f"Kept. It could be better: {'; '.join(remarks)}."
