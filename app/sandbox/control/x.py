"""The X wall by order: read as JSON, and answered as a member of the public would."""

from flask import Response, jsonify
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.sandbox import clock
from app.sandbox.accounts import x_user
from app.sandbox.answers import Json
from app.sandbox.control.accounts import x_account
from app.sandbox.control.door import RefusedError, blueprint, body_as, found, number
from app.sandbox.control.facebook import photo_facts
from app.sandbox.handles import handle_for
from app.sandbox.store import store
from app.sandbox.tables import XPost
from app.sandbox.walls import ShownComment, ShownPost, x_mentions, x_wall
from app.sandbox.webhooks.changes import public_url
from app.sandbox.x import deeds

_WHOLE_WALL = 5000


class ReplyOrder(BaseModel, extra="forbid"):
    name: str = Field(default="A parent", min_length=1)
    handle: str = Field(default="", pattern=r"^@?\w{0,15}$")
    text: str = Field(min_length=1)
    created_at: str = ""


class ReplyOrders(BaseModel, extra="forbid"):
    replies: list[ReplyOrder]


class Words(BaseModel, extra="forbid"):
    text: str = Field(min_length=1)


@blueprint.get("/x/<handle>/wall")
def read_x_wall(handle: str) -> Response:
    with store().reading() as session:
        user = x_account(session, handle).user
        posts = x_wall(session, user, limit=_WHOLE_WALL)
        mentions = x_mentions(session, user, limit=_WHOLE_WALL)
    shown = [_post_facts(user.handle, post) for post in posts]
    return jsonify(id=user.id, handle=user.handle, posts=shown, mentions=[_reply_facts(each) for each in mentions])


@blueprint.post("/x/<handle>/posts")
def create_foreign_x_post(handle: str) -> tuple[Response, int]:
    order = body_as(Words)
    with store().writing() as session:
        return jsonify(id=str(deeds.write(session, x_account(session, handle).user, order.text).id)), 201


@blueprint.post("/x/<handle>/mentions")
def create_mention(handle: str) -> tuple[Response, int]:
    order = body_as(ReplyOrder)
    with store().writing() as session:
        named = x_account(session, handle).user.handle
        text = order.text if f"@{named}".casefold() in order.text.casefold() else f"@{named} {order.text}"
        author = x_user(session, _handle(order), order.name)
        return jsonify(id=str(deeds.write(session, author, text).id)), 201


@blueprint.post("/x/posts/<post_id>/replies")
def create_reply(post_id: str) -> tuple[Response, int]:
    order = body_as(ReplyOrder)
    with store().writing() as session:
        return jsonify(id=str(reply(session, found(session, XPost, number(post_id)), order).id)), 201


@blueprint.post("/x/posts/<post_id>/replies/batch")
def create_replies(post_id: str) -> tuple[Response, int]:
    orders = body_as(ReplyOrders).replies
    with store().writing() as session:
        post = found(session, XPost, number(post_id))
        return jsonify(ids=[str(reply(session, post, order).id) for order in orders]), 201


@blueprint.patch("/x/posts/<post_id>")
def edit_x_post(post_id: str) -> Response:
    """Edit as X does: the edited version has an id of its own."""
    order = body_as(Words)
    with store().writing() as session:
        return jsonify(id=str(deeds.edit(session, found(session, XPost, number(post_id)), order.text).id))


@blueprint.delete("/x/posts/<post_id>")
def delete_x_post(post_id: str) -> Response:
    with store().writing() as session:
        session.delete(found(session, XPost, number(post_id)))
    return jsonify(deleted=True)


def reply(session: Session, post: XPost, order: ReplyOrder) -> XPost:
    try:
        moment = clock.from_text(order.created_at) if order.created_at else None
    except ValueError as error:
        raise RefusedError(422, "created_at must be an ISO time or a count of seconds.") from error
    author = x_user(session, _handle(order), order.name)
    return deeds.write(session, author, deeds.reply_text(post, order.text), reply_to=post, created_at=moment)


def _handle(order: ReplyOrder) -> str:
    return order.handle.removeprefix("@") or handle_for(order.name)


def _post_facts(handle: str, post: ShownPost) -> Json:
    return {
        "id": post.id,
        "text": post.text,
        "created_at": clock.x_time(post.created_at),
        "permalink_url": f"{public_url()}/x/{handle}/status/{post.id}",
        "photos": [photo_facts(photo) for photo in post.photos],
        "replies": [_reply_facts(each) for each in post.comments],
    }


def _reply_facts(shown: ShownComment) -> Json:
    return {
        "id": shown.id,
        "in_reply_to": shown.parent_id or shown.post_id,
        "author": shown.author,
        "author_id": shown.author_id,
        "text": shown.text,
        "is_hidden": shown.is_hidden,
        "created_at": clock.x_time(shown.created_at),
    }
