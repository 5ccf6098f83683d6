"""Bring one delivery to its network: claim → prepare → arm → send → confirm.

No transaction is open while the network is spoken to. `sending` is committed before the request leaves; whoever finds
it afterwards without an answer looks at the account first and never sends again blindly.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from app.channels.connector import Connector
from app.channels.models import Channel, ChannelState
from app.channels.services import pause_channel
from app.core import clock
from app.core.db import Database
from app.core.errors import WrongStateError
from app.jobs.due import keep, retry_later
from app.media.storage import Storage
from app.platforms.base import OutgoingPost, Platform, Prepared, Published
from app.platforms.errors import (
    AmbiguousError,
    AuthorizationError,
    OutcomeUnknownError,
    OutOfCreditError,
    PermissionMissingError,
    PlatformError,
    TransientError,
)
from app.posts.models import Post, Revision
from app.posts.workflow import PostAction
from app.posts.workflow import workflow as post_workflow
from app.publishing import costs, gate, telling
from app.publishing.content import outgoing
from app.publishing.gate import Verdict
from app.publishing.models import Delivery, DeliveryState
from app.publishing.rows import rows_of
from app.publishing.services import lapse, settle, take_off, worker_actor
from app.publishing.workflow import DeliveryAction, workflow

log = structlog.get_logger()
LEASE = timedelta(minutes=3)
LOOKS = 4
"""How often an account is searched for a lost post before a person is asked."""
WAIT_WHILE_STOPPED = timedelta(seconds=15)
WAIT_FOR_MONEY = timedelta(minutes=1)
IS_LATE = timedelta(minutes=5)
"""A delivery this late may be one that an older backup brought back: the account is looked at before it is sent."""
RESTORED_FOR = timedelta(days=30)
LOST_WITH_ACCOUNT = (
    "We cannot look whether this post arrived: the account is {state} here. Look on the network, then decide below."
)
TAKEN = "The post that was found belongs to another one of yours. We look again."
WITHOUT_WORDS = "An older backup was brought back, and this post has no words to know it by. Look whether it is there."


@dataclass(frozen=True, slots=True)
class Errand:
    """What the worker takes along to the network."""

    state: DeliveryState
    platform: Platform
    post: OutgoingPost
    prepared: Prepared | None
    since: datetime
    looks_first: bool = False
    """It may have gone out already, though we do not know of it."""
    is_restored: bool = False
    """An older backup was brought back, so that is likely."""


class Courier:
    """Delivers; holds what the rows do not: how to connect and where the pictures are."""

    def __init__(self, connector: Connector, storage: Storage) -> None:
        self._connector = connector
        self._storage = storage

    def deliver(self, database: Database, delivery_id: UUID, school_id: UUID) -> None:
        """Keep the promise of one claimed delivery."""
        errand = self._set_out(database, delivery_id, school_id)
        if errand is None:
            return
        if errand.state is not DeliveryState.PENDING:
            self._look(database, delivery_id, school_id, errand)
            return
        if errand.looks_first and not self._is_missing(database, delivery_id, school_id, errand):
            return
        prepared = self._prepare(database, delivery_id, school_id, errand)
        if prepared is not None and self._arm(database, delivery_id, school_id, errand, prepared):
            self._send(database, delivery_id, school_id, errand, prepared)

    def _set_out(self, database: Database, delivery_id: UUID, school_id: UUID) -> Errand | None:
        """Ask the gate and read what to send, in the claim's own transaction."""
        with database.transaction(school_id) as session:
            delivery, post, revision, channel = rows_of(session, delivery_id)
            if delivery.state is DeliveryState.SENDING:
                workflow.advance(session, delivery, DeliveryAction.LOSE, actor=worker_actor(session))
            if delivery.state is DeliveryState.UNKNOWN and not _can_look(session, delivery, post, channel):
                return None
            if delivery.state is DeliveryState.PENDING and not _passes(session, delivery, post, revision, channel):
                return None
            sealed = outgoing(session, revision, delivery.network)
            platform = self._connector.platform_for(channel)
            prepared = Prepared.from_json(delivery.prepared) if delivery.prepared else None
            looks_first, since = _looks_first(delivery, channel, revision)
            state, is_restored = delivery.state, _is_restored(channel)
        content = sealed.load(lambda sha256: self._storage.get(school_id, sha256))
        return Errand(state, platform, content, prepared, since, looks_first, is_restored)

    def _prepare(self, database: Database, delivery_id: UUID, school_id: UUID, errand: Errand) -> Prepared | None:
        """Upload what is invisible until it is sent. A failure here has published nothing."""
        try:
            return errand.platform.prepare(errand.post)
        except OutcomeUnknownError as error:  # an upload nobody can see may be repeated
            self._give_back(database, delivery_id, school_id, error, DeliveryState.PENDING)
        except PlatformError as error:
            self._stumble(database, delivery_id, school_id, error, DeliveryState.PENDING)
        return None

    def _arm(self, database: Database, delivery_id: UUID, school_id: UUID, errand: Errand, prepared: Prepared) -> bool:
        """Ask the gate once more and commit `sending`: from here on the outcome is looked up, not repeated."""
        armed = False
        try:
            with database.transaction(school_id) as session:
                delivery, post, revision, channel = rows_of(session, delivery_id)
                is_ours = delivery.state is DeliveryState.PENDING  # else another worker has it
                if is_ours and _passes(session, delivery, post, revision, channel):
                    costs.charge(session, delivery, costs.quote(revision), "post")
                    _arm(session, delivery, post, prepared)
                    armed = True
        except WrongStateError:
            log.info("delivery.overtaken", delivery_id=str(delivery_id))  # it was taken back
        if not armed:
            errand.platform.discard(prepared)
        return armed

    def _send(self, database: Database, delivery_id: UUID, school_id: UUID, errand: Errand, prepared: Prepared) -> None:
        try:
            published = errand.platform.send(errand.post, prepared)
        except OutcomeUnknownError as error:
            with database.transaction(school_id) as session:
                delivery, *_ = rows_of(session, delivery_id)
                workflow.advance(session, delivery, DeliveryAction.LOSE, actor=worker_actor(session))
                retry_later(delivery, error.sentence)
        except PlatformError as error:
            self._stumble(database, delivery_id, school_id, error, DeliveryState.SENDING)
            if not isinstance(error, TransientError):
                errand.platform.discard(prepared)
        else:
            _finish(database, delivery_id, school_id, published)

    def _look(self, database: Database, delivery_id: UUID, school_id: UUID, errand: Errand) -> None:
        """Search the account for a post whose fate is unknown: adopt it, or ask a person. Never send again."""
        try:
            found = errand.platform.find_published(errand.post, errand.prepared, since=errand.since)
        except AmbiguousError as error:
            self._ask(database, delivery_id, school_id, error.sentence)
        except AuthorizationError as error:
            self._pause(database, delivery_id, school_id, error, DeliveryState.UNKNOWN)
        except PlatformError as error:
            self._give_back(database, delivery_id, school_id, error, DeliveryState.UNKNOWN)
        else:
            if found is not None and not _is_anothers(database, delivery_id, school_id, found):
                _finish(database, delivery_id, school_id, found)
            else:
                self._not_found(database, delivery_id, school_id)

    def _not_found(self, database: Database, delivery_id: UUID, school_id: UUID) -> None:
        sentence = "The network did not answer, and the post is not on the account. Look there, then decide here."
        with database.transaction(school_id) as session:
            delivery, *_ = rows_of(session, delivery_id)
            delivery.looks += 1
            if delivery.looks < LOOKS:
                retry_later(delivery, sentence)
                return
        self._ask(database, delivery_id, school_id, sentence)

    def _ask(self, database: Database, delivery_id: UUID, school_id: UUID, sentence: str) -> None:
        with database.transaction(school_id) as session:
            delivery, post, *_ = rows_of(session, delivery_id)
            _hand_over(session, delivery, post, sentence)

    def _is_missing(self, database: Database, delivery_id: UUID, school_id: UUID, errand: Errand) -> bool:
        """Look before sending what may be out already; adopt it if it is."""
        if not errand.post.text.strip():
            if errand.is_restored:
                self._ask(database, delivery_id, school_id, WITHOUT_WORDS)
            return not errand.is_restored
        try:
            found = errand.platform.find_published(errand.post, None, since=errand.since)
        except AmbiguousError as error:
            self._ask(database, delivery_id, school_id, error.sentence)
            return False
        except PlatformError as error:
            self._stumble(database, delivery_id, school_id, error, DeliveryState.PENDING)
            return False
        if found is None or _is_anothers(database, delivery_id, school_id, found):
            return True
        _finish(database, delivery_id, school_id, found)
        return False

    def _stumble(
        self, database: Database, delivery_id: UUID, school_id: UUID, error: PlatformError, held: DeliveryState
    ) -> None:
        """Sort a failure by what must be done next. Nothing was published.

        `held` is the state in which this worker had the delivery: in another state another worker has it by now.
        """
        if isinstance(error, AuthorizationError | PermissionMissingError):
            self._pause(database, delivery_id, school_id, error, held)
        elif isinstance(error, TransientError | OutOfCreditError):
            self._give_back(database, delivery_id, school_id, error, held)
        else:
            with database.transaction(school_id) as session:
                delivery, post, *_ = rows_of(session, delivery_id)
                if delivery.state is not held:
                    return
                _start(session, post)
                workflow.advance(session, delivery, DeliveryAction.FAIL, actor=worker_actor(session))
                keep(delivery)
                delivery.problem = error.sentence
                telling.failed(session, post, delivery)
                settle(session, post)

    def _pause(
        self, database: Database, delivery_id: UUID, school_id: UUID, error: PlatformError, held: DeliveryState
    ) -> None:
        """The sign-in is broken: keep the delivery, pause the account, tell the coordinator."""
        with database.transaction(school_id) as session:
            delivery, _, _, channel = rows_of(session, delivery_id)
            if delivery.state is held:
                _release(session, delivery, error.sentence, at=clock.now() + WAIT_WHILE_STOPPED)
            pause_channel(session, channel, error.sentence)

    def _give_back(
        self, database: Database, delivery_id: UUID, school_id: UUID, error: PlatformError, held: DeliveryState
    ) -> None:
        at = error.retry_at if isinstance(error, TransientError) else None
        if isinstance(error, OutOfCreditError):
            at = clock.now() + timedelta(hours=1)
        with database.transaction(school_id) as session:
            delivery, post, *_ = rows_of(session, delivery_id)
            if delivery.state is not held:
                return
            if held is DeliveryState.UNKNOWN and _looked_long_enough(delivery):
                _hand_over(session, delivery, post, error.sentence)
                return
            if held is DeliveryState.SENDING:  # it was refused: nothing was made that could be billed
                costs.take_back(session, delivery, "post")
            _release(session, delivery, error.sentence, at=at)
            if isinstance(error, OutOfCreditError):
                telling.out_of_credit(session, delivery)


