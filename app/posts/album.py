"""What the page of faces shows: every photo of a post, its faces, and who must not be shown."""

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
from app.posts.models import CheckState, ConsentCheck, PhotoScan, Post, PostPhoto, Revision
from app.posts.queries import latest_check
from app.posts.scope import Scope, purposes_of, scope_of
from app.posts.sightings import is_confirmed, roll_call_stands, sightings_of
from app.posts.submission import refusals
from app.register.scope_cost import scope_sentence
from app.schools.models import School
from consent.families import Families
from consent.model import Disposition, MatchStatus, Person, PersonKind, Sighting
from consent.policy import people_in
from consent.recognisability import Strictness, is_perhaps_none, strictest

RESEMBLING = (MatchStatus.PROTECTED, MatchStatus.POSSIBLE)


@dataclass(frozen=True, slots=True)
class AlbumPhoto:
    photo: PostPhoto
    sightings: Sequence[Sighting]
    problem: str | None
    is_scanned: bool
    is_confirmed: bool
    """The author looked at the whole of it and counted, and nothing that they compared it with has changed."""

    @property
    def alarming(self) -> Sequence[Sighting]:
        """Faces that resemble somebody who may not be shown: they are looked at first."""
        return [face for face in self.sightings if face.status in RESEMBLING]

    @property
    def doubtful(self) -> Sequence[Sighting]:
        """Alarming faces that the photo will show."""
        return [
            face for face in self.alarming if face.answer is None or face.answer.disposition is not Disposition.OBSCURED
        ]

    @property
    def others(self) -> Sequence[Sighting]:
        return [face for face in self.sightings if face.status not in RESEMBLING]

    @property
    def people(self) -> int:
        """How many boxes stand for somebody: where the author's count begins."""
        return people_in(self.sightings)


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
    kin: Mapping[str, Sequence[str]]
    """For each suggested pupil those of the same surname: brothers and sisters are told apart by hand."""
    hidden: frozenset[str]
    """Who of those kin may not be shown: whoever recognises them has the face obscured."""
    limits: Sequence[str]
    """What the networks would refuse, said while it is easily changed."""
    face_rule: Strictness
    """How recognisable anybody may be: the stricter of the school's rule and the post's own."""
    school_rule: Strictness
    seen: str
    """Names the list of who may not be shown, and all else that the photos are compared with."""
    is_checking: bool
    has_roster: bool
    scope_cost: str | None
    """What comparing with the whole school costs; None where nobody measured it."""
    may_edit: bool
    may_submit: bool
    may_sign: bool

    @property
    def is_scanned(self) -> bool:
        return all(item.is_scanned for item in self.photos)

    def is_undecided(self, face: Sighting) -> bool:
        """Brothers and sisters are told apart by hand, and what is perhaps not a face is looked at."""
        is_kin = face.status is MatchStatus.SUGGESTED and face.person_id in self.kin
        return is_kin or (
            face.status is MatchStatus.UNKNOWN and face.quality is not None and is_perhaps_none(face.quality)
        )

    def alone(self, item: AlbumPhoto) -> Sequence[Sighting]:
        """Return the faces that are decided singly, before those like nobody who may not be shown."""
        return [*item.alarming, *(face for face in item.others if self._stands_alone(face))]

    def together(self, item: AlbumPhoto) -> Sequence[Sighting]:
        return [face for face in item.others if not self._stands_alone(face)]

    def _stands_alone(self, face: Sighting) -> bool:
        """A face drawn by hand was compared with nobody: it is not said to be like nobody."""
        return face.drawn_by_hand or self.is_undecided(face)

    def label_of(self, person_id: str | None) -> str:
        return next((label for label, person in self.directory.items() if person.id == person_id), "")


def album_of(session: Session, post: Post, actor: Actor) -> Album:
    revision = latest_revision(session, post)
    settings = session.get_one(School, school_of(session)).settings
    today = clock.today()
    scope = scope_of(session, revision, settings, on=today)
    purposes = purposes_of(revision)
    everyone = scope.register.people()
    adults = [person for person in everyone if person.kind is PersonKind.ADULT]
    pupils = [person for person in scope.people() if person.kind is PersonKind.PUPIL]
    check = latest_check(session, revision.id)
    is_author = post.author_id == actor.user_id
    photos = photos_of(session, revision, scope)
    kin = _kin(photos, scope)
    relatives = [person for person in everyone if any(person.id in ids for ids in kin.values())]
    shown = {person.id: person for person in (*pupils, *relatives) if person.allows(purposes, today)}
    return Album(
        post=post,
        revision=revision,
        photos=photos,
        check=check,
        directory=_directory([*shown.values(), *adults]),
        protected=sorted((person for person in pupils if UUID(person.id) in scope.protected), key=_by_name),
        names={person.id: _name(person, scope) for person in everyone},
        kin=kin,
        hidden=frozenset(person.id for person in relatives if person.id not in shown),
        limits=refusals(session, revision, early=True),
        face_rule=strictest(settings.face_rule, revision.face_rule),
        school_rule=settings.face_rule,
        seen=scope.digest,
        is_checking=check is not None and check.state is CheckState.WAITING,
        has_roster=scope.roster is not None,
        scope_cost=None if scope.roster is not None else scope_sentence(session, settings, on=today),
        may_edit=is_author and post.state.is_editable,
        may_submit=actor.may(Permission.POST_SUBMIT),
        may_sign=actor.may(Permission.POST_SIGN_NOT_PROTECTED) and not is_author and post.state.is_editable,
    )


def photos_of(session: Session, revision: Revision, scope: Scope) -> Sequence[AlbumPhoto]:
    """Return each photo with its faces, their answers, and whether its author's word still holds."""
    scans = scans_of(session, revision, scope)
    return [_album_photo(photo, scans.get(photo.photo_id), scope) for photo in revision.photos]


def _album_photo(photo: PostPhoto, scan: PhotoScan | None, scope: Scope) -> AlbumPhoto:
    return AlbumPhoto(
        photo,
        sightings_of(photo, scan, protected=scope.protected, gone=False),
        scan.problem if scan else None,
        scan is not None,
        is_confirmed(photo, scan, scope.digest) and roll_call_stands(photo, scope.protected),
    )


def _kin(photos: Sequence[AlbumPhoto], scope: Scope) -> Mapping[str, Sequence[str]]:
    suggested = {
        face.person_id
        for item in photos
        for face in item.sightings
        if face.status is MatchStatus.SUGGESTED and face.person_id is not None
    }
    families = Families(scope.register)
    people = (families.person(person_id) for person_id in suggested)
    found = {person.id: families.namesakes(person) for person in people if person is not None}
    return {person_id: [one.id for one in kin] for person_id, kin in found.items() if kin}


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


def _name(person: Person, scope: Scope) -> str:
    """Say the class of a pupil who is not of those that the page speaks of."""
    is_elsewhere = scope.roster is not None and person.kind is PersonKind.PUPIL and UUID(person.id) not in scope.roster
    return f"{person.display_name} ({person.group})" if is_elsewhere and person.group else person.display_name


def _by_name(person: Person) -> str:
    return person.display_name.casefold()
