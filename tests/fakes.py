"""Small real stand-ins that keep everything in memory, held to the same contract as what they stand for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from app.core import clock
from app.platforms.base import (
    Capabilities,
    CommentPage,
    Health,
    Network,
    OutgoingPost,
    Prepared,
    Published,
    RemoteComment,
)
from app.platforms.errors import GoneError, PlatformError
from app.posts.examiner import NOBODY, Rendered, Seen
from consent.model import Box, MatchStatus, Sighting


@dataclass
class WallPost:
    remote_id: str
    post: OutgoingPost
    at: datetime


@dataclass
class FakePlatform:
    """One account of a network. `fail_next` raises once per entry; `lose_next` does the deed and loses the answer."""

    network: Network
    wall: dict[str, WallPost] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)
    fail_next: list[tuple[str, PlatformError]] = field(default_factory=list)
    lose_next: list[tuple[str, PlatformError]] = field(default_factory=list)
    ever_sent: list[OutgoingPost] = field(default_factory=list)
    _ids: Any = field(default_factory=lambda: count(1))

    capabilities = Capabilities(4, hidden_stays_reachable=False, can_delete_comments=True, hides_per_quarter_hour=None)

    def _stumble(self, step: str, faults: list[tuple[str, PlatformError]]) -> None:
        if faults and faults[0][0] == step:
            raise faults.pop(0)[1]

    def prepare(self, post: OutgoingPost) -> Prepared:
        self._stumble("prepare", self.fail_next)
        ids = []
        for photo in post.photos:
            media_id = f"m{next(self._ids)}"
            self.uploads[media_id] = photo.sha256
            ids.append(media_id)
        return Prepared(tuple(ids))

    def send(self, post: OutgoingPost, prepared: Prepared) -> Published:
        self._stumble("send", self.fail_next)
        remote_id = f"r{next(self._ids)}"
        self.wall[remote_id] = WallPost(remote_id, post, clock.now())
        self.ever_sent.append(post)
        self._stumble("send", self.lose_next)
        return self._published(remote_id)

    def discard(self, prepared: Prepared) -> None:
        for media_id in prepared.media_ids:
            self.uploads.pop(media_id, None)

    def find_published(self, post: OutgoingPost, prepared: Prepared | None, *, since: datetime) -> Published | None:
        self._stumble("find", self.fail_next)
        found = [item for item in self.wall.values() if item.post == post]
        return self._published(found[0].remote_id) if found else None

    def retract(self, remote_id: str) -> None:
        self._stumble("retract", self.fail_next)
        self.wall.pop(remote_id, None)

    def is_live(self, remote_id: str) -> bool:
        return remote_id in self.wall

    def fetch_comments(self, *, post_remote_ids: Sequence[str], cursor: dict[str, Any]) -> CommentPage:
        return CommentPage((), None)

    def fetch_comment(self, remote_id: str) -> RemoteComment | None:
        return None

    def hide(self, remote_id: str) -> None:
        raise GoneError("It is no longer there.")

    unhide = hide
    delete_comment = hide

    def check_health(self) -> Health:
        return Health(ok=True, account_name="Fake")

    def _published(self, remote_id: str) -> Published:
        return Published(remote_id, f"https://{self.network.value}.example/{remote_id}", self.wall[remote_id].at)


class FakeExaminer:
    """Sees in a picture what a test says is in it, by the hash of the stored master."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage
        self.sightings: dict[str, tuple[Sighting, ...]] = {}
        self.words: dict[str, tuple[str, ...]] = {}
        self.people: dict[str, tuple[tuple[Box, UUID], ...]] = {}
        """Who is truly in a picture: recognised without fail, as protected or as somebody who may be shown."""
        self.problem: str | None = None
        self.vanishes = True

    def likeness(self, session: object, school: object, scope: Any) -> Any:
        return scope if self.people else NOBODY

    def look(self, school_id: UUID, sha256: str, likeness: Any) -> Seen:
        if self.problem is not None:
            return Seen((), (), self.problem, 0.0)
        if sha256 in self.people:
            return Seen(tuple(self._recognised(sha256, likeness.protected)), (), None, 0.0)
        return Seen(self.sightings.get(sha256, ()), self.words.get(sha256, ()), None, 0.0)

    def _recognised(self, sha256: str, protected: frozenset[UUID]) -> Iterator[Sighting]:
        for number, (box, person_id) in enumerate(self.people[sha256], start=1):
            status = MatchStatus.PROTECTED if person_id in protected else MatchStatus.SUGGESTED
            yield Sighting(number, box, status, str(person_id), 0.3, 0.2)

    def render(self, school_id: UUID, sha256: str, faces: tuple[Box, ...]) -> Rendered:
        content = repr((sha256, faces)).encode()
        return Rendered(self._storage.put(school_id, content), 100, 100, self.vanishes)
