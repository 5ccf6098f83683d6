"""From a channel's row to a working adapter: open its sealed keys and connect."""

from collections.abc import Callable

from app.channels.models import Channel
from app.core.crypto import Sealer
from app.core.errors import WrongStateError
from app.platforms.base import Network, Platform
from app.platforms.registry import Credentials, credentials_from_bytes, credentials_to_bytes

Connect = Callable[[Network, Credentials], Platform]


class Connector:
    def __init__(self, sealer: Sealer, connect: Connect) -> None:
        self._sealer = sealer
        self.connect = connect

    def seal(self, channel: Channel, credentials: Credentials) -> bytes:
        return self._sealer.seal(credentials_to_bytes(credentials), owner=_owner(channel))

    def credentials_of(self, channel: Channel) -> Credentials:
        """Open the keys of a connected channel. Raises WrongStateError when it has none."""
        if channel.credentials_sealed is None:
            raise WrongStateError(f"{channel.name} is not connected. Ask the account coordinator to connect it.")
        return credentials_from_bytes(
            channel.network, self._sealer.open(channel.credentials_sealed, owner=_owner(channel))
        )

    def platform_for(self, channel: Channel) -> Platform:
        return self.connect(channel.network, self.credentials_of(channel))


def _owner(channel: Channel) -> str:
    return f"channel:{channel.id}"
