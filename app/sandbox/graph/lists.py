"""Lists of the Graph API: ordered by key, cut by cursor, then shown."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.sandbox.answers import Json
from app.sandbox.graph.calls import Call
from app.sandbox.graph.fields import Wanted
from app.sandbox.graph.nodes import show
from app.sandbox.graph.paging import leaf, paging
from app.sandbox.tables import PageComment, PagePost

Keys = Sequence[tuple[str, datetime]]


def listed_posts(call: Call, page_id: str, limit: int, wanted: Sequence[Wanted]) -> Json:
    query = select(PagePost.id, PagePost.created_at).where(PagePost.page_id == page_id, PagePost.is_published)
    query = query.where(*_within(call, PagePost.created_at))
    keys = _keys(call.session, query.order_by(PagePost.created_at.desc(), PagePost.id.desc()))
    found = leaf(keys, call, key=_position, limit=limit)
    posts = {post.id: post for post in _posts(call.session, [row[0] for row in found.rows])}
    shown = [show(posts[row[0]], call, wanted) for row in found.rows]
    return _with_paging({"data": shown}, paging(found, call, key=_position))


def listed_comments(call: Call, keys: Keys, limit: int, wanted: Sequence[Wanted]) -> Json:
    found = leaf(keys, call, key=_position, limit=limit)
    chosen = [row[0] for row in found.rows]
    query = select(PageComment).where(PageComment.id.in_(chosen))
    comments = {comment.id: comment for comment in call.session.scalars(query)}
    shown = [show(comments[each], call, wanted) for each in chosen]
    return _with_paging({"data": shown}, paging(found, call, key=_position))


def _within(call: Call, column: InstrumentedAttribute[datetime]) -> Iterator[ColumnElement[bool]]:
    for name in ("since", "until"):
        if call.text(name):
            moment = call.moment(name)
            yield column >= moment if name == "since" else column <= moment


def comment_keys(session: Session, post_id: str, *, parent_id: str | None, stream: bool, backwards: bool) -> Keys:
    """Order a post's comments; `stream` mixes the replies in, otherwise one level is taken."""
    query = select(PageComment.id, PageComment.created_at).where(PageComment.post_id == post_id)
    if parent_id is not None or not stream:
        query = query.where(PageComment.parent_id == parent_id)
    order = (PageComment.created_at, PageComment.id)
    return _keys(session, query.order_by(*(column.desc() if backwards else column for column in order)))


def _keys(session: Session, query: Select[str, datetime]) -> Keys:
    return [(row[0], row[1]) for row in session.execute(query)]


def _posts(session: Session, chosen: list[str]) -> Sequence[PagePost]:
    return session.scalars(select(PagePost).where(PagePost.id.in_(chosen))).all()


def _position(key: tuple[str, datetime]) -> str:
    return f"{round(key[1].timestamp() * 1_000_000):020d}:{key[0]}"


def _with_paging(body: Json, links: Json) -> Json:
    return body | {"paging": links} if links else body
