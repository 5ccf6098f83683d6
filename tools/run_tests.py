"""`make test`: start real services on free ports, run every test, stop the services again."""

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.support.services import PostgresServer, RedisServer

DEBIAN_PACKAGES = {"postgresql": "/usr/lib/postgresql", "redis-server": "redis-server", "chromium": "chromium"}


def main() -> int:
    missing = [package for package, proof in DEBIAN_PACKAGES.items() if not _is_there(proof)]
    if missing and not _install(missing):
        return 1
    with ExitStack() as stack:
        postgres = stack.enter_context(PostgresServer())
        redis = stack.enter_context(RedisServer())
        environment = {
            **os.environ,
            "SCHOOLGATE_TEST_POSTGRES_PORT": str(postgres.port),
            "SCHOOLGATE_TEST_REDIS_PORT": str(redis.port),
            "SCHOOLGATE_TEST_CHROMIUM": shutil.which("chromium") or "",
        }
        arguments = sys.argv[1:] or ["tests", "-m", "not benchmark", "-n", "2", "--dist", "loadgroup"]
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment, check=False).returncode


def _is_there(proof: str) -> bool:
    return Path(proof).is_dir() or shutil.which(proof) is not None


def _install(packages: list[str]) -> bool:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"The tests need {', '.join(packages)}. Install them (apt-get install …) and run make test again.")
        return False
    print(f"Installing {', '.join(packages)} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{' '.join(command)} failed: {done.stderr.strip()}")
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
