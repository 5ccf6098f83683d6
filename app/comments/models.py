"""Comments under the school's posts, what was decided about them and by whom, and the evidence that is kept."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified, SchoolScoped
from app.jobs.due import Due

OLD = timedelta(days=2)


class CommentState(StrEnum):
    RECEIVED = "received"
    """Not judged yet, or its text changed since."""
    VISIBLE = "visible"
    QUEUED = "queued"
    """Everybody can see it on the network, and a person must look."""
    HIDING = "hiding"
    HIDDEN = "hidden"
    RESTORING = "restoring"
    DELETING = "deleting"
    DELETED = "deleted"
    """Removed from the network by us."""
    GONE = "gone"
    """Removed from the network by its author or by the network."""

    @property
    def is_on_network(self) -> bool:
        return self not in (CommentState.DELETED, CommentState.GONE)

    @property
    def is_under_way(self) -> bool:
        return self in (CommentState.HIDING, CommentState.RESTORING, CommentState.DELETING)


class Audience(StrEnum):
    """Who of the school may know of a comment or an incident."""

    GENERAL = "general"
    DESIGNATED = "designated"
    """Designated persons only: a child at risk, or an allegation against an adult."""
    HEAD = "head"
    """About a designated person: the headteacher, and no other designated person."""
    CHAIR = "chair"
    """About the headteacher: the chair of governors, and not the head."""


class Comment(Identified, SchoolScoped, Due, Base):
    """One comment. What it says about its author is only what the network shows beside it: never a profile."""

    __tablename__ = "comment"
    __table_args__ = (
        sa.UniqueConstraint("channel_id", "remote_id"),
        sa.Index("ix_comment_queue", "school_id", "awaits_person", "severity"),
    )

    channel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("channel.id"), index=True)
    post_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("post.id"), index=True)
    delivery_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("delivery.id"))
    remote_id: Mapped[str] = mapped_column(sa.String(100))
    post_remote_id: Mapped[str | None] = mapped_column(sa.String(100), index=True)
    parent_remote_id: Mapped[str | None] = mapped_column(sa.String(100))
    author_name: Mapped[str] = mapped_column(sa.String(200))
    author_remote_id: Mapped[str | None] = mapped_column(sa.String(100))
    author_asks: Mapped[int] = mapped_column(default=0, server_default="0")
    author_asked_at: Mapped[datetime | None]
    """When the network was last asked for the name; of a name that came only then, when it was said."""
    text: Mapped[str] = mapped_column(sa.Text)
    text_sha256: Mapped[str] = mapped_column(sa.String(64))
    attachments: Mapped[int] = mapped_column(default=0)
    permalink: Mapped[str | None] = mapped_column(sa.String(500))
    commented_at: Mapped[datetime] = mapped_column(index=True)
    received_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    state: Mapped[CommentState] = mapped_column(default=CommentState.RECEIVED, index=True)
    audience: Mapped[Audience] = mapped_column(default=Audience.DESIGNATED)
    """Narrow until it is judged: what nobody has read yet may be about anybody."""
    awaits_person: Mapped[bool] = mapped_column(default=False)
    severity: Mapped[int] = mapped_column(default=0)
    categories: Mapped[list[str]]
    harm: Mapped[str | None] = mapped_column(sa.String(40))
    """The gravest of the categories: what comments are sorted by, never who wrote them."""
    judged_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    """Digest of the words that the present state was decided for; other words must be judged."""
    can_hide: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Whether the network lets us hide it at all, as far as it says so."""
    is_hidden_remotely: Mapped[bool] = mapped_column(default=False)
    pile_on_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("pile_on.id"), index=True)
    """The lock-down that alone hides it: when that is lifted, it is shown again."""
    hidden_at: Mapped[datetime | None]
    acted_at: Mapped[datetime | None]
    """When we last changed it on the network: what was read before then is stale."""
    problem: Mapped[str | None] = mapped_column(sa.Text)
    """What could not be done on the network, in a sentence for the person who must do it."""
    blanked_at: Mapped[datetime | None]
    sampled_at: Mapped[datetime | None]
    """Drawn for the weekly look at what the rules let stand, and not looked at yet."""

    @property
    def was_old(self) -> bool:
        """It was there long before we first read it: no reason to wake anybody."""
        return self.received_at - self.commented_at > OLD


