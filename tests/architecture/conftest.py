"""One app on SQLite is enough to ask every route who may use it."""

from uuid import uuid4

import pytest

from app import create_app
from app.accounts.roles import Role
from app.core.settings import Settings
from tests.support.browser import Browser
from tests.support.services import upgrade


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    settings = Settings(_env_file=None, data_folder=folder, log_format="text", public_url="http://localhost")
    made = create_app(settings)
    made.testing = True
    made.test_client_class = Browser
    made.config["WTF_CSRF_ENABLED"] = False
    with made.app_context():
        upgrade(made)
    yield made
    made.extensions["schoolgate.database"].engine.dispose()


@pytest.fixture
def browser_of(app, user_with):
    """Return a client with somebody of these roles in it, without the wait that checking a password takes."""

    def enter(*roles: Role):
        user = user_with(*roles)
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = f"{user.id}:{user.session_stamp}"
            cookie["_fresh"] = True
        return browser

    return enter


@pytest.fixture
def address_of(app):
    """Build the address of a route with something in each place that nobody has: `address_of(rule)`."""

    def build(rule) -> str:
        fillers = {"UUIDConverter": uuid4(), "IntegerConverter": 1}
        values = {name: fillers.get(type(rule._converters[name]).__name__, "nothing") for name in rule.arguments}
        with app.test_request_context():
            address = rule.build(values, append_unknown=False)
        assert address is not None
        return address[1]

    return build
