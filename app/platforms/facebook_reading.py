"""From Facebook's words to ours: comments, posts, and what a token is good for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from app.core import clock
from app.platforms.base import Health, RemoteComment, RemotePost
from app.platforms.parsing import fields_of, identifier_of, items_of, parse_time, text_of, web_address_of

SITE = "https://www.facebook.com"
NEEDED_SCOPES = ("pages_manage_posts", "pages_manage_engagement", "pages_read_engagement", "pages_read_user_content")


def comment_of(found: dict[str, Any], post_id: str, page_id: str) -> RemoteComment | None:
    """Read a comment; something without an id is none."""
    permalink = web_address_of(found.get("permalink_url"), SITE)
    comment_id = identifier_of(found.get("id")) or _id_in(permalink, post_id)
    if comment_id is None:
        return None
    author = fields_of(found.get("from"))
    author_id = identifier_of(author.get("id"))
    return RemoteComment(
        remote_id=comment_id,
        post_remote_id=post_id,
        parent_remote_id=identifier_of(fields_of(found.get("parent")).get("id")),
        author_id=author_id,
        author_name=text_of(author.get("name")) or None,
        text=text_of(found.get("message")),
        created_at=parse_time(found.get("created_time")) or clock.now(),
        is_hidden=found.get("is_hidden") is True,
        can_hide=found.get("can_hide") is not False,
        permalink=permalink,
        has_attachment=bool(found.get("attachment")),
        is_own=author_id == page_id,
    )


def _id_in(permalink: str | None, post_id: str) -> str | None:
    """Find a comment's id in its address: Facebook has left ids out of lists."""
    told = dict(parse_qsl(urlsplit(permalink or "").query))
    number = identifier_of(told.get("reply_comment_id") or told.get("comment_id"))
    return f"{post_id.rpartition('_')[2]}_{number}" if number else None


def post_of_comment(comment_id: str, page_id: str) -> str:
    """Tell a comment's post by its id: `post_comment`, or `page_post_comment` as it used to be.

    Under a post with one photo the first part may be the photo's; webhooks and lists name the post itself.
    """
    parts = comment_id.split("_")
    return f"{page_id}_{parts[-2]}" if len(parts) in {2, 3} and parts[-2] != page_id else ""


def whole_post_id(post_id: str, page_id: str) -> str:
    return post_id if "_" in post_id else f"{page_id}_{post_id}"


def post_of(found: dict[str, Any], page_id: str) -> RemotePost | None:
    post_id = identifier_of(found.get("id"))
    if post_id is None:
        return None
    post_id = whole_post_id(post_id, page_id)
    return RemotePost(
        remote_id=post_id,
        text=text_of(found.get("message")),
        published_at=parse_time(found.get("created_time")) or clock.now(),
        permalink=web_address_of(found.get("permalink_url"), SITE) or f"{SITE}/{post_id}",
    )


def photo_ids_of(found: dict[str, Any]) -> Iterator[str]:
    """Return the photos that a post shows: one, or those of its album."""
    for attachment in items_of(fields_of(found.get("attachments")).get("data")):
        inner = items_of(fields_of(attachment.get("subattachments")).get("data"))
        for each in (attachment, *inner):
            photo_id = identifier_of(fields_of(each.get("target")).get("id"))
            if photo_id:
                yield photo_id


def is_token_of_a_page(told: Any) -> bool:
    return fields_of(told).get("is_valid") is True and text_of(told.get("type")).upper() == "PAGE"


def health_of(told: dict[str, Any], page: dict[str, Any], page_id: str) -> Health:
    """Say what a token is good for: of this Page, valid, until when, with which permissions.

    `page` is who Facebook says that the token is; an id that was typed beside it proves nothing.
    """
    account_id = identifier_of(page.get("id"))
    scopes = tuple(scope for scope in map(text_of, _listed(told.get("scopes"))) if scope)
    return Health(
        ok=(problem := _problem(told, page_id, account_id, scopes)) is None,
        problem=problem,
        account_id=account_id,
        handle=text_of(page.get("username")) or None,
        account_name=text_of(page.get("name")) or None,
        expires_at=_expiry(told.get("expires_at")),
        scopes=scopes,
    )


def _problem(told: dict[str, Any], page_id: str, account_id: str | None, scopes: tuple[str, ...]) -> str | None:
    if told.get("is_valid") is not True:
        return "Facebook's sign-in no longer works. Reconnect the Page."
    if not is_token_of_a_page(told):
        return "This is a person's token. Connect with the token of the Page itself."
    if account_id != page_id:
        return "This token belongs to another Page. Connect with the school's own."
    missing = [scope for scope in NEEDED_SCOPES if scope not in scopes or _is_withheld(told, scope, page_id)]
    if missing:
        return f"The sign-in lacks: {', '.join(missing)}. Reconnect and allow these."
    return None


def _is_withheld(told: dict[str, Any], scope: str, page_id: str) -> bool:
    """A permission may have been given for other Pages alone."""
    for granted in items_of(told.get("granular_scopes")):
        if granted.get("scope") == scope and isinstance(granted.get("target_ids"), list):
            return page_id not in map(str, granted["target_ids"])
    return False


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _expiry(stamp: Any) -> datetime | None:
    """Zero means never."""
    moment = parse_time(stamp) if stamp else None
    return moment.astimezone(UTC) if moment else None
