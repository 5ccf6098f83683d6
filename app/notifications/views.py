"""A person's own notices."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, signed_in, signed_in_user
from app.core.db import database
from app.notifications import queries, services

blueprint = Blueprint("notifications", __name__, url_prefix="/notices")


@blueprint.get("")
@signed_in
def index() -> ResponseReturnValue:
    actor, person = current_actor(), signed_in_user()
    with database().reading(actor.school_id) as session:
        notices = queries.latest(session, person.id)
    return render_template("notifications/index.html", notices=notices)


@blueprint.get("/<uuid:notice_id>")
@signed_in
def show(notice_id: UUID) -> ResponseReturnValue:
    """Show one notice with its way on: the address that an e-mail carries."""
    actor, person = current_actor(), signed_in_user()
    with database().reading(actor.school_id) as session:
        notice = queries.notice_of(session, notice_id, person.id)
    if notice is None:
        abort(404)
    return render_template("notifications/show.html", notice=notice)


@blueprint.post("/<uuid:notice_id>/open")
@signed_in
def open_notice(notice_id: UUID) -> ResponseReturnValue:
    """Note that it was read and go where it leads."""
    actor, person = current_actor(), signed_in_user()
    with database().transaction(actor.school_id) as session:
        link = services.mark_read(session, notice_id, person.id)
    if link is None:
        abort(404)
    return redirect(link)


@blueprint.post("/read")
@signed_in
def read_all() -> ResponseReturnValue:
    actor, person = current_actor(), signed_in_user()
    with database().transaction(actor.school_id) as session:
        services.mark_all_read(session, person.id)
    flash("All notices are marked as read.", "success")
    return redirect(url_for("notifications.index"))
