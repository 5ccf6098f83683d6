"""Access tokens of the Graph API: where they travel, whether they still live, and what they allow."""

import hashlib
import hmac
from collections.abc import Mapping

from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers

from app.sandbox import clock
from app.sandbox.graph.errors import GraphError
from app.sandbox.tables import App, Token

STATES: Mapping[str, tuple[int, int | None]] = {
    "expired": (190, 463),
    "password-changed": (190, 460),
    "unconfirmed": (190, 464),
    "checkpointed": (190, 459),
    "deauthorised": (190, 458),
    "revoked": (190, 467),
    "role-lost": (190, 492),
}
SCOPES = (
    "pages_show_list",
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_read_engagement",
    "pages_manage_metadata",
    "pages_read_user_content",
    "public_profile",
)
TASKS = ("ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE")
_MISSING = GraphError(104, "An access token is required to request this resource.")


def token_value(headers: Headers, params: Mapping[str, str]) -> str:
    """Find the token in the parameters or in the header, where a careful client puts it."""
    scheme, _, bearer = headers.get("Authorization", "").partition(" ")
    if scheme.lower() in {"bearer", "oauth"} and bearer:
        return bearer.strip()
    return params.get("access_token", "")


def authenticate(session: Session, value: str, proof: str | None) -> Token:
    if not value:
        raise _MISSING
    token = find_token(session, value)
    if token is None:
        raise GraphError.of(190)
    _check_proof(token, value, proof)
    ensure_alive(token)
    return token


def find_token(session: Session, value: str) -> Token | None:
    """Look a token up; `app id|secret` is the app's own token and is not kept."""
    app_id, bar, secret = value.partition("|")
    if not bar:
        return session.get(Token, value)
    app = session.get(App, app_id)
    if app is None or not hmac.compare_digest(app.secret.encode(), secret.encode()):
        return None
    return Token(
        value=value,
        kind="app",
        app_id=app.id,
        app=app,
        user_id="",
        page_id=None,
        scopes=[],
        tasks=[],
        state="valid",
        issued_at=clock.now(),
        expires_at=None,
    )


def ensure_alive(token: Token) -> None:
    if token.state in STATES:
        raise GraphError.of(*STATES[token.state])
    if token.expires_at is not None and token.expires_at <= clock.now():
        when = token.expires_at.strftime("%A, %d-%b-%y %H:%M:%S UTC")
        raise GraphError(190, f"Error validating access token: Session has expired on {when}.", 463)


def expected_proof(token_value: str, secret: str) -> str:
    return hmac.new(secret.encode(), token_value.encode(), hashlib.sha256).hexdigest()


def _check_proof(token: Token, value: str, proof: str | None) -> None:
    if proof is None:
        if token.app.require_proof and token.kind != "app":
            message = "API calls from the server require an appsecret_proof argument"
            raise GraphError(100, message, type="GraphMethodException")
        return
    if not hmac.compare_digest(expected_proof(value, token.app.secret).encode(), proof.lower().encode()):
        message = "Invalid appsecret_proof provided in the API argument"
        raise GraphError(100, message, type="GraphMethodException")


def ensure_scopes(token: Token, *scopes: str) -> None:
    for scope in scopes:
        if scope not in token.scopes:
            code = 200 if scope.startswith("pages_manage") else 10
            raise GraphError(
                code,
                f"(#{code}) This action requires the '{scope}' permission, which this access token does not carry.",
                status=403,
            )


def ensure_task(token: Token, task: str) -> None:
    if task not in token.tasks:
        message = (
            f"(#200) User does not have sufficient administrative permission for this action on this page ({task})."
        )
        raise GraphError(200, message, status=403)
