"""What waits for the leadership."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.actors import Actor
from app.posts.models import Post, PostState, Revision
from app.reviews.models import Review


def waiting_for(session: Session, actor: Actor) -> Sequence[tuple[Post, Revision]]:
    """Return submitted posts that this person may judge, the oldest first."""
    return [(post, revision) for post, revision in session.execute(_judged_by(actor).order_by(Post.updated_at))]


def count_waiting_for(session: Session, actor: Actor) -> int:
    query = _judged_by(actor).with_only_columns(sa.func.count(), maintain_column_froms=True)
    return session.scalar(query) or 0


def reviews_of(session: Session, post_id: UUID) -> Sequence[Review]:
    return session.scalars(sa.select(Review).where(Review.post_id == post_id).order_by(Review.reviewed_at)).all()


def _judged_by(actor: Actor) -> sa.Select[Post, Revision]:
    """Select the submitted posts that this person neither wrote nor edited last."""
    return (
        sa.select(Post, Revision)
        .join(Revision, sa.and_(Revision.post_id == Post.id, Revision.number == Post.latest_number))
        .where(Post.state == PostState.SUBMITTED, Post.author_id != actor.user_id, Revision.edited_by != actor.user_id)
    )
