"""Plan deliveries, take posts down, and let people settle what the product cannot know."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.channels.models import Channel
from app.channels.queries import channel_for
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.db import school_of
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.jobs.due import keep, promise
from app.platforms.base import Network
from app.posts.drafting import create_post, draft_of
from app.posts.locking import locked_post
from app.posts.models import Post, PostState, Revision
from app.posts.queries import posts_naming, posts_showing
from app.posts.scope import purposes_of
from app.posts.submission import end_releases
from app.posts.telling import waits_no_more
from app.posts.workflow import PostAction
from app.posts.workflow import workflow as post_workflow
from app.publishing import hours, telling
from app.publishing.looking import ask_to_look
from app.publishing.models import Delivery, DeliveryState
from app.publishing.searching import search_before_sending
from app.publishing.workflow import DeliveryAction, workflow
from app.schools.services import school_with
from consent.model import Purpose

DELIVER_JOB = "publishing.deliver"
RETRACT_JOB = "publishing.retract"
APPROVAL_RAN_OUT = "Its approval was for its time, and that has passed. Its author can submit it once more."
COMES_DOWN = "Consent for somebody in this post has ended, so it comes down from every network."
EXPIRES_BEFORE = timedelta(minutes=5)
"""Nobody approves later than this before the planned time."""


def worker_actor(session: Session) -> Actor:
    return system_actor(school_of(session), "publishing", Permission.POST_PUBLISH, Permission.POST_TAKE_DOWN)


def plan_deliveries(
    session: Session, post: Post, revision: Revision, *, actor: Actor, quiet_override: str = ""
) -> None:
    """Promise one delivery to each network's account, for now or for the planned time.

    It waits while its photos show where pupils are, and in quiet times unless the approver says why it must not.
    """
    why, settings = quiet_override.strip(), school_with(session, school_of(session)).settings
    wanted = max(revision.scheduled_for or clock.now(), clock.now())
    at = hours.first_moment(settings, revision, wanted, may_disturb=bool(why))
    for network in revision.networks:
        channel = channel_for(session, Network(network))
        if channel is None:
            label = Network(network).label
            raise InvalidInputError(
                f"No {label} account is connected. Ask the account coordinator, or leave {label} out."
            )
        _plan(session, post, revision, channel, at, why)
    if why:
        details: dict[str, object] = {"reason": why}
        record(session, "post:quiet-overridden", actor=actor, subject_type="post", subject_id=post.id, details=details)
    if at > clock.now():
        post_workflow.advance(session, post, PostAction.SCHEDULE, actor=actor, details={"at": at.isoformat()})


def _plan(session: Session, post: Post, revision: Revision, channel: Channel, at: datetime, why: str) -> None:
    """One row for each revision and channel, ever: a second approval of the same revision renews it."""
    known = sa.select(Delivery).where(Delivery.revision_id == revision.id, Delivery.channel_id == channel.id)
    delivery = session.scalar(known)
    if delivery is None:
        delivery = Delivery(
            id=uuid4(),
            post_id=post.id,
            revision_id=revision.id,
            channel_id=channel.id,
            network=channel.network,
            state=DeliveryState.PENDING,
            looks=0,
        )
        session.add(delivery)
    elif delivery.state is not DeliveryState.PENDING:  # one that was taken back and is still looked for goes on
        workflow.advance(session, delivery, DeliveryAction.RENEW, actor=worker_actor(session))
        _begin_anew(delivery)
    delivery.planned_for, delivery.retract_wanted, delivery.problem = at, False, None
    delivery.quiet_override = why or None
    promise(session, DELIVER_JOB, delivery, at=at)


def _begin_anew(delivery: Delivery) -> None:
    """Forget what an earlier approval brought about: the record keeps it."""
    delivery.looks, delivery.prepared, delivery.sending_since = 0, None, None
    delivery.remote_id = delivery.permalink = delivery.sent_at = None
    delivery.retract_asked_at = delivery.retracted_at = delivery.gone_proof = None


def cancel_pending(session: Session, post: Post, *, actor: Actor) -> None:
    """Call back what has not left yet; what is under way, or may be out already, is looked for and removed."""
    for delivery in deliveries_of(session, post.id):
        if delivery.state is DeliveryState.PENDING and _may_be_out(session, delivery):
            delivery.retract_wanted = True
            promise(session, DELIVER_JOB, delivery)
        elif delivery.state in (DeliveryState.PENDING, DeliveryState.FAILED):
            workflow.advance(session, delivery, DeliveryAction.CANCEL, actor=worker_actor(session))
            keep(delivery)
        elif delivery.state in (DeliveryState.SENDING, DeliveryState.UNKNOWN):
            delivery.retract_wanted = True


def _may_be_out(session: Session, delivery: Delivery) -> bool:
    revision = session.get_one(Revision, delivery.revision_id)
    channel = session.get_one(Channel, delivery.channel_id)
    return search_before_sending(session, delivery, revision, channel) is not None


def take_down(session: Session, post_id: UUID, *, reason: str, actor: Actor) -> None:
    """Remove a post from every network. The worker does it and looks whether it is gone."""
    actor.ensure(Permission.POST_TAKE_DOWN)
    if not reason.strip():
        raise InvalidInputError("Say in a sentence why the post is taken down. It stays in the record.")
    post = locked_post(session, post_id)
    if post is None:
        raise NotFoundError
    post_workflow.advance(session, post, PostAction.TAKE_DOWN, actor=actor, details={"reason": reason})
    post.state_reason = reason
    cancel_pending(session, post, actor=actor)
    for delivery in deliveries_of(session, post.id):
        if delivery.state is DeliveryState.SENT:
            take_off(session, delivery, actor=actor)
        elif delivery.state in (DeliveryState.NEEDS_PERSON, DeliveryState.LEFT):
            delivery.retract_wanted = True
            telling.still_up(session, post, delivery)
        if delivery.state.may_be_public:
            delivery.retract_asked_at = clock.now()
    settle(session, post)


def take_off(session: Session, delivery: Delivery, *, actor: Actor) -> None:
    """Promise to remove one network's post."""
    workflow.advance(session, delivery, DeliveryAction.RETRACT, actor=actor)
    delivery.retract_asked_at = delivery.retract_asked_at or clock.now()
    promise(session, RETRACT_JOB, delivery)


