"""The stage of a fault campaign: an installation of its own, the rehearsal networks, and workers that may be killed."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, Self

import requests

from app import create_app
from app.core.errors import WrongStateError
from app.core.settings import Settings

TIMEOUT = 10
PATIENCE_SECONDS = 60


class Stage:
    """Everything runs in `folder`, on free ports, against an empty database."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self._sandbox_port = _free_port()
        self.sandbox = f"http://127.0.0.1:{self._sandbox_port}"
        self._folder = folder
        self._environment = os.environ | {
            "SCHOOLGATE_DATA_FOLDER": str(folder),
            "SCHOOLGATE_MEDIA_FOLDER": str(folder / "media"),
            "SCHOOLGATE_DATABASE_URL": database_url,
            "SCHOOLGATE_QUEUE_URL": "",
            "SCHOOLGATE_SANDBOX_URL": self.sandbox,
            "SCHOOLGATE_FACEBOOK_BASE_URL": f"{self.sandbox}/graph",
            "SCHOOLGATE_X_BASE_URL": f"{self.sandbox}/x",
            "SCHOOLGATE_SWEEP_SECONDS": "1",
            "SCHOOLGATE_COMMENT_POLL_SECONDS": "3600",
            "SCHOOLGATE_SMTP_URL": "",
            "SCHOOLGATE_SANDBOX_FOLDER": str(folder / "sandbox"),
            "SCHOOLGATE_SANDBOX_PORT": str(self._sandbox_port),
            "SCHOOLGATE_SANDBOX_PUBLIC_URL": self.sandbox,
        }
        self._workers: list[subprocess.Popen[bytes]] = []
        self._hands = Lock()
        self._stack = ExitStack()
        self.kills = 0
        self.restarts = 0

    def __enter__(self) -> Self:
        self._log = self._stack.enter_context((self._folder / "campaign.log").open("ab"))
        self._stack.callback(_end, self._start("sandbox"))
        self._stack.callback(self.end_workers)
        self._await_sandbox()
        if self._start("db", "upgrade").wait():
            raise WrongStateError("The database could not be made. See campaign.log in the campaign's folder.")
        self.app = create_app(self._settings())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start_worker(self) -> None:
        self._workers.append(self._start("worker"))

    def kill_worker(self, chosen: int) -> None:
        """Pull the plug of one worker, and plug in a new one."""
        with self._hands:
            victim = self._workers.pop(chosen % len(self._workers))
            victim.kill()
            victim.wait()
            self.kills += 1
            self.start_worker()

    def restart_ended(self) -> None:
        """Start again what ended by itself, as a service manager does: a worker cannot begin while its disk is full."""
        with self._hands:
            ended = [worker for worker in self._workers if worker.poll() is not None]
            for worker in ended:
                self._workers.remove(worker)
                self.start_worker()
            self.restarts += len(ended)

    @contextmanager
    def full_disk(self, chosen: int) -> Iterator[None]:
        """Let one worker write nothing, neither its database nor its log, until the block is left."""
        victim = self._workers[chosen % len(self._workers)].pid
        before = resource.prlimit(victim, resource.RLIMIT_FSIZE)
        resource.prlimit(victim, resource.RLIMIT_FSIZE, (0, before[1]))
        try:
            yield
        finally:
            with suppress(ProcessLookupError):  # it was killed meanwhile
                resource.prlimit(victim, resource.RLIMIT_FSIZE, before)

    def end_workers(self) -> None:
        for worker in self._workers:
            _end(worker)
        self._workers.clear()

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Speak to the rehearsal networks behind the product's back."""
        answer = requests.request(method, f"{self.sandbox}/_control{path}", json=body, timeout=TIMEOUT)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    def _settings(self) -> Settings:
        names = {f"SCHOOLGATE_{name.upper()}": name for name in Settings.model_fields}
        given = {names[name]: value for name, value in self._environment.items() if name in names}
        return Settings(_env_file=None, **given)  # type: ignore[arg-type,call-arg]  # the values are read as in the environment

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603  our own command, no input of anybody
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            env=self._environment,
            stdout=self._log,
            stderr=self._log,
            stdin=subprocess.DEVNULL,
        )

    def _await_sandbox(self) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                if requests.get(f"{self.sandbox}/healthz", timeout=2).ok:
                    return
            except requests.RequestException:
                time.sleep(0.2)
        raise WrongStateError("The rehearsal networks did not come up. See campaign.log in the campaign's folder.")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
