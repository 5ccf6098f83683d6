"""Write posts: every save that changes something is a new revision, checked anew; an identical save is none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.media.models import Photo
from app.platforms.base import Network
from app.posts.check_requests import request_check
from app.posts.digest import digest_of
from app.posts.locking import locked_post
from app.posts.models import FaceAnswer, Post, PostPhoto, PostState, Revision
from app.posts.workflow import PostAction, workflow
from consent.model import Box, Disposition, MatchStatus
from consent.recognisability import Strictness

MOST_CHARACTERS = 60_000


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """One face's answer as it will be written; `answered_by` is None for one that is given now."""

    number: int
    box: Box
    match_status: MatchStatus
    match_person_id: UUID | None
    disposition: Disposition
    person_id: UUID | None = None
    drawn_by_hand: bool = False
    answered_by: UUID | None = None
    answered_at: datetime | None = None
    signed_by: UUID | None = None
    signed_reason: str | None = None


@dataclass(frozen=True, slots=True)
class PhotoDraft:
    photo_id: UUID
    alt_text: str = ""
    people_count: int | None = None
    all_faces_boxed: bool = False
    confirmed_for: str | None = None
    compared_with: tuple[str, ...] = ()
    answers: tuple[AnswerDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A post as its author wants it, before it becomes a revision."""

    caption: str
    networks: tuple[Network, ...]
    link: str | None = None
    scheduled_for: datetime | None = None
    classes: tuple[str, ...] = ()
    extra_people: tuple[UUID, ...] = ()
    photos: tuple[PhotoDraft, ...] = field(default_factory=tuple)
    away_from_school: bool = False
    away_until: datetime | None = None
    """When the activity away from school ends: the post waits until then."""
    face_rule: Strictness | None = None


def create_post(session: Session, draft: Draft, *, actor: Actor) -> Post:
    """Start a post with its first revision."""
    actor.ensure(Permission.POST_DRAFT)
    author_id = _person(actor)
    now = clock.now()
    post = Post(id=uuid4(), state=PostState.DRAFT, author_id=author_id, created_at=now, updated_at=now, latest_number=0)
    session.add(post)
    session.flush()
    record(session, "post:created", actor=actor, subject_type="post", subject_id=post.id)
    _add_revision(session, post, draft, editor_id=author_id)
    return post


def save_draft(session: Session, post_id: UUID, draft: Draft, *, based_on: UUID, actor: Actor) -> Revision:
    """Save an edit. `based_on` is the revision the editor saw: an overtaken edit is refused, not merged silently."""
    post = editable_post(session, post_id, actor=actor)
    latest = latest_revision(session, post)
    if latest.id != based_on:
        raise WrongStateError("Somebody saved this post meanwhile. Your words are below: compare and save again.")
    return save_revision(session, post, latest, draft, editor_id=_person(actor), actor=actor)


def save_revision(
    session: Session, post: Post, latest: Revision, draft: Draft, *, editor_id: UUID, actor: Actor
) -> Revision:
    """Write the next revision unless nothing changed."""
    fresh = _build(session, post, draft, editor_id=editor_id)
    if digest_of(fresh) == digest_of(latest):
        return latest
    if post.state is not PostState.DRAFT:
        workflow.advance(session, post, PostAction.EDIT, actor=actor)
        post.state_reason = None
    _keep(session, post, fresh)
    record(
        session,
        "post:revised",
        actor=actor,
        subject_type="post",
        subject_id=post.id,
        details={"revision": fresh.number, "digest": digest_of(fresh)},
    )
    return fresh


def latest_revision(session: Session, post: Post) -> Revision:
    query = sa.select(Revision).where(Revision.post_id == post.id, Revision.number == post.latest_number)
    return session.scalars(query).one()


def draft_of(revision: Revision) -> Draft:
    """Read a revision back as a draft, to change a part of it."""
    return Draft(
        caption=revision.caption,
        networks=tuple(Network(network) for network in revision.networks),
        link=revision.link,
        scheduled_for=revision.scheduled_for,
        classes=tuple(revision.classes),
        extra_people=tuple(UUID(person) for person in revision.extra_people),
        photos=tuple(_photo_draft(photo) for photo in revision.photos),
        away_from_school=revision.away_from_school,
        away_until=revision.away_until,
        face_rule=revision.face_rule,
    )


def with_photo(draft: Draft, changed: PhotoDraft) -> Draft:
    photos = tuple(changed if photo.photo_id == changed.photo_id else photo for photo in draft.photos)
    return replace(draft, photos=photos)


def editable_post(session: Session, post_id: UUID, *, actor: Actor) -> Post:
    """Return the post locked for an edit by its author, or say why not."""
    return _editable(locked_post(session, post_id), actor)


def post_to_edit(session: Session, post_id: UUID, *, actor: Actor) -> Post:
    """Return the post for the page on which its author will edit it; saving asks again."""
    return _editable(session.get(Post, post_id), actor)


def _editable(post: Post | None, actor: Actor) -> Post:
    actor.ensure(Permission.POST_DRAFT)
    if post is None:
        raise NotFoundError
    if post.author_id != actor.user_id:
        raise NotPermittedError("Only its author can change a post. Return it with a reason instead.")
    if not post.state.is_editable:
        raise WrongStateError("This post can no longer be changed. Take it back first, if it has not gone out.")
    return post


def _add_revision(session: Session, post: Post, draft: Draft, *, editor_id: UUID) -> Revision:
    revision = _build(session, post, draft, editor_id=editor_id)
    _keep(session, post, revision)
    return revision


def _keep(session: Session, post: Post, revision: Revision) -> None:
    session.add(revision)
    post.latest_number, post.updated_at = revision.number, clock.now()
    session.flush()
    request_check(session, post, revision, for_submission=False)


def _build(session: Session, post: Post, draft: Draft, *, editor_id: UUID) -> Revision:
    _ensure_sensible(draft)
    now = clock.now()
    photos = _photos_of(session, [photo.photo_id for photo in draft.photos])
    return Revision(
        id=uuid4(),
        school_id=post.school_id,
        post_id=post.id,
        number=post.latest_number + 1,
        caption=draft.caption.replace("\r\n", "\n").strip(),
        link=draft.link or None,
        networks=sorted({network.value for network in draft.networks}),
        scheduled_for=draft.scheduled_for,
        classes=sorted(set(draft.classes)),
        extra_people=sorted({str(person) for person in draft.extra_people}),
        away_from_school=draft.away_from_school,
        away_until=draft.away_until if draft.away_from_school else None,
        face_rule=draft.face_rule,
        edited_by=editor_id,
        created_at=now,
        photos=[
            _build_photo(post, photo, photos[photo.photo_id], position, editor_id, now)
            for position, photo in enumerate(draft.photos)
        ],
    )


def _build_photo(
    post: Post, draft: PhotoDraft, photo: Photo, position: int, editor_id: UUID, now: datetime
) -> PostPhoto:
    answers = [
        FaceAnswer(
            id=uuid4(),
            school_id=post.school_id,
            number=answer.number,
            left=answer.box.left,
            top=answer.box.top,
            right=answer.box.right,
            bottom=answer.box.bottom,
            drawn_by_hand=answer.drawn_by_hand,
            match_status=answer.match_status,
            match_person_id=answer.match_person_id,
            disposition=answer.disposition,
            person_id=answer.person_id,
            answered_by=answer.answered_by or editor_id,
            answered_at=answer.answered_at or now,
            signed_by=answer.signed_by,
            signed_reason=answer.signed_reason,
        )
        for answer in draft.answers
    ]
    return PostPhoto(
        id=uuid4(),
        school_id=post.school_id,
        position=position,
        photo_id=photo.id,
        photo=photo,
        alt_text=" ".join(draft.alt_text.split()),
        people_count=draft.people_count,
        all_faces_boxed=draft.all_faces_boxed,
        confirmed_for=draft.confirmed_for,
        compared_with=sorted(draft.compared_with),
        answers=answers,
    )


def _photo_draft(photo: PostPhoto) -> PhotoDraft:
    answers = tuple(
        AnswerDraft(
            number=answer.number,
            box=Box(answer.left, answer.top, answer.right, answer.bottom),
            match_status=answer.match_status,
            match_person_id=answer.match_person_id,
            disposition=answer.disposition,
            person_id=answer.person_id,
            drawn_by_hand=answer.drawn_by_hand,
            answered_by=answer.answered_by,
            answered_at=answer.answered_at,
            signed_by=answer.signed_by,
            signed_reason=answer.signed_reason,
        )
        for answer in photo.answers
    )
    return PhotoDraft(
        photo.photo_id,
        photo.alt_text,
        photo.people_count,
        photo.all_faces_boxed,
        photo.confirmed_for,
        tuple(photo.compared_with),
        answers,
    )


def _photos_of(session: Session, photo_ids: Sequence[UUID]) -> dict[UUID, Photo]:
    if len(set(photo_ids)) != len(photo_ids):
        raise InvalidInputError("The same photo is in this post twice. Take one of them out.")
    found = {photo.id: photo for photo in session.scalars(sa.select(Photo).where(Photo.id.in_(photo_ids)))}
    if len(found) != len(photo_ids):
        raise NotFoundError("One of the photos is no longer there. Add it again.")
    return found


def _ensure_sensible(draft: Draft) -> None:
    if len(draft.caption) > MOST_CHARACTERS:
        raise InvalidInputError("These words are too many for any network. Shorten them and save again.")
    if not draft.caption.strip() and not draft.photos:
        raise InvalidInputError("Write something or add a photo, then save.")
    if draft.link and not _is_web_address(draft.link):
        raise InvalidInputError("Give the whole address of the link as your browser shows it, such as https://….")
    if not draft.networks:
        raise InvalidInputError("Choose where the post shall go: Facebook, X or both.")
    if draft.away_from_school and draft.away_until is None:
        raise InvalidInputError("Say when the activity away from school ends: the post waits until then.")


def _is_web_address(link: str) -> bool:
    """Tell whether a browser that opens this goes to a web page; it may do anything else with other words."""
    try:
        parts = urlsplit(link)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", link)
    except ValueError:
        return False


def _person(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise NotPermittedError("A post is written by a person.")
    return actor.user_id
