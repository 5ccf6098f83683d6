"""What goes out when: planned, waiting and published posts by day, in London time."""

import calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actors import Actor
from app.core.permissions import Permission
from app.posts.models import Post, PostState, Revision
from app.publishing.models import Delivery

SHOWN = (
    PostState.SUBMITTED,
    PostState.APPROVED,
    PostState.SCHEDULED,
    PostState.PUBLISHING,
    PostState.PUBLISHED,
    PostState.PARTLY_PUBLISHED,
)
LENGTH = timedelta(minutes=15)
"""How long a post is in somebody's diary."""
TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Entry:
    post_id: UUID
    at: datetime
    """In London time."""
    title: str
    state: PostState
    networks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a page shows, and where its neighbours begin."""

    view: str
    first: date
    days: Sequence[date]
    before: date
    after: date

    @property
    def weeks(self) -> Sequence[Sequence[date]]:
        return [self.days[start : start + 7] for start in range(0, len(self.days), 7)]


def span_of(view: str, day: date) -> Span:
    """Return the month (with the whole weeks around it) or the week of a day."""
    if view == "week":
        monday = day - timedelta(days=day.weekday())
        days = [monday + timedelta(days=number) for number in range(7)]
        return Span(view, monday, days, monday - timedelta(days=7), monday + timedelta(days=7))
    first = day.replace(day=1)
    days = list(calendar.Calendar().itermonthdates(day.year, day.month))
    following = (first + timedelta(days=32)).replace(day=1)
    return Span("month", first, days, (first - timedelta(days=1)).replace(day=1), following)


def entries_between(session: Session, first: date, last: date, *, actor: Actor) -> Mapping[date, Sequence[Entry]]:
    """Return the posts of these days that the actor may read, by day."""
    starts = clock.from_london(datetime.combine(first, time.min))
    ends = clock.from_london(datetime.combine(last + timedelta(days=1), time.min))
    sent = sa.select(sa.func.min(Delivery.sent_at)).where(Delivery.revision_id == Revision.id).scalar_subquery()
    moment = sa.func.coalesce(sent, Revision.scheduled_for, type_=Post.updated_at.type)
    query = (
        sa.select(Post, Revision, moment)
        .join(Revision, sa.and_(Revision.post_id == Post.id, Revision.number == Post.latest_number))
        .where(Post.state.in_(SHOWN), moment >= starts, moment < ends)
        .order_by(moment)
    )
    if not actor.may(Permission.POST_READ_ALL):
        query = query.where(Post.author_id == actor.user_id)
    found = defaultdict(list)
    for post, revision, at in session.execute(query):
        entry = Entry(post.id, clock.london(at or post.updated_at), _title(revision), post.state, revision.networks)
        found[entry.at.date()].append(entry)
    return found


def feed(entries: Mapping[date, Sequence[Entry]], *, school: str, public_url: str) -> bytes:
    """Write the entries as an iCalendar feed. Titles say where a post goes, never what is in it."""
    diary = Calendar()
    diary.add("prodid", "-//Schoolgate//Posts//EN")
    diary.add("version", "2.0")
    diary.add("x-wr-calname", f"Posts of {school}")
    for entry in (entry for day in entries.values() for entry in day):
        event = Event()
        event.add("uid", f"{entry.post_id}@schoolgate")
        event.add("dtstamp", clock.now())
        event.add("dtstart", entry.at)
        event.add("dtend", entry.at + LENGTH)
        places = " and ".join("X" if network == "x" else "Facebook" for network in entry.networks)
        event.add("summary", f"Post to {places} ({entry.state.value.replace('_', ' ')})")
        event.add("url", f"{public_url}/posts/{entry.post_id}")
        diary.add_component(event)
    written: bytes = diary.to_ical()
    return written


def _title(revision: Revision) -> str:
    words = " ".join(revision.caption.split()) or "Photos without words"
    return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1].rstrip() + "…"
