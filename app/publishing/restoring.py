"""After an older backup was brought back, posts that went out since it was made look as if they still waited."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.services import record
from app.channels.queries import open_channels
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError
from app.core.permissions import Permission


def look_before_sending(session: Session, since: datetime, *, actor: Actor) -> int:
    """Have every account searched for a post before it is sent; return how many accounts that concerns."""
    actor.ensure(Permission.PUBLISHING_STOP)
    if since > clock.now():
        raise InvalidInputError("Give the time at which the backup was made; it lies in the past.")
    channels = open_channels(session)
    details: dict[str, object] = {"since": since.isoformat()}
    for channel in channels:
        channel.look_since = since
        record(session, "channel:restored", actor=actor, subject_type="channel", subject_id=channel.id, details=details)
    return len(channels)
