"""Pages about face templates: a pupil's consent and portraits, and the list of portraits to take."""

from dataclasses import replace
from uuid import UUID

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core import clock
from app.core.crypto import Sealer
from app.core.db import database
from app.core.errors import InvalidInputError, WrongStateError
from app.core.permissions import Permission
from app.register.biometrics import (
    BiometricAnswer,
    active_among,
    dispose_of_templates,
    objection_among,
    record_biometric,
    words_about_templates,
)
from app.register.evidence import clean_scan, keep_evidence
from app.register.forms import BiometricForm, PortraitsForm
from app.register.models import BiometricKind, Capacity, PortraitView
from app.register.portrait_enrolling import LARGEST, PortraitEnroller, PortraitOutcome
from app.register.portraits import DUE_AFTER, ENOUGH, GONE_AFTER, Need, standings, templates_of
from app.register.services import pupil_with
from app.register.versions import touch_register
from app.schools.models import BiometricMode
from app.schools.services import school_with
from consent.faces.isolated import IsolatedEngine


@requires(Permission.REGISTER_READ)
def face_template(pupil_id: UUID) -> ResponseReturnValue:
    return _page(pupil_id)


def _page(
    pupil_id: UUID,
    failed: BiometricForm | PortraitsForm | None = None,
    outcomes: list[PortraitOutcome] | None = None,
    *,
    status: int = 200,
) -> Response:
    actor, today = current_actor(), clock.today()
    with database().reading(actor.school_id) as session:
        pupil = pupil_with(session, pupil_id)
        words, templates = words_about_templates(session, pupil.id), templates_of(session, pupil)
        page = render_template(
            "register/face_template.html",
            pupil=pupil,
            words=words,
            consent=active_among(words),
            objection=objection_among(words),
            templates=templates,
            due_on=templates and templates[0].enrolled_at + DUE_AFTER,
            gone_on=templates and templates[0].enrolled_at + GONE_AFTER,
            enough=ENOUGH,
            mode=school_with(session, actor.school_id).settings.biometric_mode,
            form=failed if isinstance(failed, BiometricForm) else BiometricForm(formdata=None, given_on=today),
            portraits=failed if isinstance(failed, PortraitsForm) else PortraitsForm(formdata=None),
            outcomes=outcomes or [],
            has_left=pupil.left_on is not None and pupil.left_on < today,
            may_write=actor.may(Permission.REGISTER_WRITE),
            may_enrol=actor.may(Permission.REGISTER_ENROL),
        )
    return Response(page, status)


@requires(Permission.REGISTER_WRITE)
def biometric(pupil_id: UUID) -> ResponseReturnValue:
    """Write down an answer about face templates, with the signed form."""
    actor, form = current_actor(), BiometricForm()
    if not form.validate():
        return _page(pupil_id, form, status=422)
    kind = BiometricKind(form.kind.data)
    answer = BiometricAnswer(kind, form.informant.data, Capacity(form.capacity.data), form.how.data, form.given_on.data)
    try:
        scan = clean_scan(form.evidence.data.read(), _eyes()) if form.evidence.data else None
        with database().transaction(actor.school_id) as session:
            pupil = pupil_with(session, pupil_id)
            if scan is not None:
                answer = replace(
                    answer, evidence_id=keep_evidence(session, pupil, scan, sealer=_sealer("evidence"), actor=actor)
                )
            record_biometric(session, pupil, answer, actor=actor)
    except (InvalidInputError, WrongStateError) as error:
        form.form_errors.append(error.sentence)
        return _page(pupil_id, form, status=error.status)
    gone = " Every face template of this pupil is deleted." if kind is BiometricKind.REFUSED else ""
    flash("Recorded." + gone, "success")
    return redirect(url_for("register.face_template", pupil_id=pupil_id))


@requires(Permission.REGISTER_ENROL)
def enrol(pupil_id: UUID) -> ResponseReturnValue:
    """Turn portraits into sealed numbers and say of each what became of it; no picture is kept."""
    actor, form = current_actor(), PortraitsForm()
    given = {view: form[view.value].data for view in PortraitView}
    pictures = {view: file.read(LARGEST + 1) for view, file in given.items() if file}
    if not form.validate() or not pictures:
        form.front.errors = [*form.front.errors, "Choose at least one portrait"]
        return _page(pupil_id, form, status=422)
    enroller = PortraitEnroller(database(), _eyes(), _sealer("templates"), actor)
    try:
        outcomes = enroller.enrol(pupil_id, pictures)
    except WrongStateError as error:
        form.form_errors.append(error.sentence)
        return _page(pupil_id, form, status=error.status)
    return _page(pupil_id, outcomes=outcomes, status=200 if any(each.is_kept for each in outcomes) else 422)


@requires(Permission.REGISTER_ENROL)
def forget_portraits(pupil_id: UUID) -> ResponseReturnValue:
    """Delete the pupil's templates, to take better portraits; the consent stays."""
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        pupil = pupil_with(session, pupil_id)
        dispose_of_templates(session, pupil.id, reason="deleted by hand", actor=actor)
        touch_register(session)
    flash("Deleted. The disposal log has a line for it.", "success")
    return redirect(url_for("register.face_template", pupil_id=pupil_id))


@requires(Permission.REGISTER_READ)
def portraits() -> ResponseReturnValue:
    """List who needs portraits."""
    actor = current_actor()
    shown = request.args.get("need", "")
    with database().reading(actor.school_id) as session:
        everybody = standings(session)
        is_off = school_with(session, actor.school_id).settings.biometric_mode is BiometricMode.OFF
    counts = {need: sum(each.need is need for each in everybody) for need in Need}
    rows = [each for each in everybody if each.need == shown] if shown in set(Need) else everybody
    return render_template("register/portraits.html", rows=rows, counts=counts, shown=shown, is_off=is_off)


def _eyes() -> IsolatedEngine:
    found: IsolatedEngine = current_app.extensions["schoolgate.engine-of-faces"]
    return found


def _sealer(name: str) -> Sealer:
    found: Sealer = current_app.extensions["schoolgate.sealers"][name]
    return found
