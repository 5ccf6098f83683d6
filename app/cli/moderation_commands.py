"""`flask --app wsgi moderation …`."""

import codecs
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import click
import sqlalchemy as sa

import moderation
from app.cli.context import fail_at_end, said_plainly, school_option
from app.comments.context import context_of
from app.comments.names import names_of_school
from app.core.db import EVERY_SCHOOL, database
from app.core.errors import InvalidInputError
from app.schools.models import School, SchoolSettings
from app.schools.services import find_school
from moderation.records import verdict_record

CHUNK = 500
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: a comment to judge, or what is wrong with it."""

    key: object
    text: str = ""
    post: str = ""
    error: str | None = None


@click.group("moderation")
def group() -> None:
    """Judge comments, without touching a network.

    Example: flask --app wsgi moderation judge comments.jsonl
    """


@group.command("judge")
@click.argument("file", type=click.File("rb"), metavar="FILE.jsonl")
@school_option
@said_plainly
def judge_command(file: BinaryIO, school_name: str | None) -> None:
    """Judge each line {"id", "text", "post"} of a file, or of standard input (-), and print one JSON object a line.

    The names of the only school, or of --school, are taken into account; without a school, none are. A line that
    cannot be read is told as an error, the others are still judged, and the exit status is then 1.

    Example: flask --app wsgi moderation judge comments.jsonl
    """
    settings, names = _school_words(school_name)
    failed = False
    for lines in _chunks(_read(file)):
        sound = [line for line in lines if line.error is None]
        cases = [(moderation.Comment(line.text), context_of(settings, names, post_text=line.post)) for line in sound]
        verdicts = iter(moderation.judge_all(cases))
        for line in lines:
            failed = failed or line.error is not None
            told = {"error": line.error} if line.error else verdict_record(next(verdicts))
            click.echo(json.dumps({"id": line.key, **told}))
    fail_at_end(failed)


def _school_words(school_name: str | None) -> tuple[SchoolSettings, moderation.NameFinder | None]:
    """Read the school's words and names. Judging works without a school, and before there are any tables."""
    try:
        with database().reading(EVERY_SCHOOL) as session:
            if school_name is None and session.scalar(sa.select(School.id).limit(1)) is None:
                return SchoolSettings(), None
            school = find_school(session, school_name)
        with database().reading(school.id) as session:
            return school.settings, names_of_school(session)
    except (sa.exc.OperationalError, sa.exc.ProgrammingError):
        if school_name is not None:
            raise
        return SchoolSettings(), None


def _read(file: BinaryIO) -> Iterator[Line]:
    for number, raw in enumerate(file, start=1):
        if number == 1 and raw.startswith(UTF16):
            raise InvalidInputError("The file is written in UTF-16. Save it as UTF-8.")
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8", errors="replace")
        if text.strip():
            yield _line(number, text)


def _line(number: int, raw: str) -> Line:
    try:
        given = json.loads(raw)
    except (json.JSONDecodeError, RecursionError):
        return Line(None, error=f"line {number} is not JSON")
    if not isinstance(given, dict):
        return Line(None, error=f'line {number} is not an object like {{"id": 1, "text": "…"}}')
    key, text, post = given.get("id"), given.get("text"), given.get("post")
    if not isinstance(text, str):
        return Line(key, error=f'line {number} has no "text", or it is not a string')
    if post is not None and not isinstance(post, str):
        return Line(key, error=f'the "post" of line {number} is not a string')
    return Line(key, text, post or "")


def _chunks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    chunk: list[Line] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    yield chunk
