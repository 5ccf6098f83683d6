"""Whether one school's own accounts and rules do their work, told like the parts of the machinery."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.channels.models import Channel, ChannelState
from app.channels.queries import channels
from app.comments.models import CommentWatch
from app.core import clock
from app.dashboard.health import Sign
from app.publishing.watching import WARN_DAYS
from app.schools.services import school_with
from app.web.front_end import at_words, date_words

ENDS_SOON = timedelta(days=WARN_DAYS[0])


def school_signs(session: Session, school_id: UUID) -> Sequence[Sign]:
    in_use = [channel for channel in channels(session) if channel.state.takes_posts]
    hides = school_with(session, school_id).settings.hides_by_itself
    return (*_accounts(in_use, _silent(session)), _hiding(hides=hides))


def _silent(session: Session) -> Mapping[UUID, CommentWatch]:
    """Return the accounts whose network did not answer when we last read comments there."""
    query = sa.select(CommentWatch).where(CommentWatch.problem.is_not(None))
    return {watch.channel_id: watch for watch in session.scalars(query)}


def _accounts(in_use: Sequence[Channel], silent: Mapping[UUID, CommentWatch]) -> Sequence[Sign]:
    if not in_use:
        step = "Until one is, nothing can be published and no comment is read."
        return [Sign("Accounts", None, "No account is connected.", step)]
    return [_account(channel, silent.get(channel.id)) for channel in in_use]


def _account(channel: Channel, silent: CommentWatch | None) -> Sign:
    part, on = f"{channel.network.label} account", channel.expires_at
    if channel.state is ChannelState.PAUSED:
        problem = channel.health_problem or "The sign-in no longer works."
        step = (
            "It is paused: nothing is sent and no comment is read there. The coordinator reconnects it under Accounts."
        )
        return Sign(part, False, problem, step)
    if channel.health_problem:
        return Sign(part, False, channel.health_problem, "The coordinator looks at it under Accounts.")
    if silent is not None:
        since = f"It last answered {at_words(silent.read_at)}." if silent.read_at else "It has not answered yet."
        step = f"{since} We keep trying. Until then, comments are read and hidden there by hand."
        return Sign(part, None, silent.problem or "The network does not answer.", step)
    if on is not None and on < clock.now() + ENDS_SOON:
        step = "The coordinator connects it again under Accounts before then."
        return Sign(part, None, f"The sign-in ends on {date_words(on)}.", step)
    return Sign(part, True, "It is connected.")


def _hiding(*, hides: bool) -> Sign:
    if hides:
        return Sign("Hiding", True, "What the rules are sure of is hidden at once.")
    step = "People are told as ever. The headteacher switches it on again under Comments, “Rules”."
    return Sign("Hiding", None, "Hiding by itself is switched off: nothing is hidden until a person decides.", step)
