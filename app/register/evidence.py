"""The written proof of an answer: a scan or photo of the form, sealed, for those who write the register."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.crypto import Sealer
from app.core.errors import InvalidInputError, NotFoundError
from app.core.permissions import Permission
from app.register.models import ConsentEvidence, Pupil
from consent.faces.image import PictureError
from consent.faces.isolated import IsolatedEngine, ScanError

LARGEST = 10 * 1024 * 1024
PDF = "application/pdf"
JPEG = "image/jpeg"
SCAN_SIDE = 2400
"""Longest side in pixels of a kept scan: small print can be read."""


@dataclass(frozen=True, slots=True)
class CleanScan:
    content: bytes
    media_type: str


def clean_scan(data: bytes, engine: IsolatedEngine) -> CleanScan:
    """Take a PDF as it is, and any picture anew without its metadata. Raises InvalidInputError for anything else."""
    if len(data) > LARGEST:
        raise InvalidInputError("This file is larger than 10 MB. Scan it in black and white, or take a photo of it.")
    if data.startswith(b"%PDF-"):
        return CleanScan(data, PDF)
    try:
        return CleanScan(engine.sanitise(data, SCAN_SIDE).jpeg, JPEG)
    except (PictureError, ScanError) as error:
        raise InvalidInputError(f"Add the form as a PDF or a picture. {error}") from error


def keep_evidence(session: Session, pupil: Pupil, scan: CleanScan, *, sealer: Sealer, actor: Actor) -> UUID:
    """Seal the proof and return its id, for the statement that rests on it."""
    actor.ensure(Permission.REGISTER_WRITE)
    evidence_id = uuid4()
    session.add(
        ConsentEvidence(
            id=evidence_id,
            pupil_id=pupil.id,
            media_type=scan.media_type,
            byte_count=len(scan.content),
            sealed=sealer.seal(scan.content, owner=_owner(evidence_id)),
            added_by=actor.name,
            added_at=clock.now(),
        )
    )
    session.flush()
    record(session, "evidence:added", actor=actor, subject_type="pupil", subject_id=pupil.id)
    return evidence_id


def open_evidence(session: Session, evidence_id: UUID, *, sealer: Sealer, actor: Actor) -> CleanScan:
    """Return the proof; each look is in the audit trail."""
    actor.ensure(Permission.REGISTER_WRITE)
    found = session.get(ConsentEvidence, evidence_id)
    if found is None:
        raise NotFoundError
    record(session, "evidence:opened", actor=actor, subject_type="pupil", subject_id=found.pupil_id)
    return CleanScan(sealer.open(found.sealed, owner=_owner(found.id)), found.media_type)


def _owner(evidence_id: UUID) -> str:
    return f"consent-evidence:{evidence_id}"
