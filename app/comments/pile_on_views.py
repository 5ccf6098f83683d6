"""The page of a pile-on: lock down, pause, say one thing, tell the people concerned, then sort."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.comments import pile_ons, replies
from app.comments.cards import cards_for
from app.comments.forms import LABELS
from app.comments.pile_on_pages import name_of, page_of
from app.comments.pile_on_sorting import Heap, heap_of
from app.comments.spots import spot_at
from app.core.db import database
from app.core.errors import InvalidInputError, NotFoundError
from app.core.permissions import Permission
from app.schools.services import school_with, stop_publishing
from app.web.front_end import plural

MOST_SHOWN = 50
KEPT = "The support you offer is kept among the incidents, in one about abuse of staff."
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
        may_settle=actor.may(Permission.POST_APPROVE),
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
    flash("The lock-down is lifted. Comments are being shown again.", "success")
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
    flash(f"It is being sent to {plural(said, 'network')}. Step 1 says when it is there.", "info")
    return _back(pile_on_id)


@blueprint.post("/<uuid:pile_on_id>/tell")
@requires(Permission.COMMENT_DECIDE)
def tell(pile_on_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    chosen = [user_id for word in request.form.getlist("user_id") if (user_id := _uuid(word)) is not None]
    with database().transaction(actor.school_id) as session:
        told = pile_ons.tell_people(session, pile_on_id, chosen, actor=actor)
    flash(f"{plural(told, 'person has', 'people have')} a notice here now. Speak to them too. {KEPT}", "success")
    return _back(pile_on_id)


@blueprint.post("/<uuid:pile_on_id>/told")
@requires(Permission.COMMENT_DECIDE)
def told(pile_on_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        pile_ons.note_told(session, pile_on_id, request.form.get("name", ""), actor=actor)
    flash(f"Kept: you told them. {KEPT}", "success")
    return _back(pile_on_id)


@blueprint.get("/<uuid:pile_on_id>/read/<which>")
@requires(Permission.COMMENT_READ)
def read(pile_on_id: UUID, which: str) -> ResponseReturnValue:
    """Show the comments of one heap: whoever may be asking for help, what is grave, what waits, what can be seen."""
    actor = current_actor()
    if which not in list(Heap):
        raise NotFoundError
    heap = Heap(which)
    with database().reading(actor.school_id) as session:
        pile_on = pile_ons.pile_on_with(session, pile_on_id, actor=actor)
        found = heap_of(session, pile_on, heap, actor=actor)
        cards = cards_for(session, [comment for _, comment in found[:MOST_SHOWN]], actor=actor)
        name = name_of(session, pile_on)
    return render_template(
        "comments/pile_on_heap.html",
        pile_on=pile_on,
        name=name,
        heap=heap,
        shown=[(why, card) for (why, _), card in zip(found, cards, strict=False)],
        total=len(found),
        labels=LABELS,
    )


@blueprint.post("/<uuid:pile_on_id>/arrived/<uuid:reply_id>/<answer>")
@requires(Permission.POST_APPROVE)
def arrived(pile_on_id: UUID, reply_id: UUID, answer: str) -> ResponseReturnValue:
    """Somebody looked on the network: the statement is there, or it is not."""
    actor = current_actor()
    if answer not in ("yes", "no"):
        raise NotFoundError
    with database().transaction(actor.school_id) as session:
        replies.settle_reply(session, reply_id, stands=answer == "yes", actor=actor)
    flash("Kept: it is there." if answer == "yes" else "Kept: it is not there. You can send it again.", "success")
    return _back(pile_on_id)


def _back(pile_on_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("pile_ons.show", pile_on_id=pile_on_id))


def _uuid(word: str | None) -> UUID | None:
    try:
        return UUID(word or "")
    except ValueError:
        return None
