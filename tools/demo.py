"""`make demo`: bring up a made-up school, the web app, one worker and the rehearsal networks; Ctrl-C stops all of it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[1]
FOLDER = Path(os.environ.get("SCHOOLGATE_DEMO_FOLDER") or ROOT / "demo").absolute()
BIN = ROOT / ".venv" / "bin"
MADE = FOLDER / "made"
"""Stands once the school is complete."""
PATIENCE_SECONDS = 90
OWN = dict.fromkeys(("SCHOOLGATE_DATABASE_URL", "SCHOOLGATE_QUEUE_URL", "SCHOOLGATE_SMTP_URL"), "") | {
    "SCHOOLGATE_RATE_LIMIT_URL": "memory://"
}
"""A rehearsal touches nothing of an installation whose settings happen to be in the environment."""


def main() -> int:
    web, sandbox = _port("SCHOOLGATE_DEMO_WEB_PORT", 8000), _port("SCHOOLGATE_DEMO_SANDBOX_PORT", 8002)
    for port, setting in ((web, "SCHOOLGATE_DEMO_WEB_PORT"), (sandbox, "SCHOOLGATE_DEMO_SANDBOX_PORT")):
        if not _is_free(port):
            print(f"Port {port} is in use by another program. Stop it, or choose another port: {setting}=… make demo")
            return 1
    if FOLDER.exists() and ("--reset" in sys.argv or _is_half_made()):
        shutil.rmtree(FOLDER)
    (FOLDER / "logs").mkdir(parents=True, exist_ok=True)
    return Demo(web, sandbox).run()


class Demo:
    """The supervisor: starts the parts, waits until they answer, and stops them together."""

    def __init__(self, web: int, sandbox: int) -> None:
        self.web, self.sandbox = f"http://127.0.0.1:{web}", f"http://127.0.0.1:{sandbox}"
        self.environment = {**os.environ, **_settings(self.web, self.sandbox, sandbox)}
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        try:
            return self._bring_up() or self._watch()
        finally:
            self._end_children()

    def _bring_up(self) -> int:
        print("Preparing the made-up school (a minute or two the first time, seconds after that) …", flush=True)
        self._start("sandbox", BIN / "flask", "--app", "wsgi", "sandbox")
        if not self._command("db", "upgrade") or not self._wait("sandbox", f"{self.sandbox}/healthz"):
            return 1
        if not self._command("demo", "seed"):
            return 1
        MADE.touch()
        host = self.web.removeprefix("http://")
        self._start("web", BIN / "gunicorn", "--bind", host, "--threads", "8", "--no-control-socket", "wsgi:app")
        self._start("worker", BIN / "flask", "--app", "wsgi", "worker")
        if not self._wait("web", f"{self.web}/healthz"):
            return 1
        self._welcome()
        return 0

    def _watch(self) -> int:
        while not self.stopping:
            for name, child in self.children.items():
                if child.poll() is not None and not self.stopping:
                    print(f"The {name} stopped by itself. Its last words are in {FOLDER}/logs/{name}.log.")
                    return 1
            time.sleep(0.3)
        print("\nStopped. Everything is kept: run make demo to go on, make demo-reset to start over.")
        return 0

    def _start(self, name: str, *command: str | Path) -> None:
        with (FOLDER / "logs" / f"{name}.log").open("ab") as output:
            self.children[name] = subprocess.Popen(
                [str(part) for part in command],
                env=self.environment,
                cwd=ROOT,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _command(self, *words: str) -> bool:
        command = [str(BIN / "flask"), "--app", "wsgi", *words]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode and not self.stopping:
            print(f"`flask --app wsgi {' '.join(words)}` failed:\n{done.stderr[-2000:]}")
        return done.returncode == 0

    def _wait(self, name: str, url: str) -> bool:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and not self.stopping:
            if self.children[name].poll() is not None:
                break
            if _answers(url):
                return True
            time.sleep(0.2)
        if not self.stopping:
            print(f"The {name} did not come up. Its last words are in {FOLDER}/logs/{name}.log.")
        return False

    def _welcome(self) -> None:
        command = [str(BIN / "flask"), "--app", "wsgi", "demo", "people", "--json"]
        answer = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True)
        people = json.loads(answer.stdout)
        print(f"\n  Schoolgate            {self.web}")
        print(f"  Rehearsal networks    {self.sandbox}   (the public walls: comment there as a parent)\n")
        print(f"  Sign in as anybody; the password of each is: {people[0]['password']}\n")
        for person in people:
            print(f"  {person['role']:<30} {person['email']}")
        print(f"\n  Ctrl-C stops everything. Logs are in {FOLDER / 'logs'}.", flush=True)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _end_children(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + 20
        for child in self.children.values():
            try:
                child.wait(timeout=max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)


def _is_half_made() -> bool:
    """The first run was stopped before the school was complete; only what a rehearsal made is ever removed."""
    return (FOLDER / "schoolgate.sqlite3").exists() and not MADE.exists()


def _settings(web: str, sandbox: str, sandbox_port: int) -> dict[str, str]:
    return {
        **OWN,
        "SCHOOLGATE_DATA_FOLDER": str(FOLDER),
        "SCHOOLGATE_MEDIA_FOLDER": str(FOLDER / "media"),
        "SCHOOLGATE_PUBLIC_URL": web,
        "SCHOOLGATE_SANDBOX_URL": sandbox,
        "SCHOOLGATE_FACEBOOK_BASE_URL": f"{sandbox}/graph",
        "SCHOOLGATE_X_BASE_URL": f"{sandbox}/x",
        "SCHOOLGATE_X_WEB_URL": f"{sandbox}/x",
        "SCHOOLGATE_FACEBOOK_DIALOG_URL": f"{sandbox}/graph",
        "SCHOOLGATE_FACEBOOK_APP_ID": "200000000000001",
        "SCHOOLGATE_FACEBOOK_APP_SECRET": "rehearsal-app-secret",
        "SCHOOLGATE_X_API_KEY": "rehearsal-api-key",
        "SCHOOLGATE_X_API_SECRET": "rehearsal-api-secret",
        "SCHOOLGATE_FACEBOOK_VERIFY_TOKEN": "rehearsal",
        "SCHOOLGATE_DEMO_SIGN_IN": "true",
        "SCHOOLGATE_COMMENT_POLL_SECONDS": "5",
        "SCHOOLGATE_SANDBOX_FOLDER": str(FOLDER / "sandbox"),
        "SCHOOLGATE_SANDBOX_PORT": str(sandbox_port),
        "SCHOOLGATE_SANDBOX_PUBLIC_URL": sandbox,
        "SCHOOLGATE_SANDBOX_WEBHOOK_URL": f"{web}/webhooks/facebook",
        "PYTHONUNBUFFERED": "1",
    }


def _port(setting: str, usual: int) -> int:
    given = os.environ.get(setting, str(usual))
    if not given.isdigit() or not 1 <= int(given) <= 65535:
        sys.exit(f"{setting} is “{given}”, which is not a port. Give a number from 1 to 65535.")
    return int(given)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  our own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
