"""From X's words to ours: replies, posts, and whether a post is the one that we sent."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from app.core import clock
from app.platforms.base import RemoteComment
from app.platforms.parsing import fields_of, identifier_of, items_of, parse_time, same_words, text_of

POST_FIELDS = "created_at,attachments,entities,note_tweet"
REPLY_FIELDS = f"{POST_FIELDS},author_id,conversation_id,in_reply_to_user_id,referenced_tweets"
SEARCHABLE = timedelta(days=7)
MOST_EDITS = 10
"""X allows five."""
_EPOCH_MS = 1_288_834_974_657
_OWN_PICTURE = re.compile(r"/status/\d+/(photo|video)/\d+$")


def numbered(found: Any) -> Iterator[dict[str, Any]]:
    """Pass on the posts of a list that have an id; X's are whole numbers."""
    for item in items_of(found):
        if post_number(item):
            yield item


def post_number(found: dict[str, Any]) -> int:
    text = identifier_of(found.get("id")) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def made_at(number: int) -> datetime:
    """Return when a post was made; its id holds the time."""
    return datetime.fromtimestamp(((number >> 22) + _EPOCH_MS) / 1000, UTC)


def is_searchable(post_id: str, now: datetime) -> bool:
    """Tell whether X's search still covers this post's conversation."""
    return made_at(post_number({"id": post_id})) > now - SEARCHABLE


def whole_text(found: dict[str, Any]) -> str:
    """Return all words, unescaped: of a long post `text` is only the beginning."""
    note = fields_of(found.get("note_tweet")) or fields_of(found.get("note_post"))
    return html.unescape(text_of(note.get("text")) or text_of(found.get("text")))


def comment_of(found: dict[str, Any], own_id: str, site: str) -> RemoteComment:
    remote_id, author = str(post_number(found)), identifier_of(found.get("author_id"))
    references = items_of(found.get("referenced_tweets")) or items_of(found.get("referenced_posts"))
    parent = next((item.get("id") for item in references if item.get("type") == "replied_to"), None)
    conversation = identifier_of(found.get("conversation_id"))
    return RemoteComment(
        remote_id=remote_id,
        post_remote_id=conversation or identifier_of(parent) or remote_id,
        parent_remote_id=identifier_of(parent),
        author_id=author,
        author_name=None,
        text=whole_text(found),
        created_at=parse_time(found.get("created_at")) or clock.now(),
        can_hide=conversation != remote_id,  # X hides replies, not posts of others that name us
        permalink=f"{site}/i/web/status/{remote_id}",
        has_attachment=bool(found.get("attachments")),
        is_own=author == own_id,
        earlier_ids=_earlier_ids(found, remote_id),
    )


def _earlier_ids(found: dict[str, Any], remote_id: str) -> tuple[str, ...]:
    """An edit gives a post a new id; the list of all of them ends with it."""
    told = found.get("edit_history_tweet_ids") or found.get("edit_history_post_ids")
    ids = [identifier_of(item) for item in told] if isinstance(told, list) else []
    return tuple(earlier for earlier in ids if earlier and earlier != remote_id)[-MOST_EDITS:]


def names_in(found: Any) -> Iterator[tuple[str, str]]:
    """Read whose name is what. The handle comes first: it is X's word, the name beside it anybody's own."""
    for person in items_of(found):
        number, handle = identifier_of(person.get("id")), identifier_of(person.get("username"))
        if number and handle:
            name = " ".join(text_of(person.get("name")).split())
            yield number, f"@{handle} ({name})" if name else f"@{handle}"


def answers(found: dict[str, Any], remote_id: str) -> bool:
    """Tell whether this post is a reply to that one."""
    references = items_of(found.get("referenced_tweets")) or items_of(found.get("referenced_posts"))
    return any(item.get("type") == "replied_to" and identifier_of(item.get("id")) == remote_id for item in references)


def is_ours(found: dict[str, Any], wanted: str, keys: set[str]) -> bool:
    """Tell whether this is the post that we sent: by its photos if it has any, or by its words."""
    if keys:
        attached = fields_of(found.get("attachments")).get("media_keys")
        return isinstance(attached, list) and bool(keys & {str(key) for key in attached})
    return bool(wanted.strip()) and same_words(with_whole_links(found), wanted)


def with_whole_links(found: dict[str, Any]) -> str:
    """Return a post's words as they were written: X shortens links and adds one for the pictures."""
    text = whole_text(found)
    note = fields_of(found.get("note_tweet")) or fields_of(found.get("note_post"))
    entities = fields_of(note.get("entities")) or fields_of(found.get("entities"))
    for link in items_of(entities.get("urls")):
        short, whole = text_of(link.get("url")), text_of(link.get("expanded_url"))
        if short:
            text = text.replace(short, "" if _OWN_PICTURE.search(whole) else whole)
    return text.strip()
