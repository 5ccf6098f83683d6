"""Fixtures that every test may use. Each test that touches the database runs on SQLite and on PostgreSQL."""

import os
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from app import create_app
from app.accounts import services
from app.accounts.limits import limiter
from app.accounts.roles import Role
from app.accounts.services import create_user
from app.core.actors import Actor, system_actor
from app.core.db import EVERY_SCHOOL
from app.core.permissions import Permission
from app.core.settings import Settings
from app.schools.services import create_school
from tests.support.browser import Browser
from tests.support.models import MODEL_FOLDER
from tests.support.services import PostgresServer, empty_tables, new_database, upgrade

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session", autouse=True)
def real_hasher():
    """Passwords are hashed cheaply in tests, for the real way takes a tenth of a second on purpose. This is the real one."""
    real = services._hasher
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield real


@pytest.fixture(scope="session")
def postgres_port() -> Iterator[int]:
    """The server that `make test` started, or one of this run's own."""
    given = os.environ.get("SCHOOLGATE_TEST_POSTGRES_PORT")
    if given:
        yield int(given)
        return
    with PostgresServer() as server:
        yield server.port


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def installation(request, tmp_path_factory):
    """One app a database kind, with its tables made; tests share it and find it empty."""
    folder = tmp_path_factory.mktemp(request.param)
    url = ""
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgres_port"))
    settings = Settings(
        _env_file=None,
        data_folder=folder,
        model_folder=MODEL_FOLDER,
        database_url=url,
        log_format="text",
        public_url="http://localhost",
    )
    made = create_app(settings)
    made.testing = True
    made.test_client_class = Browser
    made.config["WTF_CSRF_ENABLED"] = False
    with made.app_context():
        upgrade(made)
    yield made
    made.extensions["schoolgate.database"].engine.dispose()


@pytest.fixture
def app(installation):
    with installation.app_context():
        empty_tables(installation)
        limiter.reset()
        yield installation


@pytest.fixture
def database(app):
    return app.extensions["schoolgate.database"]


@pytest.fixture
def engine(app):
    return app.extensions["schoolgate.engine"]


@pytest.fixture
def school(database):
    with database.transaction(EVERY_SCHOOL) as session:
        return create_school(session, "Bramley Hill School")


@pytest.fixture
def actor_with(school) -> Callable[..., Actor]:
    """Return an actor of the school with just these permissions: `actor_with(Permission.POST_DRAFT)`."""

    def make(*permissions: Permission) -> Actor:
        return system_actor(school.id, "test", *permissions)

    return make


@pytest.fixture
def user_with(database, school):
    """Make somebody with these roles: `user_with(Role.SMT)`; the same password for all."""

    def make(*roles: Role, name: str = "Alex Example"):
        actor = system_actor(school.id, "test", Permission.USER_MANAGE)
        with database.transaction(school.id) as session:
            email = f"{uuid4().hex[:10]}@school.example"
            return create_user(session, email=email, name=name, roles=roles, password=PASSWORD, actor=actor)

    return make


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def sign_in(app, user_with):
    """Return a browser-like client in which somebody with these roles is signed in."""

    def enter(*roles: Role, user=None):
        person = user or user_with(*roles)
        browser = app.test_client()
        answer = browser.post("/sign-in", data={"email": person.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        browser.person = person
        return browser

    return enter
