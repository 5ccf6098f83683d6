"""`flask --app wsgi moderation judge`: one line in, one line out, whatever the line."""

import json

import pytest

from app import create_app
from app.accounts.roles import Role
from app.cli.moderation_commands import group
from app.core.settings import Settings
from app.register.models import Pupil

NASTY = "You are a bitch and an idiot"


@pytest.fixture
def judge(app):
    def run(lines: str | bytes, *arguments: str):
        answer = app.test_cli_runner().invoke(group, ["judge", "-", *arguments], input=lines)
        return answer.exit_code, [json.loads(line) for line in answer.stdout.splitlines()]

    return run


def test_each_line_is_judged_in_its_place(judge):
    lines = [
        {"id": 1, "text": NASTY},
        {"id": "two", "text": "What a lovely day"},
        {"id": None, "text": "Thanks", "post": "Our fair"},
    ]
    status, told = judge("\n".join(json.dumps(line) for line in lines))
    assert status == 0
    assert [line["id"] for line in told] == [1, "two", None]
    assert [line["action"] for line in told] == ["hide", "allow", "allow"]
    assert {"id", "action", "categories", "severity", "reasons", "score"} <= set(told[0])


def test_bad_lines_are_named_and_the_others_judged(judge):
    lines = [
        "nonsense",
        "[1]",
        '{"id": 3}',
        '{"id": 4, "text": 5}',
        "",
        '{"id": 6, "text": "Lovely"}',
        '{"id": 7, "text": "x", "post": 1}',
    ]
    status, told = judge("\n".join(lines))
    assert status == 1
    assert ["error" in line for line in told] == [True, True, True, True, False, True]
    assert told[4]["id"] == 6


@pytest.mark.parametrize("text", ["", "\u0000", "🙂", "x" * 100_000, "\ud800"])
def test_odd_texts_are_judged(judge, text):
    status, told = judge(json.dumps({"id": 1, "text": text}))
    assert (status, len(told)) == (0, 1)


def test_bytes_that_are_no_text_do_not_stop_it(judge):
    status, told = judge(b'{"id": 1, "text": "caf\xe9"}\n\xff\xfe\n')
    assert (status, len(told)) == (1, 2)


def test_nothing_in_is_nothing_out(judge):
    assert judge("") == (0, [])


def test_names_of_the_only_school_are_used(judge, database, school, user_with):
    user_with(Role.HEADTEACHER)
    with database.transaction(school.id) as session:
        session.add(Pupil(admission_no="1", legal_forename="Amelia", legal_surname="Hartwell"))
    line = json.dumps({"id": 1, "text": "Is that Amelia Hartwell of 4 Oak in the photo?", "post": "Photos of our trip"})
    _, [told] = judge(line)
    assert "pupil_named" in told["categories"]
    assert told["action"] in ("hide", "escalate")


def test_file_that_is_not_there_is_a_clear_sentence(app):
    answer = app.test_cli_runner().invoke(group, ["judge", "nowhere.jsonl"])
    assert answer.exit_code == 2
    assert "nowhere.jsonl" in answer.output


def test_school_that_is_not_there_is_a_clear_sentence(judge, app, school):
    answer = app.test_cli_runner().invoke(group, ["judge", "-", "--school", "Nowhere"], input="{}")
    assert answer.exit_code == 1
    assert "no school called Nowhere" in answer.output


def test_judging_works_before_there_are_tables(tmp_path):
    bare = create_app(Settings(_env_file=None, data_folder=tmp_path))
    with bare.app_context():
        answer = bare.test_cli_runner().invoke(group, ["judge", "-"], input='{"id": 1, "text": "Lovely"}')
    assert (answer.exit_code, json.loads(answer.stdout)["action"]) == (0, "allow")
    bare.extensions["schoolgate.database"].engine.dispose()