def _passes(session: Session, delivery: Delivery, post: Post, revision: Revision, channel: Channel) -> bool:
    answer = gate.ask(session, delivery, post, revision, channel)
    if answer.verdict is Verdict.GO:
        return True
    actor = worker_actor(session)
    if answer.verdict in (Verdict.WAIT, Verdict.POSTPONE, Verdict.UNAFFORDABLE):
        _wait(session, delivery, answer)
    elif answer.verdict is Verdict.REFUSE:
        _start(session, post)
        workflow.advance(session, delivery, DeliveryAction.FAIL, actor=actor)
        keep(delivery)
        delivery.problem = answer.reason
        telling.failed(session, post, delivery)
        settle(session, post)
    elif answer.verdict is Verdict.EXPIRE:
        workflow.advance(session, delivery, DeliveryAction.EXPIRE, actor=actor)
        keep(delivery)
        delivery.problem = answer.reason
        expire_post(session, post, answer.reason)
    else:
        workflow.advance(session, delivery, DeliveryAction.CANCEL, actor=actor)
        keep(delivery)
        delivery.problem = answer.reason
        if answer.verdict is Verdict.LAPSE and post.state.awaits_sending:
            lapse(session, post, answer.reason)
            telling.lapsed(session, post)
        settle(session, post)
    return False


