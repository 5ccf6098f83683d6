"""Pages of the consent register."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts.guards import current_actor, requires
from app.core import clock
from app.core.crypto import SealBrokenError, Sealer
from app.core.db import database
from app.core.errors import InvalidInputError
from app.core.permissions import Permission
from app.register import biometric_views, letter_views, services, transfer_views
from app.register.biometrics import objection_among, words_about_templates
from app.register.evidence import PDF, clean_scan, keep_evidence, open_evidence
from app.register.exporting import unanswered
from app.register.forms import AFTER_A_NO, PURPOSES, FlagForm, StatementForm
from app.register.models import Capacity, ConsentStatement
from app.register.portraits import templates_of
from app.register.queries import active_biometric_consent, class_names, pupils_page, snapshot, statements_of
from app.register.withdrawal import contacts_of
from app.web.paging import page_asked
from consent.faces.isolated import IsolatedEngine
from consent.model import ConsentState, Purpose

blueprint = Blueprint("register", __name__, url_prefix="/register")
blueprint.add_url_rule("/import", view_func=transfer_views.bring_in, methods=["GET", "POST"])
blueprint.add_url_rule("/import/apply", view_func=transfer_views.apply, methods=["POST"])
blueprint.add_url_rule("/export", view_func=transfer_views.export, methods=["POST"])
blueprint.add_url_rule("/chase-list", view_func=transfer_views.chase, methods=["POST"])
blueprint.add_url_rule("/portraits", view_func=biometric_views.portraits)
blueprint.add_url_rule("/<uuid:pupil_id>/face-template", view_func=biometric_views.face_template)
blueprint.add_url_rule("/<uuid:pupil_id>/biometric", view_func=biometric_views.biometric, methods=["POST"])
blueprint.add_url_rule("/<uuid:pupil_id>/portraits", view_func=biometric_views.enrol, methods=["POST"])
blueprint.add_url_rule(
    "/<uuid:pupil_id>/contacts/<uuid:contact_id>/letter", view_func=letter_views.withdrawal_letter, methods=["POST"]
)
blueprint.add_url_rule("/<uuid:pupil_id>/forget", view_func=biometric_views.forget_portraits, methods=["POST"])
SHOWN = (Purpose.FACEBOOK, Purpose.X, Purpose.NAME)
PAGE = 50


@blueprint.get("/")
@requires(Permission.REGISTER_READ)
def index() -> ResponseReturnValue:
    actor, page = current_actor(), page_asked()
    search, group = _asked("search"), _asked("class")
    no_answer = request.args.get("answer") == "none"
    with database().reading(actor.school_id) as session:
        only = [pupil.id for pupil, _ in unanswered(session, clock.today())] if no_answer else None
        pupils, total = pupils_page(session, search=search, reg_group=group, only=only, page=page, size=PAGE)
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
            no_answer=no_answer,
            shown=SHOWN,
            today=clock.today(),
            may_import=actor.may(Permission.REGISTER_IMPORT),
        )


def _asked(name: str) -> str:
    """Read a word of the address; no database searches for a NUL."""
    return request.args.get(name, "")[:100].replace("\x00", "")


@blueprint.get("/<uuid:pupil_id>")
@requires(Permission.REGISTER_READ)
def show(pupil_id: UUID) -> ResponseReturnValue:
    return _pupil_page(pupil_id)


def _pupil_page(pupil_id: UUID, *failed: StatementForm | FlagForm, status: int = 200) -> Response:
    """Show a pupil; a form that was refused is shown as it was sent, with what is wrong with it."""
    actor, today = current_actor(), clock.today()
    forms = {
        StatementForm: StatementForm(formdata=None, given_on=today),
        FlagForm: FlagForm(formdata=None),
    } | {type(form): form for form in failed}
    with database().reading(actor.school_id) as session:
        pupil = services.pupil_with(session, pupil_id)
        statements = statements_of(session, pupil.id)
        page = render_template(
            "register/show.html",
            pupil=pupil,
            person=snapshot(session, on=today).person(str(pupil.id)),
            statements=statements,
            posts=_posts_after_a_no(session, pupil.id, statements),
            consent=active_biometric_consent(session, pupil.id),
            purposes=PURPOSES,
            template_count=len(templates_of(session, pupil)),
            contacts=contacts_of(session, pupil.id),
            objection=objection_among(words_about_templates(session, pupil.id)),
            form=forms[StatementForm],
            flag_form=forms[FlagForm],
            today=today,
            may_write=actor.may(Permission.REGISTER_WRITE),
            may_flag=actor.may(Permission.REGISTER_FLAG),
            flag_reason=_flag_reason(session, pupil.id),
        )
    return Response(page, status)


def _posts_after_a_no(session: Session, pupil_id: UUID, statements: Sequence[ConsentStatement]) -> object:
    """Return where the pupil is out, once somebody said no: a flag alone would betray itself."""
    said_no = [item.recorded_at for item in statements if item.state is not ConsentState.GRANTED]
    if not said_no:
        return None
    return current_app.extensions["schoolgate.posts-with"](session, pupil_id, said_no_at=max(said_no))


@blueprint.post("/<uuid:pupil_id>/statements")
@requires(Permission.REGISTER_WRITE)
def state(pupil_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), StatementForm()
    if not form.validate():
        return _pupil_page(pupil_id, form, status=422)
    statement = services.Statement(
        purposes=tuple(Purpose(value) for value in form.purposes.data),
        state=ConsentState(form.state.data),
        informant=form.informant.data,
        capacity=Capacity(form.capacity.data),
        given_on=form.given_on.data,
        how=form.how.data,
        wording_version=(form.wording_version.data or "").strip() or None,
    )
    try:
        scan = clean_scan(form.evidence.data.read(), _eyes()) if form.evidence.data else None
        with database().transaction(actor.school_id) as session:
            pupil = services.pupil_with(session, pupil_id)
            if scan is not None:
                evidence_id = keep_evidence(session, pupil, scan, sealer=_sealer(), actor=actor)
                statement = replace(statement, evidence_id=evidence_id)
            services.record_statement(session, pupil, statement, actor=actor)
    except InvalidInputError as error:
        form.form_errors.append(error.sentence)
        return _pupil_page(pupil_id, form, status=error.status)
    said_no = statement.state is not ConsentState.GRANTED
    flash(f"Recorded. {AFTER_A_NO}" if said_no else "Recorded.", "success")
    return redirect(url_for("register.show", pupil_id=pupil_id))


@blueprint.get("/evidence/<uuid:evidence_id>")
@requires(Permission.REGISTER_WRITE)
def evidence(evidence_id: UUID) -> ResponseReturnValue:
    """Hand out the proof as a file, never shown inside a page."""
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        scan = open_evidence(session, evidence_id, sealer=_sealer(), actor=actor)
    name = "consent-form.pdf" if scan.media_type == PDF else "consent-form.jpg"
    answer = Response(scan.content, mimetype=scan.media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _flag_reason(session: Session, pupil_id: UUID) -> str | None:
    actor = current_actor()
    if not actor.may(Permission.REGISTER_FLAG):
        return None
    try:
        return services.flag_reason(session, pupil_id, sealer=_sealer(), actor=actor)
    except SealBrokenError:
        return "The reason cannot be read any more."


def _eyes() -> IsolatedEngine:
    found: IsolatedEngine = current_app.extensions["schoolgate.engine-of-faces"]
    return found


def _sealer() -> Sealer:
    found: Sealer = current_app.extensions["schoolgate.sealers"]["evidence"]
    return found


@blueprint.post("/<uuid:pupil_id>/flag")
@requires(Permission.REGISTER_FLAG)
def flag(pupil_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), FlagForm()
    if not form.validate():
        return _pupil_page(pupil_id, form, status=422)
    with database().transaction(actor.school_id) as session:
        services.set_flag(session, pupil_id, reason=form.reason.data, sealer=_sealer(), actor=actor)
    flash("Set. Posts with this pupil are stopped or being taken down.", "success")
    return redirect(url_for("register.show", pupil_id=pupil_id))


@blueprint.post("/<uuid:pupil_id>/lift-flag")
@requires(Permission.REGISTER_FLAG)
def lift(pupil_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        services.lift_flag(session, pupil_id, actor=actor)
    flash("Lifted. The recorded consents count again.", "success")
    return redirect(url_for("register.show", pupil_id=pupil_id))
