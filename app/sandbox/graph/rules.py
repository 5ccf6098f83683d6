"""What may be called: each method on each kind of node and edge, with what it takes to be allowed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, cast

from sqlalchemy.orm import Session

from app.sandbox.graph.calls import Call
from app.sandbox.graph.errors import GraphError, gone
from app.sandbox.graph.nodes import Node, kind_of
from app.sandbox.graph.tokens import ensure_scopes, ensure_task
from app.sandbox.tables import App, Page, PageComment, PagePost, Photo, Token

Handler: TypeAlias = Callable[[Call, Node], object]
_VERBS = {"GET": "read", "POST": "create", "DELETE": "delete"}


@dataclass(frozen=True)
class Rule:
    run: Handler
    scopes: tuple[str, ...]
    task: str | None
    as_page: bool


_RULES: dict[tuple[str, str, str], Rule] = {}


def rule(
    method: str,
    kinds: str,
    edge: str = "",
    *,
    scopes: tuple[str, ...] = (),
    task: str | None = None,
    as_page: bool = True,
) -> Callable[[Handler], Handler]:
    """Register a handler: `@rule("POST", "page", "feed", scopes=…, task=…)`."""

    def register(run: Handler) -> Handler:
        for kind in kinds.split():
            _RULES[method, kind, edge] = Rule(run, scopes, task, as_page)
        return run

    return register


def operation_of(method: str, node: Node | None, edge: str) -> str:
    """Name what is being done, for the faults: `facebook.feed.create`, `facebook.comment.update`."""
    if edge:
        return f"facebook.{edge}.{_VERBS.get(method, 'read')}"
    verb = "update" if method == "POST" else _VERBS.get(method, "read")
    return f"facebook.{kind_of(node) if node is not None else 'unknown'}.{verb}"


def find_node(session: Session, object_id: str, token: Token) -> Node | None:
    if object_id == "me":
        return session.get(Page, token.page_id) if token.page_id else token if token.kind == "user" else None
    for table in (Page, PagePost, PageComment, Photo, App):
        found = cast("Node | None", session.get(table, object_id))  # mypy sees only their common base
        if found is not None:
            return found
    if object_id == token.user_id:
        return token
    by_name: Page | None = session.query(Page).filter_by(username=object_id).first() if object_id else None
    return by_name


def run(call: Call, object_id: str, node: Node | None, edge: str) -> object:
    if node is None or not _may_see(call, node):
        raise gone(object_id, call.verb)
    found = _RULES.get((call.method, kind_of(node), edge))
    if found is None:
        raise _unknown(call, edge, object_id)
    _ensure_allowed(call, found, node)
    return found.run(call, node)


def _ensure_allowed(call: Call, found: Rule, node: Node) -> None:
    if found.as_page and call.token.kind != "page":
        raise GraphError.of(210)
    if found.as_page and page_id_of(node) not in {None, call.token.page_id}:
        raise GraphError.of(200)
    ensure_scopes(call.token, *(scope for scope in found.scopes if call.token.kind == "page" or found.as_page))
    if found.task:
        ensure_task(call.token, found.task)


def page_id_of(node: Node) -> str | None:
    if isinstance(node, Page):
        return node.id
    if isinstance(node, PageComment):
        return node.post.page_id
    return node.page_id if isinstance(node, PagePost | Photo) else None


def _may_see(call: Call, node: Node) -> bool:
    """Drafts and unpublished photos are seen by their own Page alone."""
    if isinstance(node, PagePost | Photo) and not node.is_published:
        return call.token.page_id == node.page_id
    return True


def _unknown(call: Call, edge: str, object_id: str) -> GraphError:
    if edge:
        return GraphError(2500, f"Unknown path components: /{edge}", status=400)
    return gone(object_id, call.verb)