def _wait(session: Session, delivery: Delivery, answer: gate.Gate) -> None:
    is_news = delivery.last_error != answer.reason
    wait = WAIT_FOR_MONEY if answer.verdict is Verdict.UNAFFORDABLE else WAIT_WHILE_STOPPED
    retry_later(delivery, answer.reason, at=answer.until or clock.now() + wait)
    if answer.verdict is Verdict.POSTPONE and answer.until is not None:
        if clock.now() <= delivery.planned_for + IS_LATE:  # what was late before does not become punctual
            delivery.planned_for = max(delivery.planned_for, answer.until)
    elif answer.verdict is Verdict.UNAFFORDABLE and is_news:
        telling.budget_spent(session, delivery)


def _hand_over(session: Session, delivery: Delivery, post: Post, sentence: str) -> None:
    """What we cannot find out, a person can."""
    _start(session, post)
    workflow.advance(session, delivery, DeliveryAction.ASK, actor=worker_actor(session))
    keep(delivery)
    delivery.problem = sentence
    telling.needs_person(session, post, delivery)
    settle(session, post)


def _can_look(session: Session, delivery: Delivery, post: Post, channel: Channel) -> bool:
    """Without a sign-in nobody can look: wait for the coordinator for half a day, then ask a person."""
    if channel.state is ChannelState.CONNECTED:
        return True
    sentence = LOST_WITH_ACCOUNT.format(state=channel.state.value)
    if channel.state is ChannelState.PAUSED and not _looked_long_enough(delivery):
        retry_later(delivery, sentence, at=clock.now() + WAIT_WHILE_STOPPED)
    else:
        _hand_over(session, delivery, post, sentence)
    return False


