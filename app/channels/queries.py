"""Which official accounts there are, and which one a network's posts go to."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.channels.models import Channel, ChannelState
from app.platforms.base import Network


def channels(session: Session) -> Sequence[Channel]:
    return session.scalars(sa.select(Channel).order_by(Channel.network, Channel.name)).all()


def open_channels(session: Session, networks: Sequence[str] | None = None) -> Sequence[Channel]:
    """Return the accounts that take posts (a paused one keeps them until it is mended)."""
    taking = [state for state in ChannelState if state.takes_posts]
    query = sa.select(Channel).where(Channel.state.in_(taking))
    if networks is not None:
        query = query.where(Channel.network.in_([Network(network) for network in networks]))
    return session.scalars(query.order_by(Channel.network, Channel.proposed_at)).all()


def channel_for(session: Session, network: Network) -> Channel | None:
    return next(iter(open_channels(session, [network])), None)


def connected_channels(session: Session) -> Sequence[Channel]:
    return session.scalars(sa.select(Channel).where(Channel.state == ChannelState.CONNECTED)).all()
