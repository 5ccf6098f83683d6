"""Which class speaks to which network, and the keys each of them needs."""

import json
from dataclasses import asdict, dataclass, field

from app.platforms.base import Network, Platform
from app.platforms.facebook import FacebookPage, Graph
from app.platforms.metering import MeteredTransport, Meters
from app.platforms.pace import Pace
from app.platforms.transport import Timeouts, Transport
from app.platforms.x import Client, XAccount


@dataclass(frozen=True, slots=True)
class FacebookCredentials:
    app_id: str
    app_secret: str = field(repr=False)
    page_id: str
    page_token: str = field(repr=False)

    @property
    def account_id(self) -> str:
        return self.page_id


@dataclass(frozen=True, slots=True)
class XCredentials:
    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_secret: str = field(repr=False)
    user_id: str
    handle: str

    @property
    def account_id(self) -> str:
        return self.user_id


Credentials = FacebookCredentials | XCredentials


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the networks are: the real ones, or a sandbox. Nothing else differs."""

    facebook_base_url: str = "https://graph.facebook.com"
    facebook_version: str = "v25.0"
    facebook_dialog_url: str = "https://www.facebook.com"
    """Where people allow us to act for their Page."""
    x_base_url: str = "https://api.x.com"
    x_web_url: str = "https://x.com"
    """Where people read X: the beginning of every permalink."""
    timeouts: Timeouts = field(default_factory=Timeouts)
    pace: Pace = field(default_factory=Pace, compare=False, repr=False)
    meters: Meters = field(default_factory=Meters, compare=False, repr=False)
    """What reading X has cost."""


def connect(network: Network, credentials: Credentials, endpoints: Endpoints) -> Platform:
    allowance = endpoints.pace.of(f"{network}:{credentials.account_id}")
    if isinstance(credentials, FacebookCredentials):
        transport = Transport(endpoints.facebook_base_url, endpoints.timeouts)
        graph = Graph(
            credentials.page_token,
            endpoints.facebook_version,
            transport,
            allowance,
            app_id=credentials.app_id,
            app_secret=credentials.app_secret,
        )
        return FacebookPage(credentials.page_id, graph)
    keys = (credentials.api_key, credentials.api_secret, credentials.access_token, credentials.access_secret)
    meter = endpoints.meters.of(credentials.account_id)
    client = Client(keys, MeteredTransport(endpoints.x_base_url, endpoints.timeouts, meter), allowance)
    return XAccount(credentials.user_id, credentials.handle, client, site=endpoints.x_web_url)


def credentials_to_bytes(credentials: Credentials) -> bytes:
    return json.dumps(asdict(credentials)).encode()


def credentials_from_bytes(network: Network, kept: bytes) -> Credentials:
    kind = FacebookCredentials if network is Network.FACEBOOK else XCredentials
    return kind(**json.loads(kept))
