"""The project's own made-up pictures, and files made of them."""

from io import BytesIO
from pathlib import Path

from PIL import Image

PICTURES = Path(__file__).parents[2] / "app" / "demo" / "pictures"
PORTRAIT = PICTURES / "portraits" / "P05_front.jpg"


def portrait(size: tuple[int, int] | None = None) -> Image.Image:
    with Image.open(PORTRAIT) as file:
        image = file.convert("RGB")
    return image.resize(size) if size else image


def as_file(image: Image.Image, file_format: str, **options: object) -> bytes:
    output = BytesIO()
    image.save(output, file_format, **options)
    return output.getvalue()
