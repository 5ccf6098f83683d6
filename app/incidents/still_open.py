"""What an incident still asks for about one comment: read by whoever is about to show the comment again."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.actors import Actor
from app.incidents.models import Authority, AuthorityReport, IncidentState
from app.incidents.queries import family_of, incident_of

POLICE = (Authority.POLICE_999, Authority.POLICE_101)


def still_open_about(session: Session, comment_id: UUID, *, actor: Actor) -> str:
    """Say in a sentence what is open; empty when nothing is, or nothing that the actor may know of."""
    incident = incident_of(session, comment_id, actor=actor)
    if incident is None or incident.state is not IncidentState.OPEN:
        return ""
    reports = sa.select(AuthorityReport).where(
        AuthorityReport.incident_id.in_(family_of(session, incident)), AuthorityReport.authority.in_(POLICE)
    )
    if any(
        not report.is_settled or not (report.outcome or report.not_needed_because)
        for report in session.scalars(reports)
    ):
        return "A report to the police about this is still open."
    return "The incident about this is still open."
