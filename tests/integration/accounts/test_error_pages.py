"""When something goes wrong the person reads a plain sentence, on a page that needs nothing that may be broken."""

import errno
import sqlite3

import psycopg
import pytest
import sqlalchemy as sa

from app import create_app
from app.accounts.guards import public
from app.accounts.roles import Role
from app.core.db import EVERY_SCHOOL
from app.core.errors import InvalidInputError, NotFoundError, WrongStateError
from app.core.settings import Settings
from app.schools.services import create_school

LEAKS = ("Traceback", "sqlalchemy", "SELECT", "werkzeug", "Kim Example", ".py")


def leaks_of(text: str) -> list[str]:
    return [word for word in LEAKS if word in text]


@pytest.fixture
def failing(app, client, monkeypatch):
    """Ask a page whose view fails in this way; the view is swapped because none fails on purpose."""

    def ask(error: BaseException, **how):
        @public
        def view():
            raise error

        monkeypatch.setitem(app.view_functions, "accounts.sign_in", view)
        return client.get("/sign-in", **how)

    return ask


@pytest.mark.parametrize("role", [None, Role.STAFF])
def test_a_missing_page_is_told_in_words(client, sign_in, role):
    browser = client if role is None else sign_in(role)
    answer = browser.get("/nowhere")
    assert answer.status_code == 404
    assert "Page not found" in answer.text
    assert "If you typed the address, check it." in answer.text


def test_what_is_not_ones_own_looks_missing(sign_in):
    answer = sign_in(Role.STAFF).get("/posts/00000000-0000-0000-0000-000000000000")
    assert answer.status_code == 404
    assert "It may also belong to somebody else" in answer.text or "We could not find that." in answer.text


def test_a_closed_door_says_whom_to_ask(sign_in):
    answer = sign_in(Role.STAFF).get("/people")
    assert answer.status_code == 403
    assert "Your role does not allow this. It is for: administrator." in answer.text


def test_an_ended_session_says_that_nothing_is_lost(client):
    answer = client.post("/posts/new")
    assert answer.status_code == 401
    assert "Sign in again to go on" in answer.text
    assert "/sign-in" in answer.text


def test_the_wrong_way_of_asking_names_the_right_one(client):
    answer = client.get("/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "use the buttons on the page" in answer.text


def test_a_form_that_was_open_for_too_long(app, sign_in):
    browser = sign_in(Role.STAFF)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = browser.post("/sign-out")
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert "This page was open for too long." in answer.text


def test_too_many_photos_at_once(app, sign_in):
    browser = sign_in(Role.STAFF)
    most, app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_CONTENT_LENGTH"], 1000
    try:
        answer = browser.post("/posts/new", data={"caption": "x" * 2000})
    finally:
        app.config["MAX_CONTENT_LENGTH"] = most
    assert answer.status_code == 413
    assert "Add fewer or smaller photos at a time" in answer.text


def test_a_crash_is_admitted_without_details(failing):
    answer = failing(RuntimeError("Kim Example broke it"))
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "Nothing that was saved is lost." in answer.text
    assert not leaks_of(answer.text)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInputError("Enter a date in the future."), 422),
        (WrongStateError("This post is published."), 409),
        (NotFoundError("There is no such class."), 404),
    ],
)
def test_an_error_for_the_person_is_shown_as_it_stands(failing, error, status):
    answer = failing(error)
    assert answer.status_code == status
    assert error.sentence in answer.text


def test_a_sentence_is_escaped(failing):
    assert "<script>" not in failing(InvalidInputError("<script>alert(1)</script>")).text.split("</head>")[1]


@pytest.mark.parametrize(
    "error", [RuntimeError("Kim Example"), InvalidInputError("Enter a date."), sa.exc.TimeoutError("pool")]
)
def test_a_machine_gets_json(failing, error):
    answer = failing(error, headers={"Accept": "application/json"})
    assert answer.is_json
    assert set(answer.json) == {"error"}
    assert not leaks_of(answer.text)


