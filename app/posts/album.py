"""What the page of faces shows: every picture of a post, its faces, and who must not be shown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

from PIL import Image
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actors import Actor
from app.core.db import school_of
from app.core.errors import NotFoundError
from app.core.permissions import Permission
from app.posts.checks import scans_of
from app.posts.drafting import latest_revision
from app.posts.models import CheckState, ConsentCheck, Post, PostPhoto, Revision
from app.posts.queries import latest_check
from app.posts.scope import purposes_of, scope_of
from app.posts.sightings import roll_call_stands, sightings_of
from app.posts.submission import refusals
from app.schools.models import School
from consent.model import MatchStatus, Person, PersonKind, Sighting

RESEMBLING = (MatchStatus.PROTECTED, MatchStatus.POSSIBLE)


@dataclass(frozen=True, slots=True)
class AlbumPhoto:
    photo: PostPhoto
    sightings: Sequence[Sighting]
    problem: str | None
    is_confirmed: bool
    """The author looked at the whole of it, and nothing that they compared it with has changed."""

    @property
    def alarming(self) -> Sequence[Sighting]:
        """Faces that resemble somebody who may not be shown: they are looked at first."""
        return [face for face in self.sightings if face.status in RESEMBLING]

    @property
    def others(self) -> Sequence[Sighting]:
        return [face for face in self.sightings if face.status not in RESEMBLING]


@dataclass(frozen=True, slots=True)
class Album:
    post: Post
    revision: Revision
    photos: Sequence[AlbumPhoto]
    check: ConsentCheck | None
    directory: Mapping[str, Person]
    """Who may be named as shown, by the label that the page offers."""
    protected: Sequence[Person]
    names: Mapping[str, str]
    limits: Sequence[str]
    """What the networks would refuse, said while it is easily changed."""
    is_scanned: bool
    is_checking: bool
    has_roster: bool
    may_edit: bool
    may_submit: bool
    may_sign: bool

    def label_of(self, person_id: str | None) -> str:
        return next((label for label, person in self.directory.items() if person.id == person_id), "")


def album_of(session: Session, post: Post, actor: Actor) -> Album:
    revision = latest_revision(session, post)
    school = session.get_one(School, school_of(session))
    today = clock.today()
    scope = scope_of(session, revision, school.settings, on=today)
    scans = scans_of(session, revision, scope)
    purposes = purposes_of(revision)
    everyone = scope.register.people()
    adults = [person for person in everyone if person.kind is PersonKind.ADULT]
    pupils = [person for person in scope.people() if person.kind is PersonKind.PUPIL]
    check = latest_check(session, revision.id)
    is_author = post.author_id == actor.user_id
    photos = []
    for photo in revision.photos:
        scan = scans.get(photo.photo_id)
        sightings = sightings_of(photo, scan, protected=scope.protected, gone=False)
        confirmed = photo.all_faces_boxed and roll_call_stands(photo, scope.protected)
        photos.append(AlbumPhoto(photo, sightings, scan.problem if scan else None, confirmed))
    return Album(
        post=post,
        revision=revision,
        photos=photos,
        check=check,
        directory=_directory([*(person for person in pupils if person.allows(purposes, today)), *adults]),
        protected=sorted((person for person in pupils if UUID(person.id) in scope.protected), key=_by_name),
        names={person.id: person.display_name for person in everyone},
        limits=refusals(session, revision, early=True),
        is_scanned=len(scans) == len({photo.photo_id for photo in revision.photos}),
        is_checking=check is not None and check.state is CheckState.WAITING,
        has_roster=scope.roster is not None,
        may_edit=is_author and post.state.is_editable,
        may_submit=actor.may(Permission.POST_SUBMIT),
        may_sign=actor.may(Permission.POST_SIGN_NOT_PROTECTED) and not is_author and post.state.is_editable,
    )


def _directory(people: Sequence[Person]) -> dict[str, Person]:
    """Give everybody a label of their own: those of the same name and class are told apart by a number."""
    found: dict[str, Person] = {}
    seen: Counter[str] = Counter()
    for person in sorted(people, key=_by_name):
        label = f"{person.display_name} ({person.group})" if person.group else person.display_name
        seen[label] += 1
        found[label if seen[label] == 1 else f"{label} no. {seen[label]}"] = person
    return found


def cut_out(content: bytes, box: tuple[int, int, int, int]) -> bytes:
    """Return the region with some room around it, at a size for a small card."""
    left, top, right, bottom = box
    if right <= left or bottom <= top:
        raise NotFoundError
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
