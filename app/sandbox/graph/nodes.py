"""How the Graph API shows its things: which fields each kind of node has, and what each field says."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import urlsplit

from sqlalchemy import func, select

from app.sandbox import clock
from app.sandbox.answers import Json
from app.sandbox.graph.calls import Call
from app.sandbox.graph.errors import bad_argument
from app.sandbox.graph.fields import Wanted, parse_fields
from app.sandbox.graph.known_fields import EMPTY
from app.sandbox.tables import App, Page, PageComment, PagePost, Photo, Token

Node: TypeAlias = Page | PagePost | Photo | PageComment | App | Token
Shown: TypeAlias = object
_ABSENT = object()
"""A field that exists but has no value is left out, as the real network does."""


def show(node: Node, call: Call, wanted: Sequence[Wanted] = ()) -> Json:
    """Show the node with the wanted fields, or with its default ones; `id` is always among them."""
    kind = kind_of(node)
    chosen = wanted or tuple(Wanted(name) for name in _DEFAULTS[kind])
    shown: Json = {}
    for field in chosen:
        value = _value(node, call, kind, field)
        if value is not _ABSENT and value is not None:
            shown[field.shown_as] = _narrow(value, field)
    shown["id"] = node_id(node)
    return shown


def wanted_of(call: Call) -> tuple[Wanted, ...]:
    return parse_fields(call.text("fields"))


def kind_of(node: Node) -> str:
    return {Page: "page", PagePost: "post", Photo: "photo", PageComment: "comment", App: "app", Token: "user"}[
        type(node)
    ]


def node_id(node: Node) -> str:
    return node.user_id if isinstance(node, Token) else node.id


def post_link(post: PagePost, call: Call) -> str:
    return f"{call.public_url}/facebook/{post.page_id}/posts/{post.id.partition('_')[2]}"


def comment_link(comment: PageComment, call: Call) -> str:
    return f"{post_link(comment.post, call)}?comment_id={comment.id.partition('_')[2]}"


def author_of(comment: PageComment) -> Json | None:
    if comment.is_anonymous:
        return None
    return {"name": comment.author_name, "id": comment.author_id}


def _value(node: Node, call: Call, kind: str, field: Wanted) -> Shown:
    read = _FIELDS[kind].get(field.name)
    if read is not None:
        return read(node, call)
    edge = _EDGES.get((kind, field.name))
    if edge is not None:
        return edge(node, call, field)
    if field.name in EMPTY[kind]:
        return _ABSENT
    raise bad_argument(f"Tried accessing nonexistent field ({field.name}) on node type ({kind.capitalize()})")


def _narrow(value: Shown, field: Wanted) -> Shown:
    """Keep of an inner object only what was asked for."""
    if not field.inner:
        return value
    if isinstance(value, dict):
        if isinstance(value.get("data"), list):
            return value | {"data": [_narrow(each, field) for each in value["data"]]}
        names = {inner.name: inner for inner in field.inner}
        return {name: _narrow(inner, names[name]) for name, inner in value.items() if name in names}
    return value


def _page_picture(page: Page, call: Call) -> Json:
    url = f"{call.public_url}/static/sandbox.svg"
    return {"data": {"height": 50, "is_silhouette": True, "url": url, "width": 50}}


def _post_attachments(post: PagePost, call: Call) -> Json | None:
    if post.photos:
        each: list[Json] = [_photo_attachment(photo, call) for photo in post.photos]
        if len(each) == 1:
            return {"data": each}
        album: Json = {"media_type": "album", "type": "album", "title": f"Photos from {post.page.name}'s post"}
        return {"data": [album | {"url": post_link(post, call), "subattachments": {"data": each}}]}
    if post.link:
        title = urlsplit(post.link).netloc
        return {
            "data": [
                {"media_type": "link", "type": "share", "title": title, "url": post.link, "unshimmed_url": post.link}
            ]
        }
    return None


def _photo_attachment(photo: Photo, call: Call) -> Json:
    return {
        "description": photo.caption,
        "media": {"image": _image(photo, call)},
        "media_type": "photo",
        "type": "photo",
        "target": {"id": photo.id, "url": _photo_link(photo, call)},
        "url": _photo_link(photo, call),
    }


def _image(photo: Photo, call: Call) -> Json:
    source = f"{call.public_url}/pictures/{photo.sha256}"
    return {"height": photo.picture.height, "width": photo.picture.width, "src": source}


def _photo_link(photo: Photo, call: Call) -> str:
    return f"{call.public_url}/facebook/photo/{photo.id}"


def _sizes(photo: Photo, call: Call) -> list[Json]:
    image = _image(photo, call)
    return [{"height": image["height"], "width": image["width"], "source": image["src"]}]


def _comment_attachment(comment: PageComment, call: Call) -> Json | None:
    if comment.sha256 is None:
        return None
    source = f"{call.public_url}/pictures/{comment.sha256}"
    link = comment_link(comment, call)
    return {
        "media": {"image": {"src": source}},
        "target": {"id": comment.id, "url": link},
        "type": "photo",
        "url": link,
    }


def _reply_count(comment: PageComment, call: Call) -> int:
    query = select(func.count()).select_from(PageComment).where(PageComment.parent_id == comment.id)
    return call.session.scalar(query) or 0


def _parent(comment: PageComment, call: Call) -> Json | None:
    parent = call.session.get(PageComment, comment.parent_id) if comment.parent_id else None
    if parent is None:
        return None
    shown: Json = {"created_time": clock.graph_time(parent.created_at), "message": parent.message, "id": parent.id}
    author = author_of(parent)
    return shown | {"from": author} if author else shown


def _is_own(comment: PageComment) -> bool:
    return comment.author_id == comment.post.page_id


def _acts(call: Call) -> bool:
    return call.token.kind == "page"


def _page_identity(page: Page) -> Json:
    return {"name": page.name, "id": page.id}


Reader: TypeAlias = Callable[..., Shown]
_PAGE: Mapping[str, Reader] = {
    "id": lambda page, _: page.id,
    "name": lambda page, _: page.name,
    "username": lambda page, _: page.username or None,
    "about": lambda page, _: page.about or None,
    "link": lambda page, call: f"{call.public_url}/facebook/{page.username or page.id}",
    "category": lambda page, _: "School",
    "category_list": lambda page, _: [{"id": "2601", "name": "School"}],
    "fan_count": lambda page, _: 0,
    "followers_count": lambda page, _: 0,
    "is_published": lambda page, _: True,
    "can_post": lambda page, call: call.token.page_id == page.id,
    "access_token": lambda page, call: call.token.value if call.token.page_id == page.id else None,
    "picture": _page_picture,
    "verification_status": lambda page, _: "not_verified",
}
_POST: Mapping[str, Reader] = {
    "id": lambda post, _: post.id,
    "message": lambda post, _: post.message or None,
    "created_time": lambda post, _: clock.graph_time(post.created_at),
    "updated_time": lambda post, _: clock.graph_time(post.updated_at),
    "permalink_url": post_link,
    "from": lambda post, _: _page_identity(post.page),
    "is_hidden": lambda post, _: False,
    "is_published": lambda post, _: post.is_published,
    "is_expired": lambda post, _: False,
    "status_type": lambda post, _: (
        "added_photos" if post.photos else "shared_story" if post.link else "mobile_status_update"
    ),
    "link": lambda post, _: post.link or None,
    "full_picture": lambda post, call: _image(post.photos[0], call)["src"] if post.photos else None,
    "picture": lambda post, call: _image(post.photos[0], call)["src"] if post.photos else None,
    "object_id": lambda post, _: post.photos[0].id if post.photos else None,
    "attachments": _post_attachments,
    "icon": lambda post, call: f"{call.public_url}/static/sandbox.svg",
}
_PHOTO: Mapping[str, Reader] = {
    "id": lambda photo, _: photo.id,
    "name": lambda photo, _: photo.caption or None,
    "alt_text": lambda photo, _: photo.alt_text or "May be an image of one or more people",
    "alt_text_custom": lambda photo, _: photo.alt_text or None,
    "created_time": lambda photo, _: clock.graph_time(photo.created_at),
    "updated_time": lambda photo, _: clock.graph_time(photo.created_at),
    "page_story_id": lambda photo, _: photo.post_id,
    "from": lambda photo, _: _page_identity(photo.page),
    "height": lambda photo, _: photo.picture.height,
    "width": lambda photo, _: photo.picture.width,
    "images": _sizes,
    "link": _photo_link,
    "picture": lambda photo, call: _image(photo, call)["src"],
}
_COMMENT: Mapping[str, Reader] = {
    "id": lambda comment, _: comment.id,
    "message": lambda comment, _: comment.message,
    "created_time": lambda comment, _: clock.graph_time(comment.created_at),
    "from": lambda comment, _: author_of(comment),
    "parent": _parent,
    "is_hidden": lambda comment, _: comment.is_hidden,
    "is_private": lambda comment, _: False,
    "can_hide": lambda comment, call: _acts(call) and not _is_own(comment),
    "can_remove": lambda comment, call: _acts(call),
    "can_comment": lambda comment, call: _acts(call),
    "can_like": lambda comment, call: _acts(call),
    "can_reply_privately": lambda comment, call: False,
    "comment_count": _reply_count,
    "like_count": lambda comment, _: 0,
    "user_likes": lambda comment, _: False,
    "permalink_url": comment_link,
    "attachment": _comment_attachment,
    "object": lambda comment, _: {"id": comment.post_id},
}
_APP: Mapping[str, Reader] = {
    "id": lambda app, _: app.id,
    "name": lambda app, _: app.name,
    "link": lambda app, call: call.public_url,
    "category": lambda app, _: "Business",
}
_USER: Mapping[str, Reader] = {
    "id": lambda token, _: token.user_id,
    "name": lambda token, call: user_name(token, call),
    "picture": lambda token, call: {"data": {"is_silhouette": True, "url": f"{call.public_url}/static/sandbox.svg"}},
}
_FIELDS = {"page": _PAGE, "post": _POST, "photo": _PHOTO, "comment": _COMMENT, "app": _APP, "user": _USER}
_DEFAULTS = {
    "page": ("name", "id"),
    "post": ("created_time", "message", "id"),
    "photo": ("created_time", "name", "id"),
    "comment": ("created_time", "from", "message", "id"),
    "app": ("category", "link", "name", "id"),
    "user": ("name", "id"),
}
Edge: TypeAlias = Callable[[Node, Call, Wanted], Shown]
_EDGES: dict[tuple[str, str], Edge] = {}
"""Edges that may be asked for among the fields; `edges` fills it in."""


def inline_edge(kind: str, name: str, read: Edge) -> None:
    _EDGES[kind, name] = read


def user_name(token: Token, call: Call) -> str:
    name = call.session.scalar(select(Page.user_name).where(Page.user_id == token.user_id).limit(1))
    return name or "Page Admin"
