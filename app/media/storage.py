"""Where picture bytes lie: a folder, each file named by the hash of what is in it."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Protocol
from uuid import UUID

from app.core.errors import NotFoundError


class Storage(Protocol):
    def put(self, school_id: UUID, content: bytes) -> str: ...

    def get(self, school_id: UUID, sha256: str) -> bytes: ...

    def remove(self, school_id: UUID, sha256: str) -> None: ...


class FolderStorage:
    """A local or shared folder. A file appears whole or not at all, and is on the disk before its row is written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, school_id: UUID, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(school_id, sha256)
        if path.exists():
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f".{sha256}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(path)
        finally:
            scratch.unlink(missing_ok=True)
        return sha256

    def get(self, school_id: UUID, sha256: str) -> bytes:
        try:
            return self._path(school_id, sha256).read_bytes()
        except FileNotFoundError as error:
            raise NotFoundError("The picture is no longer there. Add it again.") from error

    def remove(self, school_id: UUID, sha256: str) -> None:
        self._path(school_id, sha256).unlink(missing_ok=True)

    def _path(self, school_id: UUID, sha256: str) -> Path:
        return self._folder / str(school_id) / sha256[:2] / f"{sha256}.jpg"
