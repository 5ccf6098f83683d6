"""Posts of the X stand-in: created, read, deleted; replies in one's own conversation hidden and shown again."""

from datetime import timedelta

from flask import request
from sqlalchemy import select

from app.sandbox import clock
from app.sandbox.answers import Answer, Json
from app.sandbox.ids import whole_number
from app.sandbox.tables import XMedia, XMention, XPost
from app.sandbox.x import deeds
from app.sandbox.x.calls import XCall, operation
from app.sandbox.x.problems import Problem, not_found
from app.sandbox.x.text import MOST_WEIGHT, handles, weight

_MOST_MEDIA = 4
_SAME_AGAIN = timedelta(hours=12)
_MOST_READ = 100


@operation("x.posts.create", as_user=True)
def create_post(call: XCall) -> Answer:
    body = call.body()
    text = str(body.get("text") or "").strip()
    media = _media(call, body)
    reply_to = _reply_to(call, body)
    _ensure_worded(text, media)
    _ensure_new(call, text, media, reply_to)
    post = deeds.write(call.session, call.account.user, text, reply_to=reply_to, media=media)
    shown = call.view.post(post)
    names = ("id", "text", f"edit_history_{call.view.noun}_ids")
    return Answer({"data": {name: shown[name] for name in names}}, 201)


@operation("x.posts.read")
def read_post(call: XCall, post_id: str) -> Answer:
    post = _find(call, post_id)
    if post is None:
        return Answer({"errors": [not_found(post_id)]})
    return Answer({"data": call.view.post(post), **call.view.includes([post])})


@operation("x.posts.read")
def read_posts(call: XCall) -> Answer:
    wanted = [part for part in request.args.get("ids", "").split(",") if part]
    if not 0 < len(wanted) <= _MOST_READ:
        raise Problem.invalid(
            "The number of values in the `ids` query parameter list is not between 1 and 100", {"ids": wanted}
        )
    found = {post_id: _find(call, post_id) for post_id in wanted}
    posts = [post for post in found.values() if post is not None]
    body: Json = {"data": [call.view.post(post) for post in posts]} if posts else {}
    missing = [not_found(post_id, parameter="ids") for post_id, post in found.items() if post is None]
    return Answer({**body, **call.view.includes(posts), **({"errors": missing} if missing else {})})


@operation("x.posts.delete", as_user=True)
def delete_post(call: XCall, post_id: str) -> Answer:
    """Delete an own post; deleting what is gone answers as if it had just been done."""
    post = _find(call, post_id)
    if post is not None and post.author_id != call.account.user_id:
        raise Problem.forbidden("You are not authorized to delete this Tweet.")
    if post is not None:
        call.session.delete(post)
    return Answer({"data": {"deleted": True}})


@operation("x.posts.hide", as_user=True)
def hide_reply(call: XCall, post_id: str) -> Answer:
    hidden = call.body().get("hidden")
    if not isinstance(hidden, bool):
        raise Problem.invalid("$.hidden: is missing but it is required")
    post = _find(call, post_id)
    if post is None:
        raise Problem(
            404, "Not Found", f"Could not find tweet with tweet_id: [{post_id}].", more={"errors": [not_found(post_id)]}
        )
    root = deeds.root_of(call.session, post)
    if root is None or root.author_id != call.account.user_id or post.reply_to_id is None:
        raise Problem.forbidden("You can only hide replies to conversations that you started.")
    post.is_hidden = hidden
    return Answer({"data": {"hidden": hidden}})


def _find(call: XCall, post_id: str) -> XPost | None:
    number = whole_number(post_id)
    if number is None:
        raise Problem.invalid(f"The `id` query parameter value [{post_id}] is not valid", {"id": [post_id]})
    return call.session.get(XPost, number)


def _media(call: XCall, body: Json) -> list[XMedia]:
    given = body.get("media")
    wanted = given.get("media_ids") if isinstance(given, dict) else None
    if wanted is None:
        return []
    if not isinstance(wanted, list) or not wanted:
        raise Problem.invalid("$.media.media_ids: there must be a minimum of 1 items in the array")
    if len(wanted) > _MOST_MEDIA:
        message = f"$.media.media_ids: there must be a maximum of 4 items in the array but found {len(wanted)}"
        raise Problem.invalid(message)
    return [_usable_media(call, str(media_id)) for media_id in wanted]


def _usable_media(call: XCall, media_id: str) -> XMedia:
    media = call.session.get(XMedia, media_id)
    mine = media is not None and media.owner_id == call.account.user_id
    if media is None or not mine or media.expires_at <= clock.now() or media.post_id is not None:
        raise Problem.media_invalid(media_id)
    return media


def _reply_to(call: XCall, body: Json) -> XPost | None:
    given = body.get("reply")
    if not isinstance(given, dict):
        return None
    parent = _find(call, str(given.get("in_reply_to_tweet_id") or given.get("in_reply_to_post_id") or ""))
    if parent is None:
        raise Problem.forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
    me = call.account.user
    summoned = me.handle.casefold() in {handle.casefold() for handle in handles(parent.text)}
    mentioned = call.session.get(XMention, (parent.id, me.id)) is not None
    if parent.author_id != me.id and not (summoned or mentioned):
        detail = (
            "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the "
            "author of the post you are replying to."
        )
        raise Problem.forbidden(detail)
    return parent


def _ensure_worded(text: str, media: list[XMedia]) -> None:
    if not text and not media:
        raise Problem.invalid("$.text: is missing but it is required")
    if weight(text) > MOST_WEIGHT:
        raise Problem.forbidden(
            "Your Tweet text is too long. For more information about Tweet length, see the documentation."
        )


def _ensure_new(call: XCall, text: str, media: list[XMedia], reply_to: XPost | None) -> None:
    """Refuse the same words again within half a day; photos make a post a new one."""
    if media or not text:
        return
    since = clock.now() - _SAME_AGAIN
    query = select(XPost).where(XPost.author_id == call.account.user_id, XPost.created_at > since, XPost.text == text)
    parent = reply_to.id if reply_to else None
    if any(not post.media and post.reply_to_id == parent for post in call.session.scalars(query)):
        raise Problem.duplicate()
