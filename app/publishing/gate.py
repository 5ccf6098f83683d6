"""May this delivery go out now? Asked in the claiming transaction and again before the request leaves."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.channels.models import Channel, ChannelState
from app.core import clock
from app.posts.checks import evaluate
from app.posts.digest import digest_of
from app.posts.models import Post, PostState, Revision
from app.publishing.models import Delivery
from app.schools.models import School
from app.schools.services import school_with

LATEST = timedelta(hours=12)
"""An approval is for its time: a post that could not go out for this long is not sent late."""


class Verdict(Enum):
    GO = auto()
    WAIT = auto()
    LAPSE = auto()
    EXPIRE = auto()
    DROP = auto()


@dataclass(frozen=True, slots=True)
class Gate:
    verdict: Verdict
    reason: str = ""


def ask(session: Session, delivery: Delivery, post: Post, revision: Revision, channel: Channel) -> Gate:
    """Weigh the emergency stop, the account, the approval, the time and the consent of this very moment."""
    if delivery.retract_wanted or post.state not in (*SENDABLE, PostState.PUBLISHING):
        return Gate(Verdict.DROP, "The post was taken back before it was sent.")
    if _is_stopped(school_with(session, delivery.school_id)):
        return Gate(Verdict.WAIT, "Publishing is stopped for the whole school.")
    if session.get_one(User, post.author_id).suspended_at is not None:
        return Gate(Verdict.WAIT, "Its author's access is suspended: it waits, and expires if that lasts.")
    if channel.state is not ChannelState.CONNECTED:
        return Gate(Verdict.WAIT, f"{channel.name} is {channel.state.value}: it waits until the account is connected.")
    if clock.now() > delivery.planned_for + LATEST:
        return Gate(Verdict.EXPIRE, "It could not be sent in time, and nothing is sent late. Submit it again.")
    if post.approved_revision_id != revision.id or post.approved_digest != digest_of(revision):
        return Gate(Verdict.LAPSE, "The approval is not for this version. Submit it again.")
    evaluation = evaluate(session, revision)
    if not evaluation.is_clear:
        return Gate(Verdict.LAPSE, evaluation.sentence)
    return Gate(Verdict.GO)


SENDABLE = (PostState.APPROVED, PostState.SCHEDULED, PostState.PARTLY_PUBLISHED, PostState.FAILED)


def _is_stopped(school: School) -> bool:
    return school.publishing_stopped_at is not None
