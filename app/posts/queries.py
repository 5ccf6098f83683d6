"""Find posts, and what belongs to them."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.actors import Actor
from app.core.errors import NotFoundError
from app.core.permissions import Permission
from app.posts.models import ConsentCheck, FaceAnswer, Post, PostPhoto, PostState, PupilNamed, Resolution, Revision
from consent.model import Disposition

PAGE = 30


def post_for(session: Session, post_id: UUID, *, actor: Actor) -> Post:
    """Return a post that the actor may read: their own, or any for those who read all. Others see 'not found'."""
    post = session.get(Post, post_id)
    if post is None or not may_read(post, actor):
        raise NotFoundError
    return post


def may_read(post: Post, actor: Actor) -> bool:
    return post.author_id == actor.user_id or actor.may(Permission.POST_READ_ALL)


def posts_for(
    session: Session, *, actor: Actor, states: Collection[PostState] | None = None, own: bool = False, page: int = 1
) -> Sequence[tuple[Post, Revision]]:
    """Return posts with their latest revision, the newest first."""
    query = (
        sa.select(Post, Revision)
        .join(Revision, sa.and_(Revision.post_id == Post.id, Revision.number == Post.latest_number))
        .order_by(Post.updated_at.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    if own or not actor.may(Permission.POST_READ_ALL):
        query = query.where(Post.author_id == actor.user_id)
    if states is not None:
        query = query.where(Post.state.in_(list(states)))
    return [(post, revision) for post, revision in session.execute(query)]


def count_posts(session: Session, *states: PostState, author_id: UUID | None = None) -> int:
    query = sa.select(sa.func.count()).select_from(Post).where(Post.state.in_(states))
    if author_id is not None:
        query = query.where(Post.author_id == author_id)
    return session.scalar(query) or 0


def latest_check(session: Session, revision_id: UUID) -> ConsentCheck | None:
    """Return the newest check of a revision, done or still waiting."""
    query = sa.select(ConsentCheck).where(ConsentCheck.revision_id == revision_id)
    return session.scalars(query.order_by(ConsentCheck.requested_at.desc()).limit(1)).first()


def resolutions_of(session: Session, revision_id: UUID) -> dict[str, Resolution]:
    query = sa.select(Resolution).where(Resolution.revision_id == revision_id)
    return {resolution.finding_key: resolution for resolution in session.scalars(query)}


def revisions_of(session: Session, post_id: UUID) -> Sequence[Revision]:
    return session.scalars(sa.select(Revision).where(Revision.post_id == post_id).order_by(Revision.number)).all()


def posts_showing(session: Session, person_ids: Collection[UUID]) -> Sequence[tuple[Post, Revision]]:
    """Return posts with the revisions, latest or approved, that show one of these people, as somebody tagged them."""
    shown = sa.exists().where(
        PostPhoto.revision_id == Revision.id,
        FaceAnswer.post_photo_id == PostPhoto.id,
        FaceAnswer.person_id.in_(person_ids),
    )
    return _latest_or_approved(session, shown)


def posts_naming(session: Session, person_ids: Collection[UUID]) -> Sequence[tuple[Post, Revision]]:
    """Return posts with the revisions, latest or approved, whose words name one of these people."""
    named = sa.exists().where(PupilNamed.revision_id == Revision.id, PupilNamed.person_id.in_(person_ids))
    return _latest_or_approved(session, named)


def posts_with_roll_call(session: Session) -> Sequence[tuple[Post, Revision]]:
    """Return what is public and shows people whom nobody named, the newest first."""
    unnamed = sa.exists().where(
        PostPhoto.revision_id == Revision.id,
        FaceAnswer.post_photo_id == PostPhoto.id,
        FaceAnswer.disposition.in_([Disposition.ROLL_CALL, Disposition.NOT_RECOGNISABLE]),
    )
    query = (
        sa.select(Post, Revision)
        .join(Revision, Revision.id == Post.approved_revision_id)
        .where(unnamed, Post.state.in_([state for state in PostState if state.may_be_public]))
    )
    found = session.execute(query.order_by(Post.approved_at.desc()))
    return [(post, revision) for post, revision in found]


def _latest_or_approved(session: Session, condition: sa.ColumnElement[bool]) -> Sequence[tuple[Post, Revision]]:
    query = sa.select(Post, Revision).join(Revision, Revision.post_id == Post.id)
    matters = sa.or_(Revision.number == Post.latest_number, Revision.id == Post.approved_revision_id)
    return [(post, revision) for post, revision in session.execute(query.where(condition, matters))]
