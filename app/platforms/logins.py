"""The ways to the networks' sign-in dialogs, in the name of this installation's own apps there."""

from dataclasses import dataclass, field

from app.platforms.base import Network
from app.platforms.facebook_login import FacebookLogin
from app.platforms.registry import Endpoints
from app.platforms.x_login import XLogin


@dataclass(frozen=True, slots=True)
class AppKeys:
    """What a network calls the key of an app and its secret."""

    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Logins:
    """Makes one errand's login; a network without an app of ours offers none, and keys are entered by hand."""

    endpoints: Endpoints
    apps: dict[Network, AppKeys]

    def offers(self, network: Network) -> bool:
        return network in self.apps

    def facebook(self) -> FacebookLogin:
        app = self.apps[Network.FACEBOOK]
        return FacebookLogin(app.key, app.secret, self.endpoints)

    def x(self) -> XLogin:
        app = self.apps[Network.X]
        return XLogin(app.key, app.secret, self.endpoints)
