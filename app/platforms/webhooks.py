"""Facebook's webhooks: verify them over the raw bytes, and read them as hints of what to look at."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.platforms.errors import RejectedError
from app.platforms.parsing import parse_time


@dataclass(frozen=True, slots=True)
class CommentHint:
    """Something happened to a comment. Only a hint: duplicated, out of order or late as it comes."""

    account_id: str
    verb: str
    comment_id: str
    post_id: str
    parent_id: str | None
    author_id: str | None
    author_name: str | None
    text: str | None
    created_at: datetime | None
    is_own: bool


def answer_handshake(args: Mapping[str, str], verify_token: str) -> str | None:
    """Return the challenge to answer with, or None when this is not our subscription."""
    given = args.get("hub.verify_token", "")
    if args.get("hub.mode") != "subscribe" or not verify_token:
        return None
    return args.get("hub.challenge") if hmac.compare_digest(given.encode(), verify_token.encode()) else None


def verify_signature(raw: bytes, header: str | None, app_secret: str) -> bool:
    """Tell whether the raw bytes were signed with the app's secret. The older SHA-1 header is not enough."""
    if not header or not header.startswith("sha256=") or not app_secret:
        return False
    expected = hmac.new(app_secret.encode(), raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(header.removeprefix("sha256=").encode(), expected.encode())


def account_ids(raw: bytes) -> tuple[str, ...]:
    """Return the Pages that a delivery is about, to find the secret that it must be signed with."""
    return tuple(dict.fromkeys(str(entry.get("id")) for entry in _entries(raw)))


def parse(raw: bytes) -> tuple[CommentHint, ...]:
    """Read every comment hint of a delivery and pass over the rest. Raises RejectedError on nonsense."""
    hints = []
    for entry in _entries(raw):
        for change in entry.get("changes") or ():
            value = change.get("value") if isinstance(change, dict) else None
            if isinstance(value, dict) and value.get("item") == "comment" and value.get("comment_id"):
                hints.append(_hint(str(entry.get("id")), value))
    return tuple(hints)


def _entries(raw: bytes) -> list[dict[str, Any]]:
    try:
        told = json.loads(raw)
    except ValueError as error:
        raise RejectedError("The delivery is not JSON.") from error
    if not isinstance(told, dict) or told.get("object") != "page" or not isinstance(told.get("entry"), list):
        raise RejectedError("The delivery is not about a Page.")
    return [entry for entry in told["entry"] if isinstance(entry, dict)]


def _hint(account_id: str, value: dict[str, Any]) -> CommentHint:
    author = value.get("from") if isinstance(value.get("from"), dict) else {}
    author_id = (author or {}).get("id") or value.get("sender_id")
    return CommentHint(
        account_id=account_id,
        verb=str(value.get("verb") or "add"),
        comment_id=str(value["comment_id"]),
        post_id=str(value.get("post_id") or ""),
        parent_id=str(value["parent_id"]) if value.get("parent_id") else None,
        author_id=str(author_id) if author_id is not None else None,
        author_name=(author or {}).get("name") or value.get("sender_name"),
        text=value.get("message"),
        created_at=parse_time(value.get("created_time")),
        is_own=str(author_id) == account_id,
    )
