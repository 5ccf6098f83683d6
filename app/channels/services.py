"""Register, approve, connect and pause official accounts."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import user_ids_with
from app.audit.services import record, take_turn
from app.channels.connector import Connector
from app.channels.identity import another, is_approved
from app.channels.models import Channel, ChannelState
from app.channels.workflow import ChannelAction, workflow
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.db import school_of
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError
from app.core.permissions import Permission
from app.notifications.models import NoticeUrgency
from app.notifications.services import notify, settle
from app.platforms.base import Health, Network
from app.platforms.registry import Credentials


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the register of official accounts asks of every account."""

    network: Network
    name: str
    handle: str
    url: str
    owner: str
    school_email: str
    second_factor_on: bool


def propose_channel(session: Session, proposal: Proposal, *, actor: Actor) -> Channel:
    """Enter an account into the register; the leadership approves it before it can be connected."""
    actor.ensure(Permission.CHANNEL_CONNECT)
    known = sa.select(Channel.id).where(Channel.network == proposal.network, Channel.handle == proposal.handle)
    if session.scalar(known):
        raise InvalidInputError(f"{proposal.handle} is already in the register.")
    channel = Channel(
        id=uuid4(),
        network=proposal.network,
        name=proposal.name,
        handle=proposal.handle,
        url=proposal.url,
        owner=proposal.owner,
        school_email=proposal.school_email,
        second_factor_on=proposal.second_factor_on,
        state=ChannelState.PROPOSED,
        proposed_by=actor.user_id,
        proposed_at=clock.now(),
        comment_cursor={},
    )
    session.add(channel)
    session.flush()
    record(session, "channel:proposed", actor=actor, subject_type="channel", subject_id=channel.id)
    notify(
        session,
        user_ids_with(session, Permission.CHANNEL_APPROVE),
        f"A new official {proposal.network.label} account waits for your approval.",
        link=f"/channels/{channel.id}",
        bundle=_proposal_of(channel),
    )
    return channel


def approve_channel(session: Session, channel_id: UUID, *, actor: Actor) -> None:
    channel = channel_with(session, channel_id)
    if channel.proposed_by is not None and channel.proposed_by == actor.user_id:
        raise NotPermittedError("You entered this account, so somebody else must approve it.")
    workflow.advance(session, channel, ChannelAction.APPROVE, actor=actor)
    channel.approved_by, channel.approved_at = actor.user_id, clock.now()
    settle(session, _proposal_of(channel))


def connect_channel(
    session: Session,
    channel_id: UUID,
    credentials: Credentials,
    health: Health,
    *,
    connector: Connector,
    actor: Actor,
) -> None:
    """Keep credentials that the network has just accepted, sealed; `health` is its answer, and says whose they are."""
    channel = channel_with(session, channel_id)
    if not health.ok or health.account_id != credentials.account_id:
        raise InvalidInputError(health.problem or "The network did not accept these keys. Check them and try again.")
    if not is_approved(channel, health.account_id, health.handle or ""):
        raise InvalidInputError(another(channel, health.account_id, health.handle or ""))
    workflow.advance(session, channel, ChannelAction.CONNECT, actor=actor)
    channel.credentials_sealed = connector.seal(channel, credentials)
    channel.remote_account_id = credentials.account_id
    note_health(channel, health)


def pause_channel(session: Session, channel: Channel, problem: str) -> None:
    """Stop using a broken sign-in: the queue is kept, and those who can mend it are told."""
    if channel.state is not ChannelState.CONNECTED:
        return
    actor = system_actor(school_of(session), "channel health", Permission.POST_PUBLISH)
    take_turn(session, actor.school_id)
    workflow.advance(session, channel, ChannelAction.PAUSE, actor=actor, details={"problem": problem})
    channel.health_problem, channel.health_checked_at = problem, clock.now()
    notify(
        session,
        user_ids_with(session, Permission.CHANNEL_CONNECT),
        f"The {channel.network.label} sign-in no longer works. Nothing is lost: reconnect the account to go on.",
        link=f"/channels/{channel.id}",
        urgency=NoticeUrgency.AT_ONCE,
        bundle=f"channel-paused:{channel.id}",
    )


def close_channel(session: Session, channel_id: UUID, *, actor: Actor) -> None:
    """Disconnect for good: the keys are forgotten at once."""
    channel = channel_with(session, channel_id)
    workflow.advance(session, channel, ChannelAction.CLOSE, actor=actor)
    channel.credentials_sealed = None
    settle(session, _proposal_of(channel))


def note_health(channel: Channel, health: Health) -> None:
    channel.health_checked_at = clock.now()
    channel.health_problem = health.problem
    channel.expires_at = health.expires_at


def channel_with(session: Session, channel_id: UUID) -> Channel:
    channel = session.get(Channel, channel_id)
    if channel is None:
        raise NotFoundError
    return channel


def _proposal_of(channel: Channel) -> str:
    """Name the notices that ask for the account's approval."""
    return f"channel-proposed:{channel.id}"
