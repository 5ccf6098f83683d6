"""Comments under a Page's posts: listed by cursor, answered, reworded, hidden, shown again, removed."""

from sqlalchemy import select

from app.sandbox import comments
from app.sandbox.answers import Json
from app.sandbox.graph.calls import Call
from app.sandbox.graph.errors import GraphError, bad_argument, gone
from app.sandbox.graph.fields import Wanted
from app.sandbox.graph.lists import comment_keys, listed_comments
from app.sandbox.graph.nodes import Node, inline_edge, show, wanted_of
from app.sandbox.graph.rules import rule
from app.sandbox.graph.tokens import ensure_scopes
from app.sandbox.ids import whole_number
from app.sandbox.tables import PageComment, PagePost, Photo

_READ = ("pages_read_engagement", "pages_read_user_content")
_MODERATE = ("pages_manage_engagement",)
_MOST = 500


@rule("GET", "post comment photo", "comments", as_page=False)
def list_comments(call: Call, node: Node) -> Json:
    if call.token.kind != "page":
        return {"data": []}  # the real network's silence towards a token of a person
    ensure_scopes(call.token, *_READ)
    order = call.text("order", "ranked")
    if order not in {"chronological", "reverse_chronological", "ranked"}:
        raise bad_argument("Param order must be one of {CHRONOLOGICAL, REVERSE_CHRONOLOGICAL}")
    stream = call.text("filter", "toplevel").lower() == "stream"
    return _listed(call, node, stream, min(call.count("limit", 25, most=5000), _MOST), order, wanted_of(call))


def _listed(call: Call, node: Node, stream: bool, limit: int, order: str, wanted: tuple[Wanted, ...]) -> Json:
    post_id, parent_id = _whose(node)
    backwards = order == "reverse_chronological"
    keys = comment_keys(call.session, post_id, parent_id=parent_id, stream=stream, backwards=backwards)
    body = listed_comments(call, keys, limit, wanted)
    return body | {"summary": {"order": order, "total_count": len(keys), "can_comment": call.token.kind == "page"}}


@rule("POST", "post comment photo", "comments", scopes=_MODERATE, task="MODERATE")
def create_comment(call: Call, node: Node) -> Json:
    """The Page itself comments or replies; this too comes back as a webhook."""
    message = call.text("message").strip()
    if not message:
        raise bad_argument("Param message is required")
    post_id, parent_id = _whose(node)
    post, page = call.session.get_one(PagePost, post_id), call.page()
    comment = comments.add(call.session, post, comments.Author(page.id, page.name), message, parent_id=parent_id)
    return {"id": comment.id}


@rule("GET", "comment", as_page=False)
def read_comment(call: Call, node: Node) -> Json:
    if call.token.kind != "page":
        raise gone(getattr(node, "id", ""), call.verb)
    ensure_scopes(call.token, *_READ)
    return show(node, call, wanted_of(call))


@rule("POST", "comment", scopes=_MODERATE, task="MODERATE")
def change_comment(call: Call, node: Node) -> Json:
    comment = _comment(node)
    if "is_hidden" in call.params:
        _hide(comment, call, hidden=call.flag("is_hidden", default=False))
    elif "message" in call.params:
        if comment.author_id != comment.post.page_id:
            raise GraphError.of(200)
        comments.reword(call.session, comment, call.text("message"))
    else:
        raise bad_argument("Param is_hidden or message is required")
    return {"success": True}


def _hide(comment: PageComment, call: Call, *, hidden: bool) -> None:
    if comment.author_id == comment.post.page_id:
        raise bad_argument("This comment cannot be hidden: can_hide is false", 1446036)
    if comment.is_hidden != hidden:
        comments.set_hidden(call.session, comment, hidden=hidden)


@rule("DELETE", "comment", scopes=_MODERATE, task="MODERATE")
def delete_comment(call: Call, node: Node) -> Json:
    comments.remove(call.session, _comment(node))
    return {"success": True}


def _comment(node: Node) -> PageComment:
    if not isinstance(node, PageComment):
        raise gone(getattr(node, "id", ""), "post")
    return node


def _whose(node: Node) -> tuple[str, str | None]:
    """Return the post and, among a comment's replies, the comment whose replies are meant."""
    if isinstance(node, PageComment):
        return node.post_id, node.id
    if isinstance(node, Photo) and node.post_id:
        return node.post_id, None
    if isinstance(node, PagePost):
        return node.id, None
    raise gone(getattr(node, "id", ""), "get")


def _inline(node: Node, call: Call, field: Wanted) -> Json:
    """Show comments asked for among the fields of a post: `comments.filter(stream).limit(5){message}`."""
    post_id, parent_id = _whose(node)
    stream = field.modifiers.get("filter", "toplevel") == "stream"
    keys = comment_keys(call.session, post_id, parent_id=parent_id, stream=stream, backwards=False)
    limit = whole_number(field.modifiers.get("limit", "25"), most=_MOST)
    if limit is None:
        raise bad_argument("Param limit must be an integer")
    chosen = [row[0] for row in keys[:limit]]
    rows = call.session.scalars(select(PageComment).where(PageComment.id.in_(chosen)).order_by(PageComment.created_at))
    body: Json = {"data": [show(row, call, field.inner) for row in rows] if call.token.kind == "page" else []}
    if field.modifiers.get("summary"):
        body["summary"] = {"order": "ranked", "total_count": len(keys), "can_comment": True}
    return body


def _reactions(node: Node, call: Call, field: Wanted) -> Json:
    body: Json = {"data": []}
    return body | {"summary": {"total_count": 0, "viewer_reaction": "NONE"}} if field.modifiers.get("summary") else body


for _kind in ("post", "comment", "photo"):
    inline_edge(_kind, "comments", _inline)
    inline_edge(_kind, "reactions", _reactions)
    inline_edge(_kind, "likes", _reactions)
