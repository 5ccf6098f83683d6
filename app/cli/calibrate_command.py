"""`flask --app wsgi consent calibrate`: what each distance of face matching costs on this school's own pupils."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from flask import current_app

from app.cli.context import said_plainly, school_called, school_option
from app.core.db import database
from app.core.errors import InvalidInputError
from app.register.calibrating import calibration
from app.register.calibration_figures import figures_of
from app.schools.services import school_with
from consent.faces.calibration.chart import chart
from consent.faces.calibration.measure import Calibration, Row
from consent.faces.cohort import FEWEST
from consent.faces.matcher import Thresholds


@click.command("calibrate")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Also draw the table into this SVG file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@school_option
@said_plainly
def calibrate_command(plot: Path | None, as_json: bool, school_name: str | None) -> None:
    """Measure misses and false alarms of face matching on the enrolled pupils, each left out in turn.

    Nothing is changed: the school adopts thresholds in its settings, by a recorded decision.

    Example: flask --app wsgi consent calibrate --plot calibration.svg
    """
    school_id = school_called(school_name)
    sealer = current_app.extensions["schoolgate.sealers"]["templates"]
    with database().reading(school_id) as session:
        school = school_with(session, school_id)
        name, settings = school.name, school.settings
        measured = calibration(session, settings, sealer)
    if plot is not None:
        _draw(plot, measured, name)
    click.echo(json.dumps(figures_of(measured)) if as_json else "\n".join(_lines(measured)))


def _draw(plot: Path, measured: Calibration, name: str) -> None:
    drawn = chart(measured.rows, f"{name}: {measured.people} pupils, {measured.templates} pictures", measured.proposed)
    try:
        plot.write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(f"The plot could not be written to {plot}: {error.strerror}.") from error


def _lines(measured: Calibration) -> Iterator[str]:
    yield f"{measured.people} enrolled pupils, {measured.templates} pictures; each picture was left out in turn."
    yield _levelling(measured)
    yield from _table(measured.rows)
    for group_name, rows in measured.by_group.items():
        yield ""
        yield f"{group_name}, compared within the year:"
        yield from _table(rows)
    yield ""
    yield from _proposal(measured.proposed)


def _levelling(measured: Calibration) -> str:
    if measured.levelled_by:
        return f"Distances are levelled by the company that faces keep among {measured.levelled_by} pupils."
    return f"Distances are plain: they are levelled once {FEWEST} pupils are enrolled."


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield f"{'distance':<10}{'protected faces missed':<32}{'false alarms of one pupil':<36}wrong suggestions"
    for row in rows:
        yield f"{row.distance:<10.2f}{row.missed!s:<32}{row.alarms!s:<36}{row.suggested_wrongly}"


def _proposal(proposed: Thresholds | None) -> Iterator[str]:
    if proposed is None:
        yield "Too few pictures to propose distances. Enrol at least ten pupils with three pictures each."
        return
    yield (
        f"Proposed: alarm {proposed.alarm:.2f}, protected {proposed.protected:.2f}, "
        f"suggestion {proposed.suggestion:.2f} with a margin of {proposed.margin:.2f}, "
        f"for protected pupils who did not take part {proposed.elsewhere:.2f}."
    )
    yield "Portraits are easier than photos of a school day: treat the misses as the least that will happen."
