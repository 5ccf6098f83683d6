"""The page that says whether the machinery is well."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from app.accounts.guards import requires
from app.core.db import database
from app.core.permissions import Permission
from app.dashboard.health import signs

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("")
@requires(Permission.HEALTH_READ)
def index() -> ResponseReturnValue:
    parts = current_app.extensions
    found = signs(
        database(),
        parts["schoolgate.engine"],
        parts["schoolgate.engine-of-faces"],
        parts["schoolgate.settings"],
    )
    return render_template("dashboard/health.html", signs=found)
