"""What comparing faces brought goes with the templates that it rests on; what a person answered stays."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.core.actors import Actor
from app.posts.models import CheckFinding, FaceAnswer, PhotoScan
from consent.codes import Code


def forget_results(session: Session, *, pupil_id: UUID | None, reason: str, actor: Actor) -> None:
    """Delete the results that name this pupil, or anybody, with a line for the disposal log.

    Each of these scans is void by now: its scope had templates that are gone. A post that needs one is looked at anew.
    """
    scans = _scans_naming(session, pupil_id)
    for scan in scans:
        session.delete(scan)
    session.flush()
    said = sa.delete(CheckFinding).where(CheckFinding.code == Code.FACE_NOT_AS_SUGGESTED.value)
    session.execute(said.where(CheckFinding.photo_id.in_([scan.photo_id for scan in scans])))
    named = FaceAnswer.match_person_id.is_not(None) if pupil_id is None else FaceAnswer.match_person_id == pupil_id
    blanked = sa.update(FaceAnswer).where(named).values(match_person_id=None)
    forgotten = len(scans) + session.execute(blanked).rowcount  # type: ignore[attr-defined]  # an UPDATE's result has a row count
    if forgotten:
        details: dict[str, object] = {"disposed": forgotten, "what": "results of face matching", "reason": reason}
        subject = "school" if pupil_id is None else "pupil"
        record(session, "likeness:disposed", actor=actor, subject_type=subject, subject_id=pupil_id, details=details)


def _scans_naming(session: Session, pupil_id: UUID | None) -> Sequence[PhotoScan]:
    """Return the scans in which a face was said to be like this pupil; without one, those that compared at all."""
    query = sa.select(PhotoScan)
    if pupil_id is not None:
        return session.scalars(query.where(sa.cast(PhotoScan.faces, sa.Text).contains(str(pupil_id)))).all()
    return [scan for scan in session.scalars(query) if any(face["distance"] is not None for face in scan.faces)]
