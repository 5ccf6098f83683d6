"""Enrolled faces: sealed templates in, an open gallery out, for the moment of one comparison."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.crypto import SealBrokenError, Sealer
from app.core.errors import WrongStateError
from app.core.permissions import Permission
from app.register.models import BiometricConsent, BiometricKind, FaceTemplate, PortraitView, Pupil
from app.register.queries import active_biometric_consent, is_present
from app.register.versions import touch_register
from app.schools.models import BiometricMode, SchoolSettings
from app.schools.services import school_to_change
from consent.faces.matcher import Gallery
from consent.faces.model import Vector

RESEALED_AT_ONCE = 200
UNREADABLE = "A face template cannot be opened with this installation’s keys."


def gallery(session: Session, settings: SchoolSettings, sealer: Sealer, person_ids: Collection[UUID] | None) -> Gallery:
    """Open the templates of these pupils, or of all. Empty wherever the school's decision allows no comparison."""
    if not _may_compare(session, settings, person_ids):
        return Gallery({})
    query = (
        sa.select(FaceTemplate, BiometricConsent.kind)
        .join(BiometricConsent, BiometricConsent.id == FaceTemplate.biometric_consent_id)
        .join(Pupil, Pupil.id == FaceTemplate.pupil_id)
        .where(is_present(clock.today()))
    )
    if person_ids is not None:
        query = query.where(FaceTemplate.pupil_id.in_(person_ids))
    templates: dict[str, list[Vector]] = defaultdict(list)
    only_to_protect = set()
    for template, kind in session.execute(query):
        templates[str(template.pupil_id)].append(_open(template, sealer))
        if kind is BiometricKind.PROTECTIVE_ONLY:
            only_to_protect.add(str(template.pupil_id))
    return Gallery(templates, frozenset(only_to_protect))


def _may_compare(session: Session, settings: SchoolSettings, person_ids: Collection[UUID] | None) -> bool:
    """In strict mode faces are compared only when everybody who may be in the picture has biometric consent."""
    if settings.biometric_mode is not BiometricMode.STRICT:
        return settings.biometric_mode is BiometricMode.TRANSIENT
    if not person_ids:
        return False
    consented = sa.select(BiometricConsent.pupil_id).where(BiometricConsent.is_active.is_(True))
    return set(person_ids) <= set(session.scalars(consented))


def ensure_may_enrol(session: Session, pupil: Pupil, settings: SchoolSettings) -> BiometricConsent:
    """Return the consent that enrolment rests on, or say why there must be none."""
    if settings.biometric_mode is BiometricMode.OFF:
        raise WrongStateError("This school has face matching switched off, so nobody can be enrolled.")
    return ensure_consented(session, pupil)


def ensure_consented(session: Session, pupil: Pupil) -> BiometricConsent:
    """Return the consent that a template of this pupil would rest on."""
    if pupil.left_on is not None and pupil.left_on < clock.today():
        raise WrongStateError(f"{pupil.admission_no} has left, so no picture may be enrolled.")
    consent = active_biometric_consent(session, pupil.id)
    if consent is None:
        raise WrongStateError(f"{pupil.admission_no} has no biometric consent, so no picture may be enrolled.")
    return consent


def is_enrolled(session: Session, pupil_id: UUID, source_sha256: str) -> bool:
    """Tell whether this very picture is enrolled. Raises WrongStateError when it is, as somebody else."""
    query = sa.select(FaceTemplate.pupil_id).where(FaceTemplate.source_sha256 == source_sha256)
    owners = set(session.scalars(query))
    if owners - {pupil_id}:
        other = session.get_one(Pupil, next(iter(owners - {pupil_id})))
        raise WrongStateError(f"The same picture is already enrolled as {other.admission_no}. Check who it shows.")
    return pupil_id in owners


def add_template(
    session: Session,
    pupil: Pupil,
    vector: Vector,
    *,
    source_sha256: str,
    view: PortraitView | None = None,
    sealer: Sealer,
    actor: Actor,
) -> BiometricConsent:
    """Keep one face of a pupil, sealed. The consent is asked for again in this very transaction, and returned."""
    actor.ensure(Permission.REGISTER_ENROL)
    school = school_to_change(session, actor.school_id)
    consent = ensure_may_enrol(session, pupil, school.settings)
    if is_enrolled(session, pupil.id, source_sha256):
        return consent
    template_id = uuid4()
    sealed = sealer.seal(np.asarray(vector, dtype="<f8").tobytes(), owner=_owner(template_id))
    session.add(
        FaceTemplate(
            id=template_id,
            pupil_id=pupil.id,
            biometric_consent_id=consent.id,
            consent_is_active=True,
            vector_sealed=sealed,
            source_sha256=source_sha256,
            view=view,
            enrolled_at=clock.now(),
            enrolled_by=actor.name,
        )
    )
    record(session, "template:enrolled", actor=actor, subject_type="pupil", subject_id=pupil.id)
    touch_register(session)
    return consent


def reseal_templates(
    session: Session, sealer: Sealer, *, after: UUID | None, actor: Actor, size: int = RESEALED_AT_ONCE
) -> Sequence[UUID]:
    """Seal a bundle of templates with the newest key, those after the given one; return their ids."""
    actor.ensure(Permission.REGISTER_ENROL)
    query = sa.select(FaceTemplate).order_by(FaceTemplate.id).limit(size)
    bundle = session.scalars(query if after is None else query.where(FaceTemplate.id > after)).all()
    for template in bundle:
        try:
            vector = sealer.open(template.vector_sealed, owner=_owner(template.id))
        except SealBrokenError as error:
            raise WrongStateError(f"{UNREADABLE} Is the old key still behind the new one?") from error
        template.vector_sealed = sealer.seal(vector, owner=_owner(template.id))
    if bundle:
        details: dict[str, object] = {"templates": len(bundle)}
        record(session, "template:resealed", actor=actor, subject_type="register", subject_id=None, details=details)
    return [template.id for template in bundle]


def _open(template: FaceTemplate, sealer: Sealer) -> Vector:
    return np.frombuffer(sealer.open(template.vector_sealed, owner=_owner(template.id)), dtype="<f8")


def _owner(template_id: UUID) -> str:
    return f"template:{template_id}"
