"""Bring an approved reply to its network, once: after an unknown outcome we look, and never write again blindly."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.channels.connector import Connector
from app.channels.models import Channel, ChannelState
from app.channels.services import pause_channel
from app.comments.promises import REPLY_JOB
from app.comments.replies import why_not_now
from app.comments.reply_models import Reply, ReplyState
from app.comments.wording import problem_with
from app.comments.workflow import ReplyAction, reply_workflow
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.db import Database, school_of
from app.core.permissions import Permission
from app.jobs.due import keep, promise, retry_later
from app.platforms.base import Network, Platform, Published
from app.platforms.errors import (
    AuthorizationError,
    OutcomeUnknownError,
    OutOfCreditError,
    PlatformError,
    TransientError,
)
from app.publishing import costs
from app.publishing.watching import note_own
from app.schools.models import School
from app.schools.services import school_with

log = structlog.get_logger()
WAIT = timedelta(minutes=1)
WAIT_FOR_CREDIT = timedelta(minutes=30)
LOOK_AGAIN = timedelta(seconds=20)
MOST_LOOKS = 4


@dataclass(frozen=True, slots=True)
class Errand:
    platform: Platform
    target: str
    text: str
    looks_since: datetime | None
    """Set when it was sent before and nobody knows what became of it."""


class Replier:
    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    def run(self, database: Database, reply_id: UUID, school_id: UUID) -> None:
        errand = self._set_out(database, reply_id, school_id)
        if errand is None:
            return
        try:
            made = _do(errand)
        except PlatformError as error:
            with database.transaction(school_id) as session:
                reply = session.get_one(Reply, reply_id, with_for_update=True)
                _stumble(session, reply, error, looked=errand.looks_since is not None)
        else:
            with database.transaction(school_id) as session:
                _finish(session, session.get_one(Reply, reply_id, with_for_update=True), made)

    def _set_out(self, database: Database, reply_id: UUID, school_id: UUID) -> Errand | None:
        with database.transaction(school_id) as session:
            reply = session.get_one(Reply, reply_id, with_for_update=True)
            channel = session.get_one(Channel, reply.channel_id)
            if _waits(session, reply, channel):
                return None
            since = reply.sending_since
            if reply.state is ReplyState.APPROVED:
                if (problem := _why_not(session, reply)) is not None:
                    _fail(session, reply, problem)
                    return None
                reply_workflow.advance(session, reply, ReplyAction.ARM, actor=_worker(session))
                costs.charge(session, channel, costs.quote_reply(reply.text), "reply")
                reply.sending_since, since, reply.attempts = clock.now(), None, 1
            return Errand(self._connector.platform_for(channel), reply.target_remote_id, reply.text, since)


def _do(errand: Errand) -> Published | None:
    if errand.looks_since is None:
        return errand.platform.reply(errand.target, errand.text)
    return errand.platform.find_reply(errand.target, errand.text, since=errand.looks_since)


def _waits(session: Session, reply: Reply, channel: Channel) -> bool:
    """The emergency stop holds back all but a prepared statement that was put under a post during the stop."""
    school, is_new = school_with(session, reply.school_id), reply.state is ReplyState.APPROVED
    stopped_at = school.publishing_stopped_at
    if is_new and stopped_at and not _is_statement_since(reply, stopped_at):
        reason = "Publishing is stopped for the whole school."
    elif channel.state is not ChannelState.CONNECTED:
        reason = f"The {channel.network.label} account is not connected."
    elif is_new and not _is_statement(reply) and not _is_affordable(session, school, channel, reply):
        reason = "This month's budget for X is spent."
    else:
        return False
    reply.problem = f"{reason} It waits."
    retry_later(reply, reason, at=clock.now() + WAIT)
    return True


def _is_statement_since(reply: Reply, stopped_at: datetime) -> bool:
    return _is_statement(reply) and reply.approved_at is not None and reply.approved_at > stopped_at


def _is_statement(reply: Reply) -> bool:
    return reply.comment_id is None and reply.prepared_text_id is not None


def _is_affordable(session: Session, school: School, channel: Channel, reply: Reply) -> bool:
    if channel.network is not Network.X:
        return True
    return costs.is_affordable(session, school.settings, costs.quote_reply(reply.text))


def _why_not(session: Session, reply: Reply) -> str | None:
    return why_not_now(session, reply) or problem_with(session, reply.text)


def _finish(session: Session, reply: Reply, made: Published | None) -> None:
    if reply.state is not ReplyState.SENDING:
        return
    if made is None:
        _look_again(session, reply, "We do not know whether it reached the network, so we look for it.")
        return
    reply_workflow.advance(session, reply, ReplyAction.FINISH, actor=_worker(session))
    reply.remote_id, reply.permalink, reply.sent_at = made.remote_id, made.permalink, made.published_at
    reply.problem = None
    keep(reply)
    note_own(session, reply.channel_id, made)


def _stumble(session: Session, reply: Reply, error: PlatformError, *, looked: bool) -> None:
    log.info("reply.failed", reply_id=str(reply.id), code=error.code)
    if reply.state is not ReplyState.SENDING:
        return
    reply.problem = error.sentence
    if isinstance(error, OutcomeUnknownError):
        _look_again(session, reply, error.sentence)
    elif isinstance(error, AuthorizationError | TransientError | OutOfCreditError):
        if isinstance(error, AuthorizationError):
            pause_channel(session, session.get_one(Channel, reply.channel_id), error.sentence)
        _release(session, reply, error, looked=looked)
    else:
        _fail(session, reply, error.sentence)


def _release(session: Session, reply: Reply, error: PlatformError, *, looked: bool) -> None:
    """Nothing happened: it is tried again. A look that failed is only another look."""
    at = error.retry_at if isinstance(error, TransientError) else None
    at = at or clock.now() + (WAIT_FOR_CREDIT if isinstance(error, OutOfCreditError) else WAIT)
    if looked:
        retry_later(reply, error.sentence, at=at)
        return
    reply_workflow.advance(session, reply, ReplyAction.RELEASE, actor=_worker(session))
    costs.take_back(session, session.get_one(Channel, reply.channel_id), "reply", before=reply.sending_since)
    reply.sending_since = None
    promise(session, REPLY_JOB, reply, at=at)


def _look_again(session: Session, reply: Reply, sentence: str) -> None:
    if reply.attempts >= MOST_LOOKS:
        reply_workflow.advance(session, reply, ReplyAction.ASK, actor=_worker(session))
        reply.problem = "We cannot tell whether it is on the network. Look there, then say whether it stands."
        keep(reply)
        return
    reply.problem = sentence
    retry_later(reply, sentence, at=clock.now() + LOOK_AGAIN)


def _fail(session: Session, reply: Reply, sentence: str) -> None:
    reply_workflow.advance(session, reply, ReplyAction.FAIL, actor=_worker(session))
    reply.problem = sentence
    keep(reply)


def _worker(session: Session) -> Actor:
    return system_actor(school_of(session), "replies", Permission.POST_PUBLISH)
