"""A delivery's bytes: the changes of some Pages in Facebook's envelope, escaped and signed as Facebook does."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from itertools import groupby

from app.sandbox.answers import Json
from app.sandbox.tables import Change

_ESCAPES = (("/", "\\/"), ("<", "\\u003C"), ("%", "\\u0025"), ("@", "\\u0040"))


def envelope(changes: Sequence[Change], *, spoiled_by: str = "") -> Json:
    """Put neighbouring changes of one Page and second into one entry."""
    entries: list[Json] = []
    for (page_id, time), group in groupby(changes, key=lambda change: (change.page_id, change.time)):
        spoiled = [_spoil({"field": "feed", "value": dict(change.value)}, spoiled_by) for change in group]
        entries.append({"id": page_id, "time": time, "changes": spoiled})
    return {"object": "page", "entry": entries}


def raw_bytes(body: object) -> bytes:
    """Write JSON as Facebook does: non-ASCII, slashes and a few signs escaped."""
    text = json.dumps(body, separators=(",", ":"))
    for sign, escape in _ESCAPES:
        text = text.replace(sign, escape)
    return text.encode("ascii")


def signatures(raw: bytes, secret: str, *, spoiled_by: str = "") -> dict[str, str]:
    if spoiled_by == "no-signature":
        return {}
    key = (secret if spoiled_by != "bad-signature" else f"not-{secret}").encode()
    old = {"X-Hub-Signature": "sha1=" + hmac.new(key, raw, hashlib.sha1).hexdigest()}
    if spoiled_by == "sha1-only":
        return old
    return old | {"X-Hub-Signature-256": "sha256=" + hmac.new(key, raw, hashlib.sha256).hexdigest()}


def edits_first(changes: Iterable[Change]) -> list[Change]:
    """Put an `edited` change before each `add`, as disorder on the way sometimes does."""
    ordered = []
    for change in changes:
        if change.value.get("verb") == "add":
            edited = {**change.value, "verb": "edited"}
            ordered.append(Change(app_id=change.app_id, page_id=change.page_id, time=change.time, value=edited))
        ordered.append(change)
    return ordered


def _spoil(change: Json, spoiled_by: str) -> Json:
    if spoiled_by == "no-value":
        return {"field": change["field"]}
    value = change["value"]
    if spoiled_by == "numeric-sender" and isinstance(value, dict) and isinstance(value.get("from"), dict):
        sender = value.pop("from")
        value |= {"sender_id": int(sender["id"]), "sender_name": sender["name"]}
    return change
