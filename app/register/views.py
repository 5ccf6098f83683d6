"""Pages of the consent register."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core import clock
from app.core.crypto import Sealer
from app.core.db import database
from app.core.errors import AppError
from app.core.permissions import Permission
from app.register import services
from app.register.forms import ANSWERS, PURPOSES, BiometricForm, FlagForm, ImportForm, StatementForm
from app.register.import_file import read_import
from app.register.importing import import_register
from app.register.models import BiometricKind, Capacity
from app.register.queries import active_biometric_consent, class_names, pupils_page, snapshot, statements_of
from consent.model import ConsentState, Purpose

blueprint = Blueprint("register", __name__, url_prefix="/register")
P = Permission
SHOWN = (Purpose.FACEBOOK, Purpose.X, Purpose.NAME)
PAGE = 50


@blueprint.get("/")
@requires(P.REGISTER_READ)
def index() -> ResponseReturnValue:
    actor, page = current_actor(), max(1, request.args.get("page", 1, type=int))
    search, group = request.args.get("search", ""), request.args.get("class", "")
    with database().reading(actor.school_id) as session:
        pupils, total = pupils_page(session, search=search, reg_group=group, page=page, size=PAGE)
        people = snapshot(session, on=clock.today())
        rows = [(pupil, people.person(str(pupil.id))) for pupil in pupils]
        return render_template(
            "register/index.html",
            rows=rows,
            total=total,
            page=page,
            pages=-(-total // PAGE),
            classes=class_names(session),
            search=search,
            group=group,
            shown=SHOWN,
            today=clock.today(),
            may_import=actor.may(P.REGISTER_IMPORT),
        )


@blueprint.get("/<uuid:pupil_id>")
@requires(P.REGISTER_READ)
def show(pupil_id: UUID) -> ResponseReturnValue:
    return _pupil_page(pupil_id, StatementForm(given_on=clock.today()), BiometricForm(given_on=clock.today()))


def _pupil_page(
    pupil_id: UUID, form: StatementForm, biometric: BiometricForm, status: int = 200
) -> ResponseReturnValue:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        pupil = services.pupil_with(session, pupil_id)
        page = render_template(
            "register/show.html",
            pupil=pupil,
            person=snapshot(session, on=clock.today()).person(str(pupil.id)),
            statements=statements_of(session, pupil.id),
            consent=active_biometric_consent(session, pupil.id),
            purposes=[(Purpose(value), label) for value, label in PURPOSES],
            answers=dict(ANSWERS),
            form=form,
            biometric=biometric,
            flag_form=FlagForm(),
            today=clock.today(),
            may_write=actor.may(P.REGISTER_WRITE),
            may_flag=actor.may(P.REGISTER_FLAG),
        )
    return page, status


@blueprint.post("/<uuid:pupil_id>/statements")
@requires(P.REGISTER_WRITE)
def state(pupil_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), StatementForm()
    if not form.validate():
        return _pupil_page(pupil_id, form, BiometricForm(formdata=None, given_on=clock.today()), 422)
    statement = services.Statement(
        purposes=tuple(Purpose(value) for value in form.purposes.data),
        state=ConsentState(form.state.data),
        informant=form.informant.data,
        capacity=Capacity(form.capacity.data),
        given_on=form.given_on.data,
        how=form.how.data,
    )
    try:
        with database().transaction(actor.school_id) as session:
            services.record_statement(session, services.pupil_with(session, pupil_id), statement, actor=actor)
    except AppError as error:
        form.form_errors.append(error.sentence)
        return _pupil_page(pupil_id, form, BiometricForm(formdata=None, given_on=clock.today()), error.status)
    flash("Recorded. Posts that this touches are already stopped or being taken down.", "success")
    return redirect(url_for("register.show", pupil_id=pupil_id))


@blueprint.post("/<uuid:pupil_id>/biometric")
@requires(P.REGISTER_WRITE)
def biometric(pupil_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), BiometricForm()
    if not form.validate():
        return _pupil_page(pupil_id, StatementForm(formdata=None, given_on=clock.today()), form, 422)
    with database().transaction(actor.school_id) as session:
        pupil = services.pupil_with(session, pupil_id)
        kind = BiometricKind(form.kind.data)
        services.record_biometric(session, pupil, kind, given_on=form.given_on.data, actor=actor)
    flash("Recorded.", "success")
    return redirect(url_for("register.show", pupil_id=pupil_id))


@blueprint.post("/<uuid:pupil_id>/flag")
@requires(P.REGISTER_FLAG)
def flag(pupil_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    sealer: Sealer = current_app.extensions["schoolgate.sealers"]["evidence"]
    with database().transaction(actor.school_id) as session:
        services.set_flag(session, pupil_id, reason=request.form.get("reason", ""), sealer=sealer, actor=actor)
    flash("Set. Posts with this pupil are stopped or being taken down.", "success")
    return redirect(url_for("register.show", pupil_id=pupil_id))


@blueprint.post("/<uuid:pupil_id>/lift-flag")
@requires(P.REGISTER_FLAG)
def lift(pupil_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        services.lift_flag(session, pupil_id, actor=actor)
    flash("Lifted. The recorded consents count again.", "success")
    return redirect(url_for("register.show", pupil_id=pupil_id))


@blueprint.route("/import", methods=["GET", "POST"])
@requires(P.REGISTER_IMPORT)
def bring_in() -> ResponseReturnValue:
    """Try a file out, and bring it in when the box is ticked: the same file is chosen for both."""
    actor, form, report = current_actor(), ImportForm(), None
    if form.validate_on_submit():
        apply = request.form.get("apply") == "1"
        try:
            parsed = read_import(form.file.data.read())
            opened = database().transaction(actor.school_id) if apply else database().reading(actor.school_id)
            with opened as session:
                report = import_register(session, parsed, apply=apply, actor=actor)
        except AppError as error:
            form.file.errors = [error.sentence]
    return render_template("register/import.html", form=form, report=report), 422 if form.errors else 200
