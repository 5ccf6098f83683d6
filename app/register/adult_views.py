"""Pages of the adults who may be seen or named: staff, volunteers, visitors. They agree for themselves."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core import clock
from app.core.db import database
from app.core.errors import AppError
from app.core.permissions import Permission
from app.register import services
from app.register.forms import AdultForm, AgreementForm
from app.register.models import Adult, AdultKind, Capacity
from app.register.queries import adults, snapshot, statements_of_adult
from consent.model import ConsentState, Purpose

blueprint = Blueprint("adults", __name__, url_prefix="/register/adults")
SHOWN = (Purpose.FACEBOOK, Purpose.X, Purpose.NAME)


@blueprint.get("")
@requires(Permission.REGISTER_READ)
def index() -> ResponseReturnValue:
    actor, today = current_actor(), clock.today()
    with database().reading(actor.school_id) as session:
        people = snapshot(session, on=today)
        rows = [(adult, people.person(str(adult.id))) for adult in adults(session)]
        may_write = actor.may(Permission.REGISTER_WRITE)
        return render_template("register/adults.html", rows=rows, shown=SHOWN, today=today, may_write=may_write)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.REGISTER_WRITE)
def new() -> ResponseReturnValue:
    actor, form = current_actor(), AdultForm()
    if form.validate_on_submit():
        adult = Adult(
            id=uuid4(),
            title=(form.title.data or "").strip() or None,
            forename=form.forename.data.strip(),
            surname=form.surname.data.strip(),
            kind=AdultKind(form.kind.data),
        )
        try:
            with database().transaction(actor.school_id) as session:
                services.add_adult(session, adult, actor=actor)
        except AppError as error:
            form.surname.errors = [error.sentence]
        else:
            flash("Entered. Now record what they agreed to.", "success")
            return redirect(url_for("adults.show", adult_id=adult.id))
    return render_template("register/new_adult.html", form=form), 422 if form.errors else 200


@blueprint.route("/<uuid:adult_id>", methods=["GET", "POST"])
@requires(Permission.REGISTER_READ)
def show(adult_id: UUID) -> ResponseReturnValue:
    actor, today = current_actor(), clock.today()
    form = AgreementForm(given_on=today)
    if form.validate_on_submit():
        try:
            with database().transaction(actor.school_id) as session:
                adult = services.adult_with(session, adult_id)
                services.record_statement(session, adult, _statement(adult, form), actor=actor)
        except AppError as error:
            form.form_errors.append(error.sentence)
        else:
            flash("Recorded.", "success")
            return redirect(url_for("adults.show", adult_id=adult_id))
    with database().reading(actor.school_id) as session:
        adult = services.adult_with(session, adult_id)
        page = render_template(
            "register/adult.html",
            adult=adult,
            person=snapshot(session, on=today).person(str(adult.id)),
            statements=statements_of_adult(session, adult.id),
            form=form,
            shown=SHOWN,
            today=today,
            may_write=actor.may(Permission.REGISTER_WRITE),
        )
    return page, 422 if form.errors else 200


def _statement(adult: Adult, form: AgreementForm) -> services.Statement:
    return services.Statement(
        purposes=tuple(Purpose(value) for value in form.purposes.data),
        state=ConsentState(form.state.data),
        informant=adult.name,
        capacity=Capacity.SELF,
        given_on=form.given_on.data,
        how=form.how.data,
    )
