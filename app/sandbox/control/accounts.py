"""Accounts by order: Pages with their tokens, X accounts with their keys, and what becomes of both."""

from datetime import timedelta
from typing import Literal

from flask import Response, current_app, jsonify
from pydantic import BaseModel
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.sandbox import clock
from app.sandbox.accounts import PageOrder, XOrder, issue_token, latest_token, order_page, order_x_account, reset
from app.sandbox.answers import Json
from app.sandbox.control.door import RefusedError, blueprint, body_as, found
from app.sandbox.graph.tokens import SCOPES, STATES, TASKS
from app.sandbox.ledger import ledger
from app.sandbox.settings import SandboxSettings
from app.sandbox.store import store
from app.sandbox.tables import Page, Token, XAccount, XMedia, XUser
from app.sandbox.webhooks.changes import public_url


class TokenOrder(BaseModel, extra="forbid"):
    kind: Literal["page", "user"] = "page"
    scopes: list[str] = list(SCOPES)
    tasks: list[str] = list(TASKS)
    expires_in: float | None = None
    token: str = ""


class TokenState(BaseModel, extra="forbid"):
    token: str
    state: str


class XState(BaseModel, extra="forbid"):
    state: Literal["valid", "revoked", "suspended", "locked", "read-only"] = "valid"
    naming: Literal["old", "new", "either"] = "either"


class ResetOrder(BaseModel, extra="forbid"):
    accounts: bool = False


@blueprint.post("/facebook/pages")
def create_page() -> tuple[Response, int]:
    settings: SandboxSettings = current_app.extensions["sandbox.settings"]
    order = body_as(PageOrder)
    order.webhook_url = order.webhook_url or settings.webhook_url
    order.verify_token = order.verify_token or settings.webhook_verify_token.get_secret_value()
    with store().writing() as session:
        return jsonify(page_facts(session, order_page(session, order))), 201


@blueprint.get("/facebook/pages")
def list_pages() -> Response:
    with store().reading() as session:
        return jsonify(data=[page_facts(session, page) for page in session.scalars(select(Page))])


@blueprint.get("/facebook/pages/<page_id>")
def read_page(page_id: str) -> Response:
    with store().reading() as session:
        return jsonify(page_facts(session, found(session, Page, page_id)))


@blueprint.post("/facebook/pages/<page_id>/tokens")
def create_token(page_id: str) -> tuple[Response, int]:
    order = body_as(TokenOrder)
    with store().writing() as session:
        token = issue_token(
            session,
            found(session, Page, page_id),
            kind=order.kind,
            scopes=order.scopes,
            tasks=order.tasks,
            value=order.token,
            expires_in=order.expires_in,
        )
        expires = token.expires_at.isoformat() if token.expires_at else None
        return jsonify(
            token=token.value, kind=token.kind, scopes=token.scopes, tasks=token.tasks, expires_at=expires
        ), 201


@blueprint.post("/facebook/tokens/state")
def set_token_state() -> Response:
    order = body_as(TokenState)
    if order.state not in {"valid", *STATES}:
        raise RefusedError(422, f"A token is valid or one of {', '.join(STATES)}.")
    with store().writing() as session:
        token = session.get(Token, order.token)
        if token is None:
            raise RefusedError(404, "There is no such token.")
        token.state = order.state
    return jsonify(state=order.state)


@blueprint.post("/x/accounts")
def create_x_account() -> tuple[Response, int]:
    order = body_as(XOrder)
    with store().writing() as session:
        return jsonify(x_facts(order_x_account(session, order))), 201


@blueprint.get("/x/accounts")
def list_x_accounts() -> Response:
    with store().reading() as session:
        return jsonify(data=[x_facts(account) for account in session.scalars(select(XAccount))])


@blueprint.post("/x/accounts/<handle>/state")
def set_x_state(handle: str) -> Response:
    order = body_as(XState)
    with store().writing() as session:
        account = x_account(session, handle)
        account.state, account.naming = order.state, order.naming
    return jsonify(state=order.state, naming=order.naming)


@blueprint.post("/x/accounts/<handle>/expire-media")
def expire_media(handle: str) -> Response:
    """Let every upload that is in no post run out of time."""
    with store().writing() as session:
        waiting = update(XMedia).where(XMedia.owner_id == x_account(session, handle).user_id, XMedia.post_id.is_(None))
        session.execute(waiting.values(expires_at=clock.now() - timedelta(seconds=1)))
    return jsonify(expired=True)


@blueprint.post("/reset")
def start_over() -> Response:
    order = body_as(ResetOrder)
    with store().writing() as session:
        reset(session, accounts=order.accounts)
    for name in ("usage", "limits"):
        current_app.extensions[f"sandbox.{name}"].clear()
    ledger().clear()
    for picture in store().pictures.iterdir():
        picture.unlink(missing_ok=True)
    return jsonify(reset=True)


@blueprint.get("/requests")
def list_requests() -> Response:
    return jsonify(data=ledger().rows())


def x_account(session: Session, handle: str) -> XAccount:
    query = select(XAccount).join(XUser).where(XUser.folded == handle.removeprefix("@").casefold())
    account = session.scalar(query)
    if account is None:
        raise RefusedError(404, f"There is no X account @{handle}.")
    return account


def page_facts(session: Session, page: Page) -> Json:
    return {
        "page_id": page.id,
        "name": page.name,
        "username": page.username,
        "url": f"{public_url()}/facebook/{page.username or page.id}",
        "app_id": page.app_id,
        "app_secret": page.app.secret,
        "require_appsecret_proof": page.app.require_proof,
        "page_token": latest_token(session, page, "page"),
        "user_token": latest_token(session, page, "user"),
        "user_id": page.user_id,
        "scopes": page.scopes,
        "tasks": page.tasks,
        "webhook_url": page.app.webhook_url,
        "verify_token": page.app.verify_token,
        "subscribed_fields": page.subscribed_fields,
    }


def x_facts(account: XAccount) -> Json:
    keys = ("consumer_key", "consumer_secret", "access_token", "access_token_secret", "bearer_token", "oauth2_token")
    user = account.user
    facts: Json = {"id": user.id, "handle": user.handle, "name": user.name, "url": f"{public_url()}/x/{user.handle}"}
    return facts | {key: getattr(account, key) for key in (*keys, "state", "naming")}
