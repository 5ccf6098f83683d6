"""The rehearsal's accounts: a Page with its app and tokens, an X account with its keys."""

import secrets
from datetime import timedelta

from pydantic import BaseModel, Field
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.sandbox import clock, ids
from app.sandbox.graph.tokens import SCOPES, TASKS
from app.sandbox.store import Base
from app.sandbox.tables import App, Page, SeenNonce, Token, XAccount, XUser

_KEPT = {"app", "page", "token", "x_account", "x_user"}


class PageOrder(BaseModel, extra="forbid"):
    name: str = Field(min_length=1)
    page_id: str = Field(default="", pattern=r"^\d*$")
    username: str = ""
    about: str = ""
    app_id: str = ""
    app_secret: str = ""
    page_token: str = ""
    user_token: str = ""
    user_name: str = "Ruth Calloway"
    user_id: str = Field(default="", pattern=r"^\d*$")
    """Who looks after it; the same person may look after several Pages."""
    scopes: list[str] = list(SCOPES)
    tasks: list[str] = list(TASKS)
    expires_in: float | None = None
    require_appsecret_proof: bool = False
    webhook_url: str = ""
    verify_token: str = ""
    subscribe: bool = True


class XOrder(BaseModel, extra="forbid"):
    handle: str = Field(pattern=r"^@?\w{1,15}$")
    name: str = ""
    user_id: str = Field(default="", pattern=r"^\d*$")
    consumer_key: str = ""
    consumer_secret: str = ""
    access_token: str = ""
    access_token_secret: str = ""
    bearer_token: str = ""
    oauth2_token: str = ""


def order_page(session: Session, order: PageOrder) -> Page:
    """Make the Page, or bring the one with this id up to date; its wall is kept."""
    page = session.get(Page, order.page_id) if order.page_id else None
    app = _order_app(session, order, page)
    if page is None:
        page = Page(id=order.page_id or ids.graph_id(), user_id=ids.graph_id(), created_at=clock.now())
        session.add(page)
    page.user_id = order.user_id or page.user_id
    page.app_id, page.app, page.name, page.user_name = app.id, app, order.name, order.user_name
    page.username = order.username or page.username or _username(session, order.name)
    page.about = order.about or page.about or ""
    page.tasks, page.scopes = order.tasks, order.scopes
    page.subscribed_fields = ["feed"] if order.subscribe else []
    session.flush()
    for kind, value in (("page", order.page_token), ("user", order.user_token)):
        expires_in = order.expires_in if kind == "page" else None
        issue_token(
            session, page, kind=kind, scopes=order.scopes, tasks=order.tasks, value=value, expires_in=expires_in
        )
    return page


def issue_token(
    session: Session,
    page: Page,
    *,
    kind: str,
    scopes: list[str],
    tasks: list[str],
    value: str = "",
    expires_in: float | None = None,
) -> Token:
    now = clock.now()
    token = Token(
        value=value or ids.token("EAA"),
        kind=kind,
        app_id=page.app_id,
        app=page.app,
        user_id=page.user_id,
        page_id=page.id if kind == "page" else None,
        scopes=scopes,
        tasks=tasks if kind == "page" else [],
        state="valid",
        issued_at=now,
        expires_at=None if expires_in is None else now + timedelta(seconds=expires_in),
    )
    return session.merge(token)


def latest_token(session: Session, page: Page, kind: str) -> str:
    query = select(Token.value).where(Token.user_id == page.user_id, Token.kind == kind)
    if kind == "page":
        query = query.where(Token.page_id == page.id)
    return session.scalar(query.order_by(Token.issued_at.desc()).limit(1)) or ""


def order_x_account(session: Session, order: XOrder) -> XAccount:
    handle = order.handle.removeprefix("@")
    user = x_user(session, handle, order.name or handle, user_id=order.user_id)
    user.name = order.name or user.name
    account = session.get(XAccount, user.id)
    if account is None:
        account = XAccount(user_id=user.id, user=user, access_token=f"{user.id}-{secrets.token_urlsafe(30)}")
        for name in ("consumer_key", "consumer_secret", "access_token_secret", "bearer_token", "oauth2_token"):
            setattr(account, name, ids.token())
        session.add(account)
    for name in (
        "consumer_key",
        "consumer_secret",
        "access_token",
        "access_token_secret",
        "bearer_token",
        "oauth2_token",
    ):
        if getattr(order, name):
            setattr(account, name, getattr(order, name))
    account.state, account.naming = "valid", "either"
    session.flush()
    return account


def x_user(session: Session, handle: str, name: str, *, user_id: str = "") -> XUser:
    """Find the person with this handle, or let them join."""
    found = session.scalar(select(XUser).where(XUser.folded == handle.casefold()))
    if found is None:
        now = clock.now()
        found = XUser(id=user_id or ids.snowflake(), handle=handle, folded=handle.casefold(), name=name, created_at=now)
        session.add(found)
        session.flush()
    return found


def reset(session: Session, *, accounts: bool) -> None:
    """Empty the walls and forget faults and webhooks; the accounts stay unless they are named."""
    for table in reversed(Base.metadata.sorted_tables):
        if accounts or table.name not in _KEPT:
            session.execute(delete(table))
    session.execute(delete(SeenNonce))


def _order_app(session: Session, order: PageOrder, page: Page | None) -> App:
    app = session.get(App, order.app_id) if order.app_id else page.app if page else None
    if app is None:
        app = App(id=order.app_id or ids.graph_id(), secret=secrets.token_hex(16), name="Schoolgate (rehearsal)")
        session.add(app)
    app.secret = order.app_secret or app.secret
    app.require_proof = order.require_appsecret_proof
    app.webhook_url, app.verify_token = order.webhook_url or app.webhook_url, order.verify_token or app.verify_token
    session.flush()
    return app


def _username(session: Session, name: str) -> str:
    """Make a username of the Page's name; as on the real network, the second Page of that name goes without."""
    wanted = "".join(part for part in name.lower() if part.isascii() and part.isalnum()) or "school"
    with session.no_autoflush:
        taken = session.scalar(select(Page.id).where(Page.username == wanted).limit(1))
    return "" if taken else wanted
