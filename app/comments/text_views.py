"""Prepared texts, and replies that wait for a second pair of eyes."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.accounts.guards import current_actor, requires
from app.accounts.queries import names_of
from app.comments import replies, texts
from app.comments.reply_models import TextKind
from app.core.db import database
from app.core.errors import InvalidInputError
from app.core.permissions import Permission
from app.schools.services import school_with
from app.web.forms import SchoolgateForm

blueprint = Blueprint("texts", __name__, url_prefix="/comments")
KINDS = [
    SelectChoice(TextKind.HOLDING.value, "A holding statement, for a bad evening"),
    SelectChoice(TextKind.SIGNPOST.value, "An answer that shows where people are heard"),
]


class TextForm(SchoolgateForm):
    kind = RadioField("What it is for", [InputRequired("Choose what it is for")], choices=KINDS)
    title = StringField(
        "Short name", [InputRequired("Give it a short name"), Length(max=100)], description="Only staff see it."
    )
    text = TextAreaField(
        "The words",
        [InputRequired("Write the words"), Length(max=1000)],
        description="Few and calm, and no names. Under 280 characters fits X.",
    )


@blueprint.route("/texts", methods=["GET", "POST"])
@requires(*texts.WRITERS)
def index() -> ResponseReturnValue:
    actor, form = current_actor(), TextForm()
    if form.validate_on_submit():
        kind, title, words = TextKind(form.kind.data), form.title.data or "", form.text.data or ""
        try:
            with database().transaction(actor.school_id) as session:
                texts.write_text(session, kind=kind, title=title, text=words, actor=actor)
        except InvalidInputError as error:
            form.text.errors = [error.sentence]
        else:
            flash("Written. Somebody else approves it, then it can be used at once.", "success")
            return redirect(url_for("texts.index"))
    with database().reading(actor.school_id) as session:
        found = texts.texts(session)
        names = names_of(session, [person for text in found for person in (text.written_by, text.approved_by)])
    may_approve = actor.may(Permission.POST_APPROVE)
    page = render_template("comments/texts.html", texts=found, names=names, form=form, may_approve=may_approve)
    return page, 422 if form.errors else 200


@blueprint.post("/texts/<uuid:text_id>/approve")
@requires(Permission.POST_APPROVE)
def approve(text_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        texts.approve_text(session, text_id, actor=actor)
    flash("Approved. It can be used at once.", "success")
    return redirect(url_for("texts.index"))


@blueprint.post("/texts/<uuid:text_id>/retire")
@requires(Permission.POST_APPROVE)
def retire(text_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        texts.retire_text(session, text_id, actor=actor)
    flash("Taken out of use.", "success")
    return redirect(url_for("texts.index"))


@blueprint.get("/replies")
@requires(Permission.POST_APPROVE)
def waiting() -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        found = replies.waiting_replies(session, actor=actor)
        names = names_of(session, [person for reply in found for person in (reply.written_by, reply.approved_by)])
        answered = replies.answered_by(session, found, actor=actor)
    page = {"replies": found, "names": names, "answered": answered, "unreadable": replies.UNREADABLE}
    return render_template("comments/replies.html", **page)


@blueprint.post("/replies/<uuid:reply_id>/<answer>")
@requires(Permission.POST_APPROVE)
def judge(reply_id: UUID, answer: str) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        if answer == "approve":
            replies.approve_reply(session, reply_id, actor=actor)
        elif answer == "refuse":
            replies.turn_down_reply(session, reply_id, reason=request.form.get("reason", ""), actor=actor)
        elif answer in ("stands", "absent"):
            replies.settle_reply(session, reply_id, stands=answer == "stands", actor=actor)
        else:
            abort(404)
        is_stopped = school_with(session, actor.school_id).publishing_stopped_at is not None
    goes_out = "It waits until publishing is no longer stopped." if is_stopped else "It goes out now."
    flash(f"Approved. {goes_out}" if answer == "approve" else "Noted.", "success")
    return redirect(url_for("texts.waiting"))
