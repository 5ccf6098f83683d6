"""`flask --app wsgi register …`: bring in a MIS export, enrol pictures."""

import hashlib
from collections import Counter
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app

from app.cli.context import command_line_actor, fail_at_end, said_plainly, school_option
from app.core.actors import Actor
from app.core.crypto import Sealer
from app.core.db import database
from app.core.errors import AppError, NotFoundError
from app.core.permissions import Permission
from app.register.import_file import read_import
from app.register.importing import ImportReport, import_register
from app.register.likenesses import add_template, ensure_may_enrol, is_enrolled
from app.register.models import Pupil
from app.schools.services import school_with
from consent.faces.image import PictureError
from consent.faces.isolated import IsolatedEngine, ScanError
from consent.faces.scan import EnrolmentError
from consent.model import ConsentState

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".avif"}


@click.group("register")
def group() -> None:
    """Pupils, consents and enrolled faces."""


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--apply", "apply", is_flag=True, help="Write the changes; without it nothing is written.")
@school_option
@said_plainly
def import_command(file: Path, apply: bool, school_name: str | None) -> None:
    """Compare a CSV export of the school's MIS with the register; with --apply bring it in.

    Example: flask --app wsgi register import september.csv --apply
    """
    if not file.is_file():
        raise NotFoundError(f"There is no file {file}.")
    actor = command_line_actor(school_name, Permission.REGISTER_IMPORT, Permission.REGISTER_WRITE)
    parsed = read_import(file.read_bytes())
    opened = database().transaction(actor.school_id) if apply else database().reading(actor.school_id)
    with opened as session:
        report = import_register(session, parsed, apply=apply, actor=actor)
    _show(report)
    fail_at_end(bool(report.errors))


def _show(report: ImportReport) -> None:
    for error in report.errors:
        click.echo(f"Line {error.line}: {error.sentence}", err=True)
    consents = report.consents
    click.echo("Imported." if report.applied else "Dry run: nothing was written. Add --apply to bring it in.")
    click.echo(f"Pupils: {report.new} new, {report.changed} changed, {report.unchanged} unchanged.")
    click.echo(
        f"Answers in the file: {consents[ConsentState.GRANTED]} granted, {consents[ConsentState.REFUSED]} refused, "
        f"{consents[ConsentState.NOT_RECORDED]} not recorded."
    )
    if report.kept_refusals:
        click.echo(f"Kept {report.kept_refusals} refusals that an older or undated yes in the file does not outrank.")
    if report.biometric_changes:
        click.echo(f"Biometric answers: {report.biometric_changes} new or changed.")
    if report.missing:
        click.echo(f"Not in the file, left as they are: {', '.join(report.missing)}.")
    if report.unused_columns:
        click.echo(f"Columns not used: {', '.join(report.unused_columns)}.")
    if report.errors:
        click.echo(f"Rows with errors, left out: {len(report.errors)}.")


@group.command()
@click.argument("folder", type=click.Path(path_type=Path))
@school_option
@said_plainly
def enrol(folder: Path, school_name: str | None) -> None:
    """Enrol pictures named <admission no>_<anything>.jpg of pupils with biometric consent.

    Example: flask --app wsgi register enrol portraits/
    """
    if not folder.is_dir():
        raise NotFoundError(f"There is no folder {folder}.")
    actor = command_line_actor(school_name, Permission.REGISTER_ENROL)
    engine: IsolatedEngine = current_app.extensions["schoolgate.engine-of-faces"]
    outcomes: Counter[str] = Counter()
    for path in sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES):
        try:
            outcomes[_enrol_one(path, engine, actor)] += 1
        except (AppError, PictureError, EnrolmentError, ScanError) as error:
            outcomes["refused"] += 1
            click.echo(f"{path.name}: {error}", err=True)
    click.echo(f"Enrolled {outcomes['enrolled']}, already enrolled {outcomes['known']}, refused {outcomes['refused']}.")
    fail_at_end(not outcomes["enrolled"] and not outcomes["known"])


def _enrol_one(path: Path, engine: IsolatedEngine, actor: Actor) -> str:
    number = path.stem.split("_", maxsplit=1)[0]
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    with database().reading(actor.school_id) as session:
        pupil = session.scalar(sa.select(Pupil).where(Pupil.admission_no == number))
        if pupil is None:
            raise NotFoundError(f"no pupil has the admission number {number}.")
        school = school_with(session, actor.school_id)
        ensure_may_enrol(session, pupil, school.settings)
        if is_enrolled(session, pupil.id, digest):
            return "known"
    vector = engine.enrol(data)
    sealer: Sealer = current_app.extensions["schoolgate.sealers"]["templates"]
    with database().transaction(actor.school_id) as session:
        again = session.get_one(Pupil, pupil.id)
        settings = school_with(session, actor.school_id).settings
        add_template(session, again, vector, source_sha256=digest, settings=settings, sealer=sealer, actor=actor)
    return "enrolled"