def protect_people(session: Session, ended: Mapping[UUID, Collection[Purpose]], *, actor: Actor) -> None:
    """Consent ended for these people: block what waits and take down what is out, in the same transaction.

    A picture or a name needs the consent for every network of its post, and a name the consent to be named as well.
    """
    worker = worker_actor(session)
    hit = _posts_hit(session, ended)
    for post_id in hit:
        post = locked_post(session, post_id)
        if post is None or post.state is PostState.TAKING_DOWN:
            continue
        if not post.state.may_be_public:
            end_releases(session, post, actor=worker)
        if post.state in (PostState.CHECKING, PostState.SUBMITTED, PostState.APPROVED, PostState.SCHEDULED):
            lapse(session, post, "Consent for somebody in this post has ended. Change the picture or the words.")
        elif post.state.may_be_public:
            take_down(session, post.id, reason=COMES_DOWN, actor=worker)
    ask_to_look(session, ended, besides=hit)


def _posts_hit(session: Session, ended: Mapping[UUID, Collection[Purpose]]) -> Collection[UUID]:
    hit: set[UUID] = set()
    for purpose in {purpose for purposes in ended.values() for purpose in purposes}:
        people = [person_id for person_id, purposes in ended.items() if purpose in purposes]
        posts = [] if purpose is Purpose.NAME else posts_showing(session, people)
        for post, revision in (*posts, *posts_naming(session, people)):
            if purpose is Purpose.NAME or purpose in purposes_of(revision):
                hit.add(post.id)
    return hit


def lapse(session: Session, post: Post, reason: str) -> None:
    """End an approval: the post goes back to its author, and nothing of it is sent."""
    post_workflow.advance(session, post, PostAction.LAPSE, actor=worker_actor(session), details={"reason": reason})
    post.state_reason = reason
    post.forget_approval()
    waits_no_more(session, post)
    cancel_pending(session, post, actor=worker_actor(session))


def retry_delivery(session: Session, delivery_id: UUID, *, actor: Actor) -> None:
    """Try one network again: after a refusal, or when a person says that a lost post is not there.

    The approval is for its time. What was lost is looked for in any case, by what was uploaded for it.
    """
    delivery, post = _with_post(session, delivery_id)
    if post.state not in (PostState.FAILED, PostState.PARTLY_PUBLISHED, PostState.PUBLISHING):
        raise WrongStateError("This post is no longer being published. Submit it again.")
    if delivery.state is DeliveryState.FAILED:
        if not delivery.may_be_retried:
            raise WrongStateError(APPROVAL_RAN_OUT)
        delivery.prepared = delivery.sending_since = None
    workflow.advance(session, delivery, DeliveryAction.RETRY, actor=actor)
    delivery.problem, delivery.looks = None, 0
    promise(session, DELIVER_JOB, delivery)