def from_the_database(error: Exception) -> sa.exc.OperationalError:
    return sa.exc.OperationalError("SELECT Kim Example", {}, error)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (from_the_database(sqlite3.OperationalError("database is locked")), "Too much is going on at once"),
        (from_the_database(sqlite3.OperationalError("database or disk is full")), "no room left"),
        (from_the_database(sqlite3.OperationalError("no such table: school")), "db upgrade"),
        (from_the_database(psycopg.errors.DiskFull("could not extend file: No space left on device")), "no room left"),
        (from_the_database(psycopg.errors.DeadlockDetected("deadlock detected")), "Too much is going on at once"),
        (from_the_database(psycopg.OperationalError("connection refused")), "Too much is going on at once"),
        (sa.exc.TimeoutError("QueuePool limit reached"), "Too much is going on at once"),
        (OSError(errno.ENOSPC, "No space left on device", "media/ab/cd"), "no room left"),
    ],
)
def test_a_database_in_trouble_is_told_in_words(failing, error, sentence):
    answer = failing(error)
    assert answer.status_code == 503
    assert sentence in answer.text
    assert "this was not saved" in answer.text
    assert answer.headers["Retry-After"]
    assert not leaks_of(answer.text)


def test_a_file_that_is_missing_is_an_ordinary_crash(failing):
    assert failing(FileNotFoundError(errno.ENOENT, "No such file", "media/ab/cd")).status_code == 500


def test_the_page_comes_up_when_the_database_does_not(tmp_path):
    """The frame of a page asks who is signed in and what waits for them; this one must not."""
    settings = Settings(
        _env_file=None,
        data_folder=tmp_path,
        database_url="postgresql://nobody@127.0.0.1:1/nowhere?connect_timeout=2",
        log_format="text",
    )
    client = create_app(settings).test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "00000000-0000-0000-0000-000000000000:stamp"
    answer = client.get("/posts/")
    assert answer.status_code == 503
    assert "Too much is going on at once" in answer.text
    assert not leaks_of(answer.text)


@pytest.fixture
def strained(tmp_path):
    """An installation on SQLite of its own, on whose connections a test may put a strain: `strained("PRAGMA …")`."""
    app = create_app(Settings(_env_file=None, data_folder=tmp_path, log_format="text"))
    engine = app.extensions["schoolgate.database"].engine
    with app.app_context():
        assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
    with app.extensions["schoolgate.database"].transaction(EVERY_SCHOOL) as session:
        create_school(session, "Bramley Hill School")

    def strain(pragma: str):
        sa.event.listen(engine, "checkout", lambda link, *_: link.execute(pragma))
        engine.dispose()
        return app

    yield strain
    engine.dispose()


def test_a_busy_database_really_says_so(strained):
    app = strained("PRAGMA busy_timeout=100")
    database = app.extensions["schoolgate.database"]

    @public
    def write():
        with database.transaction(EVERY_SCHOOL) as session:
            create_school(session, "New School")
        return "written"

    app.view_functions["healthz"] = write
    client = app.test_client()
    with database.transaction(EVERY_SCHOOL) as session:
        create_school(session, "School of a long import")
        answer = client.get("/healthz")
    assert (answer.status_code, "Too much is going on" in answer.text) == (503, True)
    assert client.get("/healthz").text == "written", "and then it goes on"


def test_a_full_disk_really_says_so(strained):
    app = strained("PRAGMA max_page_count=1")
    database = app.extensions["schoolgate.database"]

    @public
    def write():
        with database.transaction(EVERY_SCHOOL) as session:
            for number in range(2000):
                create_school(session, f"School {number}")
        return "written"

    app.view_functions["healthz"] = write
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, "no room left" in answer.text) == (503, True)
    with database.reading(EVERY_SCHOOL) as session:
        assert session.scalar(sa.text("SELECT count(*) FROM school")) == 1, "nothing is half written"
