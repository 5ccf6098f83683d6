"""Uploads are really decoded: what is no picture is refused, as the networks do."""

import hashlib
import io
import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy.orm import Session

from app.sandbox.tables import Picture

_MIMES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp", "TIFF": "image/tiff"}
_MOST_PIXELS = 60_000_000
_PREVIEW_EDGE = 1280


class BadPictureError(Exception):
    """The bytes are no picture that the networks take."""


def keep_picture(session: Session, raw: bytes, folder: Path) -> Picture:
    """Decode the upload fully, write it and a preview for the wall, and remember its measures."""
    sha256 = hashlib.sha256(raw).hexdigest()
    known = session.get(Picture, sha256)
    if known is not None:
        return known
    image, mime = _decoded(raw)
    _write(folder / sha256, raw)
    _write(folder / f"{sha256}.preview", _preview(image))
    upright = ImageOps.exif_transpose(image)
    picture = Picture(sha256=sha256, mime=mime, width=upright.width, height=upright.height, size=len(raw))
    session.add(picture)
    session.flush()
    return picture


def _decoded(raw: bytes) -> tuple[Image.Image, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(raw))
            mime = _MIMES.get(image.format or "")
            if mime is None or image.width * image.height > _MOST_PIXELS:
                raise BadPictureError("this kind or size of picture is not taken")
            image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as error:
        raise BadPictureError("the bytes cannot be decoded") from error
    return image, mime


def _preview(image: Image.Image) -> bytes:
    small = ImageOps.exif_transpose(image).convert("RGB")
    small.thumbnail((_PREVIEW_EDGE, _PREVIEW_EDGE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=85)
    return out.getvalue()


def _write(path: Path, raw: bytes) -> None:
    scratch = path.with_suffix(f"{path.suffix}.part")
    scratch.write_bytes(raw)
    scratch.replace(path)
