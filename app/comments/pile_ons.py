"""A pile-on: noticed by the product, locked down, told about and lifted by people."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import names_of
from app.audit.services import record
from app.comments import telling
from app.comments.events import people_told
from app.comments.models import Comment
from app.comments.pile_on_models import PileOn, PileOnState
from app.comments.policies import readable_by
from app.comments.promises import LOCK_JOB
from app.comments.spots import Spot, spot_of
from app.comments.workflow import PileOnAction, pile_on_workflow
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, WrongStateError
from app.core.permissions import Permission
from app.jobs.due import keep, promise
from app.posts.models import Post

LONGEST_NAME = 100
NOT_TO_LOCK = {
    PileOnState.LOCKED: "This post is locked down already.",
    PileOnState.OVER: "This is over. Look whether it has started again, and lock the post down there.",
}


def pile_on_with(session: Session, pile_on_id: UUID, *, actor: Actor) -> PileOn:
    actor.ensure(Permission.COMMENT_READ)
    found = session.get(PileOn, pile_on_id)
    if found is None:
        raise NotFoundError
    return found


def begin_by_hand(session: Session, spot: Spot, *, actor: Actor) -> PileOn:
    """A person sees it coming before the product does."""
    actor.ensure(Permission.COMMENT_DECIDE)
    if (spot.post_id is None or session.get(Post, spot.post_id) is None) and not _is_commented(session, spot, actor):
        raise NotFoundError
    return telling.noticed(session, spot)


def _is_commented(session: Session, spot: Spot, actor: Actor) -> bool:
    there = sa.select(Comment.id).where(spot.comments, readable_by(actor))
    return session.scalar(there.limit(1)) is not None


def lock_down(session: Session, pile_on_id: UUID, *, actor: Actor) -> None:
    """Hide every comment under the post, and every new one as it comes, by this person's word."""
    pile_on = pile_on_with(session, pile_on_id, actor=actor)
    if pile_on.state in NOT_TO_LOCK:
        raise WrongStateError(NOT_TO_LOCK[pile_on.state])
    pile_on_workflow.advance(session, pile_on, PileOnAction.LOCK, actor=actor)
    pile_on.locked_at, pile_on.locked_by = clock.now(), actor.user_id
    pile_on.lifted_at = pile_on.lifted_by = None
    promise(session, LOCK_JOB, pile_on)
    telling.locked(session, pile_on)


def lift(session: Session, pile_on_id: UUID, *, actor: Actor) -> None:
    """End the lock-down: what was hidden for nothing else is shown again."""
    pile_on = pile_on_with(session, pile_on_id, actor=actor)
    if pile_on.state is not PileOnState.LOCKED:
        raise WrongStateError("This post is not locked down any more.")
    pile_on_workflow.advance(session, pile_on, PileOnAction.LIFT, actor=actor)
    pile_on.lifted_at, pile_on.lifted_by = clock.now(), actor.user_id
    promise(session, LOCK_JOB, pile_on)


def close(session: Session, pile_on_id: UUID, *, actor: Actor) -> None:
    """It has calmed down without a lock-down."""
    pile_on = pile_on_with(session, pile_on_id, actor=actor)
    pile_on_workflow.advance(session, pile_on, PileOnAction.CLOSE, actor=actor)
    keep(pile_on)


def tell_people(session: Session, pile_on_id: UUID, user_ids: Collection[UUID], *, actor: Actor) -> int:
    """Tell the people whom it concerns, offer support, and keep that this was done; nobody is told twice."""
    pile_on = pile_on_with(session, pile_on_id, actor=actor)
    actor.ensure(Permission.COMMENT_DECIDE)
    session.refresh(pile_on, with_for_update=True)
    done = {entry.get("user") for entry in pile_on.told}
    wanted = [user_id for user_id in names_of(session, user_ids) if str(user_id) not in done]
    if not wanted:
        raise InvalidInputError("Choose at least one person who has not been told yet.")
    now = clock.now().isoformat()
    pile_on.told = [*pile_on.told, *({"user": str(each), "at": now, "by": str(actor.user_id)} for each in wanted)]
    telling.concerned(session, pile_on, wanted)
    people_told.send(session, pile_on=pile_on, user_ids=wanted, others=(), actor=actor)
    details: dict[str, object] = {"user_ids": [str(each) for each in wanted]}
    record(session, "pile-on:told", actor=actor, subject_type="pile-on", subject_id=pile_on.id, details=details)
    return len(wanted)


def note_told(session: Session, pile_on_id: UUID, name: str, *, actor: Actor) -> None:
    """Keep that somebody without a sign-in was told in person and offered support."""
    actor.ensure(Permission.COMMENT_DECIDE)
    pile_on = pile_on_with(session, pile_on_id, actor=actor)
    called = " ".join(name.split())[:LONGEST_NAME]
    if not called:
        raise InvalidInputError("Write the name of the person whom you have told.")
    session.refresh(pile_on, with_for_update=True)
    if any(entry.get("name", "").casefold() == called.casefold() for entry in pile_on.told):
        raise InvalidInputError("This person is on the list already.")
    entry = {"name": called, "at": clock.now().isoformat(), "by": str(actor.user_id)}
    pile_on.told = [*pile_on.told, entry]
    people_told.send(session, pile_on=pile_on, user_ids=(), others=(called,), actor=actor)
    record(session, "pile-on:told", actor=actor, subject_type="pile-on", subject_id=pile_on.id)


def pile_on_under(session: Session, spot: Spot | None) -> PileOn | None:
    """Return the post's pile-on that is not over."""
    return next((each for each in going_on(session) if spot_of(each) == spot), None)


def going_on(session: Session) -> list[PileOn]:
    """Return the pile-ons that are not over, the newest first."""
    query = sa.select(PileOn).where(PileOn.state != PileOnState.OVER).order_by(PileOn.noticed_at.desc())
    return list(session.scalars(query))
