"""Search an account for a post that may be out already, and tell when that has to be done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.channels.models import Channel
from app.core import clock
from app.platforms.base import OutgoingPost, Platform, Prepared, Published
from app.platforms.errors import AmbiguousError
from app.platforms.parsing import same_words
from app.posts.models import Revision
from app.publishing.models import Delivery

IS_LATE = timedelta(minutes=5)
"""A delivery this late may be one that an older backup brought back: the account is looked at before it is sent."""
RESTORED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Search:
    """Where and by what to look."""

    since: datetime
    prepared: Prepared | None
    others: frozenset[str]
    """Posts on the account that belong to other deliveries: the same words may go out twice."""
    is_likely: bool
    """It was sent before, or an older backup was brought back; otherwise it is merely late."""

    def can_know(self, post: OutgoingPost) -> bool:
        """Tell whether there is anything to know the post by: its words, or the photos as they were uploaded."""
        return bool(post.text.strip() or (self.prepared and self.prepared.media_ids))


def search_for_lost(session: Session, delivery: Delivery) -> Search:
    return _search(session, delivery, delivery.sending_since or delivery.planned_for, is_likely=True)


def search_before_sending(session: Session, delivery: Delivery, revision: Revision, channel: Channel) -> Search | None:
    """Say how to look for a post that waits here, or that it cannot be out: no post is older than its words."""
    if delivery.sending_since is not None:
        return _search(session, delivery, delivery.sending_since, is_likely=True)
    if channel.look_since is not None and clock.now() < channel.look_since + RESTORED_FOR:
        return _search(session, delivery, max(channel.look_since, revision.created_at), is_likely=True)
    if clock.now() > delivery.planned_for + IS_LATE:
        return _search(session, delivery, delivery.planned_for - IS_LATE, is_likely=False)
    return None


def find(platform: Platform, post: OutgoingPost, search: Search) -> Published | None:
    """Return the one match that belongs to nobody else. Raises AmbiguousError when there are several."""
    try:
        found = platform.find_published(post, search.prepared, since=search.since)
    except AmbiguousError:
        found = _only_free(platform, post, search)
    return None if found is None or found.remote_id in search.others else found


def owner_of(session: Session, delivery: Delivery, remote_id: str) -> UUID | None:
    """Return which other delivery a post on the account belongs to."""
    query = sa.select(Delivery.id).where(
        Delivery.channel_id == delivery.channel_id, Delivery.remote_id == remote_id, Delivery.id != delivery.id
    )
    return session.scalar(query)


def _search(session: Session, delivery: Delivery, since: datetime, *, is_likely: bool) -> Search:
    others = session.scalars(
        sa.select(Delivery.remote_id).where(
            Delivery.channel_id == delivery.channel_id,
            Delivery.remote_id.is_not(None),
            Delivery.id != delivery.id,
            Delivery.sent_at > since - timedelta(hours=1),
        )
    )
    prepared = Prepared.from_json(delivery.prepared) if delivery.prepared else None
    return Search(since, prepared, frozenset(filter(None, others)), is_likely)


def _only_free(platform: Platform, post: OutgoingPost, search: Search) -> Published | None:
    """Several have these words: set those aside that are other posts of ours."""
    wordings = (post.text, f"{post.text}\n\n{post.link or ''}")
    free = [
        seen
        for seen in platform.recent_posts(since=search.since)
        if seen.remote_id not in search.others and any(same_words(seen.text, words) for words in wordings)
    ]
    if len(free) > 1:
        raise AmbiguousError("Several posts there have these words. Say which of them is this one.")
    return Published(free[0].remote_id, free[0].permalink, free[0].published_at) if free else None
