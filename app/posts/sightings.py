"""Join what the engine saw in a picture with what people answered for it."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from app.posts.models import FaceAnswer, PhotoScan, PostPhoto
from app.posts.renditions import box_of
from consent.model import Answer, Box, Disposition, MatchStatus, Quality, Sighting


def sightings_of(
    photo: PostPhoto, scan: PhotoScan | None, *, protected: Collection[UUID], gone: bool
) -> tuple[Sighting, ...]:
    """Return every face of a photo: seen by the engine or drawn by hand, each with its answer if it still holds.

    An answer holds for the same box and the same verdict of the matching; anything else voids it. A roll call holds
    as long as nobody joins those who may not be shown: the author compared the faces with them and nobody else.
    """
    stands = roll_call_stands(photo, protected)
    answers = {
        answer.number: answer for answer in photo.answers if stands or answer.disposition is not Disposition.ROLL_CALL
    }
    seen = [
        _with_answer(face_from(face), answers.get(face["number"]), gone=gone) for face in (scan.faces if scan else ())
    ]
    drawn = [_drawn(answer, answers.get(answer.number), gone=gone) for answer in photo.answers if answer.drawn_by_hand]
    return tuple(seen + _numbered_after(seen, drawn))


def _numbered_after(seen: Sequence[Sighting], drawn: Sequence[Sighting]) -> list[Sighting]:
    """A later scan may see more faces than before: what was drawn by hand makes room for their numbers."""
    first = max((face.number for face in seen), default=0) + 1
    if all(face.number >= first for face in drawn):
        return list(drawn)
    return [replace(face, number=number) for number, face in enumerate(drawn, start=first)]


def roll_call_stands(photo: PostPhoto, protected: Collection[UUID]) -> bool:
    """Tell whether the author compared the faces with everybody who may not be shown now, if they did at all."""
    called = any(answer.disposition is Disposition.ROLL_CALL for answer in photo.answers)
    return not called or {str(person_id) for person_id in protected} <= set(photo.compared_with)


def is_confirmed(photo: PostPhoto, scan: PhotoScan | None, scope_digest: str) -> bool:
    """Tell whether the author looked at this photo with these boxes, against this register, and counted."""
    if scan is None or not photo.all_faces_boxed or photo.people_count is None:
        return False
    drawn = [box_of(answer) for answer in photo.answers if answer.drawn_by_hand]
    return photo.confirmed_for == confirmation_of(photo.photo.sha256, scan, drawn, scope_digest)


def confirmation_of(sha256: str, scan: PhotoScan, drawn: Iterable[Box], scope_digest: str) -> str:
    """Name what somebody looks at who confirms a photo: another photo, box, register or gallery is another thing."""
    boxes = sorted([tuple(face["box"]) for face in scan.faces] + [tuple(box) for box in drawn])
    return hashlib.sha256(json.dumps([sha256, boxes, scope_digest]).encode()).hexdigest()


def face_from(kept: dict[str, Any]) -> Sighting:
    """Read a sighting as `PhotoScan.faces` keeps it."""
    return Sighting(
        number=kept["number"],
        box=Box(*kept["box"]),
        status=MatchStatus(kept["status"]),
        person_id=kept["person_id"],
        distance=kept["distance"],
        margin=kept["margin"],
        quality=Quality(**kept["quality"]) if kept.get("quality") else None,
    )


def kept_face(sighting: Sighting) -> dict[str, Any]:
    return {
        "number": sighting.number,
        "box": list(sighting.box),
        "status": sighting.status.value,
        "person_id": sighting.person_id,
        "distance": sighting.distance,
        "margin": sighting.margin,
        "quality": asdict(sighting.quality) if sighting.quality else None,
    }


def answer_holds(sighting: Sighting, answer: FaceAnswer) -> bool:
    same_person = (str(answer.match_person_id) if answer.match_person_id else None) == sighting.person_id
    return box_of(answer) == sighting.box and answer.match_status is sighting.status and same_person


def _with_answer(sighting: Sighting, answer: FaceAnswer | None, *, gone: bool) -> Sighting:
    if answer is None or answer.drawn_by_hand or not answer_holds(sighting, answer):
        return sighting
    return _answered(sighting, answer, gone=gone)


def _drawn(drawn: FaceAnswer, answer: FaceAnswer | None, *, gone: bool) -> Sighting:
    sighting = Sighting(number=drawn.number, box=box_of(drawn), drawn_by_hand=True)
    return sighting if answer is None else _answered(sighting, answer, gone=gone)


def _answered(sighting: Sighting, answer: FaceAnswer, *, gone: bool) -> Sighting:
    return replace(
        sighting,
        answer=Answer(
            disposition=answer.disposition,
            person_id=_text(answer.person_id),
            answered_by=str(answer.answered_by),
            second_signature_by=_text(answer.signed_by),
        ),
        obscured_and_gone=gone and answer.disposition is Disposition.OBSCURED,
    )


def _text(person_id: UUID | None) -> str | None:
    return None if person_id is None else str(person_id)
