"""A pile-on as the headteacher sees it at nine in the evening: what is safe, what is not yet, what to do next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import shorten
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import names_of, users
from app.channels.models import Channel, ChannelState
from app.comments.calming import still_to_hide
from app.comments.models import Comment, CommentState, CommentWatch
from app.comments.networks import CAPABILITIES, STILL_SEEN
from app.comments.pacing import KEPT_FOR_WORSE
from app.comments.pile_on_models import PileOn, PileOnState
from app.comments.pile_on_people import People, people_of
from app.comments.pile_on_sorting import Kept, asks_for_help, is_grave, kept_in_sight, undecided
from app.comments.pile_ons import pile_on_under
from app.comments.policies import decided_by, in_circle_of, may_read
from app.comments.replies import any_deleted, statements_under
from app.comments.reply_models import PreparedText, Reply, ReplyState, TextKind
from app.comments.spots import spot_of, under
from app.comments.texts import is_true_of, texts
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
EVENING = 16
"""From this hour on what cannot wait is read tonight."""
_ON_THE_WAY = (CommentState.HIDING, CommentState.RECEIVED)
_GOING_OUT = (ReplyState.APPROVED, ReplyState.SENDING)


@dataclass(frozen=True, slots=True)
class Place:
    """The post on one network, and how far calm has come there."""

    channel: Channel
    permalink: str | None
    hidden: int
    on_the_way: int
    seen: int
    coming_back: int
    """Of those hidden, how many are being shown again."""
    by: datetime | None
    """When the last of those on the way will be hidden, where the network sets the pace."""
    back_by: datetime | None
    """When the last of those coming back will be seen."""
    trouble: str
    """What the network said when we last asked, if it did not let us do our work."""
    read_at: datetime | None
    """When it last answered."""

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
    for_help: int
    """Of those that need you, in how many somebody may be asking for help."""
    grave: int
    """Threats, accusations and the like, to be read on the same day."""
    to_hide: int
    """What the lock-down has not reached yet."""
    kept: Sequence[tuple[Kept, Comment]]
    """What stays in sight while it is locked, and why."""
    undecided: int
    """Hidden by the lock-down alone, and left hidden when it is lifted: it may do harm, and nobody has decided."""
    only_locked: int
    """All that the lock-down alone hides."""
    statements: Sequence[Reply]
    holding_texts: Sequence[PreparedText]
    people: People
    names: Mapping[UUID, str]
    connectors: Sequence[str]
    """Who may connect an account again."""
    scheduled: int
    is_stopped: bool
    is_deleted: bool
    """A comment under it was deleted by the school."""
    goes_on: PileOn | None
    """What goes on under the post now, when this one is over."""

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
    def asked(self) -> Sequence[Reply]:
        """Statements of which only a person can say whether they arrived."""
        return [reply for reply in self.statements if reply.state is ReplyState.NEEDS_PERSON]

    @property
    def is_going_out(self) -> bool:
        return any(reply.state in _GOING_OUT for reply in self.statements)

    @property
    def has_failed(self) -> bool:
        """Nothing stands, and something was tried in vain: the same words may be sent again."""
        return not self.standing and any(reply.state is ReplyState.FAILED for reply in self.statements)

    @property
    def permalink_of(self) -> Mapping[UUID, str | None]:
        return {place.channel.id: place.permalink for place in self.places}

    @property
    def shown_again(self) -> int:
        """How many lifting shows again."""
        return max(0, self.only_locked - self.undecided)

    @property
    def calls(self) -> int:
        """How many may be asking for help where everybody can read it, and nobody has answered."""
        return sum(why is Kept.HELP and comment.awaits_person for why, comment in self.kept)

    @property
    def kept_by_reason(self) -> Sequence[tuple[Kept, int]]:
        return list(Counter(why for why, _ in self.kept).items())

    @property
    def tonight(self) -> str:
        return "tonight" if clock.london(clock.now()).hour >= EVENING else "today"

    @property
    def true_texts(self) -> Sequence[PreparedText]:
        return [text for text in self.holding_texts if self.holds(text)]

    def holds(self, text: PreparedText) -> bool:
        """Say whether these words are true now: those about hidden comments are only while the post is locked down."""
        return is_true_of(text, is_locked=self.is_locked, is_deleted=self.is_deleted)

    @property
    def is_showing(self) -> bool:
        """It is lifted, and the networks have yet to show again what comes back."""
        comes_back = any(place.coming_back for place in self.places)
        return self.pile_on.state is PileOnState.LIFTING or (not self.is_locked and comes_back)

    @property
    def is_under_way(self) -> bool:
        """Numbers still change: the page looks again by itself."""
        return self.is_showing or self.is_hiding or self.is_going_out

    @property
    def is_hiding(self) -> bool:
        on_the_way = any(place.on_the_way for place in self.places)
        return self.is_locked and (on_the_way or self.to_hide > 0)


def page_of(session: Session, pile_on: PileOn, *, actor: Actor) -> Page:
    rows = _rows(session, pile_on, actor)
    waiting = [row for row in rows if row.waits]
    is_locked = pile_on.state is PileOnState.LOCKED
    to_hide = sum(may_read(each, actor) for each in still_to_hide(session, pile_on)) if is_locked else 0
    staff = [user for user in users(session) if user.suspended_at is None]
    return Page(
        pile_on=pile_on,
        name=name_of(session, pile_on),
        places=_places(session, pile_on, rows),
        comments=len(rows),
        needs_you=len(waiting),
        harms=Counter(row.harm for row in waiting if row.harm).most_common(),
        for_help=sum(asks_for_help(row.categories) for row in waiting),
        grave=sum(is_grave(row.severity, row.harm, row.categories) for row in waiting),
        to_hide=to_hide,
        kept=kept_in_sight(session, pile_on, actor=actor) if is_locked else (),
        undecided=len(undecided(session, pile_on, actor=actor)) if pile_on.locked_at else 0,
        only_locked=sum(row.held is not None for row in rows),
        statements=statements_under(session, pile_on),
        holding_texts=texts(session, TextKind.HOLDING),
        people=people_of(session, pile_on, staff, actor=actor),
        names=names_of(session, [pile_on.locked_by, pile_on.lifted_by]),
        connectors=[user.name for user in staff if Permission.CHANNEL_CONNECT in user.permissions],
        scheduled=_scheduled(session),
        is_stopped=school_with(session, actor.school_id).publishing_stopped_at is not None,
        is_deleted=any_deleted(session, pile_on),
        goes_on=None if pile_on.state.is_going_on else pile_on_under(session, spot_of(pile_on)),
    )


class Row(NamedTuple):
    """What the counts need of one comment."""

    channel_id: UUID
    state: CommentState
    awaits: bool
    severity: int
    harm: str | None
    categories: list[str]
    held: UUID | None
    is_hidden: bool
    """On the network, as far as we know: what is being hidden can still be seen."""
    is_theirs: bool

    @property
    def waits(self) -> bool:
        """It is in their queue, where what nobody has judged yet is not, nor what was deleted."""
        return self.awaits and self.is_theirs and self.state not in (CommentState.RECEIVED, CommentState.DELETED)


def _rows(session: Session, pile_on: PileOn, actor: Actor) -> Sequence[Row]:
    """Read what the counts need, and no more: a thousand are counted in one look."""
    query = sa.select(
        Comment.channel_id,
        Comment.state,
        Comment.awaits_person,
        Comment.severity,
        Comment.harm,
        Comment.categories,
        Comment.pile_on_id,
        Comment.is_hidden_remotely,
        sa.case((decided_by(actor), True), else_=False),
    ).where(under(pile_on), in_circle_of(actor))
    return [Row(*row) for row in session.execute(query)]


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
        there = [row for row in rows if row.channel_id == channel.id and row.state.is_on_network]
        watch = session.scalar(sa.select(CommentWatch).where(CommentWatch.channel_id == channel.id))
        hidden = sum(row.is_hidden for row in there)
        on_the_way = sum(not row.is_hidden and row.state in _ON_THE_WAY for row in there)
        coming_back = sum(row.is_hidden and row.state is CommentState.RESTORING for row in there)
        found.append(
            Place(
                channel,
                permalink,
                hidden=hidden,
                on_the_way=on_the_way,
                seen=len(there) - hidden - on_the_way,
                coming_back=coming_back,
                by=_done_by(session, channel, pile_on, CommentState.HIDING, on_the_way),
                back_by=_done_by(session, channel, pile_on, CommentState.RESTORING, coming_back),
                trouble=(watch.problem if watch else None) or "",
                read_at=watch.read_at if watch else None,
            )
        )
    return found


def _done_by(session: Session, channel: Channel, pile_on: PileOn, state: CommentState, waiting: int) -> datetime | None:
    """Say when the last will be hidden or shown, once the network has made us wait."""
    pace = CAPABILITIES[channel.network].hides_per_quarter_hour
    waits = sa.select(sa.func.max(Comment.due_at)).where(
        Comment.channel_id == channel.id, under(pile_on), Comment.state == state
    )
    until = session.scalar(waits)
    if pace is None or until is None or until < clock.now() + A_WHILE:
        return None
    return until + QUARTER * (max(0, waiting - 1) // (pace - max(KEPT_FOR_WORSE.values())))


def name_of(session: Session, pile_on: PileOn) -> str:
    """Call the post by its first words, as they are public."""
    if pile_on.post_id is None:
        return "a post that was not made here"
    public = sa.select(Revision.caption).join(Post, Post.approved_revision_id == Revision.id)
    latest = sa.select(Revision.caption).where(Revision.post_id == pile_on.post_id).order_by(Revision.number.desc())
    words = session.scalar(public.where(Post.id == pile_on.post_id)) or session.scalar(latest.limit(1))
    return f"“{shorten(words, LONGEST_NAME, placeholder='…')}”" if words else "a post without words"


def _scheduled(session: Session) -> int:
    query = sa.select(sa.func.count()).select_from(Post).where(Post.state == PostState.SCHEDULED)
    return session.scalar(query) or 0
