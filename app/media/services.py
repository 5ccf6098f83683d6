"""Take pictures in: cleaned outside any transaction, stored by hash, then written down."""

import hashlib
from dataclasses import dataclass
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotPermittedError
from app.core.permissions import Permission
from app.media.models import Photo
from app.media.storage import Storage
from consent.faces.image import PictureError
from consent.faces.isolated import IsolatedEngine, ScanError

MASTER_SIDE = 2048
"""Longest side in pixels of what is kept: enough to recognise faces, no more."""


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    sha256: str
    source_sha256: str
    width: int
    height: int
    byte_count: int
    file_name: str


class Intake:
    """Cleans uploads in the engine's own process and puts them into storage."""

    def __init__(self, engine: IsolatedEngine, storage: Storage) -> None:
        self._engine = engine
        self._storage = storage

    @property
    def at_once(self) -> int:
        return self._engine.at_once

    def take(self, school_id: UUID, data: bytes, file_name: str) -> CleanPhoto:
        """Return the stored picture. Raises InvalidInputError with what to do about a file that cannot be used."""
        shown = file_name[-80:] or "The photo"
        try:
            clean = self._engine.sanitise(data, MASTER_SIDE)
        except (PictureError, ScanError) as error:
            raise InvalidInputError(f"{shown}: {error}") from error
        stored = self._storage.put(school_id, clean.jpeg)
        return CleanPhoto(stored, self.digest(data), clean.width, clean.height, len(clean.jpeg), file_name[-200:])

    @staticmethod
    def digest(data: bytes) -> str:
        """Name a file by its bytes, to know it again without keeping it."""
        return hashlib.sha256(data).hexdigest()


def add_photo(session: Session, clean: CleanPhoto, *, actor: Actor) -> Photo:
    """Write a stored picture down; the same file uploaded again is the same photo."""
    actor.ensure(Permission.POST_DRAFT)
    if actor.user_id is None:
        raise NotPermittedError("A photo is uploaded by a person.")
    known = session.scalar(sa.select(Photo).where(Photo.source_sha256 == clean.source_sha256))
    if known is not None:
        if not was_uploaded_by(session, known, actor):
            record(session, "photo:uploaded", actor=actor, subject_type="photo", subject_id=known.id)
        return known
    photo = Photo(
        id=uuid4(),
        sha256=clean.sha256,
        source_sha256=clean.source_sha256,
        width=clean.width,
        height=clean.height,
        byte_count=clean.byte_count,
        file_name=clean.file_name,
        uploaded_by=actor.user_id,
        uploaded_at=clock.now(),
    )
    session.add(photo)
    session.flush()
    record(session, "photo:uploaded", actor=actor, subject_type="photo", subject_id=photo.id)
    return photo


def was_uploaded_by(session: Session, photo: Photo, actor: Actor) -> bool:
    """Tell whether this person uploaded the photo: of the same file, whoever came second did so too."""
    if photo.uploaded_by == actor.user_id:
        return True
    again = sa.select(AuditEvent.id).where(
        AuditEvent.subject_id == photo.id, AuditEvent.tag == "photo:uploaded", AuditEvent.actor_id == actor.user_id
    )
    return session.scalars(again).first() is not None
