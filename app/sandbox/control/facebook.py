"""The Facebook wall by order: read as JSON, and commented on as a member of the public would."""

import io

from flask import Response, jsonify
from PIL import Image
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.sandbox import clock, comments
from app.sandbox.answers import Json
from app.sandbox.control.door import RefusedError, blueprint, body_as, found
from app.sandbox.pageposts import publish_on_page
from app.sandbox.pictures import keep_picture
from app.sandbox.store import store
from app.sandbox.tables import Page, PageComment, PagePost, Picture
from app.sandbox.walls import ShownPhoto, ShownPost, page_wall
from app.sandbox.webhooks.changes import public_url

_WHOLE_WALL = 5000


class CommentOrder(BaseModel, extra="forbid"):
    name: str = Field(default="A parent", min_length=1)
    message: str = ""
    parent_id: str | None = None
    created_time: str = ""
    attachment: bool = False
    anonymous: bool = False


class CommentOrders(BaseModel, extra="forbid"):
    comments: list[CommentOrder]


class Wording(BaseModel, extra="forbid"):
    message: str


@blueprint.get("/facebook/<page_id>/wall")
def read_wall(page_id: str) -> Response:
    with store().reading() as session:
        page = found(session, Page, page_id)
        posts = page_wall(session, page, limit=_WHOLE_WALL)
    return jsonify(page_id=page.id, name=page.name, posts=[_post_facts(page.id, post) for post in posts])


@blueprint.post("/facebook/<page_id>/posts")
def create_foreign_post(page_id: str) -> tuple[Response, int]:
    """Post on the Page by another way than the product's."""
    order = body_as(Wording)
    with store().writing() as session:
        return jsonify(id=publish_on_page(session, found(session, Page, page_id), order.message, []).id), 201


@blueprint.delete("/facebook/posts/<post_id>")
def delete_foreign_post(post_id: str) -> Response:
    with store().writing() as session:
        session.delete(found(session, PagePost, post_id))
    return jsonify(deleted=True)


@blueprint.post("/facebook/posts/<post_id>/comments")
def create_comment(post_id: str) -> tuple[Response, int]:
    order = body_as(CommentOrder)
    with store().writing() as session:
        return jsonify(id=_comment(session, found(session, PagePost, post_id), order).id), 201


@blueprint.post("/facebook/posts/<post_id>/comments/batch")
def create_comments(post_id: str) -> tuple[Response, int]:
    """Write many comments in one transaction, for a pile-on."""
    orders = body_as(CommentOrders).comments
    with store().writing() as session:
        post = found(session, PagePost, post_id)
        return jsonify(ids=[_comment(session, post, order).id for order in orders]), 201


@blueprint.patch("/facebook/comments/<comment_id>")
def reword_comment(comment_id: str) -> Response:
    order = body_as(Wording)
    with store().writing() as session:
        comments.reword(session, found(session, PageComment, comment_id), order.message)
    return jsonify(id=comment_id)


@blueprint.delete("/facebook/comments/<comment_id>")
def delete_comment(comment_id: str) -> Response:
    with store().writing() as session:
        comments.remove(session, found(session, PageComment, comment_id))
    return jsonify(deleted=True)


def _comment(session: Session, post: PagePost, order: CommentOrder) -> PageComment:
    if not order.message and not order.attachment:
        raise RefusedError(422, "A comment needs a message or an attachment.")
    if order.parent_id is not None:
        found(session, PageComment, order.parent_id)
    try:
        return comments.add(
            session,
            post,
            comments.Author.named(post.page_id, order.name),
            order.message,
            parent_id=order.parent_id,
            created_at=clock.from_text(order.created_time) if order.created_time else None,
            picture=_drawing(session) if order.attachment else None,
            is_anonymous=order.anonymous,
        )
    except comments.BlockedError as error:
        raise RefusedError(403, str(error)) from error
    except ValueError as error:
        raise RefusedError(422, "created_time must be an ISO time or a count of seconds.") from error


def _drawing(session: Session) -> Picture:
    out = io.BytesIO()
    Image.new("RGB", (160, 120), (122, 152, 168)).save(out, "PNG")
    return keep_picture(session, out.getvalue(), store().pictures)


def _post_facts(page_id: str, post: ShownPost) -> Json:
    return {
        "id": post.id,
        "message": post.text,
        "link": post.link,
        "created_time": clock.graph_time(post.created_at),
        "permalink_url": f"{public_url()}/facebook/{page_id}/posts/{post.id.partition('_')[2]}",
        "photos": [photo_facts(photo) for photo in post.photos],
        "comments": [
            {
                "id": comment.id,
                "parent_id": comment.parent_id,
                "author": comment.author,
                "author_id": comment.author_id,
                "message": comment.text,
                "is_hidden": comment.is_hidden,
                "created_time": clock.graph_time(comment.created_at),
            }
            for comment in post.comments
        ],
    }


def photo_facts(photo: ShownPhoto) -> Json:
    return {
        "id": photo.id,
        "alt_text": photo.alt_text,
        "sha256": photo.sha256,
        "width": photo.width,
        "height": photo.height,
        "url": f"{public_url()}/pictures/{photo.sha256}",
    }
