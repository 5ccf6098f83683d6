"""OAuth 1.0a as X checks it: the whole request signed with HMAC-SHA1, once, within five minutes."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from flask import Request
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.sandbox.ids import whole_number
from app.sandbox.tables import SeenNonce
from app.sandbox.x.problems import Problem

_WINDOW = 300
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class SignedRequest:
    method: str
    url: str
    oauth: dict[str, str]
    """The parameters of the Authorization header."""
    others: tuple[tuple[str, str], ...]
    """What the address and a form body carry; JSON and files are not signed."""

    @classmethod
    def read(cls, request: Request) -> "SignedRequest":
        oauth = _header(request.headers.get("Authorization", ""))
        others = list(request.args.items(multi=True))
        if request.mimetype == _FORM:
            others += list(request.form.items(multi=True))
        return cls(request.method, request.base_url, oauth, tuple(others))

    def signature(self, consumer_secret: str, token_secret: str) -> str:
        """Compute what the signature must be for these secrets."""
        signed = [(name, value) for name, value in self.oauth.items() if name not in {"oauth_signature", "realm"}]
        parameters = _normalised([*signed, *self.others])
        base = "&".join(_escaped(part) for part in (self.method.upper(), self.url, parameters))
        key = f"{_escaped(consumer_secret)}&{_escaped(token_secret)}"
        return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()


def ensure_signed(session: Session, signed: SignedRequest, consumer_secret: str, token_secret: str) -> None:
    oauth = signed.oauth
    timestamp = whole_number(oauth.get("oauth_timestamp", ""))
    if oauth.get("oauth_signature_method") != "HMAC-SHA1" or oauth.get("oauth_version", "1.0") != "1.0":
        raise Problem.unauthorized()
    if timestamp is None or abs(timestamp - time.time()) > _WINDOW:
        raise Problem.unauthorized()
    expected = signed.signature(consumer_secret, token_secret)
    if not hmac.compare_digest(expected.encode(), oauth.get("oauth_signature", "").encode()):
        raise Problem.unauthorized()
    _ensure_fresh(session, oauth, timestamp)


def _ensure_fresh(session: Session, oauth: dict[str, str], timestamp: int) -> None:
    nonce = oauth.get("oauth_nonce", "")
    key = f"{oauth.get('oauth_consumer_key')}:{oauth.get('oauth_token')}:{timestamp}:{nonce}"
    session.execute(delete(SeenNonce).where(SeenNonce.timestamp < int(time.time()) - 2 * _WINDOW))
    if not nonce or session.get(SeenNonce, key) is not None:
        raise Problem.unauthorized()
    session.add(SeenNonce(key=key, timestamp=timestamp))


def _header(text: str) -> dict[str, str]:
    scheme, _, rest = text.partition(" ")
    if scheme.lower() != "oauth":
        return {}
    pairs = (part.strip().partition("=") for part in rest.split(","))
    return {unquote(name): unquote(value.strip('"')) for name, _, value in pairs if name}


def _normalised(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(
        f"{name}={value}" for name, value in sorted((_escaped(name), _escaped(value)) for name, value in pairs)
    )


def _escaped(text: str) -> str:
    return quote(text, safe="-._~")
