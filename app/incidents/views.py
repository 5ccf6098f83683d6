"""Incidents: the queue, the file of one incident, and a short form for something seen elsewhere."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts.guards import current_actor, requires, signed_in
from app.accounts.queries import names_of
from app.comments.models import Audience
from app.comments.queries import readable_comment
from app.core import clock
from app.core.actors import Actor
from app.core.db import database
from app.core.errors import InvalidInputError
from app.core.permissions import Permission as P  # noqa: N817  read by column with the guards
from app.incidents import forms, opening, queries, services
from app.incidents.kinds import AUTHORITIES, CARDS
from app.incidents.models import Authority, Incident, IncidentKind, IncidentState
from app.incidents.policies import may_write
from app.web.forms import SchoolgateForm

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")
READERS = (P.INCIDENT_READ, P.SAFEGUARDING_READ, P.ALLEGATION_ABOUT_HEAD_READ)


@blueprint.get("")
@requires(*READERS)
def index() -> ResponseReturnValue:
    actor = current_actor()
    state = IncidentState.CLOSED if request.args.get("state") == "closed" else IncidentState.OPEN
    queue = request.args.get("queue", "")
    audience = Audience(queue) if queue in list(Audience) else None
    with database().reading(actor.school_id) as session:
        found = queries.incidents(session, actor=actor, state=state, audience=audience)
        late = queries.late_reports(session, actor)
    return render_template(
        "incidents/index.html", incidents=found, state=state, audience=audience, cards=CARDS, late=late
    )


@blueprint.get("/<uuid:incident_id>")
@requires(*READERS)
def show(incident_id: UUID) -> ResponseReturnValue:
    return _page(incident_id)


@blueprint.get("/of-comment/<uuid:comment_id>")
@requires(*READERS)
def of_comment(comment_id: UUID) -> ResponseReturnValue:
    """Lead from a comment to the incident that follows it up."""
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        incident = queries.incident_of(session, comment_id, actor=actor)
        if incident is None:
            readable_comment(session, comment_id, actor=actor)
            return render_template("incidents/none_yet.html", comment_id=comment_id)
    return redirect(url_for("incidents.show", incident_id=incident.id))


@blueprint.post("/of-comment/<uuid:comment_id>")
@requires(*READERS)
def open_for_comment(comment_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        incident = opening.open_by_hand(session, comment_id, actor=actor)
    flash("The incident is open.", "success")
    return redirect(url_for("incidents.show", incident_id=incident.id))


@blueprint.route("/seen-elsewhere", methods=["GET", "POST"])
@signed_in
def seen_elsewhere() -> ResponseReturnValue:
    form, actor = forms.SeenElsewhereForm(), current_actor()
    if not form.validate_on_submit():
        return render_template("incidents/seen_elsewhere.html", form=form), 422 if form.errors else 200
    with database().transaction(actor.school_id) as session:
        opening.report_seen_elsewhere(
            session,
            concern=opening.Concern(form.concern.data),
            what=form.what.data,
            where=form.where.data or "",
            when=form.when.data or "",
            actor=actor,
        )
    flash("Thank you. It reached the people who must act on it, and nobody else.", "success")
    return redirect(url_for("incidents.seen_elsewhere"))


@blueprint.post("/<uuid:incident_id>/notes")
@requires(*READERS)
def write_note(incident_id: UUID) -> ResponseReturnValue:
    form = forms.NoteForm()
    return _answer(
        incident_id,
        form,
        lambda session, actor: services.write_note(session, incident_id, text=form.text.data, actor=actor),
    )


@blueprint.post("/<uuid:incident_id>/support")
@requires(*READERS)
def record_support(incident_id: UUID) -> ResponseReturnValue:
    form = forms.SupportForm()

    def record(session: Session, actor: Actor) -> None:
        services.record_support(
            session,
            incident_id,
            offered_to=form.offered_to.data,
            support=form.support.data,
            answer=form.answer.data or "",
            actor=actor,
        )

    return _answer(incident_id, form, record)


@blueprint.post("/<uuid:incident_id>/kind")
@requires(*READERS)
def change_kind(incident_id: UUID) -> ResponseReturnValue:
    form = forms.KindForm()
    return _answer(
        incident_id,
        form,
        lambda session, actor: services.change_kind(
            session, incident_id, kind=IncidentKind(form.kind.data), actor=actor
        ),
    )


@blueprint.post("/<uuid:incident_id>/reports")
@requires(*READERS)
def add_report(incident_id: UUID) -> ResponseReturnValue:
    form = forms.AddReportForm()
    return _answer(
        incident_id,
        form,
        lambda session, actor: services.add_report(
            session, incident_id, authority=Authority(form.authority.data), actor=actor
        ),
    )


@blueprint.post("/<uuid:incident_id>/reports/<uuid:report_id>/settle")
@requires(*READERS)
def settle_report(incident_id: UUID, report_id: UUID) -> ResponseReturnValue:
    form = forms.SettleReportForm()

    def settle(session: Session, actor: Actor) -> None:
        reference, outcome = form.reference.data or "", form.outcome.data or ""
        services.settle_report(session, report_id, reference=reference, outcome=outcome, actor=actor)

    return _answer(incident_id, form, settle)


@blueprint.post("/<uuid:incident_id>/reports/<uuid:report_id>/waive")
@requires(*READERS)
def waive_report(incident_id: UUID, report_id: UUID) -> ResponseReturnValue:
    form = forms.WaiveReportForm()
    return _answer(
        incident_id,
        form,
        lambda session, actor: services.waive_report(session, report_id, reason=form.reason.data, actor=actor),
    )


@blueprint.post("/<uuid:incident_id>/close")
@requires(*READERS)
def close(incident_id: UUID) -> ResponseReturnValue:
    form = forms.CloseForm()
    return _answer(
        incident_id,
        form,
        lambda session, actor: services.close_incident(session, incident_id, outcome=form.outcome.data, actor=actor),
    )


@blueprint.post("/<uuid:incident_id>/reopen")
@requires(*READERS)
def reopen(incident_id: UUID) -> ResponseReturnValue:
    return _answer(
        incident_id,
        SchoolgateForm(),
        lambda session, actor: services.reopen_incident(session, incident_id, actor=actor),
    )


def _answer(incident_id: UUID, form: SchoolgateForm, act: Callable[[Session, Actor], None]) -> ResponseReturnValue:
    """Do one thing to an incident, or show its page again with what is missing."""
    actor = current_actor()
    if not form.validate_on_submit():
        return _page(incident_id, form), 422
    try:
        with database().transaction(actor.school_id) as session:
            act(session, actor)
    except InvalidInputError as error:
        form.form_errors = [error.sentence]
        return _page(incident_id, form), 422
    flash("Saved.", "success")
    return redirect(url_for("incidents.show", incident_id=incident_id))


def _page(incident_id: UUID, answered: SchoolgateForm | None = None) -> str:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        incident = queries.readable_incident(session, incident_id, actor=actor)
        papers = queries.file_of(session, incident)
        names = names_of(session, _people(incident, papers))
    blank = {kind.__name__: kind(formdata=None) for kind in _FORMS}
    if answered is not None and type(answered) in _FORMS:
        blank[type(answered).__name__] = answered
    return render_template(
        "incidents/show.html",
        incident=incident,
        card=CARDS[incident.kind],
        papers=papers,
        names=names,
        authorities=AUTHORITIES,
        forms=blank,
        answered=answered,
        may_write=may_write(incident, actor),
        now=clock.now(),
    )


_FORMS: tuple[type[SchoolgateForm], ...] = (
    forms.NoteForm,
    forms.SupportForm,
    forms.AddReportForm,
    forms.KindForm,
    forms.CloseForm,
)


def _people(incident: Incident, papers: queries.IncidentFile) -> set[UUID | None]:
    return {
        incident.opened_by,
        incident.closed_by,
        *(note.written_by for note in papers.notes),
        *(offer.offered_by for offer in papers.support),
        *(report.reported_by for report in papers.reports),
    }
