"""Where a comment stands: under one of our posts on all its networks, or under a single one that was not made here."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from app.comments.models import Comment
from app.comments.pile_on_models import PileOn


@dataclass(frozen=True, slots=True)
class Spot:
    """Either one of our posts, or the channel and the network's own id of another post."""

    post_id: UUID | None = None
    channel_id: UUID | None = None
    remote_id: str | None = None

    def __str__(self) -> str:
        """The spot as it stands in the address of a page."""
        return str(self.post_id) if self.post_id else f"{self.channel_id}:{self.remote_id}"

    @property
    def comments(self) -> sa.ColumnElement[bool]:
        if self.post_id is not None:
            return Comment.post_id == self.post_id
        return sa.and_(Comment.channel_id == self.channel_id, Comment.post_remote_id == self.remote_id)

    @property
    def pile_ons(self) -> sa.ColumnElement[bool]:
        if self.post_id is not None:
            return PileOn.post_id == self.post_id
        return sa.and_(PileOn.channel_id == self.channel_id, PileOn.post_remote_id == self.remote_id)


def spot_of(row: Comment | PileOn) -> Spot | None:
    """Return where a comment stands, or where a pile-on is; None for a comment that hangs under no post we know of."""
    if row.post_id is not None:
        return Spot(row.post_id)
    return Spot(None, row.channel_id, row.post_remote_id) if row.channel_id and row.post_remote_id else None


def under(pile_on: PileOn) -> sa.ColumnElement[bool]:
    """Pick the comments under the post of a pile-on."""
    spot = spot_of(pile_on)
    return spot.comments if spot else sa.false()


def spot_at(address: str) -> Spot | None:
    """Read a spot from the address of a page."""
    first, _, remote_id = address.partition(":")
    try:
        key = UUID(first)
    except ValueError:
        return None
    return Spot(None, key, remote_id) if remote_id else Spot(key)