def write_anew(session: Session, delivery_id: UUID, *, actor: Actor) -> Post:
    """Make a post of its own of what one network never got: it is checked and approved like any other."""
    delivery, post = _with_post(session, delivery_id)
    if post.author_id != actor.user_id:
        raise NotPermittedError("Only its author can write it anew.")
    if post.state is not PostState.PARTLY_PUBLISHED or delivery.state is not DeliveryState.FAILED:
        raise WrongStateError("This part can no longer be written anew. Reload the page to see what changed.")
    workflow.advance(session, delivery, DeliveryAction.CANCEL, actor=worker_actor(session))
    delivery.problem = "Its author wrote it anew, as a post of its own."
    draft = draft_of(session.get_one(Revision, delivery.revision_id))
    return create_post(session, replace(draft, networks=(delivery.network,), scheduled_for=None), actor=actor)


def confirm_sent(session: Session, delivery_id: UUID, *, permalink: str, remote_id: str, actor: Actor) -> None:
    """A person found the post on the network: adopt it, so that it can be watched and taken down."""
    delivery, post = _with_post(session, delivery_id)
    another = sa.select(Delivery.id).where(
        Delivery.channel_id == delivery.channel_id, Delivery.remote_id == remote_id, Delivery.id != delivery.id
    )
    if session.scalar(another) is not None:
        raise InvalidInputError("That is the address of another post of yours. Paste the address of this one.")
    workflow.advance(session, delivery, DeliveryAction.CONFIRM_SENT, actor=actor)
    delivery.permalink, delivery.remote_id, delivery.sent_at = permalink, remote_id, clock.now()
    keep(delivery)
    if delivery.retract_wanted:
        take_off(session, delivery, actor=worker_actor(session))
    settle(session, post)


def leave_delivery(session: Session, delivery_id: UUID, *, actor: Actor) -> None:
    """A person looked no further: the post settles without this network, and taking it down asks again."""
    delivery, post = _with_post(session, delivery_id)
    if post.state is PostState.TAKING_DOWN:
        raise WrongStateError("This post is being taken down, so somebody has to look whether it is there.")
    workflow.advance(session, delivery, DeliveryAction.LEAVE, actor=actor)
    keep(delivery)
    settle(session, post)


def confirm_gone(session: Session, delivery_id: UUID, *, actor: Actor, answer: str = "") -> None:
    """A person looked at the network while the post is taken down: it is not there, or they removed it by hand.

    `answer` is what the network said when it was asked as well.
    """
    delivery, post = _with_post(session, delivery_id)
    if post.state is not PostState.TAKING_DOWN:
        raise WrongStateError("This post is not being taken down. Reload the page to see what changed.")
    workflow.advance(session, delivery, DeliveryAction.CONFIRM_GONE, actor=actor)
    keep(delivery)
    delivery.retracted_at, delivery.problem = clock.now(), None
    delivery.gone_proof = {"looked": actor.name, "seen_at": clock.now().isoformat(), "answer": answer}
    settle(session, post)


def settle(session: Session, post: Post) -> None:
    """Give the post the state that its deliveries add up to, once none of them is under way."""
    actor = worker_actor(session)
    deliveries = deliveries_of(session, post.id)
    if post.state is PostState.TAKING_DOWN:
        if not any(delivery.state.may_be_public or delivery.is_looked_for for delivery in deliveries):
            post_workflow.advance(session, post, PostAction.SETTLE_TAKEN_DOWN, actor=actor)
        return
    states = [delivery.state for delivery in deliveries if delivery.revision_id == post.approved_revision_id]
    if not states or any(not state.is_settled or state is DeliveryState.NEEDS_PERSON for state in states):
        return
    action = _sum_of(states)
    is_completed = action is PostAction.SETTLE_PUBLISHED and post.state in (
        PostState.PARTLY_PUBLISHED,
        PostState.FAILED,
    )
    if post.state is not PostState.PUBLISHING and not is_completed:
        return
    post_workflow.advance(session, post, action, actor=actor)
    record(session, "post:settled", actor=actor, subject_type="post", subject_id=post.id)


def _sum_of(states: Sequence[DeliveryState]) -> PostAction:
    if all(state is DeliveryState.SENT for state in states):
        return PostAction.SETTLE_PUBLISHED
    may_show = DeliveryState.SENT in states or DeliveryState.LEFT in states
    return PostAction.SETTLE_PARTLY if may_show else PostAction.SETTLE_FAILED


def deliveries_of(session: Session, post_id: UUID) -> Sequence[Delivery]:
    query = sa.select(Delivery).where(Delivery.post_id == post_id).order_by(Delivery.network, Delivery.planned_for)
    return session.scalars(query).all()


def _with_post(session: Session, delivery_id: UUID) -> tuple[Delivery, Post]:
    post_id = session.scalar(sa.select(Delivery.post_id).where(Delivery.id == delivery_id))
    post = locked_post(session, post_id) if post_id else None
    if post is None:
        raise NotFoundError
    return session.get_one(Delivery, delivery_id), post
