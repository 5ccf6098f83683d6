"""Webhooks: stored as they come and answered at once; a worker reads them afterwards and asks the network.

What they tell is a hint: a new comment is judged on the signed words at once, everything else is read anew.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.channels.connector import Connector
from app.channels.models import Channel, ChannelState
from app.channels.services import pause_channel
from app.comments.ingesting import comment_called, lose, take_hint, take_in
from app.comments.models import Comment, CommentState, InboxState, WebhookDelivery
from app.comments.polling import read_soon
from app.comments.promises import judging_actor
from app.comments.workflow import InboxAction, inbox_workflow
from app.core import clock
from app.core.crypto import Sealer
from app.core.db import EVERY_SCHOOL, Database
from app.jobs.due import keep, promise, retry_later
from app.platforms import webhooks
from app.platforms.base import Platform, RemoteComment
from app.platforms.errors import AuthorizationError, PlatformError, RejectedError, TransientError
from app.platforms.transport import waiting_briefly
from app.platforms.webhooks import CommentHint

READ_JOB = "comments.read-webhook"
FEW = 10
"""So many new comments are read anew one by one; more are left to the next reading of the whole account."""
CHUNK = 200
WAIT_WHILE_PAUSED = timedelta(minutes=1)


def signers(database: Database, body: bytes, header: str | None, connector: Connector) -> set[UUID]:
    """Return the schools whose Page signed these bytes with its app's secret; none means refuse."""
    named = webhooks.account_ids(body)
    with database.reading(EVERY_SCHOOL) as session:
        channels = session.scalars(sa.select(Channel).where(Channel.remote_account_id.in_(named))).all()
    return {
        channel.school_id
        for channel in channels
        if channel.credentials_sealed is not None
        and webhooks.verify_signature(body, header, getattr(connector.credentials_of(channel), "app_secret", ""))
    }


def store(session: Session, body: bytes) -> None:
    """Keep what a network sent, once: the same bytes sent again are already here."""
    digest = hashlib.sha256(body).hexdigest()
    delivery = WebhookDelivery(
        id=uuid4(), state=InboxState.WAITING, received_at=clock.now(), body_sha256=digest, body=body
    )
    try:
        with session.begin_nested():
            session.add(delivery)
    except IntegrityError:
        return
    promise(session, READ_JOB, delivery)


@dataclass(frozen=True, slots=True)
class Mail:
    """The hints for one channel, and the way to its network."""

    channel_id: UUID
    platform: Platform | None
    """None while the account is paused: the signed words are taken in all the same."""
    hints: tuple[CommentHint, ...]


