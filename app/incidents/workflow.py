"""Every legal move of an incident."""

from enum import StrEnum

from app.core.permissions import Permission as P  # noqa: N817  the table below is read by column
from app.core.state_machine import Workflow, transition
from app.incidents.models import Incident
from app.incidents.models import IncidentState as S


class IncidentAction(StrEnum):
    CLOSE = "close"
    REOPEN = "reopen"


A = IncidentAction
workflow = Workflow(
    "incident",
    transition(A.CLOSE, {S.OPEN}, S.CLOSED, P.INCIDENT_WRITE),
    transition(A.REOPEN, {S.CLOSED}, S.OPEN, P.INCIDENT_WRITE),
)
workflow.guard(Incident.state)
