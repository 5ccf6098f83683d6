"""May this delivery go out now? Asked in the claiming transaction and again before the request leaves."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.channels.models import Channel, ChannelState
from app.core import clock
from app.platforms.base import Network
from app.posts.checks import evaluate
from app.posts.digest import digest_of
from app.posts.models import Post, PostState, Revision
from app.publishing import costs, hours
from app.publishing.models import LATEST, Delivery
from app.schools.models import School
from app.schools.services import school_with

CLOSED = "The account was closed, so nothing more goes out there. Leave this network out, or connect another account."


class Verdict(Enum):
    GO = auto()
    WAIT = auto()
    POSTPONE = auto()
    """Wait, and count the time from then: it is late by the school's own wish."""
    UNAFFORDABLE = auto()
    LAPSE = auto()
    EXPIRE = auto()
    DROP = auto()
    REFUSE = auto()


@dataclass(frozen=True, slots=True)
class Gate:
    verdict: Verdict
    reason: str = ""
    until: datetime | None = None

    @property
    def ends_it(self) -> bool:
        """It does not go out by itself any more, however long one waits."""
        return self.verdict in (Verdict.LAPSE, Verdict.EXPIRE, Verdict.DROP, Verdict.REFUSE)


def ask(session: Session, delivery: Delivery, post: Post, revision: Revision, channel: Channel) -> Gate:
    """Weigh the emergency stop, the account, the approval, the time and the consent of this very moment."""
    if delivery.retract_wanted or post.state not in (*SENDABLE, PostState.PUBLISHING):
        return Gate(Verdict.DROP, "The post was taken back before it was sent.")
    if clock.now() > delivery.planned_for + LATEST:
        return Gate(Verdict.EXPIRE, "It could not be sent in time, and nothing is sent late.")
    school = school_with(session, delivery.school_id)
    return (
        _held_by_people(session, school, post, channel)
        or _held_by_hours(school, delivery, revision)
        or _unfit(session, post, revision)
        or _unaffordable(session, school, delivery, revision)
        or Gate(Verdict.GO)
    )


SENDABLE = (PostState.APPROVED, PostState.SCHEDULED, PostState.PARTLY_PUBLISHED, PostState.FAILED)


def _held_by_people(session: Session, school: School, post: Post, channel: Channel) -> Gate | None:
    if school.publishing_stopped_at is not None:
        return Gate(Verdict.WAIT, "Publishing is stopped for the whole school.")
    if session.get_one(User, post.author_id).suspended_at is not None:
        return Gate(Verdict.WAIT, "Its author's access is suspended: it waits, and expires if that lasts.")
    if channel.state is ChannelState.CLOSED:
        return Gate(Verdict.REFUSE, CLOSED)
    if channel.state is not ChannelState.CONNECTED:
        return Gate(Verdict.WAIT, f"{channel.name} is {channel.state.value}: it waits until the account is connected.")
    return None


def _held_by_hours(school: School, delivery: Delivery, revision: Revision) -> Gate | None:
    now, away = clock.now(), hours.held_until(revision)
    if away is not None and now < away:
        return Gate(Verdict.POSTPONE, "Its photos show where pupils are now: it waits until they are back.", away)
    quiet = None if delivery.quiet_override else hours.quiet_until(school.settings, now)
    if quiet is not None:
        return Gate(Verdict.POSTPONE, "It is one of the school's quiet times: it waits until that ends.", quiet)
    return None


def _unfit(session: Session, post: Post, revision: Revision) -> Gate | None:
    if post.approved_revision_id != revision.id or post.approved_digest != digest_of(revision):
        return Gate(Verdict.LAPSE, "The approval is not for this version. Submit it again.")
    evaluation = evaluate(session, revision)
    return None if evaluation.is_clear else Gate(Verdict.LAPSE, evaluation.sentence)


def _unaffordable(session: Session, school: School, delivery: Delivery, revision: Revision) -> Gate | None:
    cost = costs.quote(revision)
    if delivery.network is not Network.X or costs.is_affordable(session, school.settings, cost):
        return None
    return Gate(Verdict.UNAFFORDABLE, costs.SPENT)
