"""Deeds on one incident. Each shows the incident's page again when something is missing."""

from collections.abc import Callable
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts.guards import requires
from app.comments.models import Audience
from app.core.actors import Actor
from app.core.errors import InvalidInputError
from app.incidents import forms, handing_over, lifecycle, services
from app.incidents.models import Authority, IncidentKind
from app.incidents.page_views import READERS, answer
from app.web.forms import SchoolgateForm


@requires(*READERS)
def take(incident_id: UUID) -> ResponseReturnValue:
    return answer(
        incident_id,
        SchoolgateForm(),
        lambda session, actor: services.take_incident(session, incident_id, actor=actor),
        "You are dealing with it. The others can see that.",
    )


@requires(*READERS)
def write_note(incident_id: UUID) -> ResponseReturnValue:
    form = forms.NoteForm()
    return answer(
        incident_id,
        form,
        lambda session, actor: services.write_note(session, incident_id, text=form.text.data, actor=actor),
    )


@requires(*READERS)
def record_support(incident_id: UUID) -> ResponseReturnValue:
    form = forms.SupportForm()

    def act(session: Session, actor: Actor) -> None:
        services.record_support(
            session,
            incident_id,
            offered_to=form.offered_to.data,
            support=form.support.data,
            answer=form.answer.data or "",
            declined=form.declined.data,
            on=form.on.data,
            actor=actor,
        )

    return answer(incident_id, form, act)


@requires(*READERS)
def add_report(incident_id: UUID) -> ResponseReturnValue:
    form = forms.AddReportForm()
    return answer(
        incident_id,
        form,
        lambda session, actor: services.add_report(
            session, incident_id, authority=Authority(form.authority.data), actor=actor
        ),
    )


@requires(*READERS)
def settle_report(incident_id: UUID, report_id: UUID) -> ResponseReturnValue:
    form = forms.SettleReportForm()

    def act(session: Session, actor: Actor) -> None:
        reference, outcome = form.reference.data or "", form.outcome.data or ""
        services.settle_report(session, report_id, reference=reference, outcome=outcome, actor=actor)

    return answer(incident_id, form, act)


@requires(*READERS)
def waive_report(incident_id: UUID, report_id: UUID) -> ResponseReturnValue:
    form = forms.WaiveReportForm()
    return answer(
        incident_id,
        form,
        lambda session, actor: services.waive_report(session, report_id, reason=form.reason.data, actor=actor),
    )


@requires(*READERS)
def change_kind(incident_id: UUID) -> ResponseReturnValue:
    form = forms.KindForm()

    def act(session: Session, actor: Actor) -> None:
        kind, about = IncidentKind(form.kind.data), form.characteristics.data or []
        lifecycle.change_kind(
            session, incident_id, kind=kind, characteristics=about, reason=form.why.data or "", actor=actor
        )

    return answer(incident_id, form, act)


@requires(*READERS)
def move_circle(incident_id: UUID) -> ResponseReturnValue:
    form = forms.CircleForm()

    def act(session: Session, actor: Actor) -> None:
        handing_over.move_circle(
            session,
            incident_id,
            audience=Audience(form.audience.data),
            reason=form.reason.data,
            is_not_about_them=form.is_not_about_them.data,
            actor=actor,
        )

    return answer(incident_id, form, act, "Handed over. They have been told.")


@requires(*READERS)
def join(incident_id: UUID) -> ResponseReturnValue:
    form = forms.JoinForm()
    into = request.form.get("into", type=UUID)

    def act(session: Session, actor: Actor) -> None:
        if into is None:
            raise InvalidInputError("Choose the incident that stays open.")
        lifecycle.join_incident(session, incident_id, into=into, actor=actor)

    return answer(incident_id, form, act, "Merged. Both are one incident now.")


@requires(*READERS)
def close(incident_id: UUID) -> ResponseReturnValue:
    form = forms.CloseForm()

    def act(session: Session, actor: Actor) -> None:
        outcome, lessons = form.outcome.data, form.lessons.data or ""
        lifecycle.close_incident(session, incident_id, outcome=outcome, lessons=lessons, actor=actor)

    return answer(incident_id, form, act, "Closed.")


@requires(*READERS)
def reopen(incident_id: UUID) -> ResponseReturnValue:
    form = forms.ReopenForm()
    return answer(
        incident_id,
        form,
        lambda session, actor: lifecycle.reopen_incident(session, incident_id, reason=form.reason.data, actor=actor),
    )


ONE = "/<uuid:incident_id>"
DEEDS: dict[str, Callable[..., ResponseReturnValue]] = {
    f"{ONE}/take": take,
    f"{ONE}/notes": write_note,
    f"{ONE}/support": record_support,
    f"{ONE}/reports": add_report,
    f"{ONE}/reports/<uuid:report_id>/settle": settle_report,
    f"{ONE}/reports/<uuid:report_id>/waive": waive_report,
    f"{ONE}/kind": change_kind,
    f"{ONE}/circle": move_circle,
    f"{ONE}/join": join,
    f"{ONE}/close": close,
    f"{ONE}/reopen": reopen,
}
