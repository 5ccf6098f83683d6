"""Tell people: in the app at once, and by e-mail when the installation has a mail server."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.db import school_of
from app.core.permissions import Permission
from app.jobs.due import promise
from app.notifications.models import Notice, NoticeState, NoticeUrgency
from app.notifications.workflow import NoticeAction, workflow

SEND_JOB = "notifications.send"
ALERT_AGAIN_AFTER = timedelta(hours=1)


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
    known = _unread_of(session, bundle) if bundle is not None else {}
    for user_id in sorted(set(user_ids)):
        if user_id in known:
            _renew(session, known[user_id], sentence, link, urgency)
        else:
            _write(session, user_id, sentence, link, urgency, bundle)


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


def settle(session: Session, bundle: str) -> None:
    """What these notices called for is done: nobody needs to open them any more."""
    unread = sa.update(Notice).where(Notice.bundle == bundle, Notice.read_at.is_(None))
    session.execute(unread.values(read_at=clock.now()))


def worker_actor(session: Session) -> Actor:
    return system_actor(school_of(session), "notices", Permission.NOTICE_SEND)


def _unread_of(session: Session, bundle: str) -> dict[UUID, Notice]:
    query = sa.select(Notice).where(Notice.bundle == bundle, Notice.read_at.is_(None))
    return {notice.user_id: notice for notice in session.scalars(query)}


def _write(
    session: Session, user_id: UUID, sentence: str, link: str, urgency: NoticeUrgency, bundle: str | None
) -> None:
    now = clock.now()
    notice = Notice(
        id=uuid4(),
        user_id=user_id,
        state=NoticeState.WAITING if urgency is NoticeUrgency.AT_ONCE else NoticeState.SHOWN_ONLY,
        urgency=urgency,
        created_at=now,
        alerted_at=now,
        sentence=sentence,
        link=link,
        bundle=bundle,
    )
    session.add(notice)
    if urgency is NoticeUrgency.AT_ONCE:
        promise(session, SEND_JOB, notice)


def _renew(session: Session, notice: Notice, sentence: str, link: str, urgency: NoticeUrgency) -> None:
    """Bring an unread notice up to date; an urgent one that nobody opened is sent again, but not more than hourly."""
    now = clock.now()
    notice.sentence, notice.link, notice.created_at = sentence, link, now
    if urgency is NoticeUrgency.AT_ONCE and notice.alerted_at < now - ALERT_AGAIN_AFTER:
        notice.urgency, notice.alerted_at = urgency, now
        if notice.state is not NoticeState.WAITING:
            workflow.advance(session, notice, NoticeAction.SEND_AGAIN, actor=worker_actor(session))
        promise(session, SEND_JOB, notice)
