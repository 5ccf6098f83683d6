"""Keep the converted networks in a folder: made once, read by every process, made anew when damaged or outdated."""

import fcntl
import hashlib
import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from consent.faces.networks import sources
from consent.faces.networks.convert import NAMES, ConversionError, convert

log = logging.getLogger(__name__)
CONVERTER = 1
"""Raise it when the conversion changes: kept networks are then made anew."""
LIST = "checked.json"
NOTICE = "notice.txt"


def networks(folder: Path | None) -> dict[str, bytes]:
    """Return the networks by name, converting them if need be. Raises ConversionError.

    Without a folder, or with one that cannot be written to, they live in memory and are converted by each process.
    """
    if folder is None:
        return convert()
    try:
        with _alone(folder):
            made = _kept_or_made(folder)
            (folder / NOTICE).unlink(missing_ok=True)
    except ConversionError as error:
        _leave_notice(folder, str(error))
        raise
    except OSError:
        log.warning("The face networks cannot be kept in %s; they are converted in memory.", folder)
        return convert()
    return made


def notice(folder: Path) -> str | None:
    """Say in a sentence for the health page why pictures are searched with the slower, less thorough engine."""
    try:
        why = (folder / NOTICE).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return f"Faces are searched with the library's own detector, which is slower and finds fewer. {why}"


def _kept_or_made(folder: Path) -> dict[str, bytes]:
    home = folder / f"faces-{sources.digest(version=CONVERTER)}"
    kept = _read(home)
    if kept is not None:
        return kept
    log.warning("Converting the face networks, once; this takes a few seconds …")
    made = convert()
    _write(home, made)
    return made


def _read(home: Path) -> dict[str, bytes] | None:
    """Return what is kept if every file is what was written, otherwise None."""
    try:
        expected = json.loads((home / LIST).read_text(encoding="utf-8"))
        kept = {name: (home / f"{name}.onnx").read_bytes() for name in NAMES}
    except (OSError, ValueError):
        return None
    return kept if expected == _hashes(kept) else None


def _write(home: Path, made: dict[str, bytes]) -> None:
    """Write beside the final place, then rename: nobody ever reads half of it."""
    scratch = Path(mkdtemp(prefix=".faces-", dir=home.parent))
    try:
        for name, network in made.items():
            (scratch / f"{name}.onnx").write_bytes(network)
        (scratch / LIST).write_text(json.dumps(_hashes(made)), encoding="utf-8")
        scratch.chmod(0o755)
        shutil.rmtree(home, ignore_errors=True)  # a damaged one
        scratch.rename(home)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _hashes(networks: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(network).hexdigest() for name, network in networks.items()}


def _leave_notice(folder: Path, why: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NOTICE).write_text(why, encoding="utf-8")
    except OSError:
        log.warning("%s", why)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time into the folder, so that two that start together convert once."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