def _looked_long_enough(delivery: Delivery) -> bool:
    return clock.now() > (delivery.sending_since or delivery.planned_for) + gate.LATEST


def _looks_first(delivery: Delivery, channel: Channel, revision: Revision) -> tuple[bool, datetime]:
    """Tell whether the account is searched before sending, and from when on: no post is older than its words."""
    if delivery.state is not DeliveryState.PENDING:
        return False, delivery.sending_since or delivery.planned_for
    if channel.look_since is not None and _is_restored(channel):
        return True, max(channel.look_since, revision.created_at)
    return clock.now() > delivery.planned_for + IS_LATE, delivery.planned_for - IS_LATE


def _is_restored(channel: Channel) -> bool:
    return channel.look_since is not None and clock.now() < channel.look_since + RESTORED_FOR


def expire_post(session: Session, post: Post, reason: str) -> None:
    if post.state.awaits_sending:
        post_workflow.advance(session, post, PostAction.EXPIRE, actor=worker_actor(session))
        post.state_reason = reason
        post.forget_approval()
        telling.expired(session, post)
    else:
        settle(session, post)


def _start(session: Session, post: Post) -> None:
    if post.state in gate.SENDABLE:
        post_workflow.advance(session, post, PostAction.START_SENDING, actor=worker_actor(session))


def _arm(session: Session, delivery: Delivery, post: Post, prepared: Prepared) -> None:
    workflow.advance(session, delivery, DeliveryAction.ARM, actor=worker_actor(session))
    delivery.prepared = prepared.to_json()
    delivery.sending_since = clock.now()
    delivery.claimed_until = clock.now() + LEASE
    _start(session, post)


def _is_anothers(database: Database, delivery_id: UUID, school_id: UUID, found: Published) -> bool:
    """Tell whether a post that was found belongs to another delivery: the same words may go out twice."""
    with database.reading(school_id) as session:
        return _owner(session, session.get_one(Delivery, delivery_id), found) is not None


def _owner(session: Session, delivery: Delivery, found: Published) -> UUID | None:
    """Return which other delivery a post on the account belongs to."""
    query = sa.select(Delivery.id).where(
        Delivery.channel_id == delivery.channel_id,
        Delivery.remote_id == found.remote_id,
        Delivery.id != delivery.id,
    )
    return session.scalar(query)


def _release(session: Session, delivery: Delivery, error: str, *, at: datetime | None) -> None:
    if delivery.state is DeliveryState.SENDING:
        workflow.advance(session, delivery, DeliveryAction.RELEASE, actor=worker_actor(session))
    retry_later(delivery, error, at=at)


def _finish(database: Database, delivery_id: UUID, school_id: UUID, published: Published) -> None:
    """Write down where the post is. If it was taken back meanwhile, it is removed at once."""
    with database.transaction(school_id) as session:
        delivery, post, *_ = rows_of(session, delivery_id)
        if _owner(session, delivery, published) is not None:
            retry_later(delivery, TAKEN)
            return
        actor = worker_actor(session)
        _start(session, post)
        action = DeliveryAction.ADOPT if delivery.state is DeliveryState.PENDING else DeliveryAction.FINISH
        workflow.advance(session, delivery, action, actor=actor, details={"remote_id": published.remote_id})
        delivery.remote_id, delivery.permalink = published.remote_id, published.permalink
        delivery.sent_at, delivery.problem = published.published_at, None
        keep(delivery)
        if delivery.retract_wanted:
            take_off(session, delivery, actor=actor)
        settle(session, post)
