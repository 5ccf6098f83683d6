"""A sandbox on a free port, empty for each test."""

import pytest
import requests

from app.sandbox import SandboxSettings, create_sandbox
from tests.contract.sandbox.rehearsal import Rehearsal, running


@pytest.fixture(scope="session")
def sandbox_url(tmp_path_factory):
    settings = SandboxSettings(_env_file=None, folder=tmp_path_factory.mktemp("sandbox"), webhook_delay=0.02)
    with running(create_sandbox(settings)) as url:
        yield url


@pytest.fixture
def sandbox(sandbox_url):
    requests.post(f"{sandbox_url}/_control/reset", json={"accounts": True}, timeout=20)
    rehearsal = Rehearsal(sandbox_url)
    yield rehearsal
    rehearsal.http.close()
