"""The only place that talks HTTP to a network: always a timeout, never a redirect, bounded answers."""

import json
from dataclasses import dataclass
from typing import Any

import requests
from requests.auth import AuthBase

from app.platforms.errors import OutcomeUnknownError, TransientError

MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Timeouts:
    connect: float = 5.0
    read: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    """Parsed JSON, or None when the answer was not JSON."""
    headers: requests.structures.CaseInsensitiveDict[str]

    @property
    def fields(self) -> dict[str, Any]:
        return self.body if isinstance(self.body, dict) else {}


class Transport:
    def __init__(self, base_url: str, timeouts: Timeouts) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeouts = (timeouts.connect, timeouts.read)
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the environment would see the tokens

    def call(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        body: Any = None,
        files: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: AuthBase | None = None,
    ) -> Answer:
        """Send one request. A refused connection is transient; an answer that was lost makes a write's fate unknown."""
        writes = method != "GET"
        try:
            with self._session.request(
                method,
                f"{self._base_url}/{path.lstrip('/')}",
                params=params,
                data=data,
                json=body,
                files=files,
                headers=headers,
                auth=auth,
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = _bounded(response)
        except requests.ConnectTimeout as error:
            raise TransientError("The network could not be reached. It is tried again by itself.") from error
        except requests.RequestException as error:
            if not writes or _never_left(error):
                raise TransientError("The network could not be reached. It is tried again by itself.") from error
            raise OutcomeUnknownError("The network did not answer, so we look whether it arrived.") from error
        return Answer(response.status_code, _json(content), response.headers)


def _bounded(response: requests.Response) -> bytes:
    content = bytearray()
    for piece in response.iter_content(64 * 1024):
        content += piece
        if len(content) > MOST_BYTES:
            raise requests.ConnectionError("the answer is larger than any that the network describes")
    return bytes(content)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def _never_left(error: requests.RequestException) -> bool:
    """Tell a connection that was never made from one that broke after the request had gone out."""
    return "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)
