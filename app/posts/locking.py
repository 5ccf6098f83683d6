"""Lock a post in the one order that everybody keeps, so that no two wait for each other."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditHead
from app.core.db import school_of
from app.posts.models import Post


def locked_post(session: Session, post_id: UUID) -> Post | None:
    """Return the post as it is now, and nobody else changes it before this transaction ends.

    The end of the audit trail is locked before the post: a withdrawal of consent writes there first and finds the
    posts afterwards. In the other order a worker and a parent's no could block each other, and the no be lost.
    """
    head = sa.select(AuditHead.sequence).where(AuditHead.school_id == school_of(session))
    session.execute(head.with_for_update())
    return session.get(Post, post_id, with_for_update=True, populate_existing=True)
