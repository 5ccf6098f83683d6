"""Whether one school's own accounts and rules do their work, told like the parts of the machinery."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.channels.models import Channel, ChannelState
from app.channels.queries import channels
from app.core import clock
from app.dashboard.health import Sign
from app.publishing.watching import WARN_DAYS
from app.schools.services import school_with
from app.web.front_end import date_words

ENDS_SOON = timedelta(days=WARN_DAYS[0])


def school_signs(session: Session, school_id: UUID) -> Sequence[Sign]:
    in_use = [channel for channel in channels(session) if channel.state.takes_posts]
    hides = school_with(session, school_id).settings.hides_by_itself
    return (*_accounts(in_use), _hiding(hides=hides))


def _accounts(in_use: Sequence[Channel]) -> Sequence[Sign]:
    if not in_use:
        step = "Until one is, nothing can be published and no comment is read."
        return [Sign("Accounts", None, "No account is connected.", step)]
    return [_account(channel) for channel in in_use]


def _account(channel: Channel) -> Sign:
    part, on = f"{channel.network.label} account", channel.expires_at
    if channel.state is ChannelState.PAUSED:
        problem = channel.health_problem or "The sign-in no longer works."
        step = (
            "It is paused: nothing is sent and no comment is read there. The coordinator reconnects it under Accounts."
        )
        return Sign(part, False, problem, step)
    if channel.health_problem:
        return Sign(part, False, channel.health_problem, "The coordinator looks at it under Accounts.")
    if on is not None and on < clock.now() + ENDS_SOON:
        step = "The coordinator connects it again under Accounts before then."
        return Sign(part, None, f"The sign-in ends on {date_words(on)}.", step)
    return Sign(part, True, "It is connected.")


def _hiding(*, hides: bool) -> Sign:
    if hides:
        return Sign("Hiding", True, "What the rules are sure of is hidden at once.")
    step = "People are told as ever. The headteacher switches it on again under Comments, “Rules”."
    return Sign("Hiding", None, "Hiding by itself is switched off: nothing is hidden until a person decides.", step)
