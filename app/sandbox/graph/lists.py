"""Lists of the Graph API: ordered by key, cut by cursor, then shown."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.sandbox.answers import Json
from app.sandbox.graph.calls import Call
from app.sandbox.graph.fields import Wanted
from app.sandbox.graph.nodes import show
from app.sandbox.graph.paging import leaf, paging
from app.sandbox.tables import PageComment, PagePost, Photo

Keys = Sequence[tuple[str, datetime]]
OnPage = TypeVar("OnPage", PagePost, Photo)
Row = TypeVar("Row", PagePost, Photo, PageComment)


def listed(call: Call, table: type[OnPage], limit: int, wanted: Sequence[Wanted], *, published: bool = True) -> Json:
    """List what stands on the caller's Page, or what waits there unpublished; the newest comes first."""
    query = select(table.id, table.created_at).where(table.page_id == call.page().id)
    query = query.where(table.is_published.is_(published), *_within(call, table.created_at))
    keys = _keys(call.session, query.order_by(table.created_at.desc(), table.id.desc()))
    return _shown(call, table, keys, limit, wanted)


def listed_comments(call: Call, keys: Keys, limit: int, wanted: Sequence[Wanted]) -> Json:
    return _shown(call, PageComment, keys, limit, wanted)


def _shown(call: Call, table: type[Row], keys: Keys, limit: int, wanted: Sequence[Wanted]) -> Json:
    found = leaf(keys, call, key=_position, limit=limit)
    chosen = [row[0] for row in found.rows]
    rows = {row.id: row for row in call.session.scalars(select(table).where(table.id.in_(chosen)))}
    links = paging(found, call, key=_position)
    body: Json = {"data": [show(rows[each], call, wanted) for each in chosen]}
    return body | {"paging": links} if links else body


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


def _position(key: tuple[str, datetime]) -> str:
    return f"{round(key[1].timestamp() * 1_000_000):020d}:{key[0]}"
