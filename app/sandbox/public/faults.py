"""A page to arm faults by hand."""

from flask import current_app, redirect, render_template, request, url_for
from pydantic import ValidationError
from sqlalchemy import delete, select
from werkzeug.wrappers import Response

from app.sandbox.faults.arming import OPERATIONS, FaultOrder, arm
from app.sandbox.faults.catalogue import GRAPH_ERRORS, KINDS
from app.sandbox.ids import whole_number
from app.sandbox.public.door import blueprint, control_is_locked
from app.sandbox.settings import SandboxSettings
from app.sandbox.store import store
from app.sandbox.tables import Fault


@blueprint.get("/_faults")
def show_faults(problem: str = "") -> str:
    with store().reading() as session:
        armed = session.scalars(select(Fault).order_by(Fault.id.desc())).all()
    kinds = {name: kind.says for name, kind in KINDS.items()}
    return render_template(
        "faults.html",
        armed=armed,
        kinds=kinds,
        graph_errors=GRAPH_ERRORS,
        operations=OPERATIONS,
        problem=problem,
        is_locked=control_is_locked(),
        given=request.form,
    )


@blueprint.post("/_faults")
def arm_by_hand() -> Response | tuple[str, int]:
    settings: SandboxSettings = current_app.extensions["sandbox.settings"]
    if control_is_locked():
        return show_faults("Faults are armed through the control API with its token here."), 403
    try:
        order = _order()
    except ValidationError as error:
        first = error.errors()[0]
        return show_faults(f"{str(first['loc'][0]).capitalize()}: {first['msg']}."), 400
    except ValueError:
        return show_faults("Chance and seconds must be numbers."), 400
    with store().writing() as session:
        arm(session, order, default_seed=settings.fault_seed)
    return redirect(url_for("public.show_faults"), 303)


@blueprint.post("/_faults/disarm")
def disarm_by_hand() -> Response:
    chosen = request.form.get("id", "")
    if not control_is_locked():
        with store().writing() as session:
            session.execute(delete(Fault).where(Fault.id == whole_number(chosen)) if chosen else delete(Fault))
    return redirect(url_for("public.show_faults"), 303)


def _order() -> FaultOrder:
    form = request.form
    return FaultOrder.model_validate(
        {
            "kind": form.get("kind", ""),
            "operation": form.get("operation") or "*",
            "effect": form.get("effect") or "before",
            "count": form.get("count") or None,
            "skip": form.get("skip") or 0,
            "probability": float(form.get("percent") or 100) / 100,
            "options": {"seconds": float(form["seconds"])} if form.get("seconds") else {},
        }
    )
