"""Who may be in the pictures of a revision, who of them is protected, and one number for all of it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.platforms.base import Network
from app.posts.models import Revision
from app.register.comparing import enrolled_ids, protected_elsewhere, thresholds_of
from app.register.models import BiometricConsent, FaceTemplate
from app.register.queries import class_names, people_in_classes, protected_ids, snapshot
from app.register.snapshots import RegisterSnapshot
from app.schools.models import SchoolSettings
from consent.faces.cohort import FEWEST
from consent.model import Person, Purpose

PURPOSE_OF = {Network.FACEBOOK: Purpose.FACEBOOK, Network.X: Purpose.X}
SCAN_VERSION = 4
"""Counts up when the engine sees differently, so that pictures are looked at again."""


@dataclass(frozen=True, slots=True)
class Scope:
    register: RegisterSnapshot
    roster: frozenset[UUID] | None
    """None means the whole school."""
    protected: frozenset[UUID]
    """Those in scope who may not be shown on every network of the post."""
    digest: str
    elsewhere: frozenset[UUID] = frozenset()
    """Enrolled pupils who may not be shown and are not of the roster: they are looked for too, more strictly."""

    def people(self) -> Sequence[Person]:
        """Return those in scope, as screens list them."""
        everyone = self.register.people()
        if self.roster is None:
            return everyone
        roster = {str(person_id) for person_id in self.roster}
        return [person for person in everyone if person.id in roster]


def purposes_of(revision: Revision) -> tuple[Purpose, ...]:
    return tuple(PURPOSE_OF[Network(network)] for network in revision.networks)


def scope_of(session: Session, revision: Revision, settings: SchoolSettings, *, on: date) -> Scope:
    """Read the register as it is now. The digest changes when a scan against it would come out differently."""
    register = snapshot(session, on=on)
    roster = _roster(session, revision)
    everybody = protected_ids(register, purposes_of(revision), on)
    if roster is None:
        return Scope(register, None, everybody, _digest(session, settings, None, everybody, None))
    protected = everybody & roster
    elsewhere = protected_elsewhere(session, everybody, roster)
    digest = _digest(session, settings, roster, protected, roster | elsewhere)
    return Scope(register, roster, protected, digest, elsewhere)


def _roster(session: Session, revision: Revision) -> frozenset[UUID] | None:
    """Return who took part. A class that is no more, renamed or gone, says nothing of it: then it is everybody."""
    if not (revision.classes or revision.extra_people) or not set(revision.classes) <= set(class_names(session)):
        return None
    extras = [UUID(person) for person in revision.extra_people]
    return people_in_classes(session, revision.classes, extras)


def _digest(
    session: Session,
    settings: SchoolSettings,
    roster: frozenset[UUID] | None,
    protected: frozenset[UUID],
    compared: frozenset[UUID] | None,
) -> str:
    told = {
        "version": SCAN_VERSION,
        "mode": settings.biometric_mode.value,
        "distances": astuple(thresholds_of(settings)),
        "levelled": len(enrolled_ids(session)) >= FEWEST,
        "roster": None if roster is None else sorted(map(str, roster)),
        "protected": sorted(map(str, protected)),
        "templates": _template_ids(session, compared),
        "consents": _consents_to_matching(session, compared),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _template_ids(session: Session, roster: frozenset[UUID] | None) -> list[str]:
    query = sa.select(FaceTemplate.id)
    if roster is not None:
        query = query.where(FaceTemplate.pupil_id.in_(roster))
    return sorted(str(template_id) for template_id in session.scalars(query))


def _consents_to_matching(session: Session, roster: frozenset[UUID] | None) -> list[str]:
    """Return who consented to what kind of template: it decides whether faces are compared, and with whom."""
    query = sa.select(BiometricConsent.pupil_id, BiometricConsent.kind).where(BiometricConsent.is_active.is_(True))
    if roster is not None:
        query = query.where(BiometricConsent.pupil_id.in_(roster))
    return sorted(f"{pupil_id} {kind.value}" for pupil_id, kind in session.execute(query))
