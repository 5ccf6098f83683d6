"""Put the house together: settings, database, engine, features."""

from datetime import timedelta

from flask import Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.accounts import views as accounts
from app.accounts.guards import init_guards, public
from app.accounts.limits import limiter
from app.audit.services import record
from app.cli import register_commands
from app.core.db import Database, database
from app.core.logs import configure_logs
from app.core.settings import Settings
from app.jobs import health
from app.jobs.engine import Engine
from app.web.errors import init_error_pages
from app.web.front_end import init_front_end
from app.web.headers import init_headers

FEATURES = (accounts,)
"""Modules with a `blueprint`; those with a `jobs(settings)` or `rhythms(settings)` bring work for the worker."""


def compose(settings: Settings) -> Flask:
    configure_logs(settings.log_format)
    app = Flask("app", static_folder="static", template_folder="templates")
    app.config.update(_flask_config(settings))
    app.extensions["schoolgate.settings"] = settings
    opened = app.extensions["schoolgate.database"] = Database(settings.resolved_database_url, recorder=record)
    engine = app.extensions["schoolgate.engine"] = Engine(settings, opened)
    opened.wake = engine.wake
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask's own documentation does
    CSRFProtect(app)
    limiter.init_app(app)
    init_guards(app)
    init_front_end(app)
    init_headers(app)
    init_error_pages(app)
    for feature in FEATURES:
        app.register_blueprint(feature.blueprint)
    app.add_url_rule("/healthz", "healthz", healthz)
    register_commands(app)
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.keys()["secret"].decode(),
        "SESSION_COOKIE_NAME": "schoolgate",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "MAX_CONTENT_LENGTH": settings.upload_megabytes * settings.photos_per_post * 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
        "RATELIMIT_STORAGE_URI": settings.rate_limit_url,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a draft left open over lunch is not lost
        "WTF_CSRF_SSL_STRICT": settings.is_secure,
    }


@public
def healthz() -> ResponseReturnValue:
    """Say whether the parts answer: 200 when all do, 503 when one does not."""
    engine: Engine = current_app.extensions["schoolgate.engine"]
    database_ok = health.database_answers(database())
    state = {
        "database": database_ok,
        "worker": database_ok and health.worker_is_alive(database()),
        "queue": engine.queue_answers(),
    }
    return jsonify(state), 200 if all(state.values()) else 503
