"""Open the enrolled faces for one comparison, with the school's own pupils as the yardstick of every distance."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.crypto import Sealer
from app.register.likenesses import gallery
from app.register.models import BiometricConsent, BiometricKind, FaceTemplate
from app.schools.models import SchoolSettings
from consent.faces.cohort import Cohort
from consent.faces.gallery import Gallery
from consent.faces.matcher import Thresholds


def levelled_gallery(
    session: Session, settings: SchoolSettings, sealer: Sealer, person_ids: Collection[UUID] | None
) -> Gallery:
    """Open the templates of these pupils, or of all; their distances are levelled by all who are enrolled.

    Whoever is enrolled only to be kept out of pictures serves nothing else, and is no part of the yardstick.
    """
    compared = gallery(session, settings, sealer, person_ids)
    if not compared.templates:
        return compared
    everybody = gallery(session, settings, sealer, enrolled_ids(session))
    yardstick = {
        person: several for person, several in everybody.templates.items() if person not in everybody.only_to_protect
    }
    return replace(compared, cohort=Cohort.of(yardstick))


def enrolled_ids(session: Session) -> frozenset[UUID]:
    return frozenset(session.scalars(sa.select(FaceTemplate.pupil_id).distinct()))


def protected_elsewhere(
    session: Session, protected: frozenset[UUID], roster: frozenset[UUID] | None
) -> frozenset[UUID]:
    """Return the enrolled pupils who may not be shown and, as the author says, did not take part."""
    return (
        frozenset() if roster is None else (protected & enrolled_ids(session) | _enrolled_to_protect(session)) - roster
    )


def _enrolled_to_protect(session: Session) -> frozenset[UUID]:
    """Return who is enrolled for nothing else than to be found and kept out of pictures."""
    query = (
        sa.select(FaceTemplate.pupil_id)
        .join(BiometricConsent, BiometricConsent.id == FaceTemplate.biometric_consent_id)
        .where(BiometricConsent.kind == BiometricKind.PROTECTIVE_ONLY)
    )
    return frozenset(session.scalars(query.distinct()))


def thresholds_of(settings: SchoolSettings) -> Thresholds:
    """Return the distances that the school adopted."""
    return Thresholds(
        alarm=settings.alarm_distance,
        protected=settings.protected_distance,
        suggestion=settings.suggestion_distance,
        margin=settings.suggestion_margin,
        elsewhere=settings.elsewhere_distance,
    )
