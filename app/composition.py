"""Put the house together: settings, database, engine, features."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from flask import Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from app.accounts import views as accounts
from app.accounts.guards import init_guards, public
from app.accounts.invitations import Invitations
from app.accounts.limits import limiter
from app.audit.services import record
from app.channels import sign_in_views as sign_ins
from app.channels import views as channels
from app.channels.connector import Connector
from app.cli import add_commands
from app.comments import house_rules_views as house_rules
from app.comments import pile_on_views as pile_ons
from app.comments import rules_views as rules
from app.comments import tasks as comment_tasks
from app.comments import text_views as texts
from app.comments import views as comments
from app.comments import webhooks
from app.comments.queries import count_under
from app.core.actors import Actor
from app.core.crypto import Sealer
from app.core.db import Database, database
from app.core.logs import configure_logs
from app.core.settings import Settings
from app.dashboard import calendar_views as calendar
from app.dashboard import health_views as health_page
from app.dashboard import people_views as people
from app.dashboard import settings_views as school_settings
from app.dashboard import stray_views as strays
from app.dashboard import trail_views as trail
from app.dashboard import views as dashboard
from app.dashboard.shell import make_shell
from app.demo.people import demo_people
from app.incidents import opening, told
from app.incidents import tasks as incident_tasks
from app.incidents import views as incidents
from app.incidents.still_open import still_open_about
from app.jobs import health
from app.jobs.engine import Engine
from app.media.services import Intake
from app.media.storage import FolderStorage
from app.notifications import tasks as notification_tasks
from app.notifications import views as notifications
from app.platforms.base import Network
from app.platforms.logins import AppKeys, Logins
from app.platforms.registry import Endpoints, connect
from app.posts import checking
from app.posts import face_views as faces
from app.posts import views as posts
from app.posts.examiner import Examiner
from app.posts.forgetting import forget_results
from app.publishing import tasks as publishing_tasks
from app.publishing import views as publishing
from app.publishing import watching as account_watching
from app.publishing.looking import posts_with
from app.publishing.services import deliveries_of, protect_people
from app.register import adult_views as register_adults
from app.register import matching_views as matching
from app.register import tasks as register_tasks
from app.register import views as register
from app.register import withdrawal_views as withdrawals
from app.register.events import consent_ended, templates_disposed
from app.reviews import views as reviews
from app.web.errors import init_error_pages
from app.web.front_end import init_front_end
from app.web.headers import init_headers
from consent.faces.isolated import IsolatedEngine
from consent.model import Purpose

FEATURES = (
    accounts,
    dashboard,
    trail,
    calendar,
    strays,
    people,
    school_settings,
    health_page,
    posts,
    faces,
    reviews,
    channels,
    sign_ins,
    publishing,
    register,
    register_adults,
    matching,
    withdrawals,
    comments,
    pile_ons,
    texts,
    rules,
    house_rules,
    webhooks,
    incidents,
    notifications,
)
"""Modules with a `blueprint`."""


def compose(settings: Settings) -> Flask:
    configure_logs(settings.log_format)
    app = Flask("app", static_folder="static", template_folder="templates")
    app.config.update(_flask_config(settings))
    _open_parts(app, settings)
    _protect(app, settings)
    for feature in FEATURES:
        app.register_blueprint(feature.blueprint)
    app.add_url_rule("/healthz", "healthz", healthz)
    if settings.demo_sign_in:
        app.extensions["schoolgate.demo_people"] = demo_people()
    _bring_work(app)
    add_commands(app)
    return app


def _open_parts(app: Flask, settings: Settings) -> None:
    """Open what features share; they find it by name in the app's extensions."""
    keys = settings.keys()
    opened = Database(settings.resolved_database_url, recorder=record)
    engine = Engine(settings, opened)
    opened.wake = engine.wake
    eyes, storage = IsolatedEngine(settings.resolved_model_folder), FolderStorage(settings.resolved_media_folder)
    sealers: Mapping[str, Sealer] = {name: Sealer(keys[name]) for name in ("tokens", "templates", "evidence")}
    endpoints = Endpoints(
        facebook_base_url=settings.facebook_base_url,
        facebook_version=settings.facebook_version,
        facebook_dialog_url=settings.facebook_dialog_url,
        x_base_url=settings.x_base_url,
        x_web_url=settings.x_web_url,
    )
    app.extensions |= {
        "schoolgate.settings": settings,
        "schoolgate.database": opened,
        "schoolgate.engine": engine,
        "schoolgate.engine-of-faces": eyes,
        "schoolgate.storage": storage,
        "schoolgate.sealers": sealers,
        "schoolgate.intake": Intake(eyes, storage),
        "schoolgate.examiner": Examiner(eyes, storage, sealers["templates"]),
        "schoolgate.connector": Connector(
            sealers["tokens"], lambda network, credentials: connect(network, credentials, endpoints)
        ),
        "schoolgate.meters": endpoints.meters,
        "schoolgate.logins": Logins(endpoints, _app_keys(settings)),
        "schoolgate.invitations": Invitations(keys["secret"].decode()),
        "schoolgate.shell": make_shell,
        "schoolgate.deliveries-of": deliveries_of,  # what a post's page shows of the features above it
        "schoolgate.comments-under": count_under,
        "schoolgate.posts-with": posts_with,  # and a pupil's page
        "schoolgate.still-open-about": still_open_about,  # and a comment's page
    }


def _app_keys(settings: Settings) -> dict[Network, AppKeys]:
    """Return the apps that this installation has at the networks, where both halves are known."""
    given = {
        Network.FACEBOOK: AppKeys(settings.facebook_app_id, settings.facebook_app_secret.get_secret_value()),
        Network.X: AppKeys(settings.x_api_key.get_secret_value(), settings.x_api_secret.get_secret_value()),
    }
    return {network: keys for network, keys in given.items() if keys.key and keys.secret}


def _protect(app: Flask, settings: Settings) -> None:
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask's documentation does
    CSRFProtect(app).exempt(webhooks.blueprint)  # its deliveries are signed over their raw bytes instead
    limiter.init_app(app)
    init_guards(app)
    init_front_end(app)
    init_headers(app)
    init_error_pages(app)


def _bring_work(app: Flask) -> None:
    """Give the worker its jobs, and connect what a lower feature tells a higher one."""
    engine: Engine = app.extensions["schoolgate.engine"]
    working = (checking, publishing_tasks, account_watching, comment_tasks, notification_tasks, register_tasks)
    for source in (*working, incident_tasks):
        for job in source.jobs(app):
            engine.add(job)
    for tasks in (publishing_tasks, account_watching, comment_tasks, register_tasks, incident_tasks):
        for rhythm in tasks.rhythms(app):
            engine.every(rhythm.name, rhythm.seconds, rhythm.run)
    consent_ended.connect(_protect_people)
    templates_disposed.connect(forget_results)
    opening.listen()
    told.listen()


def _protect_people(
    sender: object, *, session: Session, ended: Mapping[UUID, frozenset[Purpose]], actor: Actor
) -> None:
    protect_people(session, ended, actor=actor)


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
