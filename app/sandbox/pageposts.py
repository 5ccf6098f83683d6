"""Putting a post on a Page's wall, whoever does it; the subscribed apps are told."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.sandbox import clock, ids
from app.sandbox.tables import Page, PagePost, Photo
from app.sandbox.webhooks.changes import post_changed


def publish_on_page(
    session: Session, page: Page, message: str, photos: Sequence[Photo], *, link: str = "", is_published: bool = True
) -> PagePost:
    now = clock.now()
    post = PagePost(
        id=f"{page.id}_{ids.graph_id()}",
        page_id=page.id,
        page=page,
        message=message,
        link=link,
        is_published=is_published,
        created_at=now,
        updated_at=now,
    )
    session.add(post)
    session.flush()
    for position, photo in enumerate(photos):
        photo.post_id, photo.position, photo.is_published = post.id, position, is_published
    session.flush()
    session.refresh(post)
    if is_published:
        post_changed(session, post, "add")
    return post
