"""`flask --app wsgi consent …`: scan pictures and check words from the command line."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from app.cli.calibrate_command import calibrate_command
from app.cli.context import fail_at_end, said_plainly, school_called, school_option
from app.cli.files import read_file
from app.core import clock
from app.core.db import database
from app.core.errors import AppError, InvalidInputError
from app.posts.checks import check_settings
from app.register.comparing import levelled_gallery, protected_elsewhere, thresholds_of
from app.register.models import Pupil
from app.register.queries import class_names, name_index, people_in_classes, protected_ids, snapshot
from app.schools.services import school_with
from consent import check_text
from consent.faces.engine import EngineUnavailableError
from consent.faces.image import PictureError
from consent.faces.isolated import IsolatedEngine, ScanError
from consent.faces.scan import Likeness, Scan
from consent.model import Purpose, Report, Sighting

PURPOSES = (Purpose.FACEBOOK, Purpose.X)
MOST_BYTES = 200_000


@click.group("consent")
def group() -> None:
    """Check pictures and words against the register, without a post.

    Example: flask --app wsgi consent scan trip/*.jpg --json
    """


group.add_command(calibrate_command)


@group.command()
@click.argument("photos", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--classes", default="", help='Who took part, for example "4 Oak,5 Elm"; otherwise the whole school.')
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@school_option
@said_plainly
def scan(photos: Sequence[Path], classes: str, as_json: bool, school_name: str | None) -> None:
    """Find every face in pictures and compare it with the enrolled pupils.

    A file that cannot be read is told as an error, the others are still scanned, and the exit status is then 1.

    Example: flask --app wsgi consent scan trip/*.jpg --classes "4 Oak,5 Elm" --json
    """
    engine: IsolatedEngine = current_app.extensions["schoolgate.engine-of-faces"]
    with database().reading(school_called(school_name)) as session:
        likeness, numbers = _likeness(session, classes)
    failed = False
    for photo in photos:
        try:
            answer = _told(photo, engine.scan(read_file(photo), likeness), numbers)
        except (AppError, PictureError, ScanError, EngineUnavailableError) as error:
            answer, failed = {"photo": str(photo), "error": str(error)}, True
        click.echo(json.dumps(answer) if as_json else _sentence(answer))
        sys.stdout.flush()  # whoever reads along has each photo as soon as it is done
    fail_at_end(failed)


def _likeness(session: Session, classes: str) -> tuple[Likeness, dict[str, str]]:
    school = session.info["scope"]
    settings = school_with(session, school).settings
    wanted = _classes(session, classes)
    roster = people_in_classes(session, wanted, []) if wanted else None
    today = clock.today()
    protected = protected_ids(snapshot(session, on=today), PURPOSES, today)
    sealer = current_app.extensions["schoolgate.sealers"]["templates"]
    elsewhere = protected_elsewhere(session, protected, roster)
    likeness = Likeness(
        levelled_gallery(session, settings, sealer, roster and roster | elsewhere),
        frozenset(map(str, protected)),
        None if roster is None else frozenset(map(str, roster)),
        thresholds_of(settings),
        frozenset(map(str, elsewhere)),
    )
    numbers = {str(pupil_id): number for pupil_id, number in session.execute(sa.select(Pupil.id, Pupil.admission_no))}
    return likeness, numbers


def _classes(session: Session, words: str) -> list[str]:
    """Find the classes that are named, whatever their capitals. Raises InvalidInputError for one that is not there."""
    known = {name.casefold(): name for name in class_names(session)}
    wanted = [" ".join(word.split()) for word in words.split(",") if word.strip()]
    if words and not wanted:
        raise InvalidInputError("Name at least one class, or leave --classes out for the whole school.")
    for word in wanted:
        if word.casefold() not in known:
            listed = ", ".join(known.values()) or "none yet; bring the pupils in first"
            raise InvalidInputError(f"There is no class “{word}”. The classes are: {listed}.")
    return [known[word.casefold()] for word in wanted]


def _told(photo: Path, scan: Scan, numbers: dict[str, str]) -> dict[str, Any]:
    return {
        "photo": str(photo),
        "width": scan.width,
        "height": scan.height,
        "faces": [_face(sighting, numbers) for sighting in scan.sightings],
        "outcome": scan.outcome.value,
        "seconds": scan.seconds,
    }


def _face(sighting: Sighting, numbers: dict[str, str]) -> dict[str, Any]:
    return {
        "box": list(sighting.box),
        "status": sighting.status.value,
        "pupil": numbers.get(sighting.person_id or ""),
        "distance": sighting.distance,
        "margin": sighting.margin,
    }


def _sentence(answer: dict[str, Any]) -> str:
    if "error" in answer:
        return f"{answer['photo']}: {answer['error']}"
    statuses = [face["status"] for face in answer["faces"]]
    told = ", ".join(f"{statuses.count(status)} {status}" for status in dict.fromkeys(statuses)) or "no face"
    return f"{answer['photo']}: {answer['outcome']} ({told})"


@group.command("check-text")
@click.option("--with-photo", is_flag=True, help="As the words of a post with a photo of people.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@school_option
@said_plainly
def check_text_command(with_photo: bool, as_json: bool, school_name: str | None) -> None:
    """Check words from standard input for names, personal data and links.

    Example: echo "Well done Amelia!" | flask --app wsgi consent check-text --with-photo --json
    """
    text = _words_given(sys.stdin.buffer.read(MOST_BYTES + 1))
    report = _report(school_called(school_name), text, with_photo=with_photo)
    if as_json:
        click.echo(json.dumps(_text_told(report)))
        return
    click.echo(report.outcome.value)
    for finding in report.findings:
        click.echo(f"{finding.severity.value}: {finding.message}")


def _words_given(given: bytes) -> str:
    """Decode what came in. Letters that cannot be read stay in their places as question marks."""
    if len(given) > MOST_BYTES:
        raise InvalidInputError("The text is longer than 200 kB. No network takes a post of that length.")
    return given.decode("utf-8", errors="replace")


def _report(school_id: UUID, text: str, *, with_photo: bool) -> Report:
    today = clock.today()
    with database().reading(school_id) as session:
        return check_text(
            text,
            snapshot(session, on=today),
            names=name_index(session),
            settings=check_settings(school_with(session, school_id).settings),
            on=today,
            with_photo=with_photo,
            purposes=PURPOSES,
        )


def _text_told(report: Report) -> dict[str, Any]:
    return {
        "outcome": report.outcome.value,
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "start": finding.span[0] if finding.span else None,
                "end": finding.span[1] if finding.span else None,
                "message": finding.message,
            }
            for finding in report.findings
        ],
    }
