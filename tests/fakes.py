"""Small real stand-ins that keep everything in memory, held to the same contract as what they stand for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from app.core import clock
from app.platforms.base import (
    Absence,
    Capabilities,
    CommentPage,
    Health,
    Network,
    OutgoingPost,
    Prepared,
    Published,
    RemoteComment,
    RemotePost,
)
from app.platforms.errors import AmbiguousError, GoneError, PlatformError, RejectedError
from app.posts.examiner import NOBODY, Rendered, Seen
from consent.model import Box, MatchStatus, Sighting


@dataclass
class WallPost:
    remote_id: str
    post: OutgoingPost
    at: datetime
    media_ids: tuple[str, ...] = ()


@dataclass
class FakePlatform:
    """One account of a network. `fail_next` raises once per entry; `lose_next` does the deed and loses the answer.

    As on the networks themselves, Facebook shows all comments with every reading and says which are hidden; X shows
    those since the cursor and does not say.
    """

    network: Network
    wall: dict[str, WallPost] = field(default_factory=dict)
    uploads: dict[str, str] = field(default_factory=dict)
    comments: dict[str, RemoteComment] = field(default_factory=dict)
    fail_next: list[tuple[str, PlatformError]] = field(default_factory=list)
    lose_next: list[tuple[str, PlatformError]] = field(default_factory=list)
    ever_sent: list[OutgoingPost] = field(default_factory=list)
    replies: dict[str, tuple[str, str, Published]] = field(default_factory=dict)
    signed_in: bool = True
    account_id: str = "1"
    handle: str = "school"
    _ids: Any = field(default_factory=lambda: count(1))

    capabilities = Capabilities(4, hidden_stays_reachable=False, can_delete_comments=True, hides_per_quarter_hour=None)

    def __post_init__(self) -> None:
        self.capabilities = replace(self.capabilities, can_delete_comments=self.network is Network.FACEBOOK)

    def say(self, post_id: str, text: str, *, parent: str | None = None, **more: Any) -> str:
        """Somebody comments."""
        comment = RemoteComment(str(next(self._ids)), post_id, parent, "a1", "A parent", text, clock.now(), **more)
        self.comments[comment.remote_id] = comment
        return comment.remote_id

    def reword(self, comment_id: str, text: str) -> str:
        """Somebody edits a comment; on X the edited one has an id of its own."""
        comment = self.comments.pop(comment_id)
        new_id = comment_id if self.network is Network.FACEBOOK else str(next(self._ids))
        self.comments[new_id] = replace(comment, remote_id=new_id, text=text)
        return new_id

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
        self.wall[remote_id] = WallPost(remote_id, post, clock.now(), prepared.media_ids)
        self.ever_sent.append(post)
        self._stumble("send", self.lose_next)
        return self._published(remote_id)

    def discard(self, prepared: Prepared) -> None:
        for media_id in prepared.media_ids:
            self.uploads.pop(media_id, None)

    def find_published(self, post: OutgoingPost, prepared: Prepared | None, *, since: datetime) -> Published | None:
        self._stumble("find", self.fail_next)
        keys = set(prepared.media_ids) if prepared else set()
        recent = [item for item in self.wall.values() if item.at >= since]
        found = [item for item in recent if (keys & set(item.media_ids) if keys else item.post == post)]
        if len(found) > 1:
            raise AmbiguousError("Several posts have these words. Say which of them is this one.")
        return self._published(found[0].remote_id) if found else None

    def recent_posts(self, *, since: datetime) -> tuple[RemotePost, ...]:
        self._stumble("recent_posts", self.fail_next)
        shown = [item for item in reversed(self.wall.values()) if item.at >= since]
        return tuple(RemotePost(item.remote_id, item.post.text, item.at, self._link(item.remote_id)) for item in shown)

    def retract(self, remote_id: str) -> None:
        self._stumble("retract", self.fail_next)
        self.wall.pop(remote_id, None)

    def absence_of(self, remote_id: str) -> Absence | None:
        return None if remote_id in self.wall else Absence("404", "trace-1", clock.now())

    def is_live(self, remote_id: str) -> bool:
        return self.absence_of(remote_id) is None

    def fetch_comments(self, *, post_remote_ids: Sequence[str], cursor: dict[str, Any]) -> CommentPage:
        self._stumble("fetch", self.fail_next)
        if self.network is Network.X:
            since = int(cursor.get("since_id") or 0)
            found = [comment for comment in self._shown() if int(comment.remote_id) > since]
            newest = max([since, *(int(comment.remote_id) for comment in found)])
            return CommentPage(tuple(found), {"since_id": str(newest)})
        if not set(post_remote_ids) <= self.wall.keys():
            raise GoneError("It is no longer there.")
        return CommentPage(tuple(one for one in self._shown() if one.post_remote_id in post_remote_ids), None)

    def fetch_comment(self, remote_id: str) -> RemoteComment | None:
        return next((comment for comment in self._shown() if comment.remote_id == remote_id), None)

    def author_names(self, author_ids: Sequence[str]) -> dict[str, str]:
        known = {one.author_id: f"@parent ({one.author_name})" for one in self.comments.values()}
        return {each: known[each] for each in author_ids if self.network is Network.X and each in known}

    def hide(self, remote_id: str) -> None:
        self._set_hidden(remote_id, hidden=True)

    def unhide(self, remote_id: str) -> None:
        self._set_hidden(remote_id, hidden=False)

    def delete_comment(self, remote_id: str) -> None:
        if not self.capabilities.can_delete_comments:
            raise RejectedError("This network lets an account hide other people's replies, but not delete them.")
        self.comments.pop(remote_id, None)

    def reply(self, remote_id: str, text: str) -> Published:
        self._stumble("reply", self.fail_next)
        if remote_id not in self.comments and remote_id not in self.wall:
            raise GoneError("It is no longer there.")
        number = str(next(self._ids))
        made = Published(number, self._link(number), clock.now())
        self.replies[made.remote_id] = (remote_id, text, made)
        self._stumble("reply", self.lose_next)
        return made

    def find_reply(self, remote_id: str, text: str, *, since: datetime) -> Published | None:
        return next(
            (made for target, words, made in self.replies.values() if (target, words) == (remote_id, text)), None
        )

    def check_health(self) -> Health:
        problem = None if self.signed_in else "The sign-in no longer works. Reconnect the account."
        if problem is not None:
            return Health(ok=False, problem=problem)
        return Health(ok=True, account_id=self.account_id, handle=self.handle, account_name="Fake")

    def _set_hidden(self, remote_id: str, *, hidden: bool) -> None:
        self._stumble("hide", self.fail_next)
        if remote_id not in self.comments:
            raise GoneError("It is no longer there.")
        self.comments[remote_id] = replace(self.comments[remote_id], is_hidden=hidden)
        self._stumble("hide", self.lose_next)

    def _shown(self) -> list[RemoteComment]:
        if self.network is Network.FACEBOOK:
            return list(self.comments.values())
        return [replace(comment, author_name=None, is_hidden=False) for comment in self.comments.values()]

    def _stumble(self, step: str, faults: list[tuple[str, PlatformError]]) -> None:
        if faults and faults[0][0] == step:
            raise faults.pop(0)[1]

    def _published(self, remote_id: str) -> Published:
        return Published(remote_id, self._link(remote_id), self.wall[remote_id].at)

    def _link(self, remote_id: str) -> str:
        return f"https://{self.network.value}.example/{remote_id}"


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
