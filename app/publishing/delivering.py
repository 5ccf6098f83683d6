"""Bring one delivery to its network: claim → prepare → arm → send → confirm.

No transaction is open while the network is spoken to. `sending` is committed before the request leaves; whoever finds
it afterwards without an answer looks at the account first and never sends again blindly.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

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
from app.posts.models import Post, PostState, Revision
from app.publishing import costs, gate, telling
from app.publishing.concluding import (
    WAIT_WHILE_STOPPED,
    can_look,
    conclude,
    fail,
    hand_over,
    looked_long_enough,
    passes,
    protect_adopted,
    start,
)
from app.publishing.content import outgoing
from app.publishing.gate import Verdict
from app.publishing.models import Delivery, DeliveryState
from app.publishing.rows import rows_of
from app.publishing.searching import Search, find, owner_of, search_before_sending, search_for_lost
from app.publishing.services import settle, take_off, worker_actor
from app.publishing.workflow import DeliveryAction, workflow

log = structlog.get_logger()
LEASE = timedelta(minutes=3)
LOOKS = 4
"""How often an account is searched for a lost post before a person is asked."""
TAKEN = "The post that was found belongs to another one of yours. We look again."
WITHOUT_WORDS = "An older backup was brought back, and this post has no words to know it by. Look whether it is there."


@dataclass(frozen=True, slots=True)
class Errand:
    """What the worker takes along to the network."""

    state: DeliveryState
    platform: Platform
    post: OutgoingPost
    search: Search | None
    """How to look for the post first, when it may be out already."""
    may_go: bool = True
    """Otherwise it is only looked for: what must not go out, and is not there, ends."""


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
        search = errand.search
        if search is not None and errand.state is DeliveryState.UNKNOWN:
            self._look(database, delivery_id, school_id, errand, search)
            return
        if search is not None and not self._is_missing(database, delivery_id, school_id, errand, search):
            return
        if not errand.may_go:
            _call_off(database, delivery_id, school_id)
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
            plan = _plan(session, delivery, post, revision, channel)
            if plan is None:
                return None
            sealed = outgoing(session, revision, delivery.network)
            platform, state = self._connector.platform_for(channel), delivery.state
        content = sealed.load(lambda sha256: self._storage.get(school_id, sha256))
        return Errand(state, platform, content, *plan)

    def _prepare(self, database: Database, delivery_id: UUID, school_id: UUID, errand: Errand) -> Prepared | None:
        """Upload what is invisible until it is sent. A failure here has published nothing."""
        try:
            return errand.platform.prepare(errand.post)
        except OutcomeUnknownError as error:  # an upload nobody can see may be repeated
            _give_back(database, delivery_id, school_id, error, DeliveryState.PENDING)
        except PlatformError as error:
            _stumble(database, delivery_id, school_id, error, DeliveryState.PENDING)
        return None

    def _arm(self, database: Database, delivery_id: UUID, school_id: UUID, errand: Errand, prepared: Prepared) -> bool:
        """Ask the gate once more and commit `sending`: from here on the outcome is looked up, not repeated."""
        armed = False
        try:
            with database.transaction(school_id) as session:
                delivery, post, revision, channel = rows_of(session, delivery_id)
                is_ours = delivery.state is DeliveryState.PENDING  # else another worker has it
                if is_ours and passes(session, delivery, post, revision, channel):
                    costs.charge(session, channel, costs.quote(revision), "post")
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
            _stumble(database, delivery_id, school_id, error, DeliveryState.SENDING)
            if not isinstance(error, TransientError):
                errand.platform.discard(prepared)
        else:
            _finish(database, delivery_id, school_id, published)

    def _look(self, database: Database, delivery_id: UUID, school_id: UUID, errand: Errand, search: Search) -> None:
        """Search the account for a post whose fate is unknown: adopt it, or ask a person. Never send again."""
        try:
            found = find(errand.platform, errand.post, search)
        except AmbiguousError as error:
            _ask(database, delivery_id, school_id, error.sentence)
        except AuthorizationError as error:
            _pause(database, delivery_id, school_id, error, DeliveryState.UNKNOWN)
        except PlatformError as error:
            _give_back(database, delivery_id, school_id, error, DeliveryState.UNKNOWN, looked=True)
        else:
            if found is not None:
                _finish(database, delivery_id, school_id, found)
            else:
                _not_found(database, delivery_id, school_id)

    def _is_missing(
        self, database: Database, delivery_id: UUID, school_id: UUID, errand: Errand, search: Search
    ) -> bool:
        """Look for what waits here but may be out already; adopt it if it is."""
        if not search.can_know(errand.post):
            if search.is_likely:
                _ask(database, delivery_id, school_id, WITHOUT_WORDS)
            return not search.is_likely
        try:
            found = find(errand.platform, errand.post, search)
        except AmbiguousError as error:
            _ask(database, delivery_id, school_id, error.sentence)
        except (AuthorizationError, PermissionMissingError) as error:
            _pause(database, delivery_id, school_id, error, DeliveryState.PENDING)
        except PlatformError as error:
            if not errand.may_go and not search.is_likely:
                return True
            _give_back(database, delivery_id, school_id, error, DeliveryState.PENDING, looked=search.is_likely)
        else:
            if found is None:
                return True
            _finish(database, delivery_id, school_id, found)
        return False


def _plan(
    session: Session, delivery: Delivery, post: Post, revision: Revision, channel: Channel
) -> tuple[Search | None, bool] | None:
    """Say how to look for it first, and whether it may be sent; None when there is nothing to do but wait, or it ended.

    What ends unsent is looked for as well, if it may be there: nobody may be told that it is not, while it is.
    """
    if delivery.state is DeliveryState.UNKNOWN:
        return (search_for_lost(session, delivery), False) if can_look(session, delivery, post, channel) else None
    if delivery.state is not DeliveryState.PENDING:
        return None  # somebody settled it meanwhile
    search = search_before_sending(session, delivery, revision, channel)
    answer = gate.ask(session, delivery, post, revision, channel)
    if answer.verdict is Verdict.GO:
        return search, True
    may_be_there = search is not None and (search.is_likely or channel.state is ChannelState.CONNECTED)
    if not answer.ends_it or not may_be_there:
        conclude(session, delivery, post, answer)
        return None
    return (search, False) if can_look(session, delivery, post, channel) else None


def _call_off(database: Database, delivery_id: UUID, school_id: UUID) -> None:
    """It is not there, so what the gate said holds; unless the gate says otherwise by now."""
    with database.transaction(school_id) as session:
        delivery, post, revision, channel = rows_of(session, delivery_id)
        if delivery.state is DeliveryState.PENDING and passes(session, delivery, post, revision, channel):
            retry_later(delivery, "", at=clock.now())


def _arm(session: Session, delivery: Delivery, post: Post, prepared: Prepared) -> None:
    workflow.advance(session, delivery, DeliveryAction.ARM, actor=worker_actor(session))
    delivery.prepared = prepared.to_json()
    delivery.sending_since = clock.now()
    delivery.claimed_until = clock.now() + LEASE
    start(session, post)


def _finish(database: Database, delivery_id: UUID, school_id: UUID, published: Published) -> None:
    """Write down where the post is. If it was taken back meanwhile, it is removed at once."""
    with database.transaction(school_id) as session:
        delivery, post, revision, _ = rows_of(session, delivery_id)
        if owner_of(session, delivery, published.remote_id) is not None:
            retry_later(delivery, TAKEN)
            return
        is_adopted, actor = delivery.state is DeliveryState.PENDING, worker_actor(session)
        start(session, post)
        action = DeliveryAction.ADOPT if is_adopted else DeliveryAction.FINISH
        workflow.advance(session, delivery, action, actor=actor, details={"remote_id": published.remote_id})
        delivery.remote_id, delivery.permalink = published.remote_id, published.permalink
        delivery.sent_at, delivery.problem = published.published_at, None
        keep(delivery)
        if delivery.retract_wanted or post.state is not PostState.PUBLISHING:
            take_off(session, delivery, actor=actor)
        settle(session, post)
        if is_adopted:
            protect_adopted(session, post, revision)


def _not_found(database: Database, delivery_id: UUID, school_id: UUID) -> None:
    sentence = "The network did not answer, and the post is not on the account. Look there, then decide here."
    with database.transaction(school_id) as session:
        delivery, post, *_ = rows_of(session, delivery_id)
        delivery.looks += 1
        if delivery.looks < LOOKS:
            retry_later(delivery, sentence)
        else:
            hand_over(session, delivery, post, sentence)


def _ask(database: Database, delivery_id: UUID, school_id: UUID, sentence: str) -> None:
    with database.transaction(school_id) as session:
        delivery, post, *_ = rows_of(session, delivery_id)
        hand_over(session, delivery, post, sentence)


def _stumble(database: Database, delivery_id: UUID, school_id: UUID, error: PlatformError, held: DeliveryState) -> None:
    """Sort a failure by what must be done next. Nothing was published.

    `held` is the state in which this worker had the delivery: in another state another worker has it by now.
    """
    if isinstance(error, AuthorizationError | PermissionMissingError):
        _pause(database, delivery_id, school_id, error, held)
    elif isinstance(error, TransientError | OutOfCreditError):
        _give_back(database, delivery_id, school_id, error, held)
    else:
        with database.transaction(school_id) as session:
            delivery, post, *_ = rows_of(session, delivery_id)
            if delivery.state is held:
                fail(session, delivery, post, error.sentence)


def _pause(database: Database, delivery_id: UUID, school_id: UUID, error: PlatformError, held: DeliveryState) -> None:
    """The sign-in is broken: keep the delivery, pause the account, tell the coordinator."""
    with database.transaction(school_id) as session:
        delivery, _, _, channel = rows_of(session, delivery_id)
        if delivery.state is held:
            _release(session, delivery, error.sentence, at=clock.now() + WAIT_WHILE_STOPPED)
        pause_channel(session, channel, error.sentence)


def _give_back(
    database: Database,
    delivery_id: UUID,
    school_id: UUID,
    error: PlatformError,
    held: DeliveryState,
    *,
    looked: bool = False,
) -> None:
    at = error.retry_at if isinstance(error, TransientError) else None
    if isinstance(error, OutOfCreditError):
        at = clock.now() + timedelta(hours=1)
    with database.transaction(school_id) as session:
        delivery, post, _, channel = rows_of(session, delivery_id)
        if delivery.state is not held:
            return
        if looked and delivery.attempts >= LOOKS and looked_long_enough(delivery):
            hand_over(session, delivery, post, error.sentence)
            return
        if held is DeliveryState.SENDING:  # it was refused: nothing was made that could be billed
            costs.take_back(session, channel, "post", before=delivery.sending_since)
        _release(session, delivery, error.sentence, at=at)
        if isinstance(error, OutOfCreditError):
            telling.out_of_credit(session, delivery)


def _release(session: Session, delivery: Delivery, error: str, *, at: datetime | None) -> None:
    if delivery.state is DeliveryState.SENDING:
        workflow.advance(session, delivery, DeliveryAction.RELEASE, actor=worker_actor(session))
        delivery.prepared = delivery.sending_since = None  # the network said that it did nothing
    retry_later(delivery, error, at=at)
