"""The only place that talks HTTP to a network: always a timeout, never a redirect, answers bounded in size and time."""

import json
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import astuple, dataclass, field
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO
from typing import Any

import requests
from requests import exceptions
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from app.platforms.errors import AuthorizationError, OutcomeUnknownError, TransientError

MOST_BYTES = 8 * 1024 * 1024
PIECE = 64 * 1024
UNREACHABLE = "The network could not be reached. It is tried again by itself."
UNANSWERED = "The network did not answer, so we look whether it arrived."


@dataclass(frozen=True, slots=True)
class Timeouts:
    connect: float = 5.0
    read: float = 30.0
    """Between two pieces of an answer."""
    whole: float = 60.0
    """From the first piece to the last."""

    def at_most(self, other: "Timeouts") -> "Timeouts":
        return Timeouts(*(min(pair) for pair in zip(astuple(self), astuple(other), strict=True)))


SHORT = Timeouts(connect=5.0, read=8.0, whole=10.0)
"""For what is small, may be done twice and must hold up nothing else: two such calls end within a minute's claim."""
_is_short: ContextVar[bool] = ContextVar("is_short", default=False)


@contextmanager
def waiting_briefly() -> Iterator[None]:
    """Wait only a short time for each answer in here: what is not answered soon is tried again later."""
    before = _is_short.set(True)
    try:
        yield
    finally:
        _is_short.reset(before)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any = field(repr=False)
    """Parsed JSON, or None when the answer was not JSON."""
    headers: requests.structures.CaseInsensitiveDict[str]
    text: str = field(default="", repr=False)

    @property
    def fields(self) -> dict[str, Any]:
        return self.body if isinstance(self.body, dict) else {}


class Bearer(AuthBase):
    """A token on its way into the header: no address, no argument and no traceback ever shows it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if not (self._token.isascii() and self._token.isprintable()) or " " in self._token:
            raise AuthorizationError("The keys of this account hold signs that no key has. Connect it again.")
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Transport:
    """One errand's connection: kept open from call to call, and not longer.

    A connection that was idle for minutes may have died unnoticed, and a write sent on it would have an unknown fate.
    """

    def __init__(self, base_url: str, timeouts: Timeouts) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeouts = timeouts
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the environment would see the tokens
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

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
        writes: bool | None = None,
    ) -> Answer:
        """Send one request. A refused connection is transient; an answer that was lost makes a write's fate unknown."""
        address = f"{self._base_url}/{path.lstrip('/')}"
        try:
            request = requests.Request(
                method, address, params=params, data=data, json=body, files=files, headers=headers, auth=auth
            )
            answer, content = self._exchange(self._session.prepare_request(request))
        except (requests.RequestException, HTTPError) as error:
            is_write = method != "GET" if writes is None else writes
            if not is_write or _never_left(error):
                raise TransientError(UNREACHABLE, code=type(error).__name__) from error
            raise OutcomeUnknownError(UNANSWERED, code=type(error).__name__) from error
        return Answer(answer.status_code, _json(content), answer.headers, content.decode(errors="replace"))

    def _exchange(self, request: requests.PreparedRequest) -> tuple[requests.Response, bytes]:
        if isinstance(request.body, bytes):
            # sent in pieces: a slow line has the time limit for each of them, not for a whole picture
            request.body = BytesIO(request.body)  # type: ignore[assignment]  # requests takes files, its types do not
        most = self._timeouts.at_most(SHORT) if _is_short.get() else self._timeouts
        limits = (most.connect, most.read)
        with self._session.send(request, timeout=limits, allow_redirects=False, stream=True) as answer:
            return answer, _bounded(answer, time.monotonic() + most.whole)


def _bounded(response: requests.Response, until: float) -> bytes:
    content = bytearray()
    while piece := response.raw.read1(PIECE, decode_content=True):
        content += piece
        if len(content) > MOST_BYTES:
            raise requests.ConnectionError("the answer is larger than any that the network describes")
        if time.monotonic() > until:
            raise requests.ReadTimeout("the answer came too slowly")
    return bytes(content)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _never_left(error: Exception) -> bool:
    """Tell a connection that was never made from one that broke after the request had gone out."""
    if isinstance(error, exceptions.ConnectTimeout | exceptions.InvalidURL | exceptions.InvalidHeader):
        return True
    if isinstance(error, exceptions.MissingSchema | exceptions.InvalidSchema):
        return True
    reason = error.args[0].reason if error.args and isinstance(error.args[0], MaxRetryError) else None
    if isinstance(reason, NewConnectionError):
        return True
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in getattr(reason, "args", ()))
