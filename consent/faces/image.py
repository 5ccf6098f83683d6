"""Pictures from outside: opened with care, turned upright, stripped of everything but their pixels."""

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

pillow_heif.register_heif_opener()

Pixels = NDArray[np.uint8]
"""Height × width × 3, RGB, upright."""

MOST_BYTES = 30 * 1024 * 1024
MOST_PIXELS = 60_000_000
SMALLEST_SIDE = 32
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")  # a JPEG may turn out to be an MPO, which no file opens as
ENOUGH = 1600
"""Longest side in pixels with which every use of a picture is content: it is what is published. A large JPEG is decoded
at a half or a quarter of its size, which is quick, as long as that leaves so much."""
STILL = ("JPEG", "MPO", "HEIF")
"""Formats whose further frames are thumbnails or the other eye: the main picture is taken."""


class PictureError(ValueError):
    """A picture that cannot be used; the sentence says what to do instead. `code` is stable."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence

    def __reduce__(self) -> tuple[type["PictureError"], tuple[str, str]]:
        return PictureError, (self.code, self.sentence)  # it comes home from the child process with its sentence


@dataclass(frozen=True, slots=True)
class SanitisedPicture:
    """A picture of ours: upright JPEG in sRGB without any metadata."""

    jpeg: bytes
    width: int
    height: int
    sha256: str


def open_upright(data: bytes, *, longest_side: int | None = None) -> Image.Image:
    """Decode a picture to upright RGB. Raises PictureError for everything that is not one sound still picture.

    Whoever is going to reduce it says to which `longest_side`; what they get may already be about as small.
    """
    if not data:
        raise PictureError("empty", "The file is empty. Choose the photo again.")
    if len(data) > MOST_BYTES:
        raise PictureError("too-many-bytes", "The file is larger than 30 MB. Send a smaller copy.")
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # face_recognition switches this on for the whole process
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        warnings.filterwarnings("ignore", "Corrupt EXIF")  # broken notes of a camera; the pixels are sound
        try:
            with Image.open(BytesIO(data), formats=FORMATS) as opened:
                _ensure_sound(opened)
                if longest_side is not None:
                    share = min(longest_side, ENOUGH) / max(opened.size)
                    opened.draft(None, (round(opened.width * share), round(opened.height * share)))
                return _upright_rgb(opened)
        except PictureError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_large() from error
        except UnidentifiedImageError as error:
            sentence = "This is not a photo that we can read. Use JPEG, PNG, WebP, HEIC or AVIF."
            raise PictureError("not-a-picture", sentence) from error
        except (OSError, SyntaxError, ValueError, EOFError, IndexError, RuntimeError, MemoryError) as error:
            raise PictureError("damaged", "The photo is damaged or cut short. Take it from the phone again.") from error


def sanitise(data: bytes, *, longest_side: int) -> SanitisedPicture:
    """Return the picture re-encoded and, if need be, reduced. The same file always gives the same bytes."""
    image = open_upright(data, longest_side=longest_side)
    image.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    return from_image(image)


def from_image(image: Image.Image) -> SanitisedPicture:
    output = BytesIO()
    clean = Image.fromarray(np.asarray(image.convert("RGB")))  # a fresh image: no metadata can come along
    clean.save(output, "JPEG", quality=88, optimize=True, progressive=True)
    jpeg = output.getvalue()
    return SanitisedPicture(jpeg, image.width, image.height, hashlib.sha256(jpeg).hexdigest())


def pixels_of(image: Image.Image) -> Pixels:
    return np.asarray(image.convert("RGB"), dtype=np.uint8)


def _ensure_sound(opened: Image.Image) -> None:
    if opened.width * opened.height > MOST_PIXELS:
        raise _too_large()
    if min(opened.size) < SMALLEST_SIDE:
        raise PictureError("too-small", f"The picture is smaller than {SMALLEST_SIDE} pixels. Choose a real photo.")
    if opened.format not in STILL and getattr(opened, "n_frames", 1) > 1:
        raise PictureError("animated", "Moving pictures are not supported. Send a still photo.")


def _upright_rgb(opened: Image.Image) -> Image.Image:
    opened.load()
    upright = ImageOps.exif_transpose(opened)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layered = upright.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    if upright.mode.startswith("I") or upright.mode == "F":
        deep = np.asarray(upright, dtype=np.float64)
        scale = 255.0 / (deep.max() or 1.0)
        return Image.fromarray((deep * scale).astype(np.uint8)).convert("RGB")
    return upright.convert("RGB")


def _too_large() -> PictureError:
    return PictureError("too-many-pixels", "The picture has more than 60 million pixels. Send a smaller copy.")
