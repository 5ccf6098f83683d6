"""Take a post off its network, and prove that it is gone."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.channels.connector import Connector
from app.channels.models import Channel, ChannelState
from app.channels.services import pause_channel
from app.core import clock
from app.core.db import EVERY_SCHOOL, Database
from app.core.errors import InvalidInputError, NotFoundError, WrongStateError
from app.jobs.due import keep, retry_later
from app.platforms.base import Absence, Platform
from app.platforms.errors import AuthorizationError, PlatformError, TransientError
from app.posts.models import Post
from app.publishing import costs, telling
from app.publishing.models import GONE_WITHIN, Delivery, DeliveryState
from app.publishing.rows import rows_of
from app.publishing.services import settle, worker_actor
from app.publishing.workflow import DeliveryAction, workflow

PATIENT_ATTEMPTS = 4
"""So often a busy network is asked to remove a post before people are told that it still shows."""
WAIT_FOR_SIGN_IN = timedelta(minutes=1)
REMIND_AGAIN_AFTER = timedelta(hours=4)
MAY_BE_PUBLIC = tuple(state for state in DeliveryState if state.may_be_public)
SHOWS_THERE = "It still shows on the network, so it is not gone. Remove it there, or wait until we have."
STILL_SHOWS = "The network says it is removed, but it still shows. We try again."
WAITS = "The sign-in is broken, so it may still show. Remove it on the network by hand, or connect the account again."
BY_HAND = "The account is closed here, so we cannot remove it. Remove it on the network by hand, then say so below."


class Retractor:
    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    def retract(self, database: Database, delivery_id: UUID, school_id: UUID) -> None:
        """Remove a post from its network and look whether it is gone."""
        with database.transaction(school_id) as session:
            delivery, post, _, channel = rows_of(session, delivery_id)
            if channel.state is not ChannelState.CONNECTED:
                _without_sign_in(session, delivery, post, channel)
                return
            remote_id, attempts = delivery.remote_id, delivery.attempts
            costs.charge(session, channel, costs.DELETE, "delete")
        if remote_id is None:
            raise RuntimeError("a delivery that was sent has no remote id")
        try:
            absence = _remove(self._connector.platform_for(channel), remote_id)
        except TransientError as error:
            _later(database, delivery_id, school_id, error, tell=attempts >= PATIENT_ATTEMPTS)
        except AuthorizationError as error:
            _pause(database, delivery_id, school_id, error)
        except (PlatformError, WrongStateError) as error:  # refused, or the account is disconnected
            _later(database, delivery_id, school_id, error, tell=True)
        else:
            _conclude(database, delivery_id, school_id, absence)


def absence_there(database: Database, connector: Connector, delivery_id: UUID, school_id: UUID) -> str:
    """Ask the network whether a post that somebody removed by hand is gone; return its answer, if it can be asked.

    Raises InvalidInputError while it still shows: our own removal goes on, and nobody is told that it is gone.
    """
    with database.reading(school_id) as session:
        delivery = session.get(Delivery, delivery_id)
        if delivery is None:
            raise NotFoundError
        channel, remote_id = session.get_one(Channel, delivery.channel_id), delivery.remote_id
        if remote_id is None or channel.state is not ChannelState.CONNECTED:
            return ""
        platform = connector.platform_for(channel)
    try:
        absence = platform.absence_of(remote_id)
    except PlatformError as error:
        raise InvalidInputError(error.sentence) from error
    if absence is None:
        raise InvalidInputError(SHOWS_THERE)
    return absence.code


def remind(database: Database) -> None:
    """Tell people again, every few hours, of posts that should be gone and may still show."""
    overdue = sa.or_(
        Delivery.state.in_((DeliveryState.NEEDS_PERSON, DeliveryState.LEFT)),
        Delivery.retract_asked_at < clock.now() - GONE_WITHIN,
    )
    query = sa.select(Delivery.id, Delivery.school_id).where(
        Delivery.retract_asked_at.is_not(None), Delivery.state.in_(MAY_BE_PUBLIC), overdue
    )
    with database.reading(EVERY_SCHOOL) as session:
        found = session.execute(query).all()
    for delivery_id, school_id in found:
        with database.transaction(school_id) as session:
            delivery, post, *_ = rows_of(session, delivery_id)
            told_at = telling.told_still_up_at(session, delivery)
            if delivery.state.may_be_public and (told_at is None or told_at < clock.now() - REMIND_AGAIN_AFTER):
                telling.still_up(session, post, delivery)


def _remove(platform: Platform, remote_id: str) -> Absence | None:
    platform.retract(remote_id)
    return platform.absence_of(remote_id)


def _conclude(database: Database, delivery_id: UUID, school_id: UUID, absence: Absence | None) -> None:
    with database.transaction(school_id) as session:
        delivery, post, *_ = rows_of(session, delivery_id)
        if absence is None:
            retry_later(delivery, STILL_SHOWS)
            return
        proof: dict[str, object] = {
            "answer": absence.code,
            "trace": absence.trace,
            "seen_at": absence.seen_at.isoformat(),
        }
        workflow.advance(
            session, delivery, DeliveryAction.FINISH_RETRACT, actor=worker_actor(session), details={"proof": proof}
        )
        keep(delivery)
        delivery.retracted_at, delivery.gone_proof, delivery.problem = absence.seen_at, proof, None
        settle(session, post)


def _later(
    database: Database, delivery_id: UUID, school_id: UUID, error: PlatformError | WrongStateError, *, tell: bool
) -> None:
    """Nobody may believe that a post is gone while it shows: people can remove it by hand."""
    with database.transaction(school_id) as session:
        delivery, post, _, channel = rows_of(session, delivery_id)
        if delivery.state is not DeliveryState.RETRACTING:
            return
        if isinstance(error, TransientError):  # it was put off: nothing was done that could be billed
            costs.take_back(session, channel, "delete")
        retry_later(delivery, error.sentence, at=error.retry_at if isinstance(error, TransientError) else None)
        if tell:
            telling.still_up(session, post, delivery)


def _pause(database: Database, delivery_id: UUID, school_id: UUID, error: AuthorizationError) -> None:
    with database.transaction(school_id) as session:
        delivery, post, _, channel = rows_of(session, delivery_id)
        if delivery.state is DeliveryState.RETRACTING:
            retry_later(delivery, error.sentence, at=clock.now() + WAIT_FOR_SIGN_IN)
        pause_channel(session, channel, error.sentence)
        telling.still_up(session, post, delivery)


def _without_sign_in(session: Session, delivery: Delivery, post: Post, channel: Channel) -> None:
    """Wait for a sign-in that is broken. Once the keys are forgotten, a person removes it and says so."""
    if channel.state is ChannelState.PAUSED:
        retry_later(delivery, WAITS, at=clock.now() + WAIT_FOR_SIGN_IN)
        return
    keep(delivery)
    delivery.problem = BY_HAND
    telling.still_up(session, post, delivery)
