"""Each promise is kept by both adapters over HTTP and by the stand-in of each; a sandbox is empty for every test."""

import pytest
import requests

from app.platforms.base import Network
from app.sandbox import SandboxSettings, create_sandbox
from tests.contract.platforms.stages import FacebookStage, FakeStage, XStage
from tests.contract.sandbox.rehearsal import Rehearsal, running

REAL = {"facebook": FacebookStage, "x": XStage}


class Doorkeeper:
    """Writes down every address that is asked for, as it came over the wire."""

    def __init__(self, app):
        self._app = app
        self.addresses = []

    def __call__(self, environ, start_response):
        self.addresses.append(f"{environ.get('RAW_URI') or environ['REQUEST_URI']} {environ.get('HTTP_COOKIE', '')}")
        return self._app(environ, start_response)


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory):
    settings = SandboxSettings(_env_file=None, folder=tmp_path_factory.mktemp("sandbox"), webhook_delay=0.02)
    app = create_sandbox(settings)
    app.wsgi_app = door = Doorkeeper(app.wsgi_app)
    with running(app) as url:
        yield url, door


@pytest.fixture
def sandbox(rehearsed):
    url, door = rehearsed
    requests.post(f"{url}/_control/reset", json={"accounts": True}, timeout=20)
    rehearsal = Rehearsal(url)
    door.addresses.clear()
    yield rehearsal
    rehearsal.http.close()


@pytest.fixture
def addresses(rehearsed):
    return rehearsed[1].addresses


@pytest.fixture
def facebook(sandbox):
    return FacebookStage(sandbox)


@pytest.fixture
def x(sandbox):
    return XStage(sandbox)


@pytest.fixture(params=["facebook", "x"])
def real(request, sandbox):
    """One adapter over HTTP."""
    return REAL[request.param](sandbox)


@pytest.fixture(params=["facebook", "x", "fake-facebook", "fake-x"])
def stage(request):
    """One adapter over HTTP, or its stand-in."""
    if request.param in REAL:
        return REAL[request.param](request.getfixturevalue("sandbox"))
    return FakeStage(Network(request.param.removeprefix("fake-")))
