"""Join what the engine saw in a picture with what people answered for it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from app.posts.models import FaceAnswer, PhotoScan, PostPhoto
from app.posts.renditions import box_of
from consent.model import Answer, Box, Disposition, MatchStatus, Sighting


def sightings_of(
    photo: PostPhoto, scan: PhotoScan | None, *, protected: Collection[UUID], gone: bool
) -> tuple[Sighting, ...]:
    """Return every face of a picture: seen by the engine or drawn by hand, each with its answer if it still holds.

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
    return tuple(seen + drawn)


def roll_call_stands(photo: PostPhoto, protected: Collection[UUID]) -> bool:
    """Tell whether the author compared the faces with everybody who may not be shown now, if they did at all."""
    called = any(answer.disposition is Disposition.ROLL_CALL for answer in photo.answers)
    return not called or {str(person_id) for person_id in protected} <= set(photo.compared_with)


def face_from(kept: dict[str, Any]) -> Sighting:
    """Read a sighting as `PhotoScan.faces` keeps it."""
    return Sighting(
        number=kept["number"],
        box=Box(*kept["box"]),
        status=MatchStatus(kept["status"]),
        person_id=kept["person_id"],
        distance=kept["distance"],
        margin=kept["margin"],
    )


def kept_face(sighting: Sighting) -> dict[str, Any]:
    return {
        "number": sighting.number,
        "box": list(sighting.box),
        "status": sighting.status.value,
        "person_id": sighting.person_id,
        "distance": sighting.distance,
        "margin": sighting.margin,
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
    return Sighting(
        number=sighting.number,
        box=sighting.box,
        status=sighting.status,
        person_id=sighting.person_id,
        distance=sighting.distance,
        margin=sighting.margin,
        drawn_by_hand=sighting.drawn_by_hand,
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
