"""Lists of the X stand-in: mentions, an account's own posts, and the recent search of a conversation."""

import base64
import binascii
import re
from datetime import datetime, timedelta

from flask import request
from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select

from app.sandbox import clock, ids
from app.sandbox.answers import Answer, Json
from app.sandbox.tables import XMention, XPost, XUser
from app.sandbox.x.calls import XCall, operation
from app.sandbox.x.problems import Problem, not_found

_TERM = re.compile(r'(-?)(?:([a-z_]+):(\S+)|"([^"]+)"|(\S+))')
_SEARCHED = timedelta(days=7)


@operation("x.mentions.read")
def list_mentions(call: XCall, user_id: str) -> Answer:
    if call.session.get(XUser, user_id) is None:
        return Answer({"errors": [not_found(user_id, "user")]})
    mentioned = select(XMention.post_id).where(XMention.user_id == user_id)
    return _listed(call, select(XPost).where(XPost.id.in_(mentioned)), least=5, default=10)


@operation("x.timeline.read")
def list_posts(call: XCall, user_id: str) -> Answer:
    if call.session.get(XUser, user_id) is None:
        return Answer({"errors": [not_found(user_id, "user")]})
    query = select(XPost).where(XPost.author_id == user_id)
    if "replies" in request.args.get("exclude", "").split(","):
        query = query.where(XPost.reply_to_id.is_(None))
    return _listed(call, query, least=5, default=10)


@operation("x.search.read")
def search_recent(call: XCall) -> Answer:
    wording = request.args.get("query", "").strip()
    if not wording or len(wording) > 4096:
        raise Problem.invalid("The `query` query parameter can not be empty", {"query": [wording]})
    since = clock.now() - _SEARCHED
    query = select(XPost).join(XUser, XUser.id == XPost.author_id).where(XPost.created_at > since)
    return _listed(call, query.where(*_conditions(wording)), least=10, default=10)


def _conditions(wording: str) -> list[ColumnElement[bool]]:
    conditions = []
    for minus, operator, value, phrase, word in _TERM.findall(wording):
        condition = _operator(operator, value, wording) if operator else _says(phrase or word)
        conditions.append(not_(condition) if minus else condition)
    return conditions


def _operator(operator: str, value: str, wording: str) -> ColumnElement[bool]:
    folded = value.removeprefix("@").casefold()
    person = select(XUser.id).where(or_(XUser.folded == folded, XUser.id == folded)).scalar_subquery()
    if operator == "conversation_id" and ids.whole_number(value) is not None:
        return XPost.conversation_id == ids.whole_number(value)
    if operator == "from":
        return XPost.author_id == person
    if operator == "to":
        return XPost.reply_to_user_id == person
    if operator == "in_reply_to_tweet_id" and ids.whole_number(value) is not None:
        return XPost.reply_to_id == ids.whole_number(value)
    if operator in {"is", "has", "lang"}:
        return _kind(operator, value, wording)
    raise Problem.invalid(f"Reference to invalid operator '{operator}'.", {"query": [wording]})


def _kind(operator: str, value: str, wording: str) -> ColumnElement[bool]:
    if (operator, value) == ("is", "reply"):
        return XPost.reply_to_id.is_not(None)
    if value in {"retweet", "quote", "nullcast", "videos"}:
        return false()
    if operator == "lang":
        return and_(XPost.id > 0)
    raise Problem.invalid(f"Invalid value '{value}' for operator '{operator}'.", {"query": [wording]})


def _says(words: str) -> ColumnElement[bool]:
    return func.lower(XPost.text).contains(words.casefold(), autoescape=True)


def _listed(call: XCall, query: Select[XPost], *, least: int, default: int) -> Answer:
    limit = _limit(least, default)
    query = _bounded(query)
    rows = list(call.session.scalars(query.order_by(XPost.id.desc()).limit(limit + 1)))
    posts, more = rows[:limit], len(rows) > limit
    meta: Json = {"result_count": len(posts)}
    if not posts:
        return Answer({"meta": meta})
    meta |= {"newest_id": str(posts[0].id), "oldest_id": str(posts[-1].id)}
    if more:
        meta["next_token"] = _seal(posts[-1].id)
    return Answer({"data": [call.view.post(post) for post in posts], **call.view.includes(posts), "meta": meta})


def _bounded(query: Select[XPost]) -> Select[XPost]:
    for name in ("since_id", "until_id"):
        value = request.args.get(name)
        if value is None:
            continue
        bound = ids.whole_number(value)
        if bound is None:
            raise Problem.invalid(f"The `{name}` query parameter value [{value}] is not valid", {name: [value]})
        query = query.where(XPost.id > bound if name == "since_id" else XPost.id < bound)
    for name in ("start_time", "end_time"):
        if name in request.args:
            first = ids.snowflake_at(_moment(name))
            query = query.where(XPost.id >= first if name == "start_time" else XPost.id < first)
    token = request.args.get("pagination_token") or request.args.get("next_token")
    return query.where(XPost.id < _unseal(token)) if token else query


def _moment(name: str) -> datetime:
    value = request.args[name]
    try:
        return clock.from_text(value)
    except ValueError as error:
        raise Problem.invalid(
            f"The `{name}` query parameter value [{value}] is not a valid time", {name: [value]}
        ) from error


def _limit(least: int, default: int) -> int:
    raw = request.args.get("max_results", str(default))
    limit = ids.whole_number(raw)
    if limit is None or not least <= limit <= 100:
        message = f"The `max_results` query parameter value [{raw}] is not between {least} and 100"
        raise Problem.invalid(message, {"max_results": [raw]})
    return limit


def _seal(post_id: int) -> str:
    return base64.b32encode(f"n:{post_id}".encode()).decode().lower().rstrip("=")


def _unseal(token: str) -> int:
    try:
        text = base64.b32decode(token.upper() + "=" * (-len(token) % 8)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        text = ""
    position = ids.whole_number(text.removeprefix("n:")) if text.startswith("n:") else None
    if position is None:
        raise Problem.invalid(f"The `next_token` query parameter value [{token}] is not valid", {"next_token": [token]})
    return position
