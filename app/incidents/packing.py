"""Ask for an evidence pack, make it in the worker, and hand it out to those who may read the incident."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.services import record
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.crypto import Sealer
from app.core.db import Database
from app.core.errors import NotFoundError, WrongStateError
from app.core.permissions import Permission
from app.incidents.account import Account, account_of
from app.incidents.models import EvidencePack, Incident, IncidentPicture, PackState
from app.incidents.pack import Packed, Trail, packed, trail_of
from app.incidents.pictures import Album
from app.incidents.policies import ensure_may_read
from app.incidents.queries import events_of, family_of, main_of
from app.incidents.workflow import PackAction, pack_workflow
from app.jobs.due import keep, promise
from app.media.storage import Storage

PACK_JOB = "incidents.pack"
TRIES = 5


class PackForm(StrEnum):
    """The two ways in which a pack is handed out."""

    ZIP = "zip"
    PDF = "pdf"


def ask_for_pack(session: Session, incident_id: UUID, *, actor: Actor) -> EvidencePack:
    """Whoever may read an incident may take its evidence along; who did, and when, is on record."""
    incident = ensure_may_read(session.get(Incident, incident_id), actor)
    waiting = sa.select(EvidencePack).where(
        EvidencePack.incident_id == incident.id, EvidencePack.state == PackState.WANTED
    )
    found = session.scalars(waiting.limit(1)).first()
    if found is not None:
        return found
    pack = EvidencePack(
        id=uuid4(),
        incident_id=incident.id,
        state=PackState.WANTED,
        wanted_at=clock.now(),
        wanted_by=actor.user_id,
    )
    session.add(pack)
    session.flush()
    promise(session, PACK_JOB, pack)
    _note(session, "incident:pack-asked-for", pack, actor)
    return pack


@dataclass(frozen=True, slots=True)
class Told:
    """What was read for a pack: everything else is done without the database."""

    account: Account
    trail: Trail
    pictures: tuple[IncidentPicture, ...]


class Packer:
    """Makes packs in the worker and opens them in the web process."""

    def __init__(self, album: Album, storage: Storage, sealer: Sealer, render: Callable[..., str]) -> None:
        self._album, self._storage, self._sealer, self._render = album, storage, sealer, render

    def run(self, database: Database, pack_id: UUID, school_id: UUID) -> None:
        with database.reading(school_id) as session:
            told = self._read(session, pack_id)
        if told is None:
            with database.transaction(school_id) as session:
                _fail(session, pack_id)
            return
        made = self._make(told, school_id)
        stored = {
            form: self._storage.put(school_id, self._sealer.seal(content, owner=_owner(pack_id, form)))
            for form, content in ((PackForm.ZIP, made.zip), (PackForm.PDF, made.pdf))
        }
        with database.transaction(school_id) as session:
            _finish(session, pack_id, made, stored)

    def open(self, pack: EvidencePack, form: PackForm) -> bytes:
        stored = pack.zip_stored if form is PackForm.ZIP else pack.pdf_stored
        if stored is None:
            raise WrongStateError("The pack is not ready yet. Wait a moment and look again.")
        return self._sealer.open(self._storage.get(pack.school_id, stored), owner=_owner(pack.id, form))

    def _read(self, session: Session, pack_id: UUID) -> Told | None:
        """Read everything at once, as the person who asked may see it now; None when they may not any more."""
        pack = session.get_one(EvidencePack, pack_id)
        person = session.get(User, pack.wanted_by) if pack.wanted_by else None
        incident = main_of(session, session.get_one(Incident, pack.incident_id))
        if person is None or pack.attempts > TRIES:
            return None
        actor = person.as_actor()
        try:
            ensure_may_read(incident, actor)
        except NotFoundError:
            return None
        account = account_of(session, incident, actor=actor, sealer=self._sealer, most_comments=None)
        about = [*family_of(session, incident), *(comment.id for comment in account.comments)]
        trail = trail_of(session, events_of(session, about))
        pictures = tuple(session.get_one(IncidentPicture, each.id) for each in account.pictures)
        return Told(account, trail, pictures)

    def _make(self, told: Told, school_id: UUID) -> Packed:
        photos = {
            photo.sha256: self._storage.get(school_id, photo.sha256)
            for post in told.account.posts
            for photo in post.photos
        }
        screenshots = {picture.id: self._album.open(picture) for picture in told.pictures}
        return packed(told.account, told.trail, photos, screenshots, self._render, at=clock.now())


def readable_pack(session: Session, pack_id: UUID, *, actor: Actor) -> EvidencePack:
    pack = session.get(EvidencePack, pack_id)
    if pack is None:
        raise NotFoundError
    ensure_may_read(main_of(session, session.get_one(Incident, pack.incident_id)), actor)
    return pack


def note_taken(session: Session, pack_id: UUID, form: PackForm, *, actor: Actor) -> EvidencePack:
    """Put on record that somebody takes a pack out of the product."""
    pack = readable_pack(session, pack_id, actor=actor)
    _note(session, "incident:pack-taken", pack, actor, form=form.value)
    return pack


def _finish(session: Session, pack_id: UUID, made: Packed, stored: dict[PackForm, str]) -> None:
    pack = session.get_one(EvidencePack, pack_id)
    worker = system_actor(pack.school_id, "evidence", Permission.INCIDENT_WRITE)
    pack.made_at = clock.now()
    pack.zip_sha256, pack.pdf_sha256 = hashlib.sha256(made.zip).hexdigest(), hashlib.sha256(made.pdf).hexdigest()
    pack.zip_stored, pack.pdf_stored = stored[PackForm.ZIP], stored[PackForm.PDF]
    pack_workflow.advance(session, pack, PackAction.FINISH, actor=worker)
    keep(pack)
    _note(session, "incident:pack-made", pack, worker, zip_sha256=pack.zip_sha256, pdf_sha256=pack.pdf_sha256)


def _fail(session: Session, pack_id: UUID) -> None:
    pack = session.get_one(EvidencePack, pack_id)
    worker = system_actor(pack.school_id, "evidence", Permission.INCIDENT_WRITE)
    pack_workflow.advance(session, pack, PackAction.FAIL, actor=worker)
    keep(pack)


def _note(session: Session, tag: str, pack: EvidencePack, actor: Actor, **facts: object) -> None:
    details: dict[str, object] = {"pack_id": pack.id, **facts}
    record(session, tag, actor=actor, subject_type="incident", subject_id=pack.incident_id, details=details)


def _owner(pack_id: UUID, form: PackForm) -> str:
    return f"evidence-pack:{pack_id}:{form.value}"
