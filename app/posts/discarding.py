"""Throw a draft away: what nobody but its author has seen need not be kept, nor its photos."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.audit.services import record
from app.core.actors import Actor
from app.core.errors import WrongStateError
from app.media.models import Photo, Rendition
from app.notifications.services import settle
from app.posts.drafting import editable_post
from app.posts.models import Post, PostPhoto, Revision
from app.posts.workflow import PostAction, workflow


def may_discard(session: Session, post: Post, actor: Actor) -> bool:
    """Tell whether the post is its author's alone: once the leadership had it before them, it stays on record."""
    cleared = f"{workflow.subject}:{PostAction.CLEAR.value}"
    before_others = sa.select(AuditEvent.id).where(AuditEvent.subject_id == post.id, AuditEvent.tag == cleared)
    is_own = post.author_id == actor.user_id and post.state.is_editable
    return is_own and session.scalars(before_others).first() is None


def discard_draft(session: Session, post_id: UUID, *, actor: Actor) -> Sequence[str]:
    """Delete a draft with the photos that are in no other post; return the files that nothing refers to any more."""
    post = editable_post(session, post_id, actor=actor)
    if not may_discard(session, post, actor):
        raise WrongStateError("The leadership had this post before them, so it stays on record. Leave it as it is.")
    photos = _photos_of(session, post)
    details: dict[str, object] = {"revisions": post.latest_number, "photos": len(photos)}
    record(session, "post:discarded", actor=actor, subject_type="post", subject_id=post.id, details=details)
    for bundle in ("blocked", "second-look"):
        settle(session, f"{bundle}:{post.id}")
    session.execute(sa.delete(Post).where(Post.id == post.id))
    return _dispose_of_photos(session, post_id, photos, actor=actor)


def _photos_of(session: Session, post: Post) -> Sequence[UUID]:
    query = sa.select(PostPhoto.photo_id).join(Revision, Revision.id == PostPhoto.revision_id)
    return session.scalars(query.where(Revision.post_id == post.id).distinct()).all()


def _dispose_of_photos(session: Session, post_id: UUID, photo_ids: Sequence[UUID], *, actor: Actor) -> Sequence[str]:
    used = sa.exists().where(PostPhoto.photo_id == Photo.id)
    alone = session.scalars(sa.select(Photo.id).where(Photo.id.in_(photo_ids), ~used)).all()
    if not alone:
        return []
    files = _files(session, Photo.id.in_(alone), Rendition.photo_id.in_(alone))
    session.execute(sa.delete(Photo).where(Photo.id.in_(alone)))
    what: dict[str, object] = {"disposed": len(alone), "what": "photos", "reason": "draft discarded by its author"}
    record(session, "photo:disposed", actor=actor, subject_type="post", subject_id=post_id, details=what)
    return sorted(files - _files(session, Photo.sha256.in_(files), Rendition.sha256.in_(files)))


def _files(session: Session, photos: sa.ColumnElement[bool], renditions: sa.ColumnElement[bool]) -> set[str]:
    masters = session.scalars(sa.select(Photo.sha256).where(photos))
    return {*masters, *session.scalars(sa.select(Rendition.sha256).where(renditions))}
