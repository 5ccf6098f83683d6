"""Pages of the decisions on face matching."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core import clock
from app.core.db import database
from app.core.errors import InvalidInputError, WrongStateError
from app.core.permissions import Permission
from app.register import calibration_views, decisions, disposal_views
from app.register.checklist import Checklist
from app.register.matching import decision_in_force
from app.register.matching_forms import AnswerForm, DecisionForm, SwitchOffForm
from app.register.portraits import count_enrolled
from app.register.reviewing import ends_on, is_due
from app.schools.models import BiometricMode
from app.schools.services import school_with

blueprint = Blueprint("matching", __name__, url_prefix="/register/matching")


@blueprint.get("")
@requires(Permission.MATCHING_READ)
def index() -> ResponseReturnValue:
    return _page()


def _page(*failed: SwitchOffForm | AnswerForm, status: int = 200) -> Response:
    """Show where matching stands; a form that was refused is shown as it was sent."""
    actor, today = current_actor(), clock.today()
    forms = {kind: kind(formdata=None) for kind in (SwitchOffForm, AnswerForm)} | {type(form): form for form in failed}
    with database().reading(actor.school_id) as session:
        now, proposal = decision_in_force(session), decisions.waiting_proposal(session)
        page = render_template(
            "matching/index.html",
            mode=school_with(session, actor.school_id).settings.biometric_mode,
            now=now,
            proposal=proposal,
            is_due=now is not None and now.mode is not BiometricMode.OFF and is_due(now, on=today),
            ends_on=now and ends_on(now),
            history=decisions.history(session),
            enrolled=count_enrolled(session),
            checklist_of=lambda decision: Checklist.of(decision.checklist).lines() if decision.checklist else [],
            off_form=forms[SwitchOffForm],
            answer_form=forms[AnswerForm],
            may_propose=actor.may(Permission.MATCHING_PROPOSE),
            may_sign=actor.may(Permission.MATCHING_SIGN),
            may_see_register=actor.may(Permission.REGISTER_READ),
            is_own=proposal is not None and proposal.proposed_by_id == actor.user_id,
        )
    return Response(page, status)


@blueprint.route("/decide", methods=["GET", "POST"])
@requires(Permission.MATCHING_PROPOSE)
def decide() -> ResponseReturnValue:
    actor, form = current_actor(), DecisionForm()
    if form.is_submitted() and form.is_complete(clock.today()):
        mode = BiometricMode(form.mode.data)
        try:
            with database().transaction(actor.school_id) as session:
                school = school_with(session, actor.school_id)
                decisions.propose(session, school, mode, form.checklist(), because=form.because.data, actor=actor)
        except (InvalidInputError, WrongStateError) as error:
            form.form_errors.append(error.sentence)
        else:
            waits = mode is BiometricMode.TRANSIENT
            flash(
                "Proposed. It takes effect when the data protection officer has signed."
                if waits
                else "Decided. Faces are compared in strict mode from now on.",
                "success",
            )
            return redirect(url_for("matching.index"))
    return render_template("matching/decide.html", form=form), 422 if form.errors else 200


@blueprint.post("/off")
@requires(Permission.MATCHING_PROPOSE, Permission.MATCHING_SIGN)
def off() -> ResponseReturnValue:
    actor, form = current_actor(), SwitchOffForm()
    if not form.validate():
        return _page(form, status=422)
    try:
        with database().transaction(actor.school_id) as session:
            school = school_with(session, actor.school_id)
            decisions.switch_off(session, school, because=form.reason.data, actor=actor)
    except InvalidInputError as error:
        form.reason.errors = [error.sentence]
        return _page(form, status=422)
    flash("Face matching is off, and no face template is left. The disposal log has a line for each pupil.", "success")
    return redirect(url_for("matching.index"))


@blueprint.post("/<uuid:decision_id>/sign")
@requires(Permission.MATCHING_SIGN)
def sign(decision_id: UUID) -> ResponseReturnValue:
    return _answered(decision_id, agrees=True)


@blueprint.post("/<uuid:decision_id>/decline")
@requires(Permission.MATCHING_SIGN)
def decline(decision_id: UUID) -> ResponseReturnValue:
    return _answered(decision_id, agrees=False)


def _answered(decision_id: UUID, *, agrees: bool) -> ResponseReturnValue:
    actor, form = current_actor(), AnswerForm()
    if not form.validate():
        return _page(form, status=422)
    try:
        with database().transaction(actor.school_id) as session:
            if agrees:
                school = school_with(session, actor.school_id)
                decisions.sign(session, school, decision_id, answer=form.answer.data, actor=actor)
            else:
                decisions.decline(session, decision_id, answer=form.answer.data, actor=actor)
    except InvalidInputError as error:
        form.answer.errors = [error.sentence]
        return _page(form, status=422)
    flash("Signed. Face matching is on." if agrees else "Declined. Whoever proposed it is told.", "success")
    return redirect(url_for("matching.index"))


@blueprint.post("/<uuid:decision_id>/take-back")
@requires(Permission.MATCHING_PROPOSE)
def take_back(decision_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        decisions.take_back(session, decision_id, actor=actor)
    flash("Taken back.", "success")
    return redirect(url_for("matching.index"))


blueprint.add_url_rule("/calibration", view_func=calibration_views.show, endpoint="calibration")
blueprint.add_url_rule("/calibration/measure", view_func=calibration_views.measure, methods=["POST"])
blueprint.add_url_rule("/calibration/adopt", view_func=calibration_views.adopt, methods=["POST"])
blueprint.add_url_rule("/disposals", view_func=disposal_views.disposals)
blueprint.add_url_rule("/disposals/export", view_func=disposal_views.export_disposals, methods=["POST"])
