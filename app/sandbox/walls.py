"""Both walls as plain values: for the public pages and for whoever checks a rehearsal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sandbox.tables import Page, PageComment, PagePost, Photo, XMedia, XMention, XPost, XUser

MOST_SHOWN = 50


@dataclass(frozen=True)
class ShownPhoto:
    id: str
    sha256: str
    alt_text: str
    width: int
    height: int


@dataclass
class ShownComment:
    id: str
    post_id: str
    parent_id: str | None
    author: str
    author_id: str
    text: str
    picture: str | None
    is_hidden: bool
    is_own: bool
    created_at: datetime
    replies: list["ShownComment"] = field(default_factory=list)


@dataclass(frozen=True)
class ShownPost:
    id: str
    text: str
    link: str
    link_host: str
    created_at: datetime
    photos: Sequence[ShownPhoto]
    comments: Sequence[ShownComment]

    def threads(self) -> list[ShownComment]:
        """Nest the replies; a hidden comment takes its replies out of sight with it."""
        by_id = {comment.id: comment for comment in self.comments}
        threads: list[ShownComment] = []
        for comment in self.comments:
            comment.replies.clear()
        for comment in self.comments:
            parent = by_id.get(comment.parent_id or "")
            if not comment.is_hidden:
                (threads if parent is None else parent.replies).append(comment)
        return threads

    @property
    def hidden(self) -> list[ShownComment]:
        """Return what X shows only to those who ask for it."""
        return [comment for comment in self.comments if comment.is_hidden]

    @property
    def hidden_count(self) -> int:
        return len(self.hidden)

    @property
    def shown_count(self) -> int:
        return len(self.comments) - self.hidden_count


def page_wall(session: Session, page: Page, *, limit: int = MOST_SHOWN) -> list[ShownPost]:
    query = select(PagePost).where(PagePost.page_id == page.id, PagePost.is_published)
    posts = session.scalars(query.order_by(PagePost.created_at.desc(), PagePost.id.desc()).limit(limit)).all()
    return [shown_post(session, post) for post in posts]


def shown_post(session: Session, post: PagePost) -> ShownPost:
    query = select(PageComment).where(PageComment.post_id == post.id).order_by(PageComment.created_at, PageComment.id)
    comments = [_page_comment(comment, post.page_id) for comment in session.scalars(query)]
    host = urlsplit(post.link).netloc
    return ShownPost(post.id, post.message, post.link, host, post.created_at, _photos(post.photos), comments)


def x_wall(session: Session, user: XUser, *, limit: int = MOST_SHOWN) -> list[ShownPost]:
    query = select(XPost).where(XPost.author_id == user.id, XPost.reply_to_id.is_(None))
    return [shown_x_post(session, post) for post in session.scalars(query.order_by(XPost.id.desc()).limit(limit))]


def x_mentions(session: Session, user: XUser, *, limit: int = MOST_SHOWN) -> list[ShownComment]:
    """Return posts of others that name this account outside its own conversations."""
    own = select(XPost.id).where(XPost.author_id == user.id)
    named = select(XMention.post_id).where(XMention.user_id == user.id)
    query = (
        select(XPost)
        .where(XPost.id.in_(named), XPost.conversation_id.not_in(own))
        .order_by(XPost.id.desc())
        .limit(limit)
    )
    return [_reply(post, user.id) for post in session.scalars(query)]


def shown_x_post(session: Session, post: XPost) -> ShownPost:
    query = select(XPost).where(XPost.conversation_id == post.id, XPost.id != post.id).order_by(XPost.id)
    replies = [_reply(reply, post.author_id) for reply in session.scalars(query)]
    for reply in replies:
        if reply.parent_id == str(post.id):
            reply.parent_id = None
    return ShownPost(str(post.id), post.text, "", "", post.created_at, _photos(post.media), replies)


def _photos(rows: Iterable[Photo | XMedia]) -> list[ShownPhoto]:
    return [ShownPhoto(row.id, row.sha256, row.alt_text, row.picture.width, row.picture.height) for row in rows]


def _page_comment(comment: PageComment, page_id: str) -> ShownComment:
    return ShownComment(
        id=comment.id,
        post_id=comment.post_id,
        parent_id=comment.parent_id,
        author=comment.author_name,
        author_id=comment.author_id,
        text=comment.message,
        picture=comment.sha256,
        is_hidden=comment.is_hidden,
        is_own=comment.author_id == page_id,
        created_at=comment.created_at,
    )


def _reply(post: XPost, owner_id: str) -> ShownComment:
    return ShownComment(
        id=str(post.id),
        post_id=str(post.conversation_id),
        parent_id=str(post.reply_to_id) if post.reply_to_id else None,
        author=f"{post.author.name} @{post.author.handle}",
        author_id=post.author_id,
        text=post.text,
        picture=post.media[0].sha256 if post.media else None,
        is_hidden=post.is_hidden,
        is_own=post.author_id == owner_id,
        created_at=post.created_at,
    )
