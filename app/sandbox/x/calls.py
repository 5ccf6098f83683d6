"""The X API's door: every view behind it is signed, counted, open to faults, and answers with its limits."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TypeAlias

from flask import Response, current_app, request
from sqlalchemy.orm import Session

from app.sandbox import ids
from app.sandbox.answers import Answer, Json
from app.sandbox.faults.strike import answered, draw
from app.sandbox.ledger import note
from app.sandbox.store import Store, store
from app.sandbox.tables import Fault, XAccount
from app.sandbox.webhooks.changes import public_url
from app.sandbox.x.auth import Caller, ensure_may, identify
from app.sandbox.x.limits import Limits
from app.sandbox.x.problems import Problem
from app.sandbox.x.shapes import EXPANSIONS, MEDIA_FIELDS, POST_FIELDS, USER_FIELDS, View

_PARAMETERS = {
    "tweet.fields": POST_FIELDS,
    "post.fields": POST_FIELDS,
    "user.fields": USER_FIELDS,
    "media.fields": MEDIA_FIELDS,
    "expansions": EXPANSIONS,
}
_OTHERS = (
    "max_results,since_id,until_id,start_time,end_time,pagination_token,next_token,query,ids,exclude,sort_order,"
    "place.fields,poll.fields"
)


@dataclass(frozen=True)
class XCall:
    session: Session
    store: Store
    account: XAccount
    acts_as_user: bool
    view: View

    def body(self) -> Json:
        read = request.get_json(silent=True)
        if not isinstance(read, dict) or not _is_writable(read):
            raise Problem.invalid("The request body is not valid JSON.")
        return read


def _is_writable(read: Json) -> bool:
    """Half of a surrogate pair can be said in JSON, but in no real text."""
    try:
        json.dumps(read, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


Act: TypeAlias = Callable[..., Answer]


def operation(name: str, *, as_user: bool = False) -> Callable[[Act], Callable[..., Response]]:
    """Wrap a view: authenticate, count, draw a fault, act in one transaction, answer."""

    def decorate(act: Act) -> Callable[..., Response]:
        @wraps(act)
        def view(**address: str) -> Response:
            return _served(name, as_user, lambda call: act(call, **address))

        return view

    return decorate


def _served(name: str, as_user: bool, act: Callable[[XCall], Answer]) -> Response:
    headers: dict[str, str] = {}
    try:
        caller, fault = _admitted(name, as_user)
        allowed, headers = _limits().take(caller.rate_key, name)
        if not allowed:
            raise Problem.rate_limited()
        response = answered(fault, lambda: _acted(caller, act))
    except Problem as problem:
        response = problem.to_answer().to_response()
    for key, value in headers.items():
        response.headers.setdefault(key, value)
    response.headers["api-version"] = "2.181"
    response.headers["x-transaction-id"] = response.headers["x-response-id"] = ids.trace_id().lower()[:16]
    return response


def _admitted(name: str, as_user: bool) -> tuple[Caller, Fault | None]:
    note(name, None)
    with store().writing() as session:
        caller = identify(session, request)
        fault = draw(session, name, caller.account.user.handle)
    note(name, fault)
    ensure_may(caller, writes=request.method != "GET", as_user=as_user)
    return caller, fault


def _acted(caller: Caller, act: Callable[[XCall], Answer]) -> Answer:
    with store().writing() as session:
        account = session.get_one(XAccount, caller.account.user_id)
        call = XCall(session, store(), account, caller.acts_as_user, _view(session, account.naming))
        return act(call)


def _view(session: Session, naming: str) -> View:
    """Read the fields that are asked for, by old or new name; refuse the names that are no longer or not yet known."""
    chosen = {name: _fields(name, known, naming) for name, known in _PARAMETERS.items()}
    refused = {"old": "post.fields", "new": "tweet.fields"}.get(naming, "")
    if refused in request.args:
        other = {"post.fields": "tweet.fields", "tweet.fields": "post.fields"}[refused]
        raise Problem.unknown_parameter(refused, f"{other},user.fields,media.fields,expansions,{_OTHERS}")
    speaks_new = naming == "new" or (naming == "either" and "post.fields" in request.args)
    return View(
        session=session,
        public_url=public_url(),
        noun="post" if speaks_new else "tweet",
        post_fields=chosen["tweet.fields"] | chosen["post.fields"],
        user_fields=chosen["user.fields"],
        media_fields=chosen["media.fields"],
        expansions=chosen["expansions"],
    )


def _fields(name: str, known: frozenset[str], naming: str) -> frozenset[str]:
    asked = frozenset(part for part in request.args.get(name, "").split(",") if part)
    strange = sorted(asked - known)
    if strange:
        message = f"The `{name}` query parameter value [{strange[0]}] is not one of [{','.join(sorted(known))}]"
        raise Problem.invalid(message, {name: sorted(asked)})
    return asked


def _limits() -> Limits:
    found: Limits = current_app.extensions["sandbox.limits"]
    return found
