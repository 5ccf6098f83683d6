"""The address of a lost post, pasted by a person: believed only when the account itself shows that post."""

import re
from datetime import datetime, timedelta
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from sqlalchemy.orm import Session

from app.channels.connector import Connector
from app.channels.models import Channel, ChannelState
from app.core import clock
from app.core.db import Database
from app.core.errors import InvalidInputError, NotFoundError
from app.platforms.base import Network, Published, RemotePost
from app.platforms.errors import PlatformError
from app.posts.models import Revision
from app.publishing.models import Delivery

LONGEST_ADDRESS = 500
CLOCKS_DIFFER = timedelta(minutes=5)
HOSTS = {Network.FACEBOOK: ("facebook.com",), Network.X: ("x.com", "twitter.com")}
NUMBERS = {
    Network.FACEBOOK: re.compile(r"(?:/posts/(?:[^/?#]+/)?|[?&]story_fbid=|^/\d+_)(\d+)(?=[/?&#]|$)"),
    Network.X: re.compile(r"/status/(\d+)(?=[/?#]|$)"),
}
NO_ADDRESS = "Paste the address of the post itself, as the network shows it when you open the post."
NOT_SEEN = "We could not see that post on the school's account. Open the post there and paste its own address."
NO_SIGN_IN = "We cannot look there now, because the account is paused. Connect it again first, then paste the address."


def seen_there(database: Database, connector: Connector, delivery_id: UUID, school_id: UUID, address: str) -> Published:
    """Return the post at this address as its account shows it; of a closed account, as the address names it."""
    with database.reading(school_id) as session:
        channel, number, since = _read(session, delivery_id, address)
        if channel.state is ChannelState.CLOSED:
            return _as_named(channel, number, address)
        if channel.state is not ChannelState.CONNECTED:
            raise InvalidInputError(NO_SIGN_IN)
        platform = connector.platform_for(channel)
    try:
        shown = platform.recent_posts(since=since)
    except PlatformError as error:
        raise InvalidInputError(error.sentence) from error
    found = [post for post in shown if _is_at(post, channel, number, address)]
    if len(found) != 1:
        raise InvalidInputError(NOT_SEEN)
    return Published(found[0].remote_id, found[0].permalink, found[0].published_at)


def number_in(network: Network, address: str) -> str | None:
    """Return the number of the post that an address of this network names, and nothing of another address."""
    parts = _split(address)
    host = parts.hostname or ""
    if parts.scheme != "https" or not any(host == known or host.endswith(f".{known}") for known in HOSTS[network]):
        return None
    found = NUMBERS[network].search(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return found[1] if found else None


def _read(session: Session, delivery_id: UUID, address: str) -> tuple[Channel, str | None, datetime]:
    """Return the account, the number in the address, and since when the post may be there."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFoundError
    if not address or len(address) > LONGEST_ADDRESS:
        raise InvalidInputError(NO_ADDRESS)
    channel = session.get_one(Channel, delivery.channel_id)
    times = (delivery.sending_since, delivery.planned_for, channel.look_since)
    earliest = min(moment for moment in times if moment is not None) - CLOCKS_DIFFER
    since = max(earliest, session.get_one(Revision, delivery.revision_id).created_at)
    return channel, number_in(delivery.network, address), since


def _as_named(channel: Channel, number: str | None, address: str) -> Published:
    if number is None:
        raise InvalidInputError(NO_ADDRESS)
    return Published(_remote_id(channel, number), address, clock.now())


def _remote_id(channel: Channel, number: str) -> str:
    return f"{channel.remote_account_id}_{number}" if channel.network is Network.FACEBOOK else number


def _is_at(post: RemotePost, channel: Channel, number: str | None, address: str) -> bool:
    if number is not None and post.remote_id == _remote_id(channel, number):
        return True
    one, other = _split(address), _split(post.permalink)
    return (one.netloc, one.path.rstrip("/"), one.query) == (other.netloc, other.path.rstrip("/"), other.query)


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError as error:
        raise InvalidInputError(NO_ADDRESS) from error
