"""Photos that are out and may show somebody whose consent just ended, though nobody tagged them: people must look."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.posts.models import Post, Revision
from app.posts.queries import posts_naming, posts_showing, posts_with_roll_call
from app.posts.scope import purposes_of
from app.publishing import telling
from app.publishing.models import Delivery
from app.register.queries import snapshot
from app.register.services import end_of_school_year
from consent.model import Person, PersonKind, Purpose

MOST_AT_ONCE = 30
"""The newest posts are looked at first; whoever has so many to look at sees the others in the list of posts."""


@dataclass(frozen=True, slots=True)
class PostsWith:
    """Where a pupil is out: enough for the office's answer to a family, and no word of who else is in a post."""

    named: Sequence[tuple[str, Delivery]]
    """The words of each post in which somebody tagged or named the pupil, once for each network; what is up first."""
    looked_at: int
    """Posts that may show the pupil, of which people were asked to look at each."""
    not_asked: int
    """More posts than people are asked to look at in one go."""
    asked: Sequence[str]


def posts_with(session: Session, pupil_id: UUID, *, said_no_at: datetime) -> PostsWith:
    found = (*posts_showing(session, [pupil_id]), *posts_naming(session, [pupil_id]))
    words = {post.id: revision.caption for post, revision in found}
    deliveries = session.scalars(sa.select(Delivery).where(Delivery.post_id.in_(words)))
    newest = sorted(deliveries, key=lambda delivery: delivery.planned_for, reverse=True)
    first = sorted(newest, key=lambda delivery: not delivery.state.may_be_public)
    unsure = _unsure(session, pupil_id, said_no_at) - set(words)
    looked_at, asked = telling.asked_to_look(session, unsure)
    named = [(words[delivery.post_id], delivery) for delivery in first]
    return PostsWith(named, looked_at, len(unsure) - looked_at if asked else 0, asked)


def _unsure(session: Session, pupil_id: UUID, said_no_at: datetime) -> set[UUID]:
    """Return what is public, may show the pupil untagged, and may not. A roll call since then counted the no."""
    today = clock.today()
    person = snapshot(session, on=today).person(str(pupil_id))
    if person is None:
        return set()
    return {
        post.id
        for post, revision in posts_with_roll_call(session)
        if (post.approved_at is None or post.approved_at <= said_no_at)
        and _may_show(post, revision, person, today)
        and not person.allows(purposes_of(revision), today)
    }


def ask_to_look(session: Session, ended: Mapping[UUID, Collection[Purpose]], *, besides: Collection[UUID]) -> None:
    """Tell those who may take posts down of each public post in which an unnamed face may be one of these pupils.

    A roll call said: none of those who might not be shown on that day. It says nothing of who joined them since.
    """
    today = clock.today()
    register = snapshot(session, on=today)
    people = {person_id: register.person(str(person_id)) for person_id in ended}
    pupils = {person_id: person for person_id, person in people.items() if person and person.kind is PersonKind.PUPIL}
    if not pupils:
        return
    asked = 0
    for post, revision in posts_with_roll_call(session):
        in_it = (key for key, person in pupils.items() if _may_show(post, revision, person, today))
        is_meant = any(set(ended[person_id]) & set(purposes_of(revision)) for person_id in in_it)
        if is_meant and post.id not in besides and asked < MOST_AT_ONCE:
            telling.look_at(session, post)
            asked += 1


def _may_show(post: Post, revision: Revision, person: Person, today: date) -> bool:
    """Tell whether the pupil may have taken part; of an earlier school year nobody knows who was in which class."""
    if not revision.classes or person.group in revision.classes or person.id in revision.extra_people:
        return True
    return post.approved_at is None or end_of_school_year(post.approved_at.date()) < today
