"""Faults by order: armed, listed with how often they struck, disarmed."""

from flask import Response, current_app, jsonify
from sqlalchemy import delete, select

from app.sandbox.answers import Json
from app.sandbox.control.door import blueprint, body_as
from app.sandbox.faults.arming import OPERATIONS, FaultOrder, arm
from app.sandbox.faults.catalogue import GRAPH_ERRORS, KINDS
from app.sandbox.settings import SandboxSettings
from app.sandbox.store import store
from app.sandbox.tables import Fault


@blueprint.post("/faults")
def arm_fault() -> tuple[Response, int]:
    settings: SandboxSettings = current_app.extensions["sandbox.settings"]
    order = body_as(FaultOrder)
    with store().writing() as session:
        return jsonify(_facts(arm(session, order, default_seed=settings.fault_seed))), 201


@blueprint.get("/faults")
def list_faults() -> Response:
    with store().reading() as session:
        return jsonify(data=[_facts(fault) for fault in session.scalars(select(Fault).order_by(Fault.id))])


@blueprint.delete("/faults")
@blueprint.delete("/faults/<int:fault_id>")
def disarm(fault_id: int | None = None) -> Response:
    with store().writing() as session:
        session.execute(delete(Fault) if fault_id is None else delete(Fault).where(Fault.id == fault_id))
    return jsonify(disarmed=True)


@blueprint.delete("/limits")
def forgive() -> Response:
    """Count anew how often X was called, as if a quarter of an hour had passed."""
    current_app.extensions["sandbox.limits"].clear()
    return jsonify(forgiven=True)


@blueprint.get("/faults/catalogue")
def show_catalogue() -> Response:
    kinds = {name: kind.says for name, kind in KINDS.items()}
    return jsonify(kinds=kinds, graph_errors=[f"error:{code}" for code in GRAPH_ERRORS], operations=OPERATIONS)


def _facts(fault: Fault) -> Json:
    names = "id kind operation effect account remaining skip probability seed options seen struck".split()
    return {name: getattr(fault, name) for name in names}
