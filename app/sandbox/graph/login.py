"""Signing in to the Facebook stand-in: codes and tokens exchanged, tokens looked into."""

import hmac
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sandbox import clock
from app.sandbox.accounts import issue_token
from app.sandbox.answers import Json
from app.sandbox.graph.errors import GraphError, bad_argument
from app.sandbox.graph.tokens import ensure_alive, find_token
from app.sandbox.tables import App, LoginCode, Page, PageGrant, Token

SHORT_LIFE, LONG_LIFE = timedelta(hours=2), timedelta(days=60)
_CODE_LIFE = timedelta(minutes=10)


def exchange(session: Session, params: dict[str, str]) -> Json:
    """Answer `oauth/access_token`: a code, a short token or the app's own secret for a token."""
    app = session.get(App, params.get("client_id", ""))
    if app is None:
        raise GraphError(101, "Error validating application. Cannot get application info due to a system error.")
    if not hmac.compare_digest(app.secret.encode(), params.get("client_secret", "").encode()):
        raise GraphError(1, "Error validating client secret.")
    grant = params.get("grant_type", "authorization_code" if "code" in params else "")
    if grant == "client_credentials":
        return {"access_token": f"{app.id}|{app.secret}", "token_type": "bearer"}
    if grant == "fb_exchange_token":
        return _lengthened(session, app, params.get("fb_exchange_token", ""))
    if grant == "authorization_code":
        return _for_code(session, app, params)
    raise bad_argument("Missing or invalid grant_type or code parameter")


def look_into(session: Session, caller: Token, value: str) -> Json:
    """Answer `debug_token`: what the token is, and whether it still lives."""
    token = find_token(session, value)
    if token is None:
        error: Json = {"code": 190, "message": "Invalid OAuth access token data."}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    if token.app_id != caller.app_id:
        raise bad_argument("You must provide an app access token, or a user access token that is an owner of the app")
    facts: Json = {
        "app_id": token.app_id,
        "type": token.kind.upper(),
        "application": token.app.name,
        "is_valid": True,
    }
    if token.kind == "app":
        return {"data": facts | {"scopes": []}}
    return {"data": facts | _life_of(session, token)}


def new_user_token(session: Session, user_id: str, scopes: list[str], life: timedelta) -> Token:
    page = session.scalars(select(Page).where(Page.user_id == user_id)).first()
    if page is None:
        raise GraphError.of(190)
    return issue_token(session, page, kind="user", scopes=scopes, tasks=[], expires_in=life.total_seconds())


def granted_pages(session: Session, token: Token) -> Sequence[Page]:
    """Return the Pages of this person that were handed over in the dialog."""
    ticked = set(session.scalars(select(PageGrant.page_id).where(PageGrant.holder == token.value)))
    pages = session.scalars(select(Page).where(Page.user_id == token.user_id).order_by(Page.created_at)).all()
    return [page for page in pages if not ticked or page.id in ticked]


def _hand_on(session: Session, holder: str, heir: str) -> None:
    for page_id in session.scalars(select(PageGrant.page_id).where(PageGrant.holder == holder)).all():
        session.merge(PageGrant(holder=heir, page_id=page_id))


def _life_of(session: Session, token: Token) -> Json:
    pages = [token.page_id] if token.page_id else [page.id for page in granted_pages(session, token)]
    granular: list[Json] = [
        {"scope": scope, "target_ids": pages} if scope.startswith("pages") else {"scope": scope}
        for scope in token.scopes
    ]
    facts: Json = {
        "data_access_expires_at": int((token.issued_at + timedelta(days=90)).timestamp()),
        "expires_at": int(token.expires_at.timestamp()) if token.expires_at else 0,
        "issued_at": int(token.issued_at.timestamp()),
        "scopes": token.scopes,
        "granular_scopes": granular,
        "user_id": token.user_id,
    }
    if token.kind == "page":
        facts["profile_id"] = token.page_id
    try:
        ensure_alive(token)
    except GraphError as error:
        facts |= {"is_valid": False, "error": {"code": error.code, "message": error.message, "subcode": error.subcode}}
    return facts


def _lengthened(session: Session, app: App, value: str) -> Json:
    token = find_token(session, value)
    if token is None or token.app_id != app.id or token.kind == "app":
        raise GraphError.of(190)
    ensure_alive(token)
    if token.kind == "page":
        return {"access_token": token.value, "token_type": "bearer"}
    long = new_user_token(session, token.user_id, token.scopes, LONG_LIFE)
    _hand_on(session, token.value, long.value)
    return {"access_token": long.value, "token_type": "bearer", "expires_in": int(LONG_LIFE.total_seconds())}


def _for_code(session: Session, app: App, params: dict[str, str]) -> Json:
    code = session.get(LoginCode, params.get("code", ""))
    if code is None or code.kind != "facebook" or code.client != app.id or code.made_at < clock.now() - _CODE_LIFE:
        raise GraphError(100, "This authorization code has been used or is not valid.", 36009)
    if code.redirect_uri != params.get("redirect_uri", ""):
        raise GraphError(
            100,
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you used "
            "in the OAuth dialog request",
            36008,
        )
    session.delete(code)
    short = new_user_token(session, code.account_id, code.scopes, SHORT_LIFE)
    _hand_on(session, code.code, short.value)
    return {"access_token": short.value, "token_type": "bearer", "expires_in": int(SHORT_LIFE.total_seconds())}
