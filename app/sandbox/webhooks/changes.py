"""What is told to a subscribed app: one row a change, in the words of the real payloads."""

from datetime import timedelta

from flask import current_app, has_app_context, has_request_context, request
from sqlalchemy.orm import Session

from app.sandbox import clock
from app.sandbox.settings import SandboxSettings
from app.sandbox.store import Base
from app.sandbox.tables import Change, Page, PageComment, PagePost


def comment_changed(session: Session, comment: PageComment, verb: str) -> None:
    """Tell of a comment; the Page's own comments and hides are told as well."""
    post = comment.post
    value: dict[str, object] = {
        "from": {"id": comment.author_id, "name": comment.author_name},
        "post": _post_facts(post),
        "message": comment.message,
        "post_id": post.id,
        "comment_id": comment.id,
        "created_time": int(comment.created_at.timestamp()),
        "item": "comment",
        "parent_id": comment.parent_id or post.id,
        "verb": verb,
    }
    if comment.sha256:
        value["photo"] = f"{public_url()}/pictures/{comment.sha256}"
    if verb == "remove" or (comment.sha256 and not comment.message):
        del value["message"]
    if comment.is_anonymous:
        del value["from"]
    _tell(session, post.page, value)


def post_changed(session: Session, post: PagePost, verb: str) -> None:
    value: dict[str, object] = {
        "from": {"id": post.page_id, "name": post.page.name},
        "post_id": post.id,
        "created_time": int(post.created_at.timestamp()),
        "item": "photo" if len(post.photos) == 1 else "status",
        "verb": verb,
        "published": 1,
    }
    if verb != "remove":
        value["message"] = post.message
        if post.photos:
            sources = [f"{public_url()}/pictures/{photo.sha256}" for photo in post.photos]
            value |= {"link": sources[0], "photo_id": post.photos[0].id} if len(sources) == 1 else {"photos": sources}
    _tell(session, post.page, value)


def public_url() -> str:
    """Return what every permalink begins with."""
    settings: SandboxSettings | None = current_app.extensions["sandbox.settings"] if has_app_context() else None
    if settings is not None and settings.public_url:
        return settings.public_url
    return request.host_url.rstrip("/") if has_request_context() else "http://127.0.0.1:8002"


def _post_facts(post: PagePost) -> dict[str, object]:
    return {
        "status_type": "added_photos" if post.photos else "mobile_status_update",
        "is_published": post.is_published,
        "updated_time": clock.graph_time(post.updated_at),
        "permalink_url": f"{public_url()}/facebook/{post.page_id}/posts/{post.id.partition('_')[2]}",
        "promotion_status": "inactive",
        "id": post.id,
    }


def _tell(session: Session, page: Page, value: dict[str, object]) -> None:
    if "feed" not in page.subscribed_fields or not page.app.webhook_url:
        return
    settings: SandboxSettings = current_app.extensions["sandbox.settings"]
    now = clock.now()
    due = now + timedelta(seconds=settings.webhook_delay)
    change: Base = Change(app_id=page.app_id, page_id=page.id, time=int(now.timestamp()), value=value, due_at=due)
    session.add(change)
