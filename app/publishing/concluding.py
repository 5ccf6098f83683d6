"""What the gate's answer, or a network's, makes of a delivery and its post."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.channels.models import Channel, ChannelState
from app.core import clock
from app.jobs.due import keep, retry_later
from app.posts.checks import evaluate
from app.posts.models import Post, PostState, Revision
from app.posts.workflow import PostAction
from app.posts.workflow import workflow as post_workflow
from app.publishing import gate, telling
from app.publishing.gate import Gate, Verdict
from app.publishing.models import LATEST, Delivery, DeliveryState
from app.publishing.searching import IS_LATE
from app.publishing.services import deliveries_of, lapse, settle, take_down, worker_actor
from app.publishing.workflow import DeliveryAction, workflow

WAIT_WHILE_STOPPED = timedelta(seconds=15)
WAIT_FOR_MONEY = timedelta(minutes=1)
OUT = (PostState.PUBLISHING, PostState.PUBLISHED, PostState.PARTLY_PUBLISHED)
LOST_WITH_ACCOUNT = (
    "We cannot look whether this post arrived: the account is {state} here. Look on the network, then decide below."
)


def passes(session: Session, delivery: Delivery, post: Post, revision: Revision, channel: Channel) -> bool:
    """Tell whether it may go out at this moment; if not, do what follows from that."""
    answer = gate.ask(session, delivery, post, revision, channel)
    if answer.verdict is not Verdict.GO:
        conclude(session, delivery, post, answer)
    return answer.verdict is Verdict.GO


def conclude(session: Session, delivery: Delivery, post: Post, answer: Gate) -> None:
    if not answer.ends_it:
        _wait(session, delivery, answer)
    elif answer.verdict is Verdict.DROP:
        _end(session, delivery, DeliveryAction.CANCEL, answer.reason)
        settle(session, post)
    elif answer.verdict is Verdict.REFUSE or not post.state.awaits_sending:
        fail(session, delivery, post, answer.reason)
    elif answer.verdict is Verdict.EXPIRE:
        _expire(session, delivery, post, answer.reason)
    else:
        _end(session, delivery, DeliveryAction.CANCEL, answer.reason)
        lapse(session, post, answer.reason)
        telling.lapsed(session, post)


def fail(session: Session, delivery: Delivery, post: Post, reason: str) -> None:
    """This network goes without the post, and people are told; it may be tried again while the approval lasts."""
    start(session, post)
    _end(session, delivery, DeliveryAction.FAIL, reason)
    telling.failed(session, post, delivery)
    settle(session, post)


def hand_over(session: Session, delivery: Delivery, post: Post, sentence: str) -> None:
    """What we cannot find out, a person can."""
    start(session, post)
    _end(session, delivery, DeliveryAction.ASK, sentence)
    telling.needs_person(session, post, delivery)
    settle(session, post)


def start(session: Session, post: Post) -> None:
    """Note that a network has the post, or is getting it; what ran out before that is a part which is missing."""
    if post.state not in gate.SENDABLE:
        return
    post_workflow.advance(session, post, PostAction.START_SENDING, actor=worker_actor(session))
    for delivery in deliveries_of(session, post.id):
        if delivery.state is DeliveryState.EXPIRED and delivery.revision_id == post.approved_revision_id:
            _end(session, delivery, DeliveryAction.FAIL, delivery.problem or "")
            telling.failed(session, post, delivery)


def protect_adopted(session: Session, post: Post, revision: Revision) -> None:
    """A post was found that went out before an older backup came back: if it may not be out now, it comes down."""
    evaluation = evaluate(session, revision)
    if post.state in OUT and not evaluation.is_clear:
        take_down(session, post.id, reason=evaluation.sentence, actor=worker_actor(session))


def can_look(session: Session, delivery: Delivery, post: Post, channel: Channel) -> bool:
    """Without a sign-in nobody can look: wait for the coordinator for half a day, then ask a person."""
    if channel.state is ChannelState.CONNECTED:
        return True
    sentence = LOST_WITH_ACCOUNT.format(state=channel.state.value)
    if channel.state is ChannelState.PAUSED and not looked_long_enough(delivery):
        retry_later(delivery, sentence, at=clock.now() + WAIT_WHILE_STOPPED)
    else:
        hand_over(session, delivery, post, sentence)
    return False


def looked_long_enough(delivery: Delivery) -> bool:
    return clock.now() > (delivery.sending_since or delivery.planned_for) + LATEST


def _wait(session: Session, delivery: Delivery, answer: Gate) -> None:
    is_news = delivery.last_error != answer.reason
    wait = WAIT_FOR_MONEY if answer.verdict is Verdict.UNAFFORDABLE else WAIT_WHILE_STOPPED
    retry_later(delivery, answer.reason, at=answer.until or clock.now() + wait)
    if answer.verdict is Verdict.POSTPONE and answer.until is not None:
        if clock.now() <= delivery.planned_for + IS_LATE:  # what was late before does not become punctual
            delivery.planned_for = max(delivery.planned_for, answer.until)
    elif answer.verdict is Verdict.UNAFFORDABLE and is_news:
        telling.budget_spent(session, delivery)


def _expire(session: Session, delivery: Delivery, post: Post, reason: str) -> None:
    """The post expires with the last of its deliveries: another network's may turn out to be there."""
    _end(session, delivery, DeliveryAction.EXPIRE, reason)
    if any(other.state is DeliveryState.PENDING for other in deliveries_of(session, post.id)):
        return
    post_workflow.advance(session, post, PostAction.EXPIRE, actor=worker_actor(session))
    post.state_reason = reason
    post.forget_approval()
    telling.expired(session, post)


def _end(session: Session, delivery: Delivery, action: DeliveryAction, problem: str) -> None:
    workflow.advance(session, delivery, action, actor=worker_actor(session))
    keep(delivery)
    delivery.problem = problem
