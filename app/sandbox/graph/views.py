"""The Graph API's door: read the call, know the caller, do it, answer with the usage headers."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, request
from sqlalchemy.orm import Session

from app.sandbox import ids
from app.sandbox.answers import Answer
from app.sandbox.faults.strike import answered, draw
from app.sandbox.graph import beside, comments, login, pages, photos, posts
from app.sandbox.graph.calls import Call
from app.sandbox.graph.errors import GraphError
from app.sandbox.graph.rules import find_node, operation_of, run
from app.sandbox.graph.several import Part, read_several, run_batch
from app.sandbox.graph.tokens import authenticate, token_value
from app.sandbox.graph.usage import Usage
from app.sandbox.ledger import note
from app.sandbox.store import store
from app.sandbox.tables import Token
from app.sandbox.webhooks.changes import public_url

HANDLERS = (beside, comments, pages, photos, posts)
"""Named so that their rules are registered when this module is."""
blueprint = Blueprint("graph", __name__, url_prefix="/graph")
_NEWEST, _OLDEST = 25, 19


@dataclass(frozen=True)
class Address:
    version: str
    object_id: str
    edge: str
    method: str
    params: dict[str, str]

    @property
    def proof(self) -> str | None:
        return self.params.get("appsecret_proof")

    @property
    def is_exchange(self) -> bool:
        return (self.object_id, self.edge) == ("oauth", "access_token")


@blueprint.route("/<path:path>", methods=["GET", "POST", "DELETE"], strict_slashes=False)
def call_graph(path: str) -> Response:
    address = _address(path, request.method, _sent_params())
    response = _answer(address)
    response.headers["facebook-api-version"] = address.version
    response.headers["x-fb-request-id"] = response.headers["x-fb-trace-id"] = ids.trace_id()
    response.headers["x-fb-rev"] = "1028000000"
    return response


def _answer(address: Address) -> Response:
    try:
        _ensure_served(address)
        if not address.object_id:
            return _several(address)
        return _exchange(address) if address.is_exchange else _call(address)
    except GraphError as error:
        return error.to_answer().to_response()


def _several(address: Address) -> Response:
    def one(part: Part) -> Response:
        return _answer(_address(f"{address.version}/{part.path}", part.method, part.params))

    if "ids" in address.params:
        return read_several(address.params, one)
    if "batch" in address.params:
        return run_batch(address.params, one)
    message = "Unsupported request. Please read the Graph API documentation"
    raise GraphError(100, message, type="GraphMethodException")


def _call(address: Address) -> Response:
    with store().writing() as session:
        token = _caller(session, address)
        node = find_node(session, address.object_id, token)
        operation = operation_of(address.method, node, address.edge)
        if address.object_id == "debug_token":
            operation = "facebook.debug_token.read"
        fault = draw(session, operation, token.page_id)
    note(operation, fault)
    usage: Usage = current_app.extensions["sandbox.usage"]
    headers = usage.count(token)
    response = answered(fault, _act(address))
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


def _act(address: Address) -> Callable[[], Answer]:
    def act() -> Answer:
        with store().writing() as session:
            token = _caller(session, address)
            if address.object_id == "debug_token":
                return Answer(login.look_into(session, token, address.params.get("input_token", "")))
            call = Call(
                session=session,
                store=store(),
                method=address.method,
                version=address.version,
                url=request.base_url,
                public_url=public_url(),
                params=address.params,
                files=request.files,
                token=token,
            )
            node = find_node(session, address.object_id, token)
            return Answer(run(call, address.object_id, node, address.edge))

    return act


def _exchange(address: Address) -> Response:
    operation = "facebook.access_token.read"
    with store().writing() as session:
        fault = draw(session, operation, None)
    note(operation, fault)

    def act() -> Answer:
        with store().writing() as session:
            return Answer(login.exchange(session, _app_of_header() | address.params))

    return answered(fault, act)


def _app_of_header() -> dict[str, str]:
    """OAuth clients may name the app by HTTP Basic instead of among the parameters."""
    given = request.authorization
    if given is None or given.type != "basic":
        return {}
    return {"client_id": given.username or "", "client_secret": given.password or ""}


def _caller(session: Session, address: Address) -> Token:
    return authenticate(session, token_value(request.headers, address.params), address.proof)


def _address(path: str, method: str, params: dict[str, str]) -> Address:
    """Read `v25.0/123/feed`; a POST may name another method among its parameters."""
    parts = [part for part in path.split("/") if part]
    version = parts.pop(0) if parts and re.fullmatch(r"v\d+\.\d+", parts[0]) else f"v{_NEWEST}.0"
    method = params.pop("method", method).upper() if method == "POST" else method
    object_id, edge = [*parts, "", ""][:2]
    return Address(version, object_id, "/".join(parts[1:]) if len(parts) > 2 else edge, method, params)


def _sent_params() -> dict[str, str]:
    """Gather the parameters from the address and from a form or JSON."""
    params = {**request.args.to_dict(), **request.form.to_dict()}
    body = request.get_json(silent=True) if request.is_json else None
    if isinstance(body, dict):
        params |= {name: _as_text(value) for name, value in body.items()}
    return params


def _as_text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode(errors="replace").decode()


def _ensure_served(address: Address) -> None:
    major = int(address.version[1:].partition(".")[0])
    if major > _NEWEST + 1:
        raise GraphError(2500, f"Unknown path components: /{address.object_id}")
    if major < _OLDEST:
        raise GraphError.of(2635)
