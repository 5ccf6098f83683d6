"""Cursors: opaque, keyed on the last thing shown, so that new things never shift a page."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from app.sandbox.answers import Json
from app.sandbox.graph.calls import Call
from app.sandbox.graph.errors import bad_argument

Row = TypeVar("Row")
START = ""
"""The position before everything."""


@dataclass(frozen=True)
class Leaf(Generic[Row]):
    """One page of a longer list."""

    rows: Sequence[Row]
    has_next: bool
    has_previous: bool


def seal(position: str) -> str:
    return base64.urlsafe_b64encode(f"s1:{position}".encode()).decode().rstrip("=")


def unseal(cursor: str) -> str:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        text = ""
    if not text.startswith("s1:"):
        raise bad_argument("Invalid cursors values", 1)
    return text.removeprefix("s1:")


def leaf(rows: Sequence[Row], call: Call, *, key: Callable[[Row], str], limit: int) -> Leaf[Row]:
    """Cut the page that `after` or `before` asks for out of the ordered rows."""
    keys = [key(row) for row in rows]
    start, end = 0, len(rows)
    if call.text("after"):
        start = _place(keys, unseal(call.text("after"))) + 1
    elif call.text("before"):
        end = max(0, _place(keys, unseal(call.text("before"))))
        start = max(0, end - limit)
    chosen = rows[start : min(end, start + limit)]
    return Leaf(chosen, has_next=start + len(chosen) < len(rows) and bool(chosen), has_previous=start > 0)


def _place(keys: list[str], position: str) -> int:
    """Find where the cursor stood; when its row is gone, the place where it would stand."""
    if position == START:
        return -1
    if position in keys:
        return keys.index(position)
    descending = len(keys) > 1 and keys[0] > keys[-1]
    passed = sum(1 for key in keys if (key > position if descending else key < position))
    return passed - 1


def paging(found: Leaf[Row], call: Call, *, key: Callable[[Row], str]) -> Json:
    if not found.rows:
        return {}
    before, after = seal(key(found.rows[0])), seal(key(found.rows[-1]))
    links: Json = {"cursors": {"before": before, "after": after}}
    if found.has_next:
        links["next"] = _link(call, after=after)
    if found.has_previous:
        links["previous"] = _link(call, before=before)
    return links


def _link(call: Call, **cursor: str) -> str:
    """Build the whole address of the next page; like the real one it carries the token."""
    kept = {name: value for name, value in call.params.items() if name not in {"after", "before", "appsecret_proof"}}
    kept["access_token"] = call.token.value
    return f"{call.url}?{urlencode({**kept, **cursor})}"
