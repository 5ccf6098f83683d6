"""Look at the pictures of a check, several at once, and write down what is seen as it comes.

No transaction is open while a picture is looked at, and each picture is written by itself: a killed worker loses what
was in hand and nothing else. A check that nobody waits for any more, because a photo was taken out or the words
changed, lets go of the pictures that were not begun.
"""

from collections.abc import Callable, Collection, Hashable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from threading import RLock
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import take_turn
from app.core import clock
from app.core.db import Database
from app.media.models import Photo, Rendition
from app.posts.examiner import Examiner, Rendered, Seen
from app.posts.models import CheckState, ConsentCheck, PhotoScan
from app.posts.sightings import kept_face
from app.register.comparing import enrolled_ids
from consent.faces.scan import Likeness
from consent.model import Box

LEASE = timedelta(minutes=3)
"""How long a check stands still, at most, when its worker was killed; it is renewed while the worker lives."""
BEAT_SECONDS = 1.0
"""How soon a check notices that nobody waits for it."""


@dataclass(frozen=True, slots=True)
class PictureWork:
    """What is still to be done for one picture of the revision."""

    photo_id: UUID
    sha256: str
    needs_scan: bool
    recipe: str
    boxes: tuple[Box, ...]
    needs_rendition: bool


@dataclass(frozen=True, slots=True)
class Work:
    pictures: tuple[PictureWork, ...]
    scope_digest: str
    likeness: Likeness


@dataclass(slots=True)
class _Asked:
    future: Future[Any]  # of Seen or Rendered
    waiting: int


class Scanner:
    """Has each picture looked at once, however many checks wait for it, and so many at a time."""

    def __init__(self, examiner: Examiner, at_once: int) -> None:
        self._examiner = examiner
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="scan")
        self._lock = RLock()
        self._asked: dict[Hashable, _Asked] = {}

    def look(self, school_id: UUID, picture: PictureWork, work: Work) -> Future[Seen]:
        key = ("look", school_id, picture.sha256, work.scope_digest)
        return self._ask(key, lambda: self._examiner.look(school_id, picture.sha256, work.likeness))

    def render(self, school_id: UUID, picture: PictureWork) -> Future[Rendered]:
        key = ("render", school_id, picture.recipe)
        return self._ask(key, lambda: self._examiner.render(school_id, picture.sha256, picture.boxes))

    def leave(self, futures: Collection[Future[Any]]) -> None:
        """Stop waiting for these; what nobody else waits for and was not begun is never done."""
        with self._lock:
            for asked in [each for each in self._asked.values() if each.future in futures]:
                asked.waiting -= 1
                if not asked.waiting:
                    asked.future.cancel()

    def _ask(self, key: Hashable, work: Callable[[], Any]) -> Future[Any]:
        with self._lock:
            asked = self._asked.get(key)
            if asked is None:
                asked = self._asked[key] = _Asked(self._threads.submit(work), 0)
                asked.future.add_done_callback(lambda _: self._forget(key))
            asked.waiting += 1
            return asked.future

    def _forget(self, key: Hashable) -> None:
        with self._lock:
            self._asked.pop(key, None)


@dataclass(frozen=True, slots=True)
class AlbumCheck:
    """One check and where its answers go."""

    database: Database
    check_id: UUID
    school_id: UUID
    scanner: Scanner

    def examine(self, work: Work) -> bool:
        """Have every picture looked at; tell whether somebody still waits for the check."""
        asked = dict(self._asked(work))
        waiting = set(asked)

        def photos_done() -> int:
            return len(work.pictures) - len({asked[future].photo_id for future in waiting})

        try:
            wanted = self._note(photos_done())
            while waiting and wanted:
                done, waiting = wait(waiting, timeout=BEAT_SECONDS, return_when=FIRST_COMPLETED)
                for future in done:
                    self._keep(asked[future], future.result(), work)
                wanted = self._note(photos_done()) if done else self._is_wanted(photos_done())
        finally:
            self.scanner.leave(waiting)
        for future in [begun for begun in waiting if begun.running() or (begun.done() and not begun.cancelled())]:
            self._keep(asked[future], future.result(), work)  # the next check need not do it again
        return wanted

    def _asked(self, work: Work) -> Iterator[tuple[Future[Any], PictureWork]]:
        for picture in work.pictures:
            if picture.needs_scan:
                yield self.scanner.look(self.school_id, picture, work), picture
            if picture.needs_rendition:
                yield self.scanner.render(self.school_id, picture), picture

    def _keep(self, picture: PictureWork, made: Seen | Rendered, work: Work) -> None:
        with self.database.transaction(self.school_id) as session:
            if isinstance(made, Seen) and not _may_be_kept(session, self.school_id, work, made):
                return
            # One check at a time for a photo; whoever refers to the photo meanwhile need not wait.
            if session.get(Photo, picture.photo_id, with_for_update={"key_share": True}) is None:
                return
            if isinstance(made, Seen):
                _keep_scan(session, picture.photo_id, work.scope_digest, made)
            else:
                _keep_rendition(session, picture, made)

    def _note(self, photos_done: int) -> bool:
        """Write how far the check is, for the page to show, and hold the claim for longer, if anybody still waits."""
        with self.database.transaction(self.school_id) as session:
            check = session.get(ConsentCheck, self.check_id)
            if check is None or check.state is not CheckState.WAITING:
                return False
            check.photos_done = photos_done
            check.claimed_until = clock.now() + LEASE
            return True

    def _is_wanted(self, photos_done: int) -> bool:
        with self.database.reading(self.school_id) as session:
            check = session.get(ConsentCheck, self.check_id)
            if check is None or check.state is not CheckState.WAITING:
                return False
            is_held = check.claimed_until is not None and check.claimed_until - clock.now() > LEASE / 2
        return is_held or self._note(photos_done)


def rendition_of(session: Session, photo_id: UUID, recipe: str) -> Rendition | None:
    query = sa.select(Rendition).where(Rendition.photo_id == photo_id, Rendition.recipe == recipe)
    return session.scalar(query)


def _may_be_kept(session: Session, school_id: UUID, work: Work, seen: Seen) -> bool:
    """What names somebody whose templates went while the picture was looked at is not written down."""
    named = {face.person_id for face in seen.sightings} & set(work.likeness.gallery.templates)
    if not named:
        return True
    take_turn(session, school_id)  # a disposal that is under way is waited for; a later one finds what is written here
    return named <= set(map(str, enrolled_ids(session)))


def _keep_scan(session: Session, photo_id: UUID, digest: str, seen: Seen) -> None:
    """Write down what was seen; a picture that could not be checked before gets its second chance."""
    known = sa.select(PhotoScan).where(PhotoScan.photo_id == photo_id, PhotoScan.scope_digest == digest)
    scan = session.scalar(known)
    if scan is not None and scan.problem is None:
        return
    if scan is None:
        scan = PhotoScan(id=uuid4(), photo_id=photo_id, scope_digest=digest)
        session.add(scan)
    scan.faces = [kept_face(sighting) for sighting in seen.sightings]
    scan.words = list(seen.words)
    scan.problem = seen.problem
    scan.seconds = seen.seconds
    scan.scanned_at = clock.now()


def _keep_rendition(session: Session, picture: PictureWork, made: Rendered) -> None:
    if rendition_of(session, picture.photo_id, picture.recipe) is not None:
        return
    session.add(
        Rendition(
            id=uuid4(),
            photo_id=picture.photo_id,
            recipe=picture.recipe,
            sha256=made.sha256,
            width=made.width,
            height=made.height,
            obscured_and_gone=made.obscured_and_gone,
            made_at=clock.now(),
        )
    )
