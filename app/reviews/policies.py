"""Who may judge which post, and what they must have seen."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.actors import Actor
from app.core.errors import NotPermittedError
from app.posts.models import Post, PostPhoto, Revision
from app.reviews.models import PhotoViewed


def may_judge(post: Post, revision: Revision, actor: Actor) -> bool:
    return actor.user_id is not None and actor.user_id not in (post.author_id, revision.edited_by)


def ensure_separate_hands(post: Post, revision: Revision, actor: Actor) -> None:
    if not may_judge(post, revision, actor):
        raise NotPermittedError("You wrote this post, so somebody else must approve it.")


def unseen_photos(session: Session, revision: Revision, actor: Actor) -> Sequence[PostPhoto]:
    """Return the pictures of the revision that this person has not opened."""
    ids = [photo.id for photo in revision.photos]
    query = sa.select(PhotoViewed.post_photo_id).where(
        PhotoViewed.post_photo_id.in_(ids), PhotoViewed.user_id == actor.user_id
    )
    seen = set(session.scalars(query))
    return [photo for photo in revision.photos if photo.id not in seen]
