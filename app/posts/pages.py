"""What the pages of a post show, gathered in one short look."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import names_of
from app.audit.models import AuditEvent
from app.core.actors import Actor
from app.core.errors import NotFoundError
from app.core.permissions import Permission
from app.media.models import Photo, Rendition
from app.media.services import was_uploaded_by
from app.posts.checks import Evaluation, evaluate, key_of
from app.posts.discarding import may_discard
from app.posts.drafting import latest_revision
from app.posts.models import CheckState, ConsentCheck, Post, PostPhoto, PostState, Resolution, Revision
from app.posts.queries import latest_check, may_read, resolutions_of
from app.posts.renditions import recipe_for
from app.posts.submission import refusals
from consent.codes import Code
from consent.model import Finding


@dataclass(frozen=True, slots=True)
class PostPage:
    post: Post
    revision: Revision
    check: ConsentCheck | None
    evaluation: Evaluation
    findings: Sequence[tuple[Finding, str, Resolution | None]]
    history: Sequence[AuditEvent]
    author: str
    is_author: bool
    is_checking: bool
    is_out: bool
    """It went out, or is going: nothing is asked any more before it can."""
    may_edit: bool
    may_submit: bool
    may_discard: bool
    open_faces: Mapping[UUID, int]
    """Photos with faces that nobody has answered for, and how many."""
    limits: Sequence[str]
    """What the networks would refuse, said while it is easily changed."""
    numbers: Mapping[str, int]
    """How people count the photos, by photo id."""
    rendered: frozenset[UUID]
    """Photos of this revision of which the picture that goes out is made."""


def post_page(session: Session, post: Post, actor: Actor) -> PostPage:
    revision = latest_revision(session, post)
    check = latest_check(session, revision.id)
    evaluation = evaluate(session, revision)
    resolutions = resolutions_of(session, revision.id)
    is_author = post.author_id == actor.user_id
    return PostPage(
        post=post,
        revision=revision,
        check=check,
        evaluation=evaluation,
        findings=[
            (finding, key_of(finding), resolutions.get(key_of(finding)))
            for finding in gathered(evaluation.report.findings)
        ],
        history=_history(session, post.id),
        author=names_of(session, [post.author_id]).get(post.author_id, ""),
        is_author=is_author,
        is_checking=post.state is PostState.CHECKING or (check is not None and check.state is CheckState.WAITING),
        is_out=post.state.may_be_public or post.state is PostState.TAKEN_DOWN,
        may_edit=is_author and post.state.is_editable,
        may_submit=actor.may(Permission.POST_SUBMIT),
        may_discard=may_discard(session, post, actor),
        open_faces=_open_faces(evaluation),
        limits=refusals(session, revision, early=True) if post.state.is_editable else (),
        numbers={str(photo.photo_id): photo.position + 1 for photo in revision.photos},
        rendered=_rendered(session, revision),
    )


def gathered(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Say once for each photo that faces have no answer yet, instead of once for each face."""
    unanswered = Counter(finding.picture_id for finding in findings if finding.code == Code.FACE_UNANSWERED)
    told: set[str | None] = set()
    gathered = []
    for finding in findings:
        count = unanswered[finding.picture_id]
        if finding.code != Code.FACE_UNANSWERED or count == 1:
            gathered.append(finding)
        elif finding.picture_id not in told:
            told.add(finding.picture_id)
            gathered.append(replace(finding, face=None, message=f"{count} faces of this photo have no answer yet."))
    return gathered


def _open_faces(evaluation: Evaluation) -> Mapping[UUID, int]:
    open_ones = [finding for finding in evaluation.report.findings if finding.code == Code.FACE_UNANSWERED]
    return Counter(UUID(finding.picture_id) for finding in open_ones if finding.picture_id)


def _history(session: Session, post_id: UUID) -> Sequence[AuditEvent]:
    query = sa.select(AuditEvent).where(AuditEvent.subject_id == post_id).order_by(AuditEvent.sequence.desc())
    return session.scalars(query.limit(40)).all()


def master_for(session: Session, photo_id: UUID, actor: Actor) -> str:
    """Return the hash of a picture to somebody who uploaded it or may read a post that it is in."""
    photo = session.get(Photo, photo_id)
    if photo is None:
        raise NotFoundError
    query = (
        sa.select(Post)
        .join(Revision, Revision.post_id == Post.id)
        .join(PostPhoto, PostPhoto.revision_id == Revision.id)
        .where(PostPhoto.photo_id == photo_id)
        .distinct()
    )
    if not was_uploaded_by(session, photo, actor) and not any(may_read(post, actor) for post in session.scalars(query)):
        raise NotFoundError
    return photo.sha256


def _rendered(session: Session, revision: Revision) -> frozenset[UUID]:
    query = sa.select(Rendition.photo_id, Rendition.recipe).where(
        Rendition.photo_id.in_([photo.photo_id for photo in revision.photos])
    )
    made = {(photo_id, recipe) for photo_id, recipe in session.execute(query)}
    return frozenset(photo.id for photo in revision.photos if (photo.photo_id, recipe_for(photo)) in made)


def rendition_for(session: Session, post: Post, post_photo_id: UUID) -> str:
    photo = session.get(PostPhoto, post_photo_id)
    revision = session.get(Revision, photo.revision_id) if photo else None
    if photo is None or revision is None or revision.post_id != post.id:
        raise NotFoundError
    query = sa.select(Rendition).where(Rendition.photo_id == photo.photo_id, Rendition.recipe == recipe_for(photo))
    rendition = session.scalar(query)
    if rendition is None:
        raise NotFoundError("The photo is still being prepared.")
    return rendition.sha256