class DecisionAction(StrEnum):
    ALLOW = "allow"
    REVIEW = "review"
    HIDE = "hide"
    ESCALATE = "escalate"
    LEAVE_VISIBLE = "leave_visible"
    LEAVE_HIDDEN = "leave_hidden"
    RESTORE = "restore"
    DELETE = "delete"
    READ = "read"
    """Somebody read what was gone from the network already: nothing else is left to decide."""
    LOCK_DOWN = "lock_down"
    """Hidden because a person locked the post down, whatever it says."""
    LIFT = "lift"
    """Shown again because the lock-down was lifted."""


SPEAK_OF_THE_WORDS = frozenset(
    {
        DecisionAction.LEAVE_VISIBLE,
        DecisionAction.LEAVE_HIDDEN,
        DecisionAction.HIDE,
        DecisionAction.RESTORE,
        DecisionAction.DELETE,
    }
)
"""A person's decisions that say whether these words may be seen. The others say who must know, or bring calm."""


class CommentDecision(Identified, SchoolScoped, Base):
    """What a rule or a person decided about one exact text. Rows are only added."""

    __tablename__ = "comment_decision"

    comment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    action: Mapped[DecisionAction]
    at: Mapped[datetime] = mapped_column(index=True)
    is_by_person: Mapped[bool] = mapped_column(default=False)
    decided_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    text_sha256: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    """A person's own words."""
    hides: Mapped[bool] = mapped_column(default=False)
    severity: Mapped[int] = mapped_column(default=0)
    score: Mapped[float] = mapped_column(default=0.0)
    categories: Mapped[list[str]] = mapped_column(default=list)
    characteristics: Mapped[list[str]] = mapped_column(default=list)
    reasons: Mapped[list[str]] = mapped_column(default=list)
    routes: Mapped[list[str]] = mapped_column(default=list)
    advice: Mapped[list[str]] = mapped_column(default=list)
    signals: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    is_restricted: Mapped[bool] = mapped_column(default=False)
    policy_version: Mapped[str] = mapped_column(sa.String(40), default="")
    model_version: Mapped[str] = mapped_column(sa.String(80), default="")
    shadow: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    """What rules on trial or switched off would have made of it; nobody acts on it."""
    was_held_back: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """The rules would have hidden it, but hiding by itself was switched off."""
    of_sample: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """A person's answer in the weekly look at what the rules let stand."""


class Evidence(Identified, SchoolScoped, Base):
    """What a comment looked like before anything was done to it: sealed, with the digest of what is inside."""

    __tablename__ = "evidence"
    __table_args__ = (sa.UniqueConstraint("comment_id", "text_sha256"),)

    comment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("comment.id"), index=True)
    captured_at: Mapped[datetime]
    text_sha256: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    sealed: Mapped[bytes]
    basis: Mapped[str] = mapped_column(sa.Text)
    """Why the school keeps it, also after the network forgot it."""
    held_until: Mapped[datetime | None]
    """Not disposed of before this day, because an incident needs it."""


class AppealState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    TURNED_DOWN = "turned_down"


class Appeal(Identified, SchoolScoped, Base):
    """Somebody asked the school to look at a decision again. What they said is kept, not who they are."""

    __tablename__ = "appeal"

    comment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    state: Mapped[AppealState] = mapped_column(default=AppealState.OPEN, index=True)
    asked_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    words: Mapped[str] = mapped_column(sa.Text)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class InboxState(StrEnum):
    WAITING = "waiting"
    READ = "read"


class WebhookDelivery(Identified, SchoolScoped, Due, Base):
    """What a network sent, stored as it came, so that it can be answered at once and read afterwards."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (sa.UniqueConstraint("school_id", "body_sha256"),)

    state: Mapped[InboxState] = mapped_column(default=InboxState.WAITING)
    received_at: Mapped[datetime]
    body_sha256: Mapped[str] = mapped_column(sa.String(64))
    body: Mapped[bytes | None]
    """Forgotten as soon as it is read: the comments are rows of their own then."""
    hints: Mapped[int] = mapped_column(default=0)


class WatchState(StrEnum):
    WATCHING = "watching"


class CommentWatch(Identified, SchoolScoped, Due, Base):
    """The standing promise to read one channel's comments: its claim keeps two workers from reading at once."""

    __tablename__ = "comment_watch"

    channel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("channel.id"), unique=True)
    state: Mapped[WatchState] = mapped_column(default=WatchState.WATCHING)
    read_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(sa.Text)
