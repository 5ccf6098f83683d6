"""Texts that a school prepares for bad days: written by one person, approved by another, never changed."""

import re
from collections.abc import Sequence
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.comments.reply_models import PreparedText, TextKind, TextState
from app.comments.wording import ensure_may_be_said
from app.comments.workflow import TextAction, text_workflow
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError
from app.core.permissions import Permission

WRITERS = (Permission.COMMENT_DECIDE, Permission.POST_APPROVE, Permission.CHANNEL_CONNECT)

_OF_HIDING = re.compile(r"\b(hid|hide|hidden|closed?|locked|(switched|turned) off)\b", re.IGNORECASE)
_OF_KEEPING = re.compile(r"\b(nothing|none|no comments?)\b.{0,20}\b(deleted|removed)\b", re.IGNORECASE)


def is_true_of(text: PreparedText, *, is_locked: bool, is_deleted: bool) -> bool:
    """Say whether a statement's words are true: that comments are hidden, or that nothing is deleted."""
    words = f"{text.title} {text.text}"
    return (is_locked or not _OF_HIDING.search(words)) and not (is_deleted and _OF_KEEPING.search(words))


def write_text(session: Session, *, kind: TextKind, title: str, text: str, actor: Actor) -> PreparedText:
    ensure_may_write(actor)
    if not title.strip():
        raise InvalidInputError("Give the text a short name, so that it is found in a hurry.")
    prepared = PreparedText(
        id=uuid4(),
        kind=kind,
        state=TextState.WAITING,
        title=" ".join(title.split())[:100],
        text=ensure_may_be_said(session, text),
        written_by=actor.user_id,
        written_at=clock.now(),
    )
    session.add(prepared)
    session.flush()
    subject = {"subject_type": "prepared text", "subject_id": prepared.id}
    record(session, "prepared-text:written", actor=actor, **subject)  # type: ignore[arg-type]  # the keys are right
    return prepared


def approve_text(session: Session, text_id: UUID, *, actor: Actor) -> None:
    """Agree to these exact words beforehand, so that they can be used at once on a bad day."""
    prepared = _found(session, text_id)
    if prepared.written_by == actor.user_id:
        raise NotPermittedError("You wrote this text, so somebody else must approve it.")
    text_workflow.advance(session, prepared, TextAction.APPROVE, actor=actor)
    prepared.approved_by, prepared.approved_at = actor.user_id, clock.now()


def retire_text(session: Session, text_id: UUID, *, actor: Actor) -> None:
    text_workflow.advance(session, _found(session, text_id), TextAction.RETIRE, actor=actor)


def texts(session: Session, kind: TextKind | None = None) -> Sequence[PreparedText]:
    """Return the texts that are not retired, by their names."""
    query = sa.select(PreparedText).where(PreparedText.state != TextState.RETIRED)
    if kind is not None:
        query = query.where(PreparedText.kind == kind, PreparedText.state == TextState.APPROVED)
    return session.scalars(query.order_by(PreparedText.kind, PreparedText.title)).all()


def approved_text(session: Session, text_id: UUID) -> PreparedText:
    prepared = _found(session, text_id)
    if prepared.state is not TextState.APPROVED:
        raise InvalidInputError("This text is not approved. Choose another, or have it approved first.")
    return prepared


def ensure_may_write(actor: Actor) -> None:
    if not any(actor.may(permission) for permission in WRITERS):
        raise NotPermittedError("Your role does not allow this. Somebody with another role at the school can do it.")


def _found(session: Session, text_id: UUID) -> PreparedText:
    prepared = session.get(PreparedText, text_id)
    if prepared is None:
        raise NotFoundError
    return prepared
