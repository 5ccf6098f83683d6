"""A wrong photo went out: one action takes it down everywhere, opens the record and starts the clock."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, WrongStateError
from app.core.permissions import Permission
from app.posts.locking import locked_post
from app.posts.models import PostState
from app.publishing import telling
from app.publishing.breach_models import DataBreach
from app.publishing.events import photo_published_wrongly
from app.publishing.services import take_down

SHORTEST = 10
NO_DETAIL = "Say in a sentence what was wrong, without names: “a pupil without consent can be recognised”."


def report_wrong_photo(session: Session, post_id: UUID, *, what: str, actor: Actor) -> DataBreach:
    """Take the post down, open the record of the breach and tell the data protection officer, all or nothing."""
    if len(what.strip()) < SHORTEST:
        raise InvalidInputError(NO_DETAIL)
    actor.ensure(Permission.POST_TAKE_DOWN)
    post = locked_post(session, post_id)
    if post is None:
        raise NotFoundError
    if post.state not in (PostState.TAKING_DOWN, PostState.TAKEN_DOWN):
        take_down(session, post_id, reason=what.strip(), actor=actor)
    breach = DataBreach(
        id=uuid4(), post_id=post_id, discovered_at=clock.now(), discovered_by=actor.user_id, what=what.strip()
    )
    session.add(breach)
    session.flush()
    record(session, "breach:opened", actor=actor, subject_type="breach", subject_id=breach.id)
    telling.breach_opened(session, breach)
    photo_published_wrongly.send(None, session=session, breach=breach, post=post, actor=actor)
    return breach


def decide(
    session: Session,
    breach_id: UUID,
    *,
    is_reportable: bool,
    reasons: str,
    reference: str,
    people_told: str,
    actor: Actor,
) -> None:
    """Write down whether the Information Commissioner was told, and why; it is decided once."""
    actor.ensure(Permission.BREACH_MANAGE)
    breach = session.get(DataBreach, breach_id, with_for_update=True)
    if breach is None:
        raise NotFoundError
    if breach.decided_at is not None:
        raise WrongStateError("This was decided already. The record keeps the first decision.")
    if len(reasons.strip()) < SHORTEST:
        raise InvalidInputError("Give the reasons in a sentence: the law asks for them either way.")
    breach.is_reportable, breach.reasons = is_reportable, reasons.strip()
    breach.reference, breach.people_told = reference.strip(), people_told.strip()
    breach.decided_at, breach.decided_by = clock.now(), actor.user_id
    details: dict[str, object] = {"reported": is_reportable}
    record(session, "breach:decided", actor=actor, subject_type="breach", subject_id=breach.id, details=details)


def breach_with(session: Session, breach_id: UUID) -> DataBreach:
    breach = session.get(DataBreach, breach_id)
    if breach is None:
        raise NotFoundError
    return breach


def breaches(session: Session) -> Sequence[DataBreach]:
    """All of them, those that nobody has decided on first."""
    query = sa.select(DataBreach).order_by(DataBreach.decided_at.is_not(None), DataBreach.discovered_at.desc())
    return session.scalars(query).all()
