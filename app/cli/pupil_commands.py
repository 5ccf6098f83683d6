"""`flask --app wsgi register …`: bring in a MIS export, enrol pictures, decide on matching."""

from collections import Counter
from pathlib import Path

import click
from flask import current_app

from app.cli.context import command_line_actor, fail_at_end, said_plainly, school_option
from app.cli.files import read_file
from app.cli.import_told import told
from app.core.db import database
from app.core.errors import AppError, InvalidInputError, NotFoundError
from app.core.permissions import Permission
from app.register.enrolling import SWITCHED_ON, Enroller, EnrolmentState
from app.register.import_file import read_import
from app.register.importing import import_register
from app.register.likenesses import reseal_templates
from app.register.matching import decide_matching
from app.schools.models import BiometricMode
from app.schools.services import school_with

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif"}


@click.group("register")
def group() -> None:
    """Pupils, consents and enrolled faces.

    Example: flask --app wsgi register import september.csv
    """


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv")
@click.option("--apply", "apply", is_flag=True, help="Write the changes; without it nothing is written.")
@school_option
@said_plainly
def import_command(file: Path, apply: bool, school_name: str | None) -> None:
    """Compare an export of the school's MIS (CSV or XLSX) with the register; with --apply bring it in.

    Rows with errors are left out and named, and the exit status is then 1.

    \b
    Examples: flask --app wsgi register import september.csv
              flask --app wsgi register import september.csv --apply
    """
    actor = command_line_actor(school_name, Permission.REGISTER_IMPORT)
    parsed = read_import(read_file(file))
    opened = database().transaction(actor.school_id) if apply else database().reading(actor.school_id)
    with opened as session:
        report = import_register(session, parsed, apply=apply, actor=actor)
    for error in report.errors:
        click.echo(f"Line {error.line}: {error.sentence}", err=True)
    for line in told(report):
        click.echo(line)
    fail_at_end(bool(report.errors))


@group.command()
@click.argument("folder", type=click.Path(path_type=Path))
@school_option
@said_plainly
def enrol(folder: Path, school_name: str | None) -> None:
    """Enrol pictures named <admission no>_<anything>.jpg of pupils with biometric consent.

    Each picture is told in a sentence; one that is enrolled already stays as it is. The exit status is 1 when no
    picture could be enrolled. While nobody has decided on face matching, the first picture switches it on, with the
    decision on record.

    Example: flask --app wsgi register enrol portraits/
    """
    pictures, others = _files_in(folder)
    actor = command_line_actor(school_name, Permission.REGISTER_ENROL, Permission.SETTINGS_MANAGE)
    parts = current_app.extensions
    enroller = Enroller(
        database(), parts["schoolgate.engine-of-faces"], parts["schoolgate.sealers"]["templates"], actor
    )
    outcomes: Counter[EnrolmentState] = Counter()
    for path in pictures:
        try:
            enrolment = enroller.enrol(path.stem, read_file(path))
        except AppError as error:
            outcomes[EnrolmentState.REFUSED] += 1
            click.echo(f"{path.name}: {error.sentence}")
            continue
        outcomes[enrolment.state] += 1
        click.echo(f"{path.name}: {enrolment.sentence}")
        if enrolment.switched_matching_on:
            click.echo(SWITCHED_ON)
    enrolled, known, refused = (outcomes[state] for state in EnrolmentState)
    for path in others:
        click.echo(f"{path.name}: Left alone, as its name is not that of a picture.")
    click.echo(f"Enrolled {enrolled}, already enrolled {known}, refused {refused}.")
    fail_at_end(not enrolled and not known)


def _files_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the pictures of a folder by name, and what else lies there. Raises AppError when there are none."""
    if not folder.is_dir():
        raise NotFoundError(f"There is no folder {folder}. Check the name.")
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise InvalidInputError(f"The folder {folder} could not be read: {error.strerror}.") from error
    pictures = [path for path in found if path.suffix.lower() in PICTURES]
    if not pictures:
        raise NotFoundError(f"There are no pictures in {folder}. They are named <admission no>_<anything>.jpg.")
    return pictures, [path for path in found if path not in pictures]


@group.command()
@click.argument("mode", type=click.Choice([mode.value for mode in BiometricMode]), required=False)
@click.option("--because", default="", help="What the decision rests on; kept in the audit trail.")
@school_option
@said_plainly
def matching(mode: str | None, because: str, school_name: str | None) -> None:
    """Show whether faces may be compared with enrolled pupils, or switch it off, which deletes every template.

    It is switched on under Face matching in the app, where the checklist is: not from here.

    \b
    Examples: flask --app wsgi register matching
              flask --app wsgi register matching off --because "Governors' decision of 3 March"
    """
    if mode not in (None, BiometricMode.OFF):
        raise InvalidInputError(
            "Face matching is switched on in the app, on the page “Face matching”, with its checklist."
        )
    actor = command_line_actor(school_name, Permission.SETTINGS_MANAGE)
    if mode is not None:
        with database().transaction(actor.school_id) as session:
            school = school_with(session, actor.school_id)
            ground = because or "Switched off from the command line."
            decide_matching(session, school, BiometricMode.OFF, because=ground, actor=actor)
    with database().reading(actor.school_id) as session:
        settings = school_with(session, actor.school_id).settings
    decision = settings.biometric_decision
    ground = f"decided on {decision.decided_on:%d/%m/%Y}: {decision.because}" if decision else "not decided yet"
    click.echo(f"Face matching is {settings.biometric_mode.value} ({ground})")
    if decision is not None and decision.review_on is not None:
        click.echo(
            f"To be reviewed by {decision.review_on:%d/%m/%Y} under Register → Face matching, or it ends by itself."
        )


@group.command()
@school_option
@said_plainly
def reseal(school_name: str | None) -> None:
    """Seal every face template with the newest key, so that the old key can be taken away.

    Put the new key before the old one, `SCHOOLGATE_TEMPLATE_KEY=new,old`, restart web app and worker, run this for
    each school, and take the old key out. It may be stopped and run again.

    Example: flask --app wsgi register reseal
    """
    actor = command_line_actor(school_name, Permission.REGISTER_ENROL)
    sealer = current_app.extensions["schoolgate.sealers"]["templates"]
    count, last = 0, None
    while True:
        with database().transaction(actor.school_id) as session:
            sealed = reseal_templates(session, sealer, after=last, actor=actor)
        if not sealed:
            break
        count, last = count + len(sealed), sealed[-1]
    click.echo(f"Sealed {count} face templates with the newest key.")
