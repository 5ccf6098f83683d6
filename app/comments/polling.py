"""Read each connected account's comments every so often: webhooks get lost, and X sends none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.channels.connector import Connector
from app.channels.models import Channel, ChannelState
from app.channels.services import pause_channel
from app.comments.ingesting import lose, take_in
from app.comments.models import Comment, CommentState, CommentWatch, WatchState
from app.comments.networks import TELLS_HIDDEN
from app.core import clock
from app.core.crypto import Sealer
from app.core.db import EVERY_SCHOOL, Database, after_commit
from app.jobs.due import promise
from app.platforms.base import Platform, RemoteComment
from app.platforms.errors import AuthorizationError, GoneError, OutOfCreditError, PlatformError, TransientError
from app.publishing.models import Delivery, DeliveryState

log = structlog.get_logger()
POLL_JOB = "comments.poll"
WATCHED = timedelta(days=30)
MOST_POSTS = 25
MOST_MISSING = 20
CHUNK = 200
WAIT_FOR_CREDIT = timedelta(hours=1)
"""Comments under older posts come by webhook, or by the hourly search."""


@dataclass(frozen=True, slots=True)
class Errand:
    channel_id: UUID
    platform: Platform
    posts: tuple[str, ...]
    cursor: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    comments: tuple[RemoteComment, ...]
    cursor: dict[str, Any] | None
    read_at: datetime


def watch_channels(database: Database) -> None:
    """Make the standing promise for each connected channel that has none yet."""
    watched = sa.exists().where(CommentWatch.channel_id == Channel.id)
    query = sa.select(Channel.id, Channel.school_id).where(Channel.state == ChannelState.CONNECTED, ~watched)
    with database.reading(EVERY_SCHOOL) as session:
        missing = session.execute(query).all()
    for channel_id, school_id in missing:
        with database.transaction(school_id) as session:
            _watch(session, channel_id)


def _watch(session: Session, channel_id: UUID) -> None:
    watch = CommentWatch(id=uuid4(), channel_id=channel_id, state=WatchState.WATCHING)
    try:
        with session.begin_nested():
            session.add(watch)
    except IntegrityError:
        return  # another worker was first
    promise(session, POLL_JOB, watch)


def read_soon(session: Session, channel_id: UUID) -> None:
    """Have the account read now. A reading that is under way keeps its claim, so that there are never two."""
    watch = session.scalar(sa.select(CommentWatch).where(CommentWatch.channel_id == channel_id))
    if watch is None:
        return
    watch.due_at = clock.now()
    wake, watch_id = session.info.get("wake"), watch.id
    if wake is not None:
        after_commit(session, lambda: wake(POLL_JOB, watch_id))


class Poller:
    def __init__(self, connector: Connector, sealer: Sealer, seconds: float) -> None:
        self._connector, self._sealer = connector, sealer
        self._pause = timedelta(seconds=seconds)

    def run(self, database: Database, watch_id: UUID, school_id: UUID) -> None:
        errand = self._set_out(database, watch_id, school_id)
        if errand is None:
            return
        try:
            heard = _read(errand)
            gone = self._missing(database, school_id, errand, heard)
        except PlatformError as error:
            self._stumble(database, watch_id, school_id, error)
            return
        for start in range(0, len(heard.comments), CHUNK):
            with database.transaction(school_id) as session:
                some = heard.comments[start : start + CHUNK]
                take_in(session, errand.channel_id, some, read_at=heard.read_at)
        self._finish(database, watch_id, school_id, heard, gone)

    def _set_out(self, database: Database, watch_id: UUID, school_id: UUID) -> Errand | None:
        with database.transaction(school_id) as session:
            watch = session.get_one(CommentWatch, watch_id)
            channel = session.get_one(Channel, watch.channel_id)
            if channel.state is not ChannelState.CONNECTED:
                promise(session, POLL_JOB, watch, at=clock.now() + self._pause)
                return None
            platform = self._connector.platform_for(channel)
            return Errand(channel.id, platform, tuple(_watched_posts(session, channel)), channel.comment_cursor or {})

    def _missing(self, database: Database, school_id: UUID, errand: Errand, heard: Heard) -> list[UUID]:
        """Find comments that the network no longer shows under posts that were read whole; ask about each."""
        if errand.platform.network not in TELLS_HIDDEN:
            return []
        with database.reading(school_id) as session:
            query = sa.select(Comment.id, Comment.remote_id).where(
                Comment.channel_id == errand.channel_id,
                Comment.post_remote_id.in_(errand.posts),
                Comment.received_at < heard.read_at,
                Comment.state.not_in([CommentState.DELETED, CommentState.GONE]),
            )
            known = session.execute(query.order_by(Comment.received_at.desc())).all()
        shown = {remote.remote_id for remote in heard.comments}
        missing = [(comment_id, remote_id) for comment_id, remote_id in known if remote_id not in shown]
        return [
            comment_id
            for comment_id, remote_id in missing[:MOST_MISSING]
            if errand.platform.fetch_comment(remote_id) is None
        ]

    def _finish(self, database: Database, watch_id: UUID, school_id: UUID, heard: Heard, gone: list[UUID]) -> None:
        with database.transaction(school_id) as session:
            watch = session.get_one(CommentWatch, watch_id)
            channel = session.get_one(Channel, watch.channel_id, with_for_update={"key_share": True})
            for comment_id in gone:
                lose(session, session.get_one(Comment, comment_id, with_for_update=True), sealer=self._sealer)
            if heard.cursor is not None:
                channel.comment_cursor = heard.cursor
            channel.comments_read_at = watch.read_at = heard.read_at
            watch.problem = None
            promise(session, POLL_JOB, watch, at=clock.now() + self._pause)

    def _stumble(self, database: Database, watch_id: UUID, school_id: UUID, error: PlatformError) -> None:
        """Nothing was taken in and the cursor stays where it is: the next reading begins there again."""
        log.info("comments.poll-failed", watch_id=str(watch_id), code=error.code)
        at = clock.now() + self._pause
        with database.transaction(school_id) as session:
            watch = session.get_one(CommentWatch, watch_id)
            if isinstance(error, AuthorizationError):
                pause_channel(session, session.get_one(Channel, watch.channel_id), error.sentence)
            elif isinstance(error, TransientError) and error.retry_at is not None:
                at = max(at, error.retry_at)
            elif isinstance(error, OutOfCreditError):
                at = clock.now() + WAIT_FOR_CREDIT
            watch.problem = error.sentence
            promise(session, POLL_JOB, watch, at=at)


def _read(errand: Errand) -> Heard:
    """Read the account. If one of its posts was removed meanwhile, the others are read one by one."""
    read_at = clock.now()
    try:
        page = errand.platform.fetch_comments(post_remote_ids=errand.posts, cursor=errand.cursor)
        return Heard(page.comments, page.next_cursor, read_at)
    except GoneError:
        if not errand.posts:
            raise
    found: list[RemoteComment] = []
    cursor = None
    for post_id in errand.posts:
        try:
            page = errand.platform.fetch_comments(post_remote_ids=[post_id], cursor=cursor or errand.cursor)
        except GoneError:
            continue
        found += page.comments
        cursor = page.next_cursor or cursor
    return Heard(tuple(found), cursor, read_at)


def _watched_posts(session: Session, channel: Channel) -> Sequence[str]:
    query = sa.select(Delivery.remote_id).where(
        Delivery.channel_id == channel.id,
        Delivery.state == DeliveryState.SENT,
        Delivery.remote_id.is_not(None),
        Delivery.sent_at > clock.now() - WATCHED,
    )
    found = session.scalars(query.order_by(Delivery.sent_at.desc()).limit(MOST_POSTS))
    return [remote_id for remote_id in found if remote_id]
