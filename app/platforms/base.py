"""Our words for what every network does; adapters translate at the border."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, Self


class Network(StrEnum):
    FACEBOOK = "facebook"
    X = "x"

    @property
    def label(self) -> str:
        return {"facebook": "Facebook", "x": "X"}[self.value]


@dataclass(frozen=True, slots=True)
class OutgoingPhoto:
    content: bytes = field(repr=False)
    mime: str
    alt_text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class OutgoingPost:
    text: str
    photos: tuple[OutgoingPhoto, ...] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was uploaded ahead of sending, invisible until then: the network's ids, in the order of the photos."""

    media_ids: tuple[str, ...] = ()
    expires_at: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "media_ids": list(self.media_ids),
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        expires_at = kept.get("expires_at")
        return cls(tuple(kept["media_ids"]), datetime.fromisoformat(expires_at) if expires_at else None)


@dataclass(frozen=True, slots=True)
class Published:
    remote_id: str
    permalink: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Absence:
    """The network's own answer that a post is not there, kept as proof."""

    code: str
    trace: str | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class RemotePost:
    """A post that stands on the account, whoever made it."""

    remote_id: str
    text: str
    published_at: datetime
    permalink: str


@dataclass(frozen=True, slots=True)
class RemoteComment:
    remote_id: str
    post_remote_id: str
    parent_remote_id: str | None
    author_id: str | None
    author_name: str | None
    text: str
    created_at: datetime
    is_hidden: bool = False
    can_hide: bool = True
    permalink: str | None = None
    has_attachment: bool = False
    is_own: bool = False
    earlier_ids: tuple[str, ...] = ()
    """What it was called before it was edited, the oldest first, where an edit gives it a new id."""


@dataclass(frozen=True, slots=True)
class CommentPage:
    comments: tuple[RemoteComment, ...]
    next_cursor: dict[str, Any] | None
    """What to pass next time to go on from here; None keeps the old one."""


@dataclass(frozen=True, slots=True)
class Health:
    ok: bool
    problem: str | None = None
    account_id: str | None = None
    handle: str | None = None
    """Whose keys these are, by the network's own word; it gives each handle to one account alone."""
    account_name: str | None = None
    expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Capabilities:
    max_photos: int
    hidden_stays_reachable: bool
    """Hiding leaves the comment behind a link that the public can open: screens must say so."""
    can_delete_comments: bool
    hides_per_quarter_hour: int | None


class Platform(Protocol):
    """One connected account. Every method may raise the errors of `platforms.errors`, and nothing else."""

    network: Network
    capabilities: Capabilities

    def prepare(self, post: OutgoingPost) -> Prepared: ...

    def send(self, post: OutgoingPost, prepared: Prepared) -> Published: ...

    def discard(self, prepared: Prepared) -> None: ...

    def find_published(self, post: OutgoingPost, prepared: Prepared | None, *, since: datetime) -> Published | None: ...

    def retract(self, remote_id: str) -> None: ...

    def absence_of(self, remote_id: str) -> Absence | None: ...

    def is_live(self, remote_id: str) -> bool: ...

    def recent_posts(self, *, since: datetime) -> tuple[RemotePost, ...]: ...

    def fetch_comments(self, *, post_remote_ids: Sequence[str], cursor: dict[str, Any]) -> CommentPage: ...

    def fetch_comment(self, remote_id: str) -> RemoteComment | None: ...

    def author_names(self, author_ids: Sequence[str]) -> dict[str, str]: ...

    def hide(self, remote_id: str) -> None: ...

    def unhide(self, remote_id: str) -> None: ...

    def delete_comment(self, remote_id: str) -> None: ...

    def reply(self, remote_id: str, text: str) -> Published: ...

    def find_reply(self, remote_id: str, text: str, *, since: datetime) -> Published | None: ...

    def check_health(self) -> Health: ...
