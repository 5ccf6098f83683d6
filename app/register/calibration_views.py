"""The page of the calibration: what each distance costs here, and which are in force."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.guards import current_actor, requires
from app.core import clock
from app.core.db import database
from app.core.errors import InvalidInputError
from app.core.permissions import Permission
from app.register import measuring
from app.register.calibration_figures import calibration_from, row_at
from app.register.calibration_plot import plot_of
from app.register.comparing import thresholds_of
from app.register.matching_forms import DistancesForm
from app.register.matching_models import CalibrationState
from app.register.queries import natural
from app.register.scope_cost import scope_sentence
from app.schools.models import BiometricMode, SchoolSettings
from app.schools.services import school_with
from consent.faces.calibration.measure import Calibration
from consent.faces.matcher import Thresholds


@requires(Permission.MATCHING_READ)
def show() -> ResponseReturnValue:
    return _page()


@requires(Permission.MATCHING_PROPOSE, Permission.MATCHING_SIGN)
def measure() -> ResponseReturnValue:
    actor = current_actor()
    with database().transaction(actor.school_id) as session:
        measuring.ask_for_calibration(session, school_with(session, actor.school_id), actor=actor)
    return redirect(url_for("matching.calibration"))


@requires(Permission.MATCHING_PROPOSE)
def adopt() -> ResponseReturnValue:
    actor, form = current_actor(), DistancesForm()
    if not form.validate():
        return _page(form, status=422)
    chosen = Thresholds(**{name: form[name].data for name in Thresholds.__slots__})
    try:
        with database().transaction(actor.school_id) as session:
            school = school_with(session, actor.school_id)
            measuring.adopt(session, school, chosen, because=form.because.data, actor=actor)
    except InvalidInputError as error:
        form.alarm.errors = [error.sentence]
        return _page(form, status=422)
    flash("Adopted. Photos that wait are looked at again with these distances.", "success")
    return redirect(url_for("matching.calibration"))


def _page(failed: DistancesForm | None = None, *, status: int = 200) -> Response:
    actor = current_actor()
    with database().reading(actor.school_id) as session:
        settings = school_with(session, actor.school_id).settings
        newest, measured = measuring.newest_run(session), measuring.newest_measured(session)
        figures = None if measured is None else calibration_from(measured.figures)
        groups = sorted(figures.by_group.items(), key=lambda group: natural(group[0])) if figures else []
        page = render_template(
            "matching/calibration.html",
            settings=settings,
            is_off=settings.biometric_mode is BiometricMode.OFF,
            run=newest,
            is_waiting=newest is not None and newest.state is CalibrationState.WAITING,
            measured=measured,
            figures=figures,
            groups=groups,
            by_year=[(name, row_at(rows, settings.alarm_distance)) for name, rows in groups],
            by_distance=lambda rows: [(f"{row.distance:.2f}", row) for row in rows],
            plot=figures and plot_of(figures.rows, alarm=settings.alarm_distance),
            cost=scope_sentence(session, settings, on=clock.today()),
            adoptions=measuring.adoptions(session),
            form=failed or _prefilled(settings, figures),
            may_measure=actor.may(Permission.MATCHING_PROPOSE) or actor.may(Permission.MATCHING_SIGN),
            may_adopt=actor.may(Permission.MATCHING_PROPOSE),
        )
    return Response(page, status)


def _prefilled(settings: SchoolSettings, figures: Calibration | None) -> DistancesForm:
    """Offer what the calibration proposes, or what is in force."""
    offered = (figures and figures.proposed) or thresholds_of(settings)
    return DistancesForm(formdata=None, data={name: getattr(offered, name) for name in Thresholds.__slots__})
