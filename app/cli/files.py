"""Files that a command is given: read whole, or refused in a sentence."""

from pathlib import Path

from app.core.errors import InvalidInputError, NotFoundError

MOST_BYTES = 200 * 1024 * 1024
"""Nothing that a command reads is larger; what each kind of file may have is asked further in."""


def read_file(path: Path) -> bytes:
    """Read a file. Raises AppError with what to do when it is missing, a folder, or may not be read."""
    try:
        if not path.exists():
            raise NotFoundError(f"There is no file {path}. Check the name and the folder.")
        if path.is_dir():
            raise InvalidInputError(f"{path} is a folder. Name the file itself.")
        if not path.is_file():
            raise InvalidInputError(f"{path} is not a file that can be read.")
        if path.stat().st_size > MOST_BYTES:
            raise InvalidInputError(f"{path} is larger than {MOST_BYTES // 1024 // 1024} MB.")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise InvalidInputError(f"{path} could not be read: {_reason(error)}. Check who may read it.") from error


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
