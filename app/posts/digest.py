"""What exactly was checked and approved, as one number."""

import hashlib
import json

from app.posts.models import FaceAnswer, PostPhoto, Revision


def digest_of(revision: Revision) -> str:
    """Digest everything that would go out or that the approval rests on; who saved it when does not count."""
    told = {
        "caption": revision.caption,
        "link": revision.link,
        "networks": sorted(revision.networks),
        "scheduled_for": revision.scheduled_for.isoformat() if revision.scheduled_for else None,
        "classes": sorted(revision.classes),
        "extra_people": sorted(revision.extra_people),
        "photos": [_photo(photo) for photo in revision.photos],
    }
    if revision.away_from_school:  # left out otherwise, so that digests from before the question still hold
        told["away_until"] = revision.away_until.isoformat() if revision.away_until else None
    if revision.face_rule is not None:
        told["face_rule"] = revision.face_rule.value
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _photo(photo: PostPhoto) -> list[object]:
    return [
        photo.photo.sha256,
        photo.alt_text,
        photo.people_count,
        photo.all_faces_boxed,
        sorted(photo.compared_with),
        [_answer(answer) for answer in photo.answers],
        *([photo.confirmed_for] if photo.confirmed_for else []),
    ]


def _answer(answer: FaceAnswer) -> list[object]:
    box = [answer.left, answer.top, answer.right, answer.bottom]
    verdict = [answer.match_status.value, str(answer.match_person_id), answer.drawn_by_hand]
    return [answer.number, box, verdict, answer.disposition.value, str(answer.person_id), str(answer.signed_by)]
