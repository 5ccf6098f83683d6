"""Posts on the official accounts that did not come from here, for those who run and approve."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.channels.queries import channels
from app.core.db import database
from app.core.permissions import Permission
from app.publishing.watching import explain, unexplained

blueprint = Blueprint("strays", __name__, url_prefix="/unexpected-posts")


@blueprint.get("")
@requires(Permission.CHANNEL_CONNECT, Permission.POST_APPROVE)
def index() -> ResponseReturnValue:
    with database().reading(current_actor().school_id) as session:
        accounts = {channel.id: channel for channel in channels(session)}
        return render_template("dashboard/strays.html", strays=unexplained(session), accounts=accounts)


@blueprint.post("/<uuid:stray_id>")
@requires(Permission.CHANNEL_CONNECT, Permission.POST_APPROVE)
def settle(stray_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        explain(session, stray_id, explanation=request.form.get("explanation", ""), actor=actor)
    flash("Written down.", "success")
    return redirect(url_for("strays.index"))
