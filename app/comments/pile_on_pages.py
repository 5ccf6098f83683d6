"""A pile-on as the headteacher sees it at nine in the evening: what is safe, what is not yet, what to do next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import shorten
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.queries import names_of, users
from app.channels.models import Channel, ChannelState
from app.comments.calming import still_to_hide
from app.comments.models import Audience, Comment, CommentState
from app.comments.names import names_of_school
from app.comments.networks import CAPABILITIES, STILL_SEEN
from app.comments.pile_on_models import PileOn, PileOnState
from app.comments.policies import in_circle_of, may_read, readable_by
from app.comments.replies import statements_under
from app.comments.reply_models import PreparedText, Reply, ReplyState, TextKind
from app.comments.spots import spot_of, under
from app.comments.texts import texts
from app.core import clock
from app.core.actors import Actor
from app.core.permissions import Permission
from app.posts.models import Post, PostState, Revision
from app.publishing.models import Delivery, DeliveryState
from app.publishing.watch_models import StrayPost
from app.schools.services import school_with

QUARTER = timedelta(minutes=15)
A_WHILE = timedelta(minutes=1)
LONGEST_NAME = 70
MOST_READ = 300
"""So many of the worst are read for names of staff."""
_HIDDEN = (CommentState.HIDDEN,)
_ON_THE_WAY = (CommentState.HIDING, CommentState.RECEIVED)
_GOING_OUT = (ReplyState.APPROVED, ReplyState.SENDING)
_SEEN = (CommentState.VISIBLE, CommentState.QUEUED, CommentState.RESTORING)


@dataclass(frozen=True, slots=True)
class Place:
    """The post on one network, and how far calm has come there."""

    channel: Channel
    permalink: str | None
    hidden: int
    on_the_way: int
    seen: int
    by: datetime | None
    """When the last of those on the way will be hidden, where the network sets the pace."""

    @property
    def is_connected(self) -> bool:
        return self.channel.state is ChannelState.CONNECTED

    @property
    def in_sight(self) -> int:
        """How many everybody can still see: what is on the way is not hidden yet."""
        return self.seen + self.on_the_way

    @property
    def waits(self) -> bool:
        """Something should be hidden, and cannot be until somebody connects the account again."""
        return not self.is_connected and self.on_the_way > 0

    @property
    def still_seen(self) -> str:
        return STILL_SEEN[self.channel.network]

    @property
    def pace(self) -> int | None:
        return CAPABILITIES[self.channel.network].hides_per_quarter_hour


@dataclass(frozen=True, slots=True)
class Page:
    pile_on: PileOn
    name: str
    places: Sequence[Place]
    comments: int
    needs_you: int
    harms: Sequence[tuple[str, int]]
    """What they are, the commonest first; never who wrote them."""
    to_hide: int
    """What the lock-down has not reached yet."""
    stay: int
    """What stays in sight while it is locked: cries for help, and what a person let stand."""
    only_locked: int
    statements: Sequence[Reply]
    holding_texts: Sequence[PreparedText]
    staff: Sequence[User]
    meant: frozenset[UUID]
    """Staff whom the comments seem to name."""
    names: Mapping[UUID, str]
    connectors: Sequence[str]
    """Who may connect an account again."""
    scheduled: int
    is_stopped: bool

    @property
    def spot(self) -> str:
        return str(spot_of(self.pile_on))

    @property
    def is_locked(self) -> bool:
        return self.pile_on.state is PileOnState.LOCKED

    @property
    def network_of(self) -> Mapping[UUID, str]:
        return {place.channel.id: place.channel.network.label for place in self.places}

    @property
    def waiting_networks(self) -> Sequence[str]:
        return [place.channel.network.label for place in self.places if place.waits]

    @property
    def spoken_on(self) -> Sequence[str]:
        """Where a statement goes: where comments came in, or everywhere if there are none."""
        commented = [place for place in self.places if place.hidden + place.in_sight]
        return [place.channel.network.label for place in commented or self.places]

    @property
    def standing(self) -> Sequence[Reply]:
        """What the school said and what still stands under the post."""
        return [reply for reply in self.statements if reply.state is ReplyState.SENT]

    @property
    def told(self) -> Mapping[str, str]:
        """Who was told, and when."""
        return {entry["user"]: entry["at"] for entry in self.pile_on.told}

    @property
    def is_under_way(self) -> bool:
        """Numbers still change: the page looks again by itself."""
        going_out = any(reply.state in _GOING_OUT for reply in self.statements)
        return self.pile_on.state is PileOnState.LIFTING or self.is_hiding or going_out

    @property
    def is_hiding(self) -> bool:
        on_the_way = any(place.on_the_way for place in self.places)
        return self.is_locked and (on_the_way or self.to_hide > 0)


def page_of(session: Session, pile_on: PileOn, *, actor: Actor) -> Page:
    rows = _rows(session, pile_on, actor)
    harms = Counter(harm for _, _, awaits, harm, _ in rows if awaits and harm)
    is_locked = pile_on.state is PileOnState.LOCKED
    to_hide = sum(may_read(each, actor) for each in still_to_hide(session, pile_on)) if is_locked else 0
    people = [user for user in users(session) if user.suspended_at is None]
    return Page(
        pile_on=pile_on,
        name=name_of(session, pile_on),
        places=_places(session, pile_on, rows),
        comments=len(rows),
        needs_you=sum(awaits for _, _, awaits, _, _ in rows),
        harms=harms.most_common(),
        to_hide=to_hide,
        stay=max(0, sum(state in _SEEN for _, state, *_ in rows) - to_hide),
        only_locked=sum(held is not None for *_, held in rows),
        statements=statements_under(session, pile_on),
        holding_texts=texts(session, TextKind.HOLDING),
        staff=people,
        meant=_meant(session, pile_on, actor, {str(user.id): user.id for user in people}),
        names=names_of(session, [pile_on.locked_by, pile_on.lifted_by, *(user.id for user in people)]),
        connectors=[user.name for user in people if Permission.CHANNEL_CONNECT in user.permissions],
        scheduled=_scheduled(session),
        is_stopped=school_with(session, actor.school_id).publishing_stopped_at is not None,
    )


Row = tuple[UUID, CommentState, bool, str | None, UUID | None]


def _rows(session: Session, pile_on: PileOn, actor: Actor) -> Sequence[Row]:
    """Read what the counts need of each comment, and no more: a thousand are counted in one look."""
    query = sa.select(Comment.channel_id, Comment.state, Comment.awaits_person, Comment.harm, Comment.pile_on_id).where(
        under(pile_on), in_circle_of(actor)
    )
    return [tuple(row) for row in session.execute(query)]  # type: ignore[misc]  # the five columns above


def _standing(session: Session, pile_on: PileOn) -> Sequence[tuple[Channel, str | None]]:
    """Return the accounts on which the post stands, and its address there."""
    if pile_on.post_id is None:
        stray = sa.select(StrayPost.permalink).where(
            StrayPost.channel_id == pile_on.channel_id, StrayPost.remote_id == pile_on.post_remote_id
        )
        return [(session.get_one(Channel, pile_on.channel_id), session.scalar(stray))]
    query = (
        sa.select(Channel, Delivery.permalink)
        .join(Delivery, Delivery.channel_id == Channel.id)
        .where(Delivery.post_id == pile_on.post_id, Delivery.state == DeliveryState.SENT)
    )
    return [(channel, permalink) for channel, permalink in session.execute(query.order_by(Channel.network))]


def _places(session: Session, pile_on: PileOn, rows: Sequence[Row]) -> Sequence[Place]:
    found = []
    for channel, permalink in _standing(session, pile_on):
        states = Counter(state for channel_id, state, *_ in rows if channel_id == channel.id)
        on_the_way = sum(states[state] for state in _ON_THE_WAY)
        found.append(
            Place(
                channel,
                permalink,
                hidden=sum(states[state] for state in _HIDDEN),
                on_the_way=on_the_way,
                seen=sum(states[state] for state in _SEEN),
                by=_done_by(session, channel, pile_on, on_the_way),
            )
        )
    return found


def _done_by(session: Session, channel: Channel, pile_on: PileOn, on_the_way: int) -> datetime | None:
    """Say when the last will be hidden, once the network has made us wait."""
    pace = CAPABILITIES[channel.network].hides_per_quarter_hour
    waits = sa.select(sa.func.max(Comment.due_at)).where(
        Comment.channel_id == channel.id, under(pile_on), Comment.state == CommentState.HIDING
    )
    until = session.scalar(waits)
    if pace is None or until is None or until < clock.now() + A_WHILE:
        return None
    return until + QUARTER * (max(0, on_the_way - 1) // pace)


def name_of(session: Session, pile_on: PileOn) -> str:
    """Call the post by its first words, as they are public."""
    if pile_on.post_id is None:
        return "a post that was not made here"
    public = sa.select(Revision.caption).join(Post, Post.approved_revision_id == Revision.id)
    latest = sa.select(Revision.caption).where(Revision.post_id == pile_on.post_id).order_by(Revision.number.desc())
    words = session.scalar(public.where(Post.id == pile_on.post_id)) or session.scalar(latest.limit(1))
    return f"“{shorten(words, LONGEST_NAME, placeholder='…')}”" if words else "a post without words"


def _meant(session: Session, pile_on: PileOn, actor: Actor, people: Mapping[str, UUID]) -> frozenset[UUID]:
    """Read the worst comments for names of the school's own people, so that none of them is forgotten.

    Whoever a confidential comment names may be accused, and is not told by us.
    """
    bad = (
        Comment.severity > 0,
        Comment.awaits_person.is_(True),
        readable_by(actor),
        Comment.audience == Audience.GENERAL,
    )
    named = _named(session, pile_on, people, *bad)
    return named - _named(session, pile_on, people, Comment.audience != Audience.GENERAL) if named else named


def _named(
    session: Session, pile_on: PileOn, people: Mapping[str, UUID], *which: sa.ColumnElement[bool]
) -> frozenset[UUID]:
    query = sa.select(Comment.text).where(under(pile_on), *which)
    words = session.scalars(query.order_by(Comment.severity.desc(), Comment.commented_at.desc()).limit(MOST_READ)).all()
    if not words:
        return frozenset()
    found = names_of_school(session).find("\n".join(words))
    return frozenset(people[mention.person] for mention in found if mention.person in people)


def _scheduled(session: Session) -> int:
    query = sa.select(sa.func.count()).select_from(Post).where(Post.state == PostState.SCHEDULED)
    return session.scalar(query) or 0
