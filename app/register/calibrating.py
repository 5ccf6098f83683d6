"""What each distance of face matching costs, measured on the school's own enrolled pupils."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.crypto import Sealer
from app.core.errors import WrongStateError
from app.register.comparing import enrolled_ids, levelled_gallery
from app.register.models import Pupil
from app.schools.models import BiometricMode, SchoolSettings
from consent.faces.calibration.measure import Calibration, calibrate
from consent.faces.gallery import Gallery


def calibration(session: Session, settings: SchoolSettings, sealer: Sealer) -> Calibration:
    """Compare the enrolled templates with one another; nothing of them is kept. Slow: not for a web page.

    `Calibration.proposed` holds thresholds that the school may adopt by a recorded decision.
    """
    if settings.biometric_mode is BiometricMode.OFF:
        raise WrongStateError("This school has face matching switched off, so there is nothing to calibrate.")
    opened = levelled_gallery(session, settings, sealer, enrolled_ids(session))
    opened = _without_protected(opened)
    if not opened.templates:
        raise WrongStateError("Nobody is enrolled yet, so there is nothing to calibrate.")
    groups = {str(pupil_id): group for pupil_id, group in session.execute(sa.select(Pupil.id, Pupil.year_group))}
    return calibrate(opened, groups, margin=settings.suggestion_margin)


def _without_protected(opened: Gallery) -> Gallery:
    """Whoever is enrolled only to be kept out of pictures serves nothing else."""
    ours = {person: several for person, several in opened.templates.items() if person not in opened.only_to_protect}
    return Gallery(ours, cohort=opened.cohort)
