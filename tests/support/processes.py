"""The product as it really runs, for tests: web, worker and rehearsal networks as processes of their own."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import requests

from tests.support.services import free_port

ROOT = Path(__file__).parents[2]


class RunningProduct:
    """Seeded with the made-up school, in a folder of its own, on free ports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        web, sandbox = free_port(), free_port()
        self.web, self.sandbox = f"http://127.0.0.1:{web}", f"http://127.0.0.1:{sandbox}"
        self.environment = {
            **os.environ,
            "SCHOOLGATE_DATA_FOLDER": str(folder),
            "SCHOOLGATE_PUBLIC_URL": self.web,
            "SCHOOLGATE_SANDBOX_URL": self.sandbox,
            "SCHOOLGATE_FACEBOOK_BASE_URL": f"{self.sandbox}/graph",
            "SCHOOLGATE_X_BASE_URL": f"{self.sandbox}/x",
            "SCHOOLGATE_X_WEB_URL": f"{self.sandbox}/x",
            "SCHOOLGATE_FACEBOOK_VERIFY_TOKEN": "rehearsal",
            "SCHOOLGATE_DEMO_SIGN_IN": "true",
            "SCHOOLGATE_SWEEP_SECONDS": "1",
            "SCHOOLGATE_COMMENT_POLL_SECONDS": "2",
            "SCHOOLGATE_SANDBOX_FOLDER": str(folder / "sandbox"),
            "SCHOOLGATE_SANDBOX_PORT": str(sandbox),
            "SCHOOLGATE_SANDBOX_PUBLIC_URL": self.sandbox,
        }
        self._port = web
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._start("sandbox", "-m", "flask", "--app", "wsgi", "sandbox")
        self.command("db", "upgrade")
        self._await(f"{self.sandbox}/healthz")
        self.command("demo", "seed")
        bind = f"127.0.0.1:{self._port}"
        self._start("web", "-m", "gunicorn", "--bind", bind, "--threads", "8", "--no-control-socket", "wsgi:app")
        self._start("worker", "-m", "flask", "--app", "wsgi", "worker")
        self._await(f"{self.web}/healthz")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def command(self, *words: str) -> str:
        """Run a command of the product and return what it prints."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _start(self, name: str, *arguments: str) -> None:
        log = self._stack.enter_context((self.folder / f"{name}.log").open("ab"))
        command = [sys.executable, *arguments]
        child = subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=log, stderr=log)
        self._stack.callback(_end, child)

    def _await(self, url: str, *, seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if requests.get(url, timeout=2).status_code == 200:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.2)
        raise TimeoutError(f"{url} did not answer")


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(timeout=20)
    except subprocess.TimeoutExpired:
        child.kill()
