"""The page that says whether the machinery and the school's accounts are well."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core.db import database
from app.core.permissions import Permission
from app.dashboard.health import signs
from app.dashboard.school_health import school_signs

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("")
@requires(Permission.HEALTH_READ)
def index() -> ResponseReturnValue:
    actor, parts = current_actor(), current_app.extensions
    with database().reading(actor.school_id) as session:
        own = school_signs(session, actor.school_id)
    found = signs(
        database(),
        parts["schoolgate.engine"],
        parts["schoolgate.engine-of-faces"],
        parts["schoolgate.settings"],
    )
    return render_template("dashboard/health.html", signs=[*own, *found])
