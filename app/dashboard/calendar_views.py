"""The calendar of posts, and its feed for people's own diaries."""

from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from app.accounts.guards import current_actor, public, requires
from app.accounts.models import User
from app.core import clock
from app.core.db import EVERY_SCHOOL, database
from app.core.permissions import Permission
from app.core.settings import Settings
from app.dashboard.calendar import entries_between, feed, span_of
from app.schools.services import school_with

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")
REACH = timedelta(days=90)


@blueprint.get("/")
@requires(Permission.POST_DRAFT, Permission.POST_READ_ALL)
def index() -> ResponseReturnValue:
    actor = current_actor()
    shown = request.args.get("view", "month")
    span = span_of("week" if shown == "week" else "month", _day(request.args.get("day", "")))
    with database().reading(actor.school_id) as session:
        entries = entries_between(session, span.days[0], span.days[-1], actor=actor)
    return render_template(
        "dashboard/calendar.html",
        span=span,
        shown=shown if shown in ("week", "list") else "month",
        entries=entries,
        today=clock.today(),
        feed_address=_settings().public_url + url_for("calendar.ics", token=_signer().dumps(str(actor.user_id))),
    )


@blueprint.get("/<token>.ics")
@public
def ics(token: str) -> ResponseReturnValue:
    """The feed of the person whose signed address it is; it ends with their account."""
    try:
        user_id = UUID(_signer().loads(token))
    except (BadSignature, ValueError):
        abort(404)
    with database().reading(EVERY_SCHOOL) as session:
        user = session.get(User, user_id)
    if user is None or not {Permission.POST_DRAFT, Permission.POST_READ_ALL} & user.permissions:
        abort(404)
    actor = user.as_actor()
    today = clock.today()
    with database().reading(actor.school_id) as session:
        entries = entries_between(session, today - REACH, today + REACH, actor=actor)
        school = school_with(session, actor.school_id).name
    answer = current_app.response_class(
        feed(entries, school=school, public_url=_settings().public_url), mimetype="text/calendar"
    )
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return clock.today()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="calendar")


def _settings() -> Settings:
    found: Settings = current_app.extensions["schoolgate.settings"]
    return found
