"""Every kind of file that a phone, a scanner or a prankster sends."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageFile

from consent.faces.image import MOST_BYTES, PictureError, from_image, open_upright, sanitise
from tests.support.pictures import as_file, portrait

ORIENTATION = 0x0112
SIZE = (120, 160)


def marked() -> Image.Image:
    """A picture whose top left corner is red and whose rest is blue."""
    image = Image.new("RGB", SIZE, "blue")
    image.paste("red", (0, 0, 60, 60))
    return image


def is_like(pixel, wanted, slack=40):
    return all(abs(int(have) - want) <= slack for have, want in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize(
    ("file_format", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("AVIF", {}),
        ("HEIF", {}),
    ],
)
def test_usual_formats_are_read(file_format, options):
    opened = open_upright(as_file(marked(), file_format, **options))

    assert opened.mode == "RGB"
    assert opened.size == SIZE
    assert is_like(opened.getpixel((10, 10)), (255, 0, 0))


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [
        (1, SIZE, (10, 10)),
        (3, SIZE, (110, 150)),
        (6, SIZE[::-1], (150, 10)),
        (8, SIZE[::-1], (10, 110)),
        (2, SIZE, (110, 10)),
    ],
)
@pytest.mark.parametrize("file_format", ["JPEG", "WEBP", "PNG"])
def test_orientation_of_the_phone_is_obeyed(file_format, orientation, size, corner):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation

    opened = open_upright(as_file(marked(), file_format, exif=exif))

    assert opened.size == size
    assert is_like(opened.getpixel(corner), (255, 0, 0))


def test_sideways_heic_of_an_iphone_is_turned_once():
    exif = Image.Exif()
    exif[ORIENTATION] = 6

    opened = open_upright(as_file(marked(), "HEIF", exif=exif.tobytes()))

    assert opened.size == SIZE[::-1]
    assert is_like(opened.getpixel((150, 10)), (255, 0, 0))


def test_transparent_parts_become_white():
    image = Image.new("RGBA", SIZE, (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 60, 60))

    opened = open_upright(as_file(image, "PNG"))

    assert opened.getpixel((100, 100)) == (255, 255, 255)
    assert opened.getpixel((10, 10)) == (0, 0, 255)


def test_palette_with_transparency_becomes_white():
    image = marked().convert("P", palette=Image.Palette.ADAPTIVE, colors=4)
    transparent = image.getpixel((100, 100))

    opened = open_upright(as_file(image, "PNG", transparency=transparent))

    assert opened.getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "CMYK", "1"])
def test_grey_printed_and_two_tone_pictures_become_rgb(mode):
    file_format = "PNG" if mode == "1" else "JPEG"

    opened = open_upright(as_file(marked().convert(mode), file_format))

    assert (opened.mode, opened.size) == ("RGB", SIZE)


def test_printers_colours_come_back():
    opened = open_upright(as_file(marked().convert("CMYK"), "JPEG"))

    assert is_like(opened.getpixel((10, 10)), (255, 0, 0))
    assert is_like(opened.getpixel((100, 100)), (0, 0, 255))


def test_deep_grey_of_a_scanner_keeps_its_shades():
    deep = np.linspace(0, 60000, SIZE[0] * SIZE[1]).reshape(SIZE[::-1]).astype(np.uint16)

    opened = np.asarray(open_upright(as_file(Image.fromarray(deep), "PNG")))

    assert opened[0, 0].max() < 5
    assert opened[-1, -1].min() > 250


@pytest.mark.parametrize("file_format", ["PNG", "WEBP"])
def test_moving_pictures_are_refused(file_format):
    frames = [marked(), Image.new("RGB", SIZE, "green")]

    with pytest.raises(PictureError) as refused:
        open_upright(as_file(frames[0], file_format, save_all=True, append_images=frames[1:], duration=100))

    assert refused.value.code == "animated"


def test_gif_is_refused():
    with pytest.raises(PictureError) as refused:
        open_upright(as_file(marked(), "GIF"))

    assert refused.value.code == "not-a-picture"


def test_double_picture_of_a_phone_gives_the_main_one():
    second = Image.new("RGB", SIZE, "green")

    opened = open_upright(as_file(marked(), "MPO", save_all=True, append_images=[second]))

    assert is_like(opened.getpixel((10, 10)), (255, 0, 0))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_picture_cut_short_is_refused(file_format, part):
    whole = as_file(portrait((300, 400)), file_format)

    with pytest.raises(PictureError) as refused:
        open_upright(whole[: int(len(whole) * part)])

    assert refused.value.code in ("damaged", "not-a-picture")


def test_picture_cut_short_is_refused_although_a_library_allows_it():
    whole = as_file(portrait((300, 400)), "JPEG")
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # as importing face_recognition does
    try:
        with pytest.raises(PictureError, match="cut short"):
            open_upright(whole[: len(whole) // 2])
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"Dear parents", "not-a-picture"),
        (b"\xff\xd8\xff", "not-a-picture"),
        (b"%PDF-1.7 photo.jpg", "not-a-picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "not-a-picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not-a-picture"),
        (b"\0" * (MOST_BYTES + 1), "too-many-bytes"),
    ],
)
def test_what_is_no_picture_is_refused(data, code):
    with pytest.raises(PictureError) as refused:
        open_upright(data)

    assert refused.value.code in (code, "damaged")
    assert refused.value.sentence.endswith(".")


def bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that claims to hold side × side pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(b"\0" * 100_000, 9)
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 30_000])
def test_huge_picture_is_refused_before_it_is_decoded(side):
    with pytest.raises(PictureError) as refused:
        open_upright(bomb(side))

    assert refused.value.code == "too-many-pixels"


def test_tiny_picture_is_refused():
    with pytest.raises(PictureError) as refused:
        open_upright(as_file(Image.new("RGB", (20, 400)), "PNG"))

    assert refused.value.code == "too-small"


def test_sanitised_picture_keeps_nothing_but_pixels():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010E] = "Amelia Hart, 4 Oak"
    exif.get_ifd(0x8825)[1] = "N"

    clean = sanitise(as_file(marked(), "JPEG", exif=exif, comment=b"secret"), longest_side=100)

    with Image.open(BytesIO(clean.jpeg)) as read:
        assert read.size == (clean.width, clean.height) == (100, 75)
        assert not read.getexif()
    assert b"Amelia" not in clean.jpeg
    assert b"secret" not in clean.jpeg


def test_same_file_gives_the_same_picture():
    data = as_file(portrait(), "JPEG")

    assert sanitise(data, longest_side=500) == sanitise(data, longest_side=500)


def test_picture_made_of_another_has_no_metadata():
    image = portrait((100, 100))
    image.info["comment"] = b"secret"

    assert b"secret" not in from_image(image).jpeg


def test_phone_photo_is_decoded_at_half_its_size_and_still_large_enough_to_publish():
    data = as_file(portrait((4032, 3024)), "JPEG")

    assert open_upright(data).size == (4032, 3024)
    assert (sanitise(data, longest_side=2048).width, sanitise(data, longest_side=1600).width) == (2016, 1600)


def test_half_sized_photo_cut_short_is_refused_too():
    data = as_file(portrait((4032, 3024)), "JPEG")

    with pytest.raises(PictureError, match="cut short"):
        sanitise(data[: len(data) * 2 // 3], longest_side=2048)


def as_zip(data: bytes) -> bytes:
    return data + b"PK\x03\x04<script>alert(1)</script>PK\x05\x06" + b"\0" * 18


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_second_file_that_hides_behind_a_photo_is_left_behind(file_format):
    clean = sanitise(as_zip(as_file(marked(), file_format)), longest_side=100)

    assert b"script" not in clean.jpeg
    assert b"PK\x03\x04" not in clean.jpeg


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a/*<script>alert(1)</script>*/=1;",
        b"<html>" + as_file(Image.new("RGB", (64, 64)), "JPEG"),
        b"%PDF-1.4\n" + as_file(Image.new("RGB", (64, 64)), "PNG"),
        as_file(Image.new("RGB", (64, 64)), "BMP"),
        as_file(Image.new("RGB", (64, 64)), "TIFF"),
        as_file(Image.new("L", (64, 64)), "GIF", save_all=True, append_images=[Image.new("L", (64, 64), 9)]),
    ],
    ids=["gif and script", "page before a photo", "document before a photo", "bitmap", "scan", "moving gif"],
)
def test_file_that_pretends_or_is_of_another_kind_is_refused_with_what_to_use(data):
    with pytest.raises(PictureError, match="Use JPEG, PNG, WebP, HEIC or AVIF") as refused:
        open_upright(data)

    assert refused.value.code == "not-a-picture"


@pytest.mark.parametrize("exif", [b"Exif\0\0broken", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0"])
def test_broken_notes_of_a_camera_do_no_harm(exif):
    assert open_upright(as_file(marked(), "JPEG", exif=exif)).size == SIZE


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_orientation_that_does_not_exist_is_no_orientation(orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation

    assert open_upright(as_file(marked(), "JPEG", exif=exif)).size == SIZE


@pytest.mark.parametrize(("mode", "file_format"), [("LA", "PNG"), ("P", "PNG"), ("L", "WEBP"), ("RGBA", "AVIF")])
def test_every_other_way_to_keep_colours_becomes_rgb(mode, file_format):
    opened = open_upright(as_file(marked().convert(mode), file_format))

    assert (opened.mode, opened.size) == ("RGB", SIZE)


def test_moving_avif_is_refused():
    with pytest.raises(PictureError) as refused:
        open_upright(as_file(marked(), "AVIF", save_all=True, append_images=[Image.new("RGB", SIZE, "green")]))

    assert refused.value.code == "animated"


def test_words_packed_to_burst_memory_are_refused():
    data = bomb(100)
    packed = b"Comment\0\0" + zlib.compress(b"\0" * 80_000_000, 9)
    chunk = struct.pack(">I", len(packed)) + b"zTXt" + packed + struct.pack(">I", zlib.crc32(b"zTXt" + packed))

    with pytest.raises(PictureError) as refused:
        open_upright(data[:33] + chunk + data[33:])

    assert refused.value.sentence.endswith(".")
