"""Pages of what follows publishing: lost posts, posts that come down with proof, breaches, quiet times and costs."""

from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core import clock
from app.core.db import database
from app.core.errors import InvalidInputError, WrongStateError
from app.core.permissions import Permission
from app.publishing import breaches, costs
from app.publishing.forms import BreachForm, HoursForm
from app.publishing.models import Delivery
from app.publishing.services import leave_delivery, write_anew
from app.schools.services import change_settings, school_to_change, school_with

blueprint = Blueprint("publishing", __name__)
P = Permission
MOST = 200


@blueprint.post("/deliveries/<uuid:delivery_id>/leave")
@requires(P.DELIVERY_SETTLE)
def leave(delivery_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        leave_delivery(session, delivery_id, actor=actor)
        post_id = session.get_one(Delivery, delivery_id).post_id
    flash("Left as it is. You can still say that it is there, or send it again.", "success")
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.post("/deliveries/<uuid:delivery_id>/anew")
@requires(P.POST_DRAFT)
def anew(delivery_id: UUID) -> ResponseReturnValue:
    """Start a post of its own for the one network that a post never reached."""
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        post_id = write_anew(session, delivery_id, actor=actor).id
    flash(
        "This is a new draft with the same words and photos, for that network. Submit it when it is right.", "success"
    )
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.post("/posts/<uuid:post_id>/wrong-photo")
@requires(P.POST_TAKE_DOWN)
def wrong_photo(post_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        breaches.report_wrong_photo(session, post_id, what=request.form.get("what", ""), actor=actor)
    flash("It is coming down, the breach is on record, and the data protection officer was told.", "success")
    return redirect(url_for("posts.show", post_id=post_id))


@blueprint.get("/taken-down")
@requires(P.POST_TAKE_DOWN, P.AUDIT_READ)
def taken_down() -> ResponseReturnValue:
    """What comes down, by when it was promised, and the proof of what is gone."""
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        query = sa.select(Delivery).where(Delivery.retract_asked_at.is_not(None))
        rows = session.scalars(query.order_by(Delivery.retracted_at.desc().nulls_first()).limit(MOST)).all()
    return render_template("publishing/taken_down.html", rows=rows, now=clock.now())


@blueprint.get("/breaches")
@requires(P.BREACH_MANAGE)
def breach_index() -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        return render_template("publishing/breaches.html", breaches=breaches.breaches(session), now=clock.now())


@blueprint.route("/breaches/<uuid:breach_id>", methods=["GET", "POST"])
@requires(P.BREACH_MANAGE)
def breach(breach_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), BreachForm()
    if form.validate_on_submit():
        try:
            _decide(breach_id, form)
        except (InvalidInputError, WrongStateError) as error:
            form.form_errors.append(error.sentence)
        else:
            return redirect(url_for("publishing.breach", breach_id=breach_id))
    with database().reading(actor.school_id) as session:
        found = breaches.breach_with(session, breach_id)
    page = render_template("publishing/breach.html", breach=found, form=form, now=clock.now())
    return page, 422 if form.errors else 200


@blueprint.route("/publishing/hours", methods=["GET", "POST"])
@requires(P.SETTINGS_MANAGE, P.CHANNEL_CONNECT)
def hours() -> ResponseReturnValue:
    """Quiet times and the budget: the coordinator sees them, the administrator sets them."""
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        settings = school_with(session, actor.school_id).settings
        spent = costs.spent_this_month(session)
    form = HoursForm(obj=settings)
    if form.validate_on_submit():
        chosen = {name: form[name].data for name in ("quiet_from", "quiet_until", "quiet_weekends")}
        budget = form.x_budget_dollars.data
        chosen["x_budget_dollars"] = float(budget) if isinstance(budget, Decimal) else None
        with database().transaction(actor.school_id) as session:
            school = school_to_change(session, actor.school_id)
            change_settings(session, school, school.settings.model_copy(update=chosen), actor=actor)
        flash("Saved.", "success")
        return redirect(url_for("publishing.hours"))
    page = render_template(
        "publishing/hours.html", form=form, settings=settings, spent=spent, may_change=actor.may(P.SETTINGS_MANAGE)
    )
    return page, 422 if form.errors else 200


def _decide(breach_id: UUID, form: BreachForm) -> None:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        breaches.decide(
            session,
            breach_id,
            is_reportable=form.is_reportable.data == "yes",
            reasons=form.reasons.data or "",
            reference=form.reference.data or "",
            people_told=form.people_told.data or "",
            actor=actor,
        )
