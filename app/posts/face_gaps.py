"""What is still in the way of submitting, said at once on the page of faces instead of by a check minutes later."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.actors import Actor
from app.posts.checks import Evaluation, evaluate, key_of
from app.posts.face_forms import Problem
from app.posts.models import Revision
from app.posts.pages import gathered
from app.posts.submission import acknowledge
from consent.codes import Code
from consent.model import Finding, Severity, SurfaceKind

STILL_TO_COME = frozenset({Code.FACE_NOT_OBSCURED.value})
"""What the check does itself once the post is submitted."""


@dataclass(frozen=True, slots=True)
class Gaps:
    problems: Sequence[Problem]
    """What nobody can let through."""
    notes: Sequence[tuple[str, Problem]]
    """Warnings by their key: submitting once more, having read them, acknowledges them."""

    def __bool__(self) -> bool:
        return bool(self.problems or self.notes)


NO_GAPS = Gaps((), ())


def gaps_in(
    session: Session, revision: Revision, *, read: Collection[str], blank: Collection[tuple[UUID, int]], actor: Actor
) -> Gaps:
    """Return what keeps a revision from being submitted, each once.

    `read` are the warnings that its author has read, `blank` the faces for which they chose no answer.
    """
    evaluation = evaluate(session, revision)
    warnings = [finding for finding in evaluation.open_findings if finding.severity is Severity.WARN]
    for finding in warnings:
        if key_of(finding) in read:
            acknowledge(session, revision.post_id, key_of(finding), actor=actor)
    numbers = {photo.photo_id: photo.position + 1 for photo in revision.photos}
    blocks = gathered([finding for finding in evaluation.blocks if _is_for_the_author(finding, evaluation, blank)])
    return Gaps(
        list(dict.fromkeys(_problem(finding, numbers) for finding in blocks)),
        [(key_of(finding), _problem(finding, numbers)) for finding in warnings if key_of(finding) not in read],
    )


def _is_for_the_author(finding: Finding, evaluation: Evaluation, blank: Collection[tuple[UUID, int]]) -> bool:
    """A roll call counts once its photo is confirmed: until then it is asked for the count, not for that answer."""
    unconfirmed = {found.picture_id for found in evaluation.blocks if found.code == Code.PICTURE_UNCONFIRMED}
    is_blank = finding.picture_id is not None and (UUID(finding.picture_id), finding.face) in blank
    waits = finding.code == Code.FACE_UNANSWERED and finding.picture_id in unconfirmed and not is_blank
    return finding.code not in STILL_TO_COME and not waits


def _problem(finding: Finding, numbers: dict[UUID, int]) -> Problem:
    number = numbers.get(UUID(finding.picture_id)) if finding.picture_id else None
    field = {SurfaceKind.CAPTION: "caption", SurfaceKind.LINK: "link"}.get(finding.surface) if finding.surface else None
    return Problem(f"Photo {number}: {finding.message}" if number else finding.message, number, field)
