"""The frame of every page: the school's name, the stop, and the navigation with what waits."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request, url_for
from sqlalchemy.orm import Session

from app.accounts.guards import current_actor
from app.comments.queries import comments_needing
from app.core.actors import Actor
from app.core.db import database
from app.core.permissions import Permission as P  # noqa: N817  the table below is read by column
from app.incidents.queries import open_incidents
from app.notifications.queries import count_unread
from app.publishing import hours
from app.reviews.queries import count_waiting_for
from app.schools.services import school_with
from app.web.front_end import NavigationItem, Shell

Count = Callable[[Session, Actor], int]


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    endpoint: str
    permissions: frozenset[P]
    """Any of these; empty for everybody."""
    unless: frozenset[P] = frozenset()
    """Whoever holds one of these gets there from another entry."""
    count: Count | None = None


def _unread(session: Session, actor: Actor) -> int:
    return count_unread(session, actor.user_id) if actor.user_id else 0


FOLLOWS_UP = frozenset({P.INCIDENT_READ, P.SAFEGUARDING_READ, P.ALLEGATION_ABOUT_HEAD_READ})
ENTRIES = (
    Entry("Home", "dashboard.home", frozenset()),
    Entry("Posts", "posts.index", frozenset({P.POST_DRAFT, P.POST_READ_ALL})),
    Entry("Calendar", "calendar.index", frozenset({P.POST_DRAFT, P.POST_READ_ALL})),
    Entry(
        "Approve",
        "reviews.index",
        frozenset({P.POST_APPROVE}),
        count=lambda session, actor: count_waiting_for(session, actor),
    ),
    Entry(
        "Comments", "comments.index", frozenset({P.COMMENT_READ, P.ALLEGATION_ABOUT_HEAD_READ}), count=comments_needing
    ),
    Entry("Incidents", "incidents.index", FOLLOWS_UP, count=open_incidents),
    Entry("Prejudice in numbers", "incidents.prejudice", frozenset({P.REPORT_READ}), unless=FOLLOWS_UP),
    Entry("Register", "register.index", frozenset({P.REGISTER_READ})),
    Entry("Face matching", "matching.index", frozenset({P.MATCHING_SIGN, P.SETTINGS_MANAGE})),
    Entry("Accounts", "channels.index", frozenset({P.CHANNEL_READ, P.CHANNEL_CONNECT, P.CHANNEL_APPROVE})),
    Entry("People", "people.index", frozenset({P.USER_MANAGE})),
    Entry("Settings", "settings.edit", frozenset({P.SETTINGS_MANAGE})),
    Entry("Health", "health.index", frozenset({P.HEALTH_READ})),
    Entry("Record", "trail.index", frozenset({P.AUDIT_READ})),
)
NOTICES = Entry("Notices", "notifications.index", frozenset(), count=_unread)


PART_OF = {"faces": "posts", "adults": "register", "sign_ins": "channels", "publishing": "channels"}
"""Pages that stand under the entry of another feature."""


def make_shell() -> Shell:
    """Read what the frame shows, in one short look."""
    actor = current_actor()
    here = (request.endpoint or "").split(".")[0]
    here = PART_OF.get(here, here)
    with database().reading(actor.school_id) as session:
        school = school_with(session, actor.school_id)
        items = [_item(entry, here, session, actor) for entry in ENTRIES if _is_offered(entry, actor)]
        notices = _item(NOTICES, here, session, actor)
        stopped = school.publishing_stopped_at is not None
        return Shell(school.name, items, notices, stopped, hours.in_words(school.settings))


def _is_offered(entry: Entry, actor: Actor) -> bool:
    if not entry.unless.isdisjoint(actor.permissions):
        return False
    return not entry.permissions or not entry.permissions.isdisjoint(actor.permissions)


def _item(entry: Entry, here: str, session: Session, actor: Actor) -> NavigationItem:
    stands_under = here not in ("dashboard", "accounts") and entry.endpoint.startswith(here + ".")
    return NavigationItem(
        entry.label,
        url_for(entry.endpoint),
        request.endpoint == entry.endpoint or stands_under,
        entry.count(session, actor) if entry.count else 0,
    )
