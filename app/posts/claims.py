"""“Not a pupil”: the author's word that a word is no name. Who approves sees it; it clears nothing by itself."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.posts.checks import evaluate, key_of
from app.posts.models import Post, Resolution, Revision
from consent.codes import Code
from consent.model import Finding, Severity, SurfaceKind

REASON = "The author says: not a pupil."
_CLAIMABLE = (Code.NAME_MAYBE, Code.NAME_UNKNOWN)
_AROUND = 30


@dataclass(frozen=True, slots=True)
class Claim:
    """A word and what stood around it: the same word elsewhere is another claim."""

    word: str
    around: str

    @property
    def value(self) -> str:
        return f"{self.word}|{self.around}"

    @classmethod
    def read(cls, value: str) -> Self | None:
        word, bar, around = value.partition("|")
        return cls(word, around) if bar else None


def claim_about(finding: Finding, text: str) -> Claim | None:
    """Return the claim that may be made about a finding; only a word that may be no name at all can be claimed."""
    if finding.code not in _CLAIMABLE or finding.severity is not Severity.HOLD or finding.span is None:
        return None
    start, end = finding.span
    around = " ".join(text[max(0, start - _AROUND) : end + _AROUND].split())
    return Claim(text[start:end], around)


def claim_key(finding_key: str) -> str:
    """Keep a claim beside the answers to a finding, under a key that answers nothing."""
    return hashlib.sha256(f"not a pupil: {finding_key}".encode()).hexdigest()


def record_claims(session: Session, post: Post, revision: Revision, claims: Iterable[Claim], *, actor: Actor) -> None:
    """Write down what the author claimed while writing, for this revision alone."""
    wanted = frozenset(claims)
    if not wanted or actor.user_id is None:
        return
    for finding in evaluate(session, revision).report.findings:
        text = _text_of(finding, revision)
        if text is not None and claim_about(finding, text) in wanted:
            record_claim(session, post, revision, finding, actor=actor)


def record_claim(session: Session, post: Post, revision: Revision, finding: Finding, *, actor: Actor) -> None:
    key = claim_key(key_of(finding))
    known = sa.select(Resolution.id).where(Resolution.revision_id == revision.id, Resolution.finding_key == key)
    if session.scalar(known) is not None:
        return
    session.add(
        Resolution(
            id=uuid4(),
            revision_id=revision.id,
            finding_key=key,
            resolved_by=actor.user_id,
            resolved_at=clock.now(),
            reason=REASON,
        )
    )
    details: dict[str, object] = {"revision": revision.number, "code": finding.code}
    record(session, "finding:said-not-a-pupil", actor=actor, subject_type="post", subject_id=post.id, details=details)


def claimed(findings: Iterable[Finding], resolutions: Mapping[str, Resolution]) -> frozenset[str]:
    """Return the keys of the findings of which the author says that no pupil is meant."""
    return frozenset(key for key in map(key_of, findings) if claim_key(key) in resolutions)


def _text_of(finding: Finding, revision: Revision) -> str | None:
    if finding.surface is SurfaceKind.CAPTION:
        return revision.caption
    alt_texts = {str(photo.photo_id): photo.alt_text for photo in revision.photos}
    return alt_texts.get(finding.picture_id or "") if finding.surface is SurfaceKind.ALT_TEXT else None
