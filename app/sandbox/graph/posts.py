"""A Page's posts: published with uploaded photos or a link, listed, read, reworded, taken down."""

import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import select

from app.sandbox import clock
from app.sandbox.answers import Json
from app.sandbox.graph.calls import Call
from app.sandbox.graph.errors import GraphError, bad_argument
from app.sandbox.graph.lists import listed
from app.sandbox.graph.nodes import Node, show, wanted_of
from app.sandbox.graph.rules import rule
from app.sandbox.pageposts import publish_on_page
from app.sandbox.tables import Page, PagePost, Photo
from app.sandbox.webhooks.changes import post_changed

_MOST_CHARACTERS = 63_206
_SAME_AGAIN = timedelta(minutes=10)
PUBLISH = ("pages_manage_posts", "pages_read_engagement")


@rule("POST", "page", "feed", scopes=PUBLISH, task="CREATE_CONTENT")
def create_post(call: Call, node: Node) -> Json:
    page = call.page()
    message, link = call.text("message").strip(), call.text("link").strip()
    photos = _attached(call, page)
    _ensure_publishable(call, page, message, link, photos)
    post = publish_on_page(
        call.session, page, message, photos, link=link, is_published=call.flag("published", default=True)
    )
    return {"id": post.id}


@rule("GET", "page", "published_posts", scopes=("pages_read_engagement",))
@rule("GET", "page", "feed", scopes=("pages_read_engagement",))
@rule("GET", "page", "posts", scopes=("pages_read_engagement",))
def list_posts(call: Call, node: Node) -> Json:
    return listed(call, PagePost, call.count("limit", 25, most=100), wanted_of(call))


@rule("GET", "page", "scheduled_posts", scopes=("pages_read_engagement",))
def list_unpublished(call: Call, node: Node) -> Json:
    return listed(call, PagePost, call.count("limit", 25, most=100), wanted_of(call), published=False)


@rule("GET", "post", scopes=("pages_read_engagement",), as_page=False)
def read_post(call: Call, node: Node) -> Json:
    return show(node, call, wanted_of(call))


@rule("POST", "post", scopes=PUBLISH, task="CREATE_CONTENT")
def reword_post(call: Call, node: Node) -> Json:
    if not isinstance(node, PagePost) or "message" not in call.params:
        raise bad_argument("Param message is required")
    node.message, node.updated_at = call.text("message"), clock.now()
    post_changed(call.session, node, "edited")
    return {"success": True}


@rule("DELETE", "post", scopes=PUBLISH, task="CREATE_CONTENT")
def delete_post(call: Call, node: Node) -> Json:
    if isinstance(node, PagePost):
        post_changed(call.session, node, "remove")
    call.session.delete(node)
    return {"success": True}


def _ensure_publishable(call: Call, page: Page, message: str, link: str, photos: list[Photo]) -> None:
    if not (message or link or photos):
        raise bad_argument("You must provide a message, link, or attached media.")
    if len(message) > _MOST_CHARACTERS:
        raise bad_argument(f"Param message must be at most {_MOST_CHARACTERS} characters long")
    if link and (urlsplit(link).scheme not in {"http", "https"} or not urlsplit(link).hostname):
        raise bad_argument("The specified URL is invalid", 1500)
    if not photos:
        _ensure_new(call, page, message, link)


def _ensure_new(call: Call, page: Page, message: str, link: str) -> None:
    query = select(PagePost).where(PagePost.page_id == page.id).order_by(PagePost.created_at.desc()).limit(1)
    latest = call.session.scalar(query)
    if latest is None or latest.photos or latest.created_at < clock.now() - _SAME_AGAIN:
        return
    if (latest.message, latest.link) == (message, link):
        raise GraphError.of(506)


def _attached(call: Call, page: Page) -> list[Photo]:
    """Read `attached_media` as one JSON list or as numbered fields; what is neither is dropped without a word."""
    photos = [_unused_photo(call, page, media_id) for media_id in _media_ids(call)]
    if len({photo.id for photo in photos}) != len(photos):
        raise bad_argument("Photos were already posted.", 1366051)
    return photos


def _media_ids(call: Call) -> list[str]:
    raw = call.parsed("attached_media")
    entries = raw if isinstance(raw, list) else [raw] if isinstance(raw, dict) else []
    numbered = sorted((name for name in call.params if re.fullmatch(r"attached_media\[\d+\]", name)), key=_number)
    entries = [*entries, *(call.parsed(name) for name in numbered)]
    entries = [_unwrapped(entry) for entry in entries]
    return [str(entry["media_fbid"]) for entry in entries if isinstance(entry, dict) and "media_fbid" in entry]


def _unwrapped(entry: object) -> object:
    """Some clients write each entry as JSON inside the JSON list."""
    if not isinstance(entry, str):
        return entry
    try:
        return json.loads(entry)
    except ValueError:
        return None


def _number(name: str) -> int:
    return int(name.partition("[")[2].rstrip("]"))


def _unused_photo(call: Call, page: Page, media_id: str) -> Photo:
    photo = call.session.get(Photo, media_id)
    if photo is None or photo.page_id != page.id:
        raise bad_argument(f"Invalid parameter: media_fbid {media_id} does not exist", 33)
    if photo.post_id is not None:
        raise bad_argument("Photos were already posted.", 1366051)
    return photo
