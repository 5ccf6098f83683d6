"""The start page and the emergency stop."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires, signed_in
from app.core.db import database
from app.core.permissions import Permission
from app.dashboard.queries import pile_ons_for, tiles_for
from app.dashboard.urgent import urgent_for
from app.posts.queries import posts_for
from app.schools.services import resume_publishing, school_with, stop_publishing

blueprint = Blueprint("dashboard", __name__)


@blueprint.get("/")
@signed_in
def home() -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        school = school_with(session, actor.school_id)
        recent = posts_for(session, actor=actor)[:6] if actor.may(Permission.POST_DRAFT) else []
        return render_template(
            "dashboard/home.html",
            tiles=tiles_for(session, actor),
            urgent=urgent_for(session, actor),
            pile_ons=pile_ons_for(session, actor),
            recent=recent,
            school=school,
            may_stop=actor.may(Permission.PUBLISHING_STOP),
            may_draft=actor.may(Permission.POST_DRAFT),
        )


@blueprint.post("/stop")
@requires(Permission.PUBLISHING_STOP)
def stop() -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        stop_publishing(session, school_with(session, actor.school_id), actor=actor)
    flash("Stopped. No post and no answer goes out until you lift the stop.", "success")
    return redirect(url_for("dashboard.home"))


@blueprint.post("/resume")
@requires(Permission.PUBLISHING_STOP)
def resume() -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        resume_publishing(session, school_with(session, actor.school_id), actor=actor)
    flash("The stop is lifted. Approved posts go out again.", "success")
    return redirect(url_for("dashboard.home"))
