"""The rows of one delivery, read in the one order in which everybody locks them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.channels.models import Channel
from app.core.errors import NotFoundError
from app.posts.locking import locked_post
from app.posts.models import Post, Revision
from app.publishing.models import Delivery


def rows_of(session: Session, delivery_id: UUID) -> tuple[Delivery, Post, Revision, Channel]:
    """Read a delivery once its post is locked: what somebody decides meanwhile is seen, not overtaken."""
    post_id = session.scalars(sa.select(Delivery.post_id).where(Delivery.id == delivery_id)).one()
    post = locked_post(session, post_id)
    if post is None:
        raise NotFoundError
    delivery = session.get_one(Delivery, delivery_id)
    return (
        delivery,
        post,
        session.get_one(Revision, delivery.revision_id),
        session.get_one(Channel, delivery.channel_id),
    )
