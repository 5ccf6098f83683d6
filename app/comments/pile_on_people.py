"""Whom a pile-on is about: who seems to be meant, who was told of it, and who may be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.roles import Role
from app.comments.models import Audience, Comment
from app.comments.names import names_of_school
from app.comments.pile_on_models import PileOn
from app.comments.policies import readable_by
from app.comments.spots import under
from app.core.actors import Actor

MOST_READ = 300
"""So many of the worst are read for names of staff."""
OVERSEERS = frozenset({Role.GOVERNOR, Role.CHAIR_OF_GOVERNORS, Role.DPO})
"""They look on from outside: comments about the school are not about them."""


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who was told, by a notice or, without a sign-in, by a person."""

    name: str
    at: datetime
    by_notice: bool


@dataclass(frozen=True, slots=True)
class People:
    told: Sequence[Told]
    to_tell: Sequence[User]
    meant: frozenset[UUID]
    """Staff whom the comments seem to name."""


def people_of(session: Session, pile_on: PileOn, staff: Sequence[User], *, actor: Actor) -> People:
    names = {str(user.id): user.name for user in staff}
    told = [
        Told(
            entry.get("name") or names.get(entry["user"], "Somebody who has left"),
            datetime.fromisoformat(entry["at"]),
            "user" in entry,
        )
        for entry in pile_on.told
    ]
    done = {entry.get("user") for entry in pile_on.told}
    to_tell = [user for user in staff if _may_be_meant(user, actor) and str(user.id) not in done]
    return People(told, to_tell, _meant(session, pile_on, actor, {str(user.id): user.id for user in staff}))


def _may_be_meant(user: User, actor: Actor) -> bool:
    return user.id != actor.user_id and not set(user.roles_today) <= OVERSEERS


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
