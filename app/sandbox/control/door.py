"""The control API's one blueprint: who may come in, how a body is read, how a refusal is worded."""

import hmac
from typing import TypeVar

from flask import Blueprint, Response, current_app, jsonify, request
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from app.sandbox.ids import whole_number
from app.sandbox.settings import SandboxSettings
from app.sandbox.tables import Page, PageComment, PagePost, XPost, XUser

Model = TypeVar("Model", bound=BaseModel)
Row = TypeVar("Row", Page, PageComment, PagePost, XPost, XUser)
blueprint = Blueprint("control", __name__, url_prefix="/_control")


class RefusedError(Exception):
    def __init__(self, status: int, message: str, details: object = None) -> None:
        super().__init__(message)
        self.status, self.message, self.details = status, message, details


@blueprint.before_request
def ensure_let_in() -> None:
    settings: SandboxSettings = current_app.extensions["sandbox.settings"]
    token = settings.control_token.get_secret_value()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and not hmac.compare_digest(token.encode(), given.encode()):
        raise RefusedError(401, "The control API needs its token.")
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        raise RefusedError(403, "A page of another site may not control the sandbox.")


@blueprint.errorhandler(RefusedError)
def refused(error: RefusedError) -> tuple[Response, int]:
    return jsonify(error=error.message, details=error.details), error.status


@blueprint.errorhandler(404)
def no_such_address(error: Exception) -> tuple[Response, int]:
    return jsonify(error="There is no such address in the control API."), 404


def body_as(model: type[Model]) -> Model:
    """Read the request's JSON as this model, or refuse it by name."""
    given = request.get_json(silent=True) if request.data else {}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        details = [{"field": ".".join(map(str, each["loc"])), "why": each["msg"]} for each in error.errors()]
        raise RefusedError(422, "The body does not fit.", details) from error


def found(session: Session, table: type[Row], key: object) -> Row:
    row: Row | None = session.get(table, key)
    if row is None:
        raise RefusedError(404, f"There is no {table.__tablename__} {key}.")
    return row


def number(text: str) -> int:
    read = whole_number(text)
    if read is None:
        raise RefusedError(404, f"There is nothing with the id {text}.")
    return read
