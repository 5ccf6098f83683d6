"""Deeds on the Facebook stand-in's comments, whoever does them; each is told to the subscribed apps."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sandbox import clock, ids
from app.sandbox.tables import Block, PageComment, PagePost, Picture
from app.sandbox.webhooks.changes import comment_changed


class BlockedError(Exception):
    """The Page has blocked this person."""


@dataclass(frozen=True)
class Author:
    id: str
    name: str

    @classmethod
    def named(cls, page_id: str, name: str) -> "Author":
        """Give a member of the public the same id under the same name and Page, every time."""
        digest = hashlib.sha256(f"{page_id}:{name.casefold().strip()}".encode()).digest()
        return cls(str(10**15 + int.from_bytes(digest[:6], "big")), name.strip())


def add(
    session: Session,
    post: PagePost,
    author: Author,
    message: str,
    *,
    parent_id: str | None = None,
    created_at: datetime | None = None,
    picture: Picture | None = None,
    is_anonymous: bool = False,
) -> PageComment:
    if session.get(Block, (post.page_id, author.id)) is not None:
        raise BlockedError(f"{author.name} is blocked by this Page")
    comment = PageComment(
        id=f"{post.id.partition('_')[2]}_{ids.graph_id()}",
        post_id=post.id,
        post=post,
        parent_id=parent_id,
        author_id=author.id,
        author_name=author.name,
        is_anonymous=is_anonymous,
        message=message,
        sha256=picture.sha256 if picture else None,
        is_hidden=False,
        created_at=created_at or clock.now(),
    )
    session.add(comment)
    session.flush()
    comment_changed(session, comment, "add")
    return comment


def reword(session: Session, comment: PageComment, message: str) -> None:
    comment.message = message
    comment_changed(session, comment, "edited")


def set_hidden(session: Session, comment: PageComment, *, hidden: bool) -> None:
    comment.is_hidden = hidden
    comment_changed(session, comment, "hide" if hidden else "unhide")


def remove(session: Session, comment: PageComment) -> None:
    """Remove the comment; the database takes its replies with it."""
    for reply in session.scalars(select(PageComment).where(PageComment.parent_id == comment.id)):
        comment_changed(session, reply, "remove")
    comment_changed(session, comment, "remove")
    session.delete(comment)