class Reader:
    def __init__(self, connector: Connector, sealer: Sealer) -> None:
        self._connector, self._sealer = connector, sealer

    def run(self, database: Database, delivery_id: UUID, school_id: UUID) -> None:
        post = self._open(database, delivery_id, school_id)
        complete = True
        for mail in post:
            _take_new(database, school_id, mail)
            complete = self._look_again(database, delivery_id, school_id, mail) and complete
        if complete:
            with database.transaction(school_id) as session:
                _finish(session, delivery_id, sum(len(mail.hints) for mail in post))

    def _open(self, database: Database, delivery_id: UUID, school_id: UUID) -> list[Mail]:
        with database.reading(school_id) as session:
            body = session.get_one(WebhookDelivery, delivery_id).body or b""
            try:
                hints = webhooks.parse(body)
            except RejectedError:
                return []
            accounts = {hint.account_id for hint in hints}
            channels = session.scalars(sa.select(Channel).where(Channel.remote_account_id.in_(accounts))).all()
            return [
                Mail(
                    channel_id=channel.id,
                    platform=self._platform(channel),
                    hints=tuple(hint for hint in hints if hint.account_id == channel.remote_account_id),
                )
                for channel in channels
                if channel.credentials_sealed is not None
            ]

    def _platform(self, channel: Channel) -> Platform | None:
        return self._connector.platform_for(channel) if channel.state is ChannelState.CONNECTED else None

    def _look_again(self, database: Database, delivery_id: UUID, school_id: UUID, mail: Mail) -> bool:
        """Ask the network about what changed; tell whether everything could be asked."""
        told = [hint for hint in mail.hints if _is_told(hint)]
        wanted = {hint.comment_id: hint for hint in mail.hints if not hint.is_own and not _is_told(hint)}
        if len(told) <= FEW:
            wanted |= {hint.comment_id: hint for hint in told}
        try:
            for hint in wanted.values():
                self._read_one(database, school_id, mail, hint)
        except PlatformError as error:
            with database.transaction(school_id) as session:
                _come_back(session, delivery_id, mail.channel_id, error)
            return False
        if len(told) > FEW:
            with database.transaction(school_id) as session:
                read_soon(session, mail.channel_id)
        return True

    def _read_one(self, database: Database, school_id: UUID, mail: Mail, hint: CommentHint) -> None:
        with database.reading(school_id) as session:
            known = comment_called(session, mail.channel_id, hint.comment_id)
        if hint.verb in ("remove", "hide", "unhide") and (known is None or _is_no_news(known, hint)):
            return
        if mail.platform is None:
            raise TransientError("The account is not connected.", retry_at=clock.now() + WAIT_WHILE_PAUSED)
        read_at = clock.now()
        try:
            with waiting_briefly():
                seen = mail.platform.fetch_comment(hint.comment_id)
        except RejectedError:
            return
        with database.transaction(school_id) as session:
            if seen is not None:
                take_in(session, mail.channel_id, [_placed(seen, hint)], read_at=read_at)
                return
            comment = comment_called(session, mail.channel_id, hint.comment_id)
            if comment is not None:
                lose(session, comment, sealer=self._sealer)


def _take_new(database: Database, school_id: UUID, mail: Mail) -> None:
    """Take in new comments from the signed words: under a pile-on the worst must not wait for a thousand readings."""
    told = [_remote(hint) for hint in mail.hints if _is_told(hint)]
    for start in range(0, len(told), CHUNK):
        with database.transaction(school_id) as session:
            take_hint(session, mail.channel_id, told[start : start + CHUNK])


def _come_back(session: Session, delivery_id: UUID, channel_id: UUID, error: PlatformError) -> None:
    """Read the delivery again later: what was done already is done once all the same."""
    at: datetime | None = error.retry_at if isinstance(error, TransientError) else None
    if isinstance(error, AuthorizationError):
        pause_channel(session, session.get_one(Channel, channel_id), error.sentence)
        at = clock.now() + WAIT_WHILE_PAUSED
    retry_later(session.get_one(WebhookDelivery, delivery_id), error.sentence, at=at)


def _finish(session: Session, delivery_id: UUID, hints: int) -> None:
    delivery = session.get_one(WebhookDelivery, delivery_id)
    inbox_workflow.advance(session, delivery, InboxAction.FINISH_READING, actor=judging_actor(session))
    delivery.body, delivery.hints = None, hints
    keep(delivery)


def _is_no_news(comment: Comment, hint: CommentHint) -> bool:
    """Our own hiding comes back as a hint: in a storm, asking about each would be half of all calls."""
    if hint.verb == "hide":
        return comment.is_hidden_remotely or comment.state is CommentState.HIDING
    return hint.verb == "unhide" and comment.state is CommentState.RESTORING


def _is_told(hint: CommentHint) -> bool:
    """A new comment with its words: nothing more is needed to judge it."""
    return hint.verb == "add" and bool(hint.text) and not hint.is_own


def _remote(hint: CommentHint) -> RemoteComment:
    return RemoteComment(
        remote_id=hint.comment_id,
        post_remote_id=hint.post_id,
        parent_remote_id=None if hint.parent_id == hint.post_id else hint.parent_id,
        author_id=hint.author_id,
        author_name=hint.author_name,
        text=hint.text or "",
        created_at=hint.created_at or clock.now(),
        is_own=hint.is_own,
    )


def _placed(seen: RemoteComment, hint: CommentHint) -> RemoteComment:
    return replace(seen, post_remote_id=hint.post_id) if hint.post_id else seen
