"""Incidents: the queue, the file of one incident, and the way to it from a comment."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.accounts.queries import names_of
from app.comments.queries import readable_comment
from app.core.db import database
from app.core.permissions import Permission
from app.incidents import contact_views, opening, pack_views, passing_views, queries, work_views
from app.incidents.authorities import not_entered
from app.incidents.kinds import CARDS
from app.incidents.listing import listed
from app.incidents.models import IncidentState
from app.incidents.page_views import READERS, evidence_sealer, page_of

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")
for way, view in {**passing_views.FORMS, "/contacts": contact_views.contacts}.items():
    blueprint.add_url_rule(way, view_func=view, methods=["GET", "POST"])
for way, view in {**passing_views.LOOKS, **pack_views.LOOKS, "/prejudice": contact_views.prejudice}.items():
    blueprint.add_url_rule(way, view_func=view)
for way, view in {**work_views.DEEDS, **pack_views.DEEDS}.items():
    blueprint.add_url_rule(way, view_func=view, methods=["POST"])


@blueprint.get("")
@requires(*READERS)
def index() -> ResponseReturnValue:
    actor = current_actor()
    state = IncidentState.CLOSED if request.args.get("state") == "closed" else IncidentState.OPEN
    with database().reading(actor.school_id) as session:
        found = queries.incidents(session, actor=actor, state=state)
        return render_template(
            "incidents/index.html",
            incidents=listed(session, found, actor=actor),
            tasks=queries.tasks_of(session, found),
            openers=names_of(session, [each.opened_by for each in found]),
            state=state,
            cards=CARDS,
            late=queries.late_reports(session, actor),
            not_entered=not_entered(session),
            may_edit_contacts=actor.may(Permission.SAFEGUARDING_WRITE),
            may_see_counts=actor.may(Permission.REPORT_READ),
        )


@blueprint.get("/<uuid:incident_id>")
@requires(*READERS)
def show(incident_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        incident = queries.readable_incident(session, incident_id, actor=actor)
        if incident.merged_into_id is not None:
            return redirect(url_for("incidents.show", incident_id=incident.merged_into_id))
    return page_of(incident_id)


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
        incident = opening.open_by_hand(session, comment_id, sealer=evidence_sealer(), actor=actor)
    flash("The incident is open.", "success")
    return redirect(url_for("incidents.show", incident_id=incident.id))
