"""The page of a pile-on: lock down, pause, say one thing, tell the people concerned, then sort."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.comments import pile_ons, replies
from app.comments.pile_on_pages import page_of
from app.comments.spots import spot_at
from app.core.db import database
from app.core.errors import InvalidInputError, NotFoundError
from app.core.permissions import Permission
from app.schools.services import school_with, stop_publishing
from app.web.front_end import plural

blueprint = Blueprint("pile_ons", __name__, url_prefix="/comments/pile-ons")


@blueprint.get("/<uuid:pile_on_id>")
@requires(Permission.COMMENT_READ)
def show(pile_on_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        page = page_of(session, pile_ons.pile_on_with(session, pile_on_id, actor=actor), actor=actor)
    return render_template(
        "comments/pile_on.html",
        page=page,
        may_decide=actor.may(Permission.COMMENT_DECIDE),
        may_resume=actor.may(Permission.PUBLISHING_STOP),
    )


@blueprint.post("/under/<address>")
@requires(Permission.COMMENT_DECIDE)
def begin(address: str) -> ResponseReturnValue:
    actor, spot = current_actor(), spot_at(address)
    if spot is None:
        raise NotFoundError
    with database().transaction(actor.school_id) as session:
        pile_on_id = pile_ons.begin_by_hand(session, spot, actor=actor).id
    return _back(pile_on_id)


@blueprint.post("/<uuid:pile_on_id>/lock")
@requires(Permission.COMMENT_DECIDE)
def lock(pile_on_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        pile_ons.lock_down(session, pile_on_id, actor=actor)
        school = school_with(session, actor.school_id)
        if request.form.get("pause") and school.publishing_stopped_at is None:
            stop_publishing(session, school, actor=actor)
    return _back(pile_on_id)


@blueprint.post("/<uuid:pile_on_id>/lift")
@requires(Permission.COMMENT_DECIDE)
def lift(pile_on_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        pile_ons.lift(session, pile_on_id, actor=actor)
    flash("The lock-down is lifted. What was hidden only for it is being shown again.", "success")
    return _back(pile_on_id)


@blueprint.post("/<uuid:pile_on_id>/close")
@requires(Permission.COMMENT_DECIDE)
def close(pile_on_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        pile_ons.close(session, pile_on_id, actor=actor)
    flash("Closed. If it starts again, you are told again.", "success")
    return redirect(url_for("comments.index"))


@blueprint.post("/<uuid:pile_on_id>/pause")
@requires(Permission.PUBLISHING_STOP)
def pause(pile_on_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        stop_publishing(session, school_with(session, actor.school_id), actor=actor)
    flash("Stopped. No post goes out until you lift the stop.", "success")
    return _back(pile_on_id)


@blueprint.post("/<uuid:pile_on_id>/say")
@requires(Permission.COMMENT_DECIDE)
def say(pile_on_id: UUID) -> ResponseReturnValue:
    actor, text_id = current_actor(), _uuid(request.form.get("text_id"))
    if text_id is None:
        raise InvalidInputError("Choose the statement first.")
    with database().transaction(actor.school_id) as session:
        said = replies.say_under_post(session, pile_on_id, text_id, actor=actor)
    flash(f"The statement goes out under the post on {plural(said, 'network')}.", "success")
    return _back(pile_on_id)


@blueprint.post("/<uuid:pile_on_id>/tell")
@requires(Permission.COMMENT_DECIDE)
def tell(pile_on_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    chosen = [user_id for word in request.form.getlist("user_id") if (user_id := _uuid(word)) is not None]
    with database().transaction(actor.school_id) as session:
        told = pile_ons.tell_people(session, pile_on_id, chosen, actor=actor)
    flash(f"{plural(told, 'person', 'people')} told, and support offered.", "success")
    return _back(pile_on_id)


def _back(pile_on_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("pile_ons.show", pile_on_id=pile_on_id))


def _uuid(word: str | None) -> UUID | None:
    try:
        return UUID(word or "")
    except ValueError:
        return None
