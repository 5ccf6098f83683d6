"""A coordinator's way to a network and back, kept by us: the browser carries nothing but the network's own word."""

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.channels.models import Channel, SignInAttempt
from app.channels.services import channel_with
from app.channels.workflow import ChannelAction, workflow
from app.core import clock
from app.core.actors import Actor
from app.core.crypto import Sealer
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission

LASTS = timedelta(minutes=15)
OVER = "This way of connecting has ended: it lasts a quarter of an hour and works once. Begin again from the account."


def ensure_connectable(session: Session, channel_id: UUID, *, actor: Actor) -> Channel:
    """Return the account if this person may connect it now; the leadership's approval comes first."""
    actor.ensure(Permission.CHANNEL_CONNECT)
    channel = channel_with(session, channel_id)
    if not workflow.may(channel, ChannelAction.CONNECT, actor):
        raise WrongStateError(
            f"{channel.name} is {channel.state.value}, so it cannot be connected. The leadership approves it first."
        )
    return channel


def set_out(
    session: Session, channel_id: UUID, *, key: str, carried: dict[str, Any], sealer: Sealer, actor: Actor
) -> None:
    """Remember that this person set out; `key` is what the network sends back with them."""
    ensure_connectable(session, channel_id, actor=actor)
    session.execute(
        sa.delete(SignInAttempt).where(
            sa.or_(SignInAttempt.channel_id == channel_id, SignInAttempt.began_at < clock.now() - LASTS)
        )
    )
    attempt = SignInAttempt(
        id=uuid4(),
        channel_id=channel_id,
        user_id=_person(actor),
        key_digest=_digest(key),
        began_at=clock.now(),
        sealed=b"",
    )
    carry(attempt, carried, sealer=sealer)
    session.add(attempt)


def came_back(session: Session, *, key: str, actor: Actor) -> SignInAttempt:
    """Find the attempt that the network's answer belongs to; the same answer is not taken twice."""
    query = sa.select(SignInAttempt).where(SignInAttempt.key_digest == _digest(key)).with_for_update()
    attempt = _own(session.scalar(query), actor)
    attempt.key_digest = _digest(secrets.token_urlsafe(32))
    ensure_connectable(session, attempt.channel_id, actor=actor)
    return attempt


def attempt_with(session: Session, attempt_id: UUID, *, actor: Actor) -> SignInAttempt:
    return _own(session.get(SignInAttempt, attempt_id), actor)


def carry(attempt: SignInAttempt, carried: dict[str, Any], *, sealer: Sealer) -> None:
    attempt.sealed = sealer.seal(json.dumps(carried).encode(), owner=_owner(attempt))


def carried_by(attempt: SignInAttempt, *, sealer: Sealer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sealer.open(attempt.sealed, owner=_owner(attempt)))
    return found


def _own(attempt: SignInAttempt | None, actor: Actor) -> SignInAttempt:
    """Somebody else's attempt is none: an answer that was slipped to a coordinator connects nothing."""
    if attempt is None or attempt.user_id != actor.user_id:
        raise NotFoundError(OVER)
    if attempt.began_at < clock.now() - LASTS:
        raise InvalidInputError(OVER)
    return attempt


def _person(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise NotPermittedError("An account is connected by a person.")
    return actor.user_id


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _owner(attempt: SignInAttempt) -> str:
    return f"sign-in:{attempt.id}"
