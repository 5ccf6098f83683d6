"""Every legal move of an incident and of its evidence pack."""

from enum import StrEnum

from app.core.permissions import Permission as P  # noqa: N817  the tables below are read by column
from app.core.state_machine import Workflow, transition
from app.incidents.models import EvidencePack, Incident, PackState
from app.incidents.models import IncidentState as S


class IncidentAction(StrEnum):
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"
    DISPOSE = "dispose"


A = IncidentAction
workflow = Workflow(
    "incident",
    transition(A.CLOSE, {S.OPEN}, S.CLOSED, P.INCIDENT_WRITE),
    transition(A.REOPEN, {S.CLOSED}, S.OPEN, P.INCIDENT_WRITE),
    transition(A.DISPOSE, {S.CLOSED}, S.DISPOSED, P.INCIDENT_WRITE),
    transition(A.MERGE, {S.OPEN}, S.MERGED, P.INCIDENT_WRITE),
)
workflow.guard(Incident.state)


class PackAction(StrEnum):
    FINISH = "finish"
    FAIL = "fail"
    REMOVE = "remove"


pack_workflow = Workflow(
    "evidence pack",
    transition(PackAction.FINISH, {PackState.WANTED}, PackState.MADE, P.INCIDENT_WRITE),
    transition(PackAction.FAIL, {PackState.WANTED}, PackState.FAILED, P.INCIDENT_WRITE),
    transition(PackAction.REMOVE, {PackState.MADE}, PackState.REMOVED, P.INCIDENT_WRITE),
)
pack_workflow.guard(EvidencePack.state)
