"""Screenshots that belong to an incident: made anew like every upload, sealed, and apart from the photos for posts."""

import hashlib
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.crypto import Sealer
from app.core.errors import InvalidInputError, NotFoundError
from app.incidents.models import Incident, IncidentPicture
from app.incidents.policies import as_writer, ensure_may_read
from app.incidents.queries import main_of
from app.media.storage import Storage
from consent.faces.image import PictureError
from consent.faces.isolated import IsolatedEngine, ScanError

LONGEST_SIDE = 2048


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture that lies sealed in the storage, before its row is written."""

    id: UUID
    sha256: str
    stored: str


class Album:
    """Takes screenshots in and opens them again. No face is ever looked for in them."""

    def __init__(self, engine: IsolatedEngine, storage: Storage, sealer: Sealer) -> None:
        self._engine, self._storage, self._sealer = engine, storage, sealer

    def take(self, school_id: UUID, content: bytes) -> CleanPicture:
        """Make the picture anew and seal it; the file itself is not kept."""
        try:
            clean = self._engine.sanitise(content, LONGEST_SIDE)
        except (PictureError, ScanError) as error:
            raise InvalidInputError(f"The screenshot: {error}") from error
        picture_id = uuid4()
        sealed = self._sealer.seal(clean.jpeg, owner=_owner(picture_id))
        return CleanPicture(picture_id, hashlib.sha256(clean.jpeg).hexdigest(), self._storage.put(school_id, sealed))

    def open(self, picture: IncidentPicture) -> bytes:
        sealed = self._storage.get(picture.school_id, picture.stored)
        return self._sealer.open(sealed, owner=_owner(picture.id))

    def destroy(self, picture: IncidentPicture) -> None:
        self._storage.remove(picture.school_id, picture.stored)


def add_picture(session: Session, incident: Incident, clean: CleanPicture, *, actor: Actor) -> None:
    session.add(
        IncidentPicture(
            id=clean.id,
            incident_id=incident.id,
            added_at=clock.now(),
            added_by=actor.user_id,
            sha256=clean.sha256,
            stored=clean.stored,
        )
    )
    _note(session, "incident:picture-added", incident, clean.id, actor)


def add_picture_to(session: Session, incident_id: UUID, clean: CleanPicture, *, actor: Actor) -> None:
    incident, _ = as_writer(session.get(Incident, incident_id), actor)
    add_picture(session, incident, clean, actor=actor)


def readable_picture(session: Session, picture_id: UUID, *, actor: Actor) -> IncidentPicture:
    picture = session.get(IncidentPicture, picture_id)
    if picture is None or picture.removed_at is not None:
        raise NotFoundError
    ensure_may_read(main_of(session, session.get_one(Incident, picture.incident_id)), actor)
    return picture


def remove_picture(session: Session, picture_id: UUID, *, reason: str, actor: Actor) -> IncidentPicture:
    """Forget a picture that should not be here, such as one of abuse; that it was here stays in the record."""
    picture = readable_picture(session, picture_id, actor=actor)
    incident, _ = as_writer(main_of(session, session.get_one(Incident, picture.incident_id)), actor)
    if not reason.strip():
        raise InvalidInputError("Say why the picture is removed. It cannot be brought back.")
    picture.removed_at, picture.removed_because = clock.now(), reason.strip()[:2000]
    _note(session, "incident:picture-removed", incident, picture.id, actor)
    return picture


def _note(session: Session, tag: str, incident: Incident, picture_id: UUID, actor: Actor) -> None:
    details: dict[str, object] = {"picture_id": picture_id}
    record(session, tag, actor=actor, subject_type="incident", subject_id=incident.id, details=details)


def _owner(picture_id: UUID) -> str:
    return f"incident-picture:{picture_id}"
