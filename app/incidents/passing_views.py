"""Two short forms for everybody of the school, and the receipt that they get: nothing more comes back to them."""

from collections.abc import Callable
from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, signed_in
from app.comments.policies import audiences_of
from app.core.actors import Actor
from app.core.db import database
from app.core.errors import InvalidInputError
from app.incidents import forms, passing_on
from app.incidents.models import Incident
from app.incidents.passing_on import Concern
from app.incidents.pictures import CleanPicture
from app.incidents.policies import READS
from app.incidents.tasks import album_of
from app.web.forms import SchoolgateForm


@signed_in
def seen_elsewhere() -> ResponseReturnValue:
    form, actor = forms.SeenElsewhereForm(), current_actor()
    if form.validate_on_submit():
        try:
            return _receipt(_pass_on(form, actor))
        except InvalidInputError as error:
            form.what.errors = [error.sentence]
    return render_template("incidents/seen_elsewhere.html", form=form), 422 if form.errors else 200


@signed_in
def contact_from_child() -> ResponseReturnValue:
    form, actor = forms.ContactForm(), current_actor()
    if form.validate_on_submit():
        try:
            return _receipt(_pass_contact_on(form, actor))
        except InvalidInputError as error:
            form.words.errors = [error.sentence]
    return render_template("incidents/contact_from_child.html", form=form), 422 if form.errors else 200


@signed_in
def receipt(incident_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        incident = passing_on.receipt_of(session, incident_id, actor=actor)
        has_it = incident.audience in audiences_of(actor, READS)
    return render_template("incidents/receipt.html", incident=incident, has_it=has_it)


FORMS: dict[str, Callable[..., ResponseReturnValue]] = {
    "/seen-elsewhere": seen_elsewhere,
    "/contact-from-a-child": contact_from_child,
}
LOOKS: dict[str, Callable[..., ResponseReturnValue]] = {"/receipts/<uuid:incident_id>": receipt}


def _pass_on(form: SchoolgateForm, actor: Actor) -> Incident:
    concern, what = Concern(form.concern.data), form.what.data or ""
    picture = picture_sent(actor)
    found = passing_on.sort_out(database(), actor.school_id, concern, what, has_picture=picture is not None)
    with database().transaction(actor.school_id) as session:
        return passing_on.report_seen_elsewhere(
            session, found=found, concern=concern, what=what, picture=picture, actor=actor
        )


def _pass_contact_on(form: SchoolgateForm, actor: Actor) -> Incident:
    picture = picture_sent(actor)
    with database().transaction(actor.school_id) as session:
        return passing_on.report_contact_from_child(
            session, how=form.how.data, words=form.words.data, who=form.who.data or "", picture=picture, actor=actor
        )


def picture_sent(actor: Actor) -> CleanPicture | None:
    """Return the screenshot that came with the form, made anew and sealed; None when none came."""
    file = request.files.get("screenshot")
    if file is None or not file.filename:
        return None
    return album_of(current_app).take(actor.school_id, file.read())


def _receipt(incident: Incident) -> ResponseReturnValue:
    return redirect(url_for("incidents.receipt", incident_id=incident.id))
