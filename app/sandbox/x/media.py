"""Media of the X stand-in: an image in one request, then its alt text."""

import base64
import binascii
from datetime import timedelta

from flask import request

from app.sandbox import clock, ids
from app.sandbox.answers import Answer, Json
from app.sandbox.pictures import BadPictureError, keep_picture
from app.sandbox.tables import XMedia
from app.sandbox.x.calls import XCall, operation
from app.sandbox.x.problems import Problem, not_found
from app.sandbox.x.shapes import media_key

MOST_BYTES = 5 * 1024 * 1024
LIFE = timedelta(days=1)
_MOST_ALT_TEXT = 1000
_CATEGORIES = {"tweet_image", "tweet_gif", "dm_image"}


@operation("x.media.create", as_user=True)
def upload(call: XCall) -> Answer:
    raw, category = uploaded_bytes()
    ensure_category(category)
    return Answer({"data": shown_media(keep_media(call, raw, ids.snowflake()))})


def keep_media(call: XCall, raw: bytes, media_id: str) -> XMedia:
    """Decode the image and give it a day to be posted."""
    if not raw or len(raw) > MOST_BYTES:
        raise Problem.invalid("File size exceeds 5242880 bytes." if raw else "media: is missing but it is required")
    try:
        picture = keep_picture(call.session, raw, call.store.pictures)
    except BadPictureError as error:
        raise Problem.invalid("media type unrecognized.") from error
    media = XMedia(
        id=media_id,
        owner_id=call.account.user_id,
        picture=picture,
        alt_text="",
        expires_at=clock.now() + LIFE,
    )
    call.session.add(media)
    call.session.flush()
    return media


def ensure_category(category: str) -> None:
    if category not in _CATEGORIES:
        raise Problem.invalid(f"$.media_category: does not have a value in the enumeration {sorted(_CATEGORIES)}")


@operation("x.media.read", as_user=True)
def read_status(call: XCall) -> Answer:
    """Answer `command=STATUS`: an image is ready at once."""
    media = _own(call, request.args.get("media_id", ""))
    return Answer({"data": {**shown_media(media), "processing_info": {"state": "succeeded", "progress_percent": 100}}})


@operation("x.metadata.create", as_user=True)
def describe(call: XCall) -> Answer:
    body = call.body()
    metadata = body.get("metadata")
    alt_text = metadata.get("alt_text") if isinstance(metadata, dict) else None
    text = alt_text.get("text") if isinstance(alt_text, dict) else None
    if not isinstance(text, str):
        raise Problem.invalid("$.metadata.alt_text.text: is missing but it is required")
    if len(text) > _MOST_ALT_TEXT:
        raise Problem.invalid("$.metadata.alt_text.text: must be at most 1000 characters long")
    media = _own(call, str(body.get("id", "")))
    media.alt_text = text
    return Answer({"data": {"id": media.id, "associated_metadata": {"alt_text": {"text": text}}}})


@operation("x.media.read")
def read_media(call: XCall, key: str) -> Answer:
    media = call.session.get(XMedia, key.removeprefix("3_"))
    if media is None:
        return Answer({"errors": [not_found(key, "media", "media_key")]})
    return Answer({"data": call.view.media(media)})


@operation("x.media.read")
def read_several_media(call: XCall) -> Answer:
    keys = [key for key in request.args.get("media_keys", "").split(",") if key]
    found = {key: call.session.get(XMedia, key.removeprefix("3_")) for key in keys}
    shown = [call.view.media(media) for media in found.values() if media]
    missing = [not_found(key, "media", "media_keys") for key, media in found.items() if not media]
    return Answer(({"data": shown} if shown else {}) | ({"errors": missing} if missing else {}))


def _own(call: XCall, media_id: str) -> XMedia:
    media = call.session.get(XMedia, media_id)
    if media is None or media.owner_id != call.account.user_id or media.expires_at <= clock.now():
        raise Problem.media_invalid(media_id)
    return media


def uploaded_bytes() -> tuple[bytes, str]:
    """Read the bytes from a multipart form, or base64 from a JSON body."""
    file = request.files.get("media")
    if file is not None:
        return file.stream.read(), request.form.get("media_category", "")
    read = request.get_json(silent=True)
    given = read if isinstance(read, dict) else request.form
    encoded = given.get("media") or given.get("media_data") or ""
    try:
        return base64.b64decode(str(encoded), validate=True), str(given.get("media_category", ""))
    except binascii.Error:
        return b"", str(given.get("media_category", ""))


def shown_media(media: XMedia) -> Json:
    left = int((media.expires_at - clock.now()).total_seconds() + 0.5)
    measures: Json = {"w": media.picture.width, "h": media.picture.height, "image_type": media.picture.mime}
    return {
        "id": media.id,
        "media_key": media_key(media),
        "size": media.picture.size,
        "expires_after_secs": left,
        "image": measures,
    }
