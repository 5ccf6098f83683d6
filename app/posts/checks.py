"""Judge one revision against the register of this moment, from what the worker has already seen in its pictures."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.media.models import Rendition
from app.posts.jigsaw import find_pieces
from app.posts.models import PhotoScan, PostPhoto, Resolution, Revision
from app.posts.renditions import recipe_for
from app.posts.scope import Scope, purposes_of, scope_of
from app.posts.sightings import is_confirmed, sightings_of
from app.posts.surfaces import surfaces_of
from app.register.queries import name_index
from app.schools.models import School, SchoolSettings
from consent import CheckSettings, check
from consent.model import Content, Finding, Outcome, Picture, Report, Severity
from consent.recognisability import FaceRule, strictest

NOT_SCANNED = "This photo has not been checked yet. Wait a moment."


@dataclass(frozen=True, slots=True)
class Evaluation:
    report: Report
    is_fresh: bool
    """Every picture was scanned against the register and the templates of this moment."""
    resolved: frozenset[str]
    """Keys of the findings that somebody with the right to do so answered for."""

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """Return what is still in the way: every block, and each hold or warning without an answer."""
        return tuple(
            finding
            for finding in self.report.findings
            if finding.severity is Severity.BLOCK or key_of(finding) not in self.resolved
        )

    @property
    def blocks(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.report.findings if finding.severity is Severity.BLOCK)

    @property
    def is_clear(self) -> bool:
        """Nothing is in the way of publishing."""
        return self.is_fresh and not self.open_findings

    @property
    def may_be_submitted(self) -> bool:
        """Nothing is left for the author: holds wait for somebody with the right to release them."""
        return self.is_fresh and all(finding.severity is Severity.HOLD for finding in self.open_findings)

    @property
    def sentence(self) -> str:
        if self.open_findings:
            return self.open_findings[0].message
        return "Clear." if self.is_fresh else "The register or a photo changed, so this must be checked again."

    @property
    def outcome(self) -> Outcome:
        return self.report.outcome


def evaluate(session: Session, revision: Revision, *, on: date | None = None) -> Evaluation:
    """Check the words, the faces and the answers of a revision. Quick: pictures are not opened here."""
    school = session.get_one(School, revision.school_id)
    day = on or clock.today()
    scope = scope_of(session, revision, school.settings, on=day)
    scans = scans_of(session, revision, scope)
    gone = _faces_gone(session, revision)
    content = Content(
        surfaces=surfaces_of(revision, scans),
        pictures=tuple(
            _picture(photo, scans.get(photo.photo_id), scope, gone=photo.photo_id in gone) for photo in revision.photos
        ),
        purposes=purposes_of(revision),
        roster=None if scope.roster is None else frozenset(map(str, scope.roster)),
        author_id=str(revision.edited_by),
        protected_distance=school.settings.protected_distance,
    )
    settings = replace(check_settings(school.settings), face_rule=face_rule(school.settings, revision))
    report = check(content, scope.register, names=name_index(session), settings=settings, on=day)
    pieces = tuple(find_pieces(session, revision, scope.register, report))
    is_fresh = all(photo.photo_id in scans for photo in revision.photos)
    return Evaluation(
        replace(report, findings=report.findings + pieces), is_fresh, frozenset(_resolved(session, revision))
    )


def scans_of(session: Session, revision: Revision, scope: Scope) -> Mapping[UUID, PhotoScan]:
    """Return the scans that are still true, by photo."""
    photo_ids = [photo.photo_id for photo in revision.photos]
    query = sa.select(PhotoScan).where(PhotoScan.photo_id.in_(photo_ids), PhotoScan.scope_digest == scope.digest)
    return {scan.photo_id: scan for scan in session.scalars(query)}


def key_of(finding: Finding) -> str:
    """Name a finding so that the answer to it survives a second check of the same revision.

    The severity is part of it: what an author acknowledged as a warning releases no hold.
    """
    told = [finding.code, finding.surface, finding.span, finding.picture_id, finding.face, finding.person_id]
    told += [finding.severity, finding.detail]
    if finding.other_post:
        told.append(finding.other_post)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def check_settings(settings: SchoolSettings) -> CheckSettings:
    return CheckSettings(
        published_contacts=settings.published_contacts,
        allowed_words=settings.allowed_words,
        allowed_hosts=settings.allowed_hosts,
        denied_hosts=settings.denied_hosts,
    )


def face_rule(settings: SchoolSettings, revision: Revision) -> FaceRule:
    """Return how recognisable anybody may be: the stricter of the school's rule and the post's own."""
    strictness = strictest(settings.face_rule, revision.face_rule)
    return FaceRule(strictness.severity, settings.face_rule_height, settings.face_rule_turned)


def _faces_gone(session: Session, revision: Revision) -> Collection[UUID]:
    """Return the photos whose rendition is made, and shows nothing any more of what was to be obscured."""
    recipes = {photo.photo_id: recipe_for(photo) for photo in revision.photos}
    query = sa.select(Rendition.photo_id, Rendition.recipe).where(
        Rendition.photo_id.in_(recipes), Rendition.obscured_and_gone.is_(True)
    )
    return {photo_id for photo_id, recipe in session.execute(query) if recipes[photo_id] == recipe}


def _picture(photo: PostPhoto, scan: PhotoScan | None, scope: Scope, *, gone: bool) -> Picture:
    problem = NOT_SCANNED if scan is None else scan.problem
    return Picture(
        id=str(photo.photo_id),
        sightings=sightings_of(photo, scan, protected=scope.protected, gone=gone),
        words=tuple(scan.words) if scan else (),
        all_faces_boxed=is_confirmed(photo, scan, scope.digest),
        people_count=photo.people_count,
        problem=problem,
    )


def _resolved(session: Session, revision: Revision) -> Sequence[str]:
    return session.scalars(sa.select(Resolution.finding_key).where(Resolution.revision_id == revision.id)).all()
