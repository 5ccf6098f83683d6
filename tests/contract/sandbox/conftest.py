"""A sandbox on a free port."""

from threading import Thread

import pytest
import requests

from app.sandbox import SandboxSettings, close_sandbox, create_sandbox, open_server
from tests.contract.sandbox.rehearsal import Rehearsal


@pytest.fixture(scope="session")
def sandbox_url(tmp_path_factory):
    settings = SandboxSettings(_env_file=None, folder=tmp_path_factory.mktemp("sandbox"), webhook_delay=0.02)
    app = create_sandbox(settings)
    server = open_server(app)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    close_sandbox(app)


@pytest.fixture
def sandbox(sandbox_url):
    requests.post(f"{sandbox_url}/_control/reset", json={"accounts": True}, timeout=20)
    rehearsal = Rehearsal(sandbox_url)
    yield rehearsal
    rehearsal.http.close()
