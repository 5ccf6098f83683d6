"""What the pages of a post show, gathered in one short look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from app.accounts.queries import names_of
from app.audit.models import AuditEvent
from app.core import clock
from app.core.actors import Actor
from app.core.db import school_of
from app.core.errors import NotFoundError
from app.core.permissions import Permission
from app.media.models import Photo, Rendition
from app.posts.checks import Evaluation, check_settings, evaluate, key_of, scans_of
from app.posts.drafting import latest_revision
from app.posts.faces import faces_of
from app.posts.models import CheckState, ConsentCheck, Post, PostPhoto, PostState, Resolution, Revision
from app.posts.queries import latest_check, may_read, resolutions_of
from app.posts.renditions import recipe_for
from app.posts.scope import purposes_of, scope_of
from app.register.queries import name_index, snapshot
from app.schools.models import School
from consent import check_text
from consent.model import Finding, Person, PersonKind, Report, Sighting
from consent.model import Purpose as ConsentPurpose


@dataclass(frozen=True, slots=True)
class PostPage:
    post: Post
    revision: Revision
    check: ConsentCheck | None
    evaluation: Evaluation
    findings: Sequence[tuple[Finding, str, Resolution | None]]
    history: Sequence[AuditEvent]
    author: str
    is_author: bool
    is_checking: bool
    may_edit: bool
    open_faces: Mapping[UUID, int]
    """Photos with faces that nobody has answered for, and how many."""


def post_page(session: Session, post: Post, actor: Actor) -> PostPage:
    revision = latest_revision(session, post)
    check = latest_check(session, revision.id)
    evaluation = evaluate(session, revision)
    resolutions = resolutions_of(session, revision.id)
    is_author = post.author_id == actor.user_id
    return PostPage(
        post=post,
        revision=revision,
        check=check,
        evaluation=evaluation,
        findings=[
            (finding, key_of(finding), resolutions.get(key_of(finding))) for finding in evaluation.report.findings
        ],
        history=_history(session, post.id),
        author=names_of(session, [post.author_id]).get(post.author_id, ""),
        is_author=is_author,
        is_checking=post.state is PostState.CHECKING or (check is not None and check.state is CheckState.WAITING),
        may_edit=is_author and post.state.is_editable,
        open_faces=_open_faces(session, revision),
    )


def _open_faces(session: Session, revision: Revision) -> dict[UUID, int]:
    found = {}
    for photo in revision.photos:
        sightings = faces_of(session, revision, photo)
        missing = sum(sighting.answer is None for sighting in sightings)
        found[photo.photo_id] = missing
    return found


def _history(session: Session, post_id: UUID) -> Sequence[AuditEvent]:
    query = sa.select(AuditEvent).where(AuditEvent.subject_id == post_id).order_by(AuditEvent.sequence.desc())
    return session.scalars(query.limit(40)).all()


@dataclass(frozen=True, slots=True)
class FacesPage:
    post: Post
    revision: Revision
    photo: PostPhoto
    sightings: Sequence[Sighting]
    pupils: Sequence[Person]
    adults: Sequence[Person]
    protected: Sequence[Person]
    names: Mapping[str, str]
    is_scanned: bool
    problem: str | None
    may_edit: bool
    may_sign: bool
    next_photo: UUID | None
    has_roster: bool


def faces_page(session: Session, post: Post, photo_id: UUID, actor: Actor) -> FacesPage:
    revision = latest_revision(session, post)
    photo = photo_of(revision, photo_id)
    school = session.get_one(School, school_of(session))
    scope = scope_of(session, revision, school.settings, on=clock.today())
    people = scope.people()
    pupils = sorted((person for person in people if person.kind is PersonKind.PUPIL), key=_by_name)
    everyone = scope.register.people()
    is_author = post.author_id == actor.user_id
    positions = [item.photo_id for item in revision.photos]
    following = positions[positions.index(photo_id) + 1 :]
    scan = scans_of(session, revision, scope).get(photo_id)
    purposes = purposes_of(revision)
    return FacesPage(
        post=post,
        revision=revision,
        photo=photo,
        sightings=faces_of(session, revision, photo),
        pupils=[person for person in pupils if person.allows(purposes, clock.today())],
        adults=sorted((person for person in everyone if person.kind is PersonKind.ADULT), key=_by_name),
        protected=[person for person in pupils if UUID(person.id) in scope.protected],
        names={person.id: person.display_name for person in everyone},
        is_scanned=scan is not None,
        problem=scan.problem if scan else None,
        may_edit=is_author and post.state.is_editable,
        may_sign=actor.may(Permission.POST_SIGN_NOT_PROTECTED) and not is_author and post.state.is_editable,
        next_photo=following[0] if following else None,
        has_roster=scope.roster is not None,
    )


def live_report(session: Session, text: str, *, with_photo: bool) -> Report:
    """Check words as they stand now, without keeping them."""
    today = clock.today()
    school = session.get_one(School, school_of(session))
    return check_text(
        text,
        snapshot(session, on=today),
        names=name_index(session),
        settings=check_settings(school.settings),
        on=today,
        with_photo=with_photo,
        purposes=(ConsentPurpose.FACEBOOK, ConsentPurpose.X),
    )


def photo_of(revision: Revision, photo_id: UUID) -> PostPhoto:
    for photo in revision.photos:
        if photo.photo_id == photo_id:
            return photo
    raise NotFoundError("That picture is no longer in the post.")


def master_for(session: Session, photo_id: UUID, actor: Actor) -> str:
    """Return the hash of a picture to somebody who uploaded it or may read a post that it is in."""
    photo = session.get(Photo, photo_id)
    if photo is None:
        raise NotFoundError
    query = (
        sa.select(Post)
        .join(Revision, Revision.post_id == Post.id)
        .join(PostPhoto, PostPhoto.revision_id == Revision.id)
        .where(PostPhoto.photo_id == photo_id)
        .distinct()
    )
    if photo.uploaded_by != actor.user_id and not any(may_read(post, actor) for post in session.scalars(query)):
        raise NotFoundError
    return photo.sha256


def rendition_for(session: Session, post: Post, post_photo_id: UUID) -> str:
    photo = session.get(PostPhoto, post_photo_id)
    revision = session.get(Revision, photo.revision_id) if photo else None
    if photo is None or revision is None or revision.post_id != post.id:
        raise NotFoundError
    query = sa.select(Rendition).where(Rendition.photo_id == photo.photo_id, Rendition.recipe == recipe_for(photo))
    rendition = session.scalar(query)
    if rendition is None:
        raise NotFoundError("The picture is still being prepared.")
    return rendition.sha256


def cut_out(content: bytes, box: tuple[int, int, int, int]) -> bytes:
    """Return the region with some room around it, at a size for a small card."""
    left, top, right, bottom = box
    room = max(right - left, bottom - top) // 3
    with Image.open(BytesIO(content)) as master:
        piece = master.crop(
            (
                max(0, left - room),
                max(0, top - room),
                min(master.width, right + room),
                min(master.height, bottom + room),
            )
        )
        piece.thumbnail((240, 240))
        output = BytesIO()
        piece.convert("RGB").save(output, "JPEG", quality=80)
    return output.getvalue()


def _by_name(person: Person) -> str:
    return person.display_name.casefold()
