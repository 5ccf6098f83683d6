"""Webhooks by order: where they go, what waits, what is sent again or held back."""

import json

from flask import Response, current_app, jsonify, request
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sandbox import clock
from app.sandbox.answers import Json
from app.sandbox.control.door import RefusedError, blueprint, body_as
from app.sandbox.ids import whole_number
from app.sandbox.store import store
from app.sandbox.tables import App, Change
from app.sandbox.webhooks.courier import Courier
from app.sandbox.webhooks.handshake import HandshakeError, shake_hands
from app.sandbox.webhooks.payloads import raw_bytes, signatures


class SubscriptionOrder(BaseModel, extra="forbid"):
    url: str
    verify_token: str = ""
    app_id: str = ""
    batch: int = Field(default=100, ge=1, le=1000)


class FlushOrder(BaseModel, extra="forbid"):
    batch: int = Field(default=1000, ge=1, le=1000)


class PauseOrder(BaseModel, extra="forbid"):
    paused: bool


class ResendOrder(BaseModel, extra="forbid"):
    id: int


class RawOrder(BaseModel, extra="forbid"):
    body: object
    app_id: str = ""
    spoiled_by: str = ""


@blueprint.post("/webhooks")
def subscribe() -> Response:
    """Take the address if it gives the challenge back."""
    order = body_as(SubscriptionOrder)
    try:
        shake_hands(order.url, order.verify_token)
    except HandshakeError as error:
        raise RefusedError(422, f"The address was not verified: {error}.") from error
    with store().writing() as session:
        app = _app(session, order.app_id)
        app.webhook_url, app.verify_token, app.webhook_batch = order.url, order.verify_token, order.batch
        return jsonify(app_id=app.id, url=app.webhook_url)


@blueprint.get("/webhooks")
def list_changes() -> Response:
    query = select(Change).order_by(Change.id.desc()).limit(whole_number(request.args.get("limit", "")) or 500)
    state = request.args.get("state")
    with store().reading() as session:
        rows = session.scalars(query.where(Change.state == state) if state else query).all()
    return jsonify(data=[_facts(change) for change in rows])


@blueprint.post("/webhooks/flush")
def flush() -> Response:
    order = body_as(FlushOrder)
    return jsonify(changes=_courier().deliver_due(batch=order.batch, everything=True))


@blueprint.post("/webhooks/pause")
def pause() -> Response:
    courier = _courier()
    courier.is_paused = body_as(PauseOrder).paused
    courier.wake()
    return jsonify(paused=courier.is_paused)


@blueprint.post("/webhooks/resend")
def resend() -> Response:
    order = body_as(ResendOrder)
    with store().writing() as session:
        change = session.get(Change, order.id)
        if change is None:
            raise RefusedError(404, "There is no such change.")
        change.state, change.due_at, change.attempts = "pending", clock.now(), 0
    return jsonify(resent=True)


@blueprint.post("/webhooks/raw")
def send_raw() -> Response:
    """Send just this body, signed (or missigned) as ordered, and say what came back."""
    order = body_as(RawOrder)
    raw = order.body.encode() if isinstance(order.body, str) else raw_bytes(json.loads(json.dumps(order.body)))
    with store().reading() as session:
        app = _app(session, order.app_id)
    status = _courier().post(app.webhook_url, raw, signatures(raw, app.secret, spoiled_by=order.spoiled_by))
    return jsonify(status=status)


def _app(session: Session, app_id: str) -> App:
    app = session.get(App, app_id) if app_id else session.scalars(select(App).limit(1)).first()
    if app is None:
        raise RefusedError(404, "There is no such app; make a Page first.")
    return app


def _courier() -> Courier:
    found: Courier = current_app.extensions["sandbox.courier"]
    return found


def _facts(change: Change) -> Json:
    names = "id app_id page_id state attempts last_status value".split()
    return {name: getattr(change, name) for name in names} | {"due_at": change.due_at.isoformat()}
