"""Commands as they are typed, with what they print and how they end."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.core.db import EVERY_SCHOOL
from app.schools.services import create_school

HEADINGS = "Admission No,Legal Forename,Legal Surname,Reg Group,Consent: Facebook,Consent: X,Consent: Biometric"
PORTRAITS = Path(__file__).parents[3] / "app" / "demo" / "pictures" / "portraits"
EVENTS = PORTRAITS.parent / "events"


@dataclass
class Ended:
    status: int
    out: str
    err: str

    @property
    def json_lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def run(app):
    """Type a command: `run("register", "import", path)`. A traceback fails the test."""

    def typed(*words: object, given: str | bytes | None = None) -> Ended:
        answer = app.test_cli_runner().invoke(args=[str(word) for word in words], input=given)
        if answer.exception is not None and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        return Ended(answer.exit_code, answer.stdout, answer.stderr)

    return typed


@pytest.fixture
def second_school(database, school):
    with database.transaction(EVERY_SCHOOL) as session:
        return create_school(session, "Elm Park School")


@pytest.fixture
def export(tmp_path):
    """Write a MIS export with these rows and return where it lies."""

    def write(*rows: str, name: str = "export.csv", headings: str = HEADINGS) -> Path:
        path = tmp_path / name
        path.write_text("\n".join((headings, *rows)) + "\n", encoding="utf-8")
        return path

    return write
