"""Pages, the person who runs them, and the app that is subscribed to them."""

from sqlalchemy import select

from app.sandbox.accounts import issue_token
from app.sandbox.answers import Json
from app.sandbox.graph.calls import Call
from app.sandbox.graph.errors import GraphError, bad_argument
from app.sandbox.graph.fields import Wanted
from app.sandbox.graph.login import granted_pages
from app.sandbox.graph.nodes import Node, show, wanted_of
from app.sandbox.graph.paging import seal
from app.sandbox.graph.rules import rule
from app.sandbox.graph.tokens import SCOPES
from app.sandbox.tables import App, Block, Page, Token
from app.sandbox.webhooks.handshake import HandshakeError, shake_hands


@rule("GET", "page", as_page=False)
@rule("GET", "app", as_page=False)
@rule("GET", "user", as_page=False)
def read(call: Call, node: Node) -> Json:
    return show(node, call, wanted_of(call))


@rule("GET", "user", "accounts", scopes=("pages_show_list",), as_page=False)
def list_accounts(call: Call, node: Node) -> Json:
    """List the Pages that this person runs, each with a Page token that lives as long as this one does."""
    pages = granted_pages(call.session, call.token) if "pages_show_list" in call.token.scopes else []
    asked = [field.name for field in wanted_of(call)] or ["access_token", "category", "category_list", "name", "tasks"]
    own = ("access_token", "tasks")
    shown: list[Json] = []
    for page in pages:
        facts: Json = {"access_token": _page_token(call, page), "tasks": page.tasks}
        rest = show(page, call, [Wanted(name) for name in asked if name not in own])
        shown.append({name: facts[name] for name in own if name in asked} | rest)
    if not shown:
        return {"data": []}
    return {"data": shown, "paging": {"cursors": {"before": seal(pages[0].id), "after": seal(pages[-1].id)}}}


def _page_token(call: Call, page: Page) -> str:
    query = select(Token).where(Token.page_id == page.id, Token.kind == "page", Token.state == "valid")
    for token in call.session.scalars(query.order_by(Token.issued_at.desc())):
        if token.expires_at is None and set(token.scopes) == set(call.token.scopes):
            return token.value
    return issue_token(call.session, page, kind="page", scopes=call.token.scopes, tasks=page.tasks).value


@rule("GET", "user", "permissions", as_page=False)
def list_permissions(call: Call, node: Node) -> Json:
    """List what the person was asked for; what they took out of the dialog stands there as declined."""
    given = call.token.scopes
    declined = [scope for scope in SCOPES if scope not in given]
    rows: list[Json] = [{"permission": scope, "status": "granted"} for scope in given]
    return {"data": [*rows, *({"permission": scope, "status": "declined"} for scope in declined)]}


@rule("POST", "page", "subscribed_apps", scopes=("pages_manage_metadata",), task="MANAGE")
def subscribe(call: Call, node: Node) -> Json:
    raw = call.parsed("subscribed_fields")  # some clients write a JSON list
    named = raw if isinstance(raw, list) else call.text("subscribed_fields").split(",")
    fields = [str(each).strip() for each in named if str(each).strip()]
    if not fields:
        raise bad_argument("The parameter subscribed_fields is required.")
    call.page().subscribed_fields = fields
    return {"success": "true"}  # a string: so the documentation shows it


@rule("GET", "page", "subscribed_apps", scopes=("pages_manage_metadata",))
def list_subscribed(call: Call, node: Node) -> Json:
    page = call.page()
    if not page.subscribed_fields:
        return {"data": []}
    app = show(page.app, call)
    return {"data": [app | {"subscribed_fields": page.subscribed_fields}]}


@rule("DELETE", "page", "subscribed_apps", scopes=("pages_manage_metadata",), task="MANAGE")
def unsubscribe(call: Call, node: Node) -> Json:
    call.page().subscribed_fields = []
    return {"success": True}


@rule("POST", "page", "blocked", scopes=("pages_manage_engagement",), task="MODERATE")
def block(call: Call, node: Node) -> Json:
    people = _people(call)
    for person in people:
        call.session.merge(Block(page_id=call.page().id, person_id=person))
    return dict.fromkeys(people, True)


@rule("DELETE", "page", "blocked", scopes=("pages_manage_engagement",), task="MODERATE")
def unblock(call: Call, node: Node) -> Json:
    for person in _people(call):
        found = call.session.get(Block, (call.page().id, person))
        if found is not None:
            call.session.delete(found)
    return {"success": True}


@rule("GET", "page", "blocked", scopes=("pages_read_engagement",), task="MODERATE")
def list_blocked(call: Call, node: Node) -> Json:
    blocked = call.session.scalars(select(Block.person_id).where(Block.page_id == call.page().id))
    return {"data": [{"id": person} for person in blocked]}


def _people(call: Call) -> list[str]:
    raw = next((call.params[name] for name in ("psid", "asid", "user", "uid") if name in call.params), "")
    parsed = call.parsed("psid") if "psid" in call.params else None
    people = [str(each) for each in parsed] if isinstance(parsed, list) else [part for part in raw.split(",") if part]
    if not people or not all(person.isascii() and person.isdigit() for person in people):
        raise bad_argument("Param psid must be an array of ids")
    return people


@rule("POST", "app", "subscriptions", as_page=False)
def subscribe_app(call: Call, node: Node) -> Json:
    """Set where the app's webhooks go; the address must first answer the challenge."""
    app = _own_app(call, node)
    if call.text("object") != "page":
        raise bad_argument("Param object must be one of {page}")
    try:
        shake_hands(call.text("callback_url"), call.text("verify_token"))
    except HandshakeError as error:
        raise GraphError(2200, f"(#2200) Callback verification failed with the following errors: {error}") from error
    app.webhook_url, app.verify_token = call.text("callback_url"), call.text("verify_token")
    return {"success": True}


@rule("GET", "app", "subscriptions", as_page=False)
def list_subscriptions(call: Call, node: Node) -> Json:
    app = _own_app(call, node)
    fields = [{"name": "feed", "version": call.version}]
    shown: Json = {"object": "page", "callback_url": app.webhook_url, "active": True, "fields": fields}
    return {"data": [shown] if app.webhook_url else []}


def _own_app(call: Call, node: Node) -> App:
    if call.token.kind != "app" or not isinstance(node, App) or node.id != call.token.app_id:
        raise GraphError(15, "(#15) This method must be called with an app access_token.")
    return node
