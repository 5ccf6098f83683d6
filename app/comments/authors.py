"""Ask who wrote what was hidden, escalated or waits for a person, where the network names nobody unasked.

It is billed, so nobody else is asked for, and only the name is kept. Evidence is sealed before this: the name is an
addition to it, with a time of its own. It happens beside the hiding, and nothing waits for it.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from app.channels.connector import Connector
from app.channels.models import Channel, ChannelState
from app.comments.models import Comment, CommentDecision, CommentState, DecisionAction
from app.comments.networks import NAMES_WHEN_ASKED
from app.core import clock
from app.core.db import EVERY_SCHOOL, Database
from app.platforms.errors import PlatformError

log = structlog.get_logger()
BATCH = 100
"""So many people X names at once."""
WAITS = (timedelta(), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""Before each time that a name is asked for; after the last, it stays unknown."""
_DOWN = (CommentState.HIDING, CommentState.HIDDEN, CommentState.DELETING, CommentState.DELETED, CommentState.GONE)


def name_authors(database: Database, connector: Connector) -> None:
    query = sa.select(Comment.channel_id, Comment.school_id).join(Channel, Channel.id == Comment.channel_id)
    named_when_asked = (Channel.network.in_(NAMES_WHEN_ASKED), Channel.state == ChannelState.CONNECTED)
    with database.reading(EVERY_SCHOOL) as session:
        channels = session.execute(query.where(*named_when_asked, *_wanted()).distinct()).all()
    for channel_id, school_id in channels:
        _name(database, connector, channel_id, school_id)


def _name(database: Database, connector: Connector, channel_id: UUID, school_id: UUID) -> None:
    with database.transaction(school_id) as session:
        asked = _claim(session, channel_id)
    if not asked:
        return  # another worker asks
    with database.reading(school_id) as session:
        platform = connector.platform_for(session.get_one(Channel, channel_id))
    try:
        names = platform.author_names(sorted(set(asked.values())))
    except PlatformError as error:
        log.info("comments.naming-failed", channel_id=str(channel_id), code=error.code)
        return
    for comment_id, author_id in asked.items():
        if author_id in names:
            with database.transaction(school_id) as session:  # one by one: whoever hides never waits for a batch
                _write(session, comment_id, author_id, names[author_id])


def _claim(session: Session, channel_id: UUID) -> dict[UUID, str]:
    """Note that these are asked about, before it is done: what goes wrong then is tried only so often."""
    query = sa.select(Comment).where(Comment.channel_id == channel_id, *_wanted())
    free = query.order_by(Comment.severity.desc()).limit(BATCH).with_for_update(skip_locked=True)
    asked: dict[UUID, str] = {}
    for comment in session.scalars(free):
        comment.author_asks, comment.author_asked_at = comment.author_asks + 1, clock.now()
        asked[comment.id] = comment.author_remote_id or ""
    return asked


def _write(session: Session, comment_id: UUID, author_id: str, name: str) -> None:
    comment = session.get(Comment, comment_id, with_for_update=True)
    if comment is not None and comment.author_remote_id == author_id and not comment.author_name:
        comment.author_name, comment.author_asked_at = name[:200], clock.now()


def _wanted() -> tuple[sa.ColumnElement[bool], ...]:
    """Flagged for what they say: what only a lock-down hid is nobody's fault."""
    now = clock.now()
    escalated = sa.exists().where(
        CommentDecision.comment_id == Comment.id, CommentDecision.action == DecisionAction.ESCALATE
    )
    down = sa.and_(Comment.state.in_(_DOWN), Comment.pile_on_id.is_(None))
    due = [
        sa.and_(Comment.author_asks == asks, Comment.author_asked_at < now - wait)
        for asks, wait in enumerate(WAITS)
        if asks
    ]
    return (
        Comment.author_name == "",
        Comment.author_remote_id.is_not(None),
        sa.or_(Comment.awaits_person, down, escalated),
        sa.or_(Comment.author_asks == 0, *due),
    )
