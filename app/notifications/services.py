"""Tell people: in the app at once, and by e-mail when the installation has a mail server."""

from collections.abc import Collection
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.jobs.due import promise
from app.notifications.models import Notice, NoticeState, NoticeUrgency

SEND_JOB = "notifications.send"


def notify(
    session: Session,
    user_ids: Collection[UUID],
    sentence: str,
    *,
    link: str,
    urgency: NoticeUrgency = NoticeUrgency.TODAY,
    bundle: str | None = None,
) -> None:
    """Write a notice to each person, in the caller's transaction.

    The sentence names no pupil and quotes no comment: it may travel by e-mail. With `bundle`, a person who has an
    unread notice of the same bundle gets that one renewed instead of another.
    """
    for user_id in set(user_ids):
        if bundle is not None and _renew(session, user_id, bundle, sentence):
            continue
        notice = Notice(
            id=uuid4(),
            user_id=user_id,
            state=NoticeState.WAITING if urgency is NoticeUrgency.AT_ONCE else NoticeState.SHOWN_ONLY,
            urgency=urgency,
            created_at=clock.now(),
            sentence=sentence,
            link=link,
            bundle=bundle,
        )
        session.add(notice)
        if urgency is NoticeUrgency.AT_ONCE:
            promise(session, SEND_JOB, notice)


def mark_read(session: Session, notice_id: UUID, user_id: UUID) -> str | None:
    """Note that the person has seen it; return where it leads, or None if it is not theirs."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.user_id != user_id:
        return None
    notice.read_at = notice.read_at or clock.now()
    return notice.link


def mark_all_read(session: Session, user_id: UUID) -> None:
    session.execute(
        sa.update(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None)).values(read_at=clock.now())
    )


def _renew(session: Session, user_id: UUID, bundle: str, sentence: str) -> bool:
    query = sa.select(Notice).where(
        Notice.user_id == user_id, Notice.bundle == bundle, Notice.read_at.is_(None)
    )
    notice = session.scalars(query.limit(1)).first()
    if notice is None:
        return False
    notice.sentence, notice.created_at = sentence, clock.now()
    return True
