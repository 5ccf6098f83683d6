"""Facebook's webhooks: verify them over the raw bytes, and read them as hints of what to look at."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.platforms.errors import RejectedError
from app.platforms.facebook_reading import post_of_comment, whole_post_id
from app.platforms.parsing import fields_of, identifier_of, items_of, parse_time, text_of

LONGEST_CHALLENGE = 200
MOST_ACCOUNTS = 100
"""Are named by one delivery: nobody has verified it yet when we look for them."""
_OTHER_VERBS = {"edit": "edited", "delete": "remove", "removed": "remove", "hidden": "hide"}


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
    given, challenge = args.get("hub.verify_token", ""), args.get("hub.challenge", "")
    if args.get("hub.mode") != "subscribe" or not verify_token or len(challenge) > LONGEST_CHALLENGE:
        return None
    return challenge or None if hmac.compare_digest(_bytes(given), _bytes(verify_token)) else None


def verify_signature(raw: bytes, header: str | None, app_secret: str) -> bool:
    """Tell whether the raw bytes were signed with the app's secret. The older SHA-1 header is not enough."""
    if not header or not header.startswith("sha256=") or not app_secret:
        return False
    expected = hmac.new(app_secret.encode(), raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(_bytes(header.removeprefix("sha256=")), expected.encode())


def account_ids(raw: bytes) -> tuple[str, ...]:
    """Return the Pages that a delivery is about, to find the secret that it must be signed with."""
    named = (identifier_of(entry.get("id")) for entry in _entries(raw))
    accounts = tuple(dict.fromkeys(account for account in named if account))
    if len(accounts) > MOST_ACCOUNTS:
        raise RejectedError("The delivery names more Pages than anybody looks after.")
    return accounts


def parse(raw: bytes) -> tuple[CommentHint, ...]:
    """Read every comment hint of a delivery and pass over the rest. Raises RejectedError on nonsense."""
    hints = []
    for entry in _entries(raw):
        account_id = identifier_of(entry.get("id"))
        for change in items_of(entry.get("changes")) if account_id else ():
            hint = _hint(str(account_id), fields_of(change.get("value")))
            if hint is not None and (change.get("field", "feed") == "feed" or _is_under_own_post(hint)):
                hints.append(hint)
    return tuple(hints)


def _is_under_own_post(hint: CommentHint) -> bool:
    """A mention of the Page is told for posts of others too, which are not ours to look after."""
    return hint.post_id.startswith(f"{hint.account_id}_")


def _entries(raw: bytes) -> list[dict[str, Any]]:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise RejectedError("The delivery is not JSON.") from error
    if not isinstance(told, dict) or told.get("object") != "page" or not isinstance(told.get("entry"), list):
        raise RejectedError("The delivery is not about a Page.")
    return items_of(told["entry"])


def _hint(account_id: str, value: dict[str, Any]) -> CommentHint | None:
    """Read one change in the form of today, or in the older one with `sender_id` and no `post_id`."""
    comment_id = identifier_of(value.get("comment_id"))
    if value.get("item") != "comment" or comment_id is None:
        return None
    author = fields_of(value.get("from"))
    author_id = identifier_of(author.get("id")) or identifier_of(value.get("sender_id"))
    post_id, parent_id = _place(account_id, comment_id, value)
    verb = text_of(value.get("verb")) or "add"
    return CommentHint(
        account_id=account_id,
        verb=_OTHER_VERBS.get(verb, verb),
        comment_id=_as_it_is_read(comment_id, account_id),
        post_id=post_id,
        parent_id=parent_id,
        author_id=author_id,
        author_name=text_of(author.get("name")) or text_of(value.get("sender_name")) or None,
        text=text_of(value["message"]) if isinstance(value.get("message"), str) else None,
        created_at=parse_time(value.get("created_time")),
        is_own=author_id == account_id,
    )


def _place(account_id: str, comment_id: str, value: dict[str, Any]) -> tuple[str, str | None]:
    """Tell under which post a comment stands, and what it answers: that post, or another comment."""
    told, answered = identifier_of(value.get("post_id")), identifier_of(value.get("parent_id"))
    parent_id = _as_it_is_read(answered, account_id) if answered else None
    if told is None and parent_id is not None and parent_id.startswith(f"{account_id}_"):
        told = parent_id
    post_id = whole_post_id(told, account_id) if told else post_of_comment(comment_id, account_id)
    return post_id, post_id if answered and answered == told else parent_id


def _as_it_is_read(comment_id: str, account_id: str) -> str:
    """Write an id of three parts as the Graph API does, so that the comment is known again when it is read."""
    return comment_id.removeprefix(f"{account_id}_") if comment_id.count("_") == 2 else comment_id


def _bytes(text: str) -> bytes:
    return text.encode(errors="backslashreplace")
