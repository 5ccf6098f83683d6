"""What people do on the X stand-in, through the API or on the public page: write, reply, mention, remove."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sandbox import clock, ids
from app.sandbox.tables import XMedia, XMention, XPost, XUser
from app.sandbox.x.text import handles


def write(
    session: Session,
    author: XUser,
    text: str,
    *,
    reply_to: XPost | None = None,
    media: Sequence[XMedia] = (),
    created_at: datetime | None = None,
) -> XPost:
    post_id = int(ids.snowflake(created_at))
    post = XPost(
        id=post_id,
        author_id=author.id,
        author=author,
        text=text,
        edit_history=[str(post_id)],
        is_hidden=False,
        conversation_id=reply_to.conversation_id if reply_to else post_id,
        reply_to_id=reply_to.id if reply_to else None,
        reply_to_user_id=reply_to.author_id if reply_to else None,
        created_at=created_at or clock.now(),
    )
    session.add(post)
    session.flush()
    for position, item in enumerate(media):
        item.post_id, item.position = post_id, position
    _mention(session, post)
    session.flush()
    session.refresh(post)
    return post


def edit(session: Session, post: XPost, text: str) -> XPost:
    """Put an edited version, with an id of its own, in the post's place."""
    new_id = int(ids.snowflake())
    edited = XPost(
        id=new_id,
        author_id=post.author_id,
        author=post.author,
        text=text,
        edit_history=[*post.edit_history, str(new_id)],
        conversation_id=new_id if post.conversation_id == post.id else post.conversation_id,
        is_hidden=post.is_hidden,
        reply_to_id=post.reply_to_id,
        reply_to_user_id=post.reply_to_user_id,
        created_at=post.created_at,
    )
    session.add(edited)
    session.delete(post)
    session.flush()
    _mention(session, edited)
    session.flush()
    return edited


def reply_text(parent: XPost, text: str) -> str:
    """Begin a reply with whom it answers, as X does."""
    handle = f"@{parent.author.handle}"
    return text if handle.casefold() in text.casefold() else f"{handle} {text}"


def root_of(session: Session, post: XPost) -> XPost | None:
    return session.get(XPost, post.conversation_id)


def _mention(session: Session, post: XPost) -> None:
    folded = {handle.casefold() for handle in handles(post.text)}
    people = session.scalars(select(XUser.id).where(XUser.folded.in_(folded))) if folded else ()
    targets = {person for person in people if person != post.author_id}
    if post.reply_to_user_id and post.reply_to_user_id != post.author_id:
        targets.add(post.reply_to_user_id)
    session.add_all(XMention(post_id=post.id, user_id=target) for target in targets)
