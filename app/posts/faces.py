"""Answers for the faces of a picture: who it is, or why it needs no name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.posts.check_requests import request_check
from app.posts.checks import scans_of
from app.posts.drafting import (
    AnswerDraft,
    Draft,
    PhotoDraft,
    draft_of,
    editable_post,
    latest_revision,
    save_revision,
    with_photo,
)
from app.posts.locking import locked_post
from app.posts.models import FaceAnswer, PhotoScan, Post, PostPhoto, Revision
from app.posts.renditions import box_of
from app.posts.scope import Scope, scope_of
from app.posts.sightings import answer_holds, confirmation_of, sightings_of
from app.posts.submission import SHORTEST_REASON
from app.posts.telling import looked_again
from app.schools.models import School
from consent.model import Box, Disposition, MatchStatus, Sighting
from consent.recognisability import Strictness

OFFERED = (
    Disposition.PUPIL,
    Disposition.ADULT,
    Disposition.OBSCURED,
    Disposition.NOT_RECOGNISABLE,
    Disposition.NOT_A_FACE,
    Disposition.ROLL_CALL,
)
SMALLEST_BOX = 8


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    disposition: Disposition
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class FacesGiven:
    """What the author said about one picture in one go."""

    answers: Mapping[int, GivenAnswer]
    drawn: Sequence[tuple[Box, GivenAnswer]] = ()
    all_faces_boxed: bool = False
    people_count: int | None = None
    """How many people can be recognised. Without it a photo is not confirmed."""
    alt_text: str | None = None
    """None leaves it as it is."""


def faces_of(session: Session, revision: Revision, photo: PostPhoto) -> tuple[Sighting, ...]:
    """Return the faces of a picture with the answers that still hold; empty while it has not been scanned."""
    scope = _scope(session, revision)
    scan = scans_of(session, revision, scope).get(photo.photo_id)
    return sightings_of(photo, scan, protected=scope.protected, gone=False)


def _scope(session: Session, revision: Revision) -> Scope:
    school = session.get_one(School, revision.school_id)
    return scope_of(session, revision, school.settings, on=clock.today())


def answer_faces(
    session: Session,
    post_id: UUID,
    given: Mapping[UUID, FacesGiven],
    *,
    face_rule: Strictness | None = None,
    actor: Actor,
    based_on: UUID | None = None,
    seen: str | None = None,
) -> Revision:
    """Write the author's answers for some photos as one new revision. Faces that are not mentioned stay unanswered.

    `based_on` is the revision that the author saw, `seen` the scope: answers to what is overtaken are refused.
    """
    post = editable_post(session, post_id, actor=actor)
    revision = latest_revision(session, post)
    if based_on not in (None, revision.id):
        raise WrongStateError("This post was saved again meanwhile. Reload the page and answer there.")
    draft, scope = replace(draft_of(revision), face_rule=face_rule), _scope(session, revision)
    if seen not in (None, scope.digest):
        raise WrongStateError("The register changed since you opened this page. Look at the photos again, then answer.")
    scans = scans_of(session, revision, scope)
    for photo_id, told in given.items():
        draft = with_photo(draft, _answered(_photo(revision, photo_id), scans.get(photo_id), told, draft, scope))
    return save_revision(session, post, revision, draft, editor_id=post.author_id, actor=actor)


def remove_photo(session: Session, post_id: UUID, photo_id: UUID, *, actor: Actor) -> Revision:
    """Take a photo out of a post: the check of the earlier revision is overtaken, and looks at it no more."""
    post = editable_post(session, post_id, actor=actor)
    revision = latest_revision(session, post)
    _photo(revision, photo_id)
    draft = draft_of(revision)
    fewer = replace(draft, photos=tuple(photo for photo in draft.photos if photo.photo_id != photo_id))
    return save_revision(session, post, revision, fewer, editor_id=post.author_id, actor=actor)


def _answered(photo: PostPhoto, scan: PhotoScan | None, told: FacesGiven, draft: Draft, scope: Scope) -> PhotoDraft:
    before = next(item for item in draft.photos if item.photo_id == photo.photo_id)
    answers = _answers(photo, sightings_of(photo, scan, protected=scope.protected, gone=False), told)
    drawn = [answer.box for answer in answers if answer.drawn_by_hand]
    is_confirmed = told.all_faces_boxed and scan is not None and told.people_count is not None
    return replace(
        before,
        alt_text=before.alt_text if told.alt_text is None else told.alt_text,
        all_faces_boxed=is_confirmed,
        people_count=told.people_count if is_confirmed else None,
        confirmed_for=confirmation_of(photo.photo.sha256, scan, drawn, scope.digest) if scan and is_confirmed else None,
        compared_with=_compared_with(photo, scope.protected),
        answers=answers,
    )


def sign_not_protected(
    session: Session,
    post_id: UUID,
    photo_id: UUID,
    number: int,
    *,
    reason: str,
    actor: Actor,
    based_on: UUID | None = None,
    likeness: UUID | None = None,
) -> Revision:
    """A second person, not the author, signs that a face is not the protected pupil it resembles.

    `based_on` is the revision that they saw, `likeness` the pupil whom they signed about.
    """
    actor.ensure(Permission.POST_SIGN_NOT_PROTECTED)
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInputError("Say in a sentence how you know that it is somebody else. It stays in the record.")
    post = _post_to_sign(session, post_id, actor)
    revision = latest_revision(session, post)
    if based_on not in (None, revision.id):
        raise WrongStateError("This post was saved again meanwhile. Look at the face again, then sign.")
    before = next((item for item in draft_of(revision).photos if item.photo_id == photo_id), None)
    if before is None:
        raise NotFoundError
    _ensure_still_alike(faces_of(session, revision, _photo(revision, photo_id)), number, likeness)
    changed = replace(before, answers=_signed(before, number, reason.strip(), actor))
    record(
        session,
        "face:signed-not-protected",
        actor=actor,
        subject_type="post",
        subject_id=post.id,
        details={"photo": str(photo_id), "face": number, "reason": reason.strip()},
    )
    looked_again(session, post)
    return _sign_revision(session, post, revision, changed, actor=actor)


def _post_to_sign(session: Session, post_id: UUID, actor: Actor) -> Post:
    post = locked_post(session, post_id)
    if post is None:
        raise NotFoundError
    if actor.user_id in (None, post.author_id):
        raise NotPermittedError("You wrote this post, so somebody else must sign.")
    if not post.state.is_editable:
        raise NotPermittedError("This post is not being written now. Return it to its author first.")
    return post


def _ensure_still_alike(faces: Sequence[Sighting], number: int, likeness: UUID | None) -> None:
    """Only a face that resembles that pupil now, and whose answer still holds, can be signed for."""
    face = next((face for face in faces if face.number == number), None)
    if face is None or face.status is not MatchStatus.PROTECTED or likeness not in (None, _likeness_of(face)):
        raise WrongStateError("This face is not compared with that pupil any more. Look at the photo again.")
    if face.answer is None:
        raise InvalidInputError("The author has not answered for this face yet, so there is nothing to sign.")


def _likeness_of(face: Sighting) -> UUID | None:
    return UUID(face.person_id) if face.person_id else None


def _sign_revision(session: Session, post: Post, revision: Revision, changed: PhotoDraft, *, actor: Actor) -> Revision:
    author = Actor(actor.school_id, actor.name, actor.permissions | {Permission.POST_DRAFT}, actor.user_id)
    draft = with_photo(draft_of(revision), changed)
    saved = save_revision(session, post, revision, draft, editor_id=revision.edited_by, actor=author)
    request_check(session, post, saved, for_submission=False)
    return saved


def _signed(photo: PhotoDraft, number: int, reason: str, actor: Actor) -> tuple[AnswerDraft, ...]:
    return tuple(
        replace(answer, signed_by=actor.user_id, signed_reason=reason) if answer.number == number else answer
        for answer in photo.answers
    )


def _answers(photo: PostPhoto, sightings: Sequence[Sighting], given: FacesGiven) -> tuple[AnswerDraft, ...]:
    earlier = {answer.number: answer for answer in photo.answers}
    answers = [
        _answer(sighting, given.answers[sighting.number], earlier.get(sighting.number))
        for sighting in sightings
        if sighting.number in given.answers
    ]
    number = max([sighting.number for sighting in sightings if not sighting.drawn_by_hand], default=0)
    for box, answer in given.drawn:
        number += 1
        drawn = Sighting(number=number, box=_inside(box, photo), drawn_by_hand=True)
        answers.append(_answer(drawn, answer, _same_box(photo, drawn.box)))
    _ensure_nobody_twice(answers)
    return tuple(answers)


def _same_box(photo: PostPhoto, box: Box) -> FaceAnswer | None:
    return next((answer for answer in photo.answers if answer.drawn_by_hand and box_of(answer) == box), None)


def _ensure_nobody_twice(answers: Sequence[AnswerDraft]) -> None:
    """One pupil is in a photo once. Adults may be: on a poster behind themselves."""
    pupils: dict[UUID, int] = {}
    for answer in answers:
        if answer.disposition is Disposition.PUPIL and answer.person_id is not None:
            first = pupils.setdefault(answer.person_id, answer.number)
            if first != answer.number:
                raise InvalidInputError(
                    f"Faces {first} and {answer.number} of one photo cannot be the same pupil. Correct one of them."
                )


def _answer(sighting: Sighting, given: GivenAnswer, earlier: FaceAnswer | None) -> AnswerDraft:
    if given.disposition not in OFFERED:
        raise InvalidInputError("Choose one of the answers that are offered for this face.")
    named = given.disposition in (Disposition.PUPIL, Disposition.ADULT)
    if named and given.person_id is None:
        raise InvalidInputError(f"Choose who face {sighting.number} is.")
    person_id = given.person_id if named else None
    same = (
        earlier is not None
        and (earlier.disposition, earlier.person_id) == (given.disposition, person_id)
        and answer_holds(sighting, earlier)
    )
    return AnswerDraft(
        number=sighting.number,
        box=sighting.box,
        match_status=sighting.status if not sighting.drawn_by_hand else MatchStatus.UNKNOWN,
        match_person_id=_likeness_of(sighting),
        disposition=given.disposition,
        person_id=person_id,
        drawn_by_hand=sighting.drawn_by_hand,
        answered_by=earlier.answered_by if same and earlier else None,
        answered_at=earlier.answered_at if same and earlier else None,
        signed_by=earlier.signed_by if same and earlier else None,
        signed_reason=earlier.signed_reason if same and earlier else None,
    )


def _compared_with(photo: PostPhoto, protected: Collection[UUID]) -> tuple[str, ...]:
    """Return with whom the author compares the faces; a list that still covers everybody is left as it is."""
    now = {str(person_id) for person_id in protected}
    earlier = tuple(photo.compared_with)
    return earlier if earlier and now <= set(earlier) else tuple(sorted(now))


def _inside(box: Box, photo: PostPhoto) -> Box:
    left, right = sorted((max(0, box.left), min(photo.photo.width, box.right)))
    top, bottom = sorted((max(0, box.top), min(photo.photo.height, box.bottom)))
    if right - left < SMALLEST_BOX or bottom - top < SMALLEST_BOX:
        raise InvalidInputError("That box is too small or outside the photo. Draw it around the whole face.")
    return Box(left, top, right, bottom)


def _photo(revision: Revision, photo_id: UUID) -> PostPhoto:
    photo = next((photo for photo in revision.photos if photo.photo_id == photo_id), None)
    if photo is None:
        raise NotFoundError("That photo is no longer in the post.")
    return photo
