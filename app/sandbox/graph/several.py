"""Many things in one call of the Graph API: `?ids=1,2` and `batch=[…]`."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

from flask import Response

from app.sandbox.answers import Answer, Json
from app.sandbox.graph.errors import GraphError, bad_argument

_MOST = 50
One: TypeAlias = Callable[["Part"], Response]


@dataclass(frozen=True)
class Part:
    """One of the calls inside a call."""

    method: str
    path: str
    params: dict[str, str]


def read_several(params: dict[str, str], one: One) -> Response:
    """Answer `ids`: a map from each id to its node; one that is missing spoils all."""
    rest = {name: value for name, value in params.items() if name != "ids"}
    wanted = [part for part in params["ids"].split(",") if part]
    if not 0 < len(wanted) <= _MOST:
        raise bad_argument("Param ids must name 1 to 50 objects")
    shown: Json = {}
    for object_id in wanted:
        response = one(Part("GET", object_id, rest))
        if response.status_code != 200:
            raise GraphError.of(803)
        shown[object_id] = response.get_json()
    return Answer(shown).to_response()


def run_batch(params: dict[str, str], one: One) -> Response:
    """Answer `batch`: each call by itself, its status, headers and body beside the others."""
    try:
        calls = json.loads(params["batch"])
    except ValueError as error:
        raise bad_argument("batch parameter must be a JSON array") from error
    if not isinstance(calls, list) or not 0 < len(calls) <= _MOST:
        raise bad_argument("batch parameter must be a JSON array of 1 to 50 calls")
    kept = {name: value for name, value in params.items() if name in {"access_token", "appsecret_proof"}}
    return Answer([_told(one(_part(call, kept))) for call in calls]).to_response()


def _part(call: object, kept: dict[str, str]) -> Part:
    if not isinstance(call, dict):
        raise bad_argument("each call of a batch must be an object")
    address = urlsplit(str(call.get("relative_url", "")))
    params = kept | dict(parse_qsl(address.query)) | dict(parse_qsl(str(call.get("body", ""))))
    return Part(str(call.get("method", "GET")).upper(), address.path, params)


def _told(response: Response) -> Json:
    headers = [{"name": name, "value": value} for name, value in response.headers]
    return {"code": response.status_code, "headers": headers, "body": response.get_data(as_text=True)}
