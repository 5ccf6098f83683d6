"""The sandbox as one WSGI app: both stand-ins, their control and their public face."""

import atexit

from flask import Flask, Response, jsonify, request
from sqlalchemy import text

from app.sandbox import control, public
from app.sandbox.graph.usage import Usage
from app.sandbox.graph.views import blueprint as graph_blueprint
from app.sandbox.ledger import Ledger, write_down
from app.sandbox.settings import SandboxSettings
from app.sandbox.store import Store, store
from app.sandbox.webhooks.courier import Courier
from app.sandbox.x.limits import Limits
from app.sandbox.x.views import blueprint as x_blueprint

_MOST_BYTES = 64 * 1024 * 1024


def create_sandbox(settings: SandboxSettings) -> Flask:
    """Build the sandbox; its state is what its folder holds."""
    app = Flask("app.sandbox", static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = _MOST_BYTES
    kept = Store(settings.folder)
    kept.create_tables()
    courier = Courier(kept, timeout=settings.webhook_timeout)
    kept.after_write = courier.wake
    app.extensions |= {
        "sandbox.settings": settings,
        "sandbox.store": kept,
        "sandbox.courier": courier,
        "sandbox.usage": Usage(),
        "sandbox.limits": Limits(),
        "sandbox.ledger": Ledger(),
    }
    for blueprint in (graph_blueprint, x_blueprint, control.blueprint, public.blueprint):
        app.register_blueprint(blueprint)
    app.add_url_rule("/healthz", view_func=healthz)
    app.after_request(write_down)
    app.after_request(secure)
    atexit.register(courier.close)
    courier.wake()
    return app


def close_sandbox(app: Flask) -> None:
    """Stop the courier and let go of the database; for tests and orderly ends."""
    app.extensions["sandbox.courier"].close()
    app.extensions["sandbox.store"].close()


def healthz() -> Response:
    with store().reading() as session:
        database = session.scalar(text("SELECT 1")) == 1
    return jsonify(status="ok", database=database)


def secure(response: Response) -> Response:
    if request.blueprint not in {"graph", "x"}:
        response.headers.setdefault("Content-Security-Policy", public.POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Robots-Tag", "noindex")
    return response
