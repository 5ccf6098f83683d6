"""Uploads to the X stand-in in pieces: begun, appended to, finished."""

from flask import request
from sqlalchemy import select

from app.sandbox import ids
from app.sandbox.answers import Answer
from app.sandbox.tables import XUpload, XUploadPiece
from app.sandbox.x.calls import XCall, operation
from app.sandbox.x.media import LIFE, MOST_BYTES, ensure_category, keep_media, shown_media, uploaded_bytes
from app.sandbox.x.problems import Problem


@operation("x.media.create", as_user=True)
def begin(call: XCall) -> Answer:
    body = call.body()
    ensure_category(str(body.get("media_category", "")))
    total = body.get("total_bytes")
    if not isinstance(total, int) or not 0 < total <= MOST_BYTES:
        raise Problem.invalid("$.total_bytes: must have a minimum value of 1 and fit the category")
    upload = XUpload(id=ids.snowflake(), owner_id=call.account.user_id, total_bytes=total)
    call.session.add(upload)
    life = int(LIFE.total_seconds())
    return Answer({"data": {"id": upload.id, "media_key": f"3_{upload.id}", "expires_after_secs": life}})


@operation("x.media.create", as_user=True)
def append(call: XCall, upload_id: str) -> Answer:
    upload = _own(call, upload_id)
    given = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    number = ids.whole_number(str(given.get("segment_index", "")) if isinstance(given, dict) else "", most=999)
    raw, _ = uploaded_bytes()
    if number is None or not raw or len(raw) > MOST_BYTES:
        raise Problem.invalid("$.segment_index: is missing but it is required")
    call.session.merge(XUploadPiece(upload_id=upload.id, number=number, raw=raw))
    return Answer({"data": {"expires_at": int(LIFE.total_seconds())}})


@operation("x.media.create", as_user=True)
def finish(call: XCall, upload_id: str) -> Answer:
    upload = _own(call, upload_id)
    pieces = select(XUploadPiece.raw).where(XUploadPiece.upload_id == upload.id).order_by(XUploadPiece.number)
    raw = b"".join(call.session.scalars(pieces))
    if len(raw) != upload.total_bytes:
        raise Problem.invalid("Segments do not add up to provided total file size.")
    media = keep_media(call, raw, upload.id)
    call.session.delete(upload)
    return Answer({"data": shown_media(media)})


def _own(call: XCall, upload_id: str) -> XUpload:
    upload = call.session.get(XUpload, upload_id)
    if upload is None or upload.owner_id != call.account.user_id:
        raise Problem.media_invalid(upload_id)
    return upload
