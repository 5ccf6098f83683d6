"""Replies of the school under its posts and comments: nothing goes out that two people have not agreed on."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.channels.models import Channel
from app.comments.models import Audience, Comment, CommentState
from app.comments.pile_on_models import PileOn, PileOnState
from app.comments.policies import ensure_may_read, in_circle_of, readable_by
from app.comments.promises import REPLY_JOB
from app.comments.queries import SEEN
from app.comments.reply_models import PreparedText, Reply, ReplyState
from app.comments.spots import under
from app.comments.texts import approved_text, is_true_of
from app.comments.wording import ensure_may_be_said
from app.comments.workflow import ReplyAction, reply_workflow
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.jobs.due import keep, promise
from app.platforms.base import Network
from app.publishing.models import Delivery, DeliveryState
from moderation import Action
from moderation.policy import TABLE

UNANSWERED = {row.label.value for row in TABLE if row.action is Action.ESCALATE and row.hide}
"""Grave harm: an answer in public would feed it, until a person has looked and let it stand."""
ENDED = (ReplyState.TURNED_DOWN, ReplyState.FAILED)
WAITS = (ReplyState.WAITING, ReplyState.NEEDS_PERSON)
UNREADABLE = (
    "You cannot read the comment that this answers now. Leave it to somebody who reads the comments, or look later."
)
"""The same whatever the reason, so that nothing can be read from it."""


def say_under_post(session: Session, pile_on_id: UUID, text_id: UUID, *, actor: Actor) -> int:
    """Put a prepared, approved statement under the post where comments came in, or wherever it stands if none did.

    Return on how many networks: elsewhere its words would be about comments that nobody has seen.
    """
    actor.ensure(Permission.COMMENT_DECIDE)
    prepared = approved_text(session, text_id)
    pile_on = session.get(PileOn, pile_on_id, with_for_update=True)  # a second tap waits and finds the first one's work
    if pile_on is None:
        raise NotFoundError
    is_locked = pile_on.state is PileOnState.LOCKED
    if not is_true_of(prepared, is_locked=is_locked, is_deleted=any_deleted(session, pile_on)):
        raise WrongStateError(
            "These words are not true now: they say that comments are hidden, or that nothing was deleted. "
            "Lock the post down first, or choose other words."
        )
    said = 0
    for target, channel in _commented(session, pile_on, actor):
        if _stands_already(session, channel, target, prepared.text):
            continue
        ensure_may_be_said(session, prepared.text, (channel.network,))
        _write(session, channel, target, prepared.text, prepared, post_id=pile_on.post_id, actor=actor)
        said += 1
    if not said:
        is_anywhere = bool(_commented(session, pile_on, actor))
        raise WrongStateError(
            "This statement is under the post already." if is_anywhere else "The post is on no network any more."
        )
    return said


def answer_comment(session: Session, comment_id: UUID, *, text_id: UUID | None, own_words: str, actor: Actor) -> Reply:
    """Answer a comment: with a prepared text at once, or with own words that somebody else approves first."""
    actor.ensure(Permission.COMMENT_DECIDE)
    if text_id and own_words.strip():
        raise InvalidInputError("You wrote your own words, but a prepared answer is chosen. Which one?")
    comment = ensure_may_read(session.get(Comment, comment_id, with_for_update=True), actor)
    channel = session.get_one(Channel, comment.channel_id)
    problem = why_not(comment, channel)
    if problem:
        raise InvalidInputError(problem)
    prepared = approved_text(session, text_id) if text_id else None
    words = ensure_may_be_said(session, prepared.text if prepared else own_words, (channel.network,))
    if _stands_already(session, channel, comment.remote_id, words):
        raise WrongStateError("This answer is under the comment already.")
    return _write(
        session,
        channel,
        comment.remote_id,
        words,
        prepared,
        post_id=comment.post_id,
        comment=comment,
        actor=actor,
    )


def why_not(comment: Comment, channel: Channel) -> str:
    """Say why this comment cannot be answered in public; empty when it can."""
    if not comment.state.is_on_network or comment.state.is_under_way:
        return "This comment is not there to be answered now."
    if comment.audience is not Audience.GENERAL:
        return "This is a confidential matter. It is not answered in public."
    if UNANSWERED & set(comment.categories) and not _is_let_stand(comment):
        return "This is not answered in public. Keep the evidence, and do what stands under “What to do next”."
    if channel.network is Network.X and f"@{channel.handle.lstrip('@')}".casefold() not in comment.text.casefold():
        return "X lets the school answer only those who name its account, and this reply does not."
    return ""


def _is_let_stand(comment: Comment) -> bool:
    return comment.state is CommentState.VISIBLE and not comment.awaits_person


def why_not_now(session: Session, reply: Reply) -> str:
    """Say why what was written may not be said any more: much may have changed since. Empty when it may."""
    comment = session.get(Comment, reply.comment_id, populate_existing=True) if reply.comment_id else None
    if comment is None:
        return ""
    if reply.comment_sha256 != comment.text_sha256:
        return "The comment was edited after this answer was written. Read its new words, then answer again."
    return why_not(comment, session.get_one(Channel, reply.channel_id))


def approve_reply(session: Session, reply_id: UUID, *, actor: Actor) -> None:
    reply = _found(session, reply_id, actor)
    if reply.written_by == actor.user_id:
        raise NotPermittedError("You wrote this reply, so somebody else must approve it.")
    if problem := why_not_now(session, reply):
        raise WrongStateError(problem)
    if reply.comment_id and reply.comment_id not in answered_by(session, [reply], actor=actor):
        raise NotPermittedError(UNREADABLE)
    ensure_may_be_said(session, reply.text)
    reply_workflow.advance(session, reply, ReplyAction.APPROVE, actor=actor)
    reply.approved_by, reply.approved_at = actor.user_id, clock.now()
    promise(session, REPLY_JOB, reply)


def turn_down_reply(session: Session, reply_id: UUID, *, reason: str, actor: Actor) -> None:
    if not reason.strip():
        raise InvalidInputError("Say in a few words why. Its writer reads it.")
    reply = _found(session, reply_id, actor)
    reply_workflow.advance(session, reply, ReplyAction.TURN_DOWN, actor=actor)
    reply.problem = " ".join(reason.split())[:1000]


def settle_reply(session: Session, reply_id: UUID, *, stands: bool, actor: Actor) -> None:
    """A person looked at the network: the reply is there, or it is not."""
    reply = _found(session, reply_id, actor)
    move = ReplyAction.CONFIRM_SENT if stands else ReplyAction.CONFIRM_ABSENT
    reply_workflow.advance(session, reply, move, actor=actor)
    keep(reply)
    reply.sent_at = clock.now() if stands else None
    reply.problem = None if stands else "It did not reach the network. Write it again."


def answered_by(session: Session, waiting: Sequence[Reply], *, actor: Actor) -> Mapping[UUID, Comment]:
    """Return the comments that these replies answer, as far as the actor may read them, or anybody on the network."""
    wanted = {reply.comment_id for reply in waiting if reply.comment_id}
    is_public = sa.and_(Comment.audience == Audience.GENERAL, Comment.state.in_(SEEN))
    found = session.scalars(sa.select(Comment).where(Comment.id.in_(wanted), sa.or_(readable_by(actor), is_public)))
    return {comment.id: comment for comment in found}


def waiting_replies(session: Session, *, actor: Actor) -> Sequence[Reply]:
    """Return what waits for a second pair of eyes, or for somebody who looks at the network."""
    actor.ensure(Permission.POST_APPROVE)
    query = sa.select(Reply).where(Reply.state.in_(WAITS), _may_be_known(actor))
    return session.scalars(query.order_by(Reply.written_at)).all()


def count_waiting(session: Session, state: ReplyState, *, actor: Actor) -> int:
    query = sa.select(sa.func.count()).select_from(Reply).where(Reply.state == state, _may_be_known(actor))
    return session.scalar(query) or 0


def _may_be_known(actor: Actor) -> sa.ColumnElement[bool]:
    """Leave out what answers a comment that is confidential now: that it was answered tells that there is one."""
    return ~sa.exists().where(
        Comment.id == Reply.comment_id, Comment.audience != Audience.GENERAL, ~in_circle_of(actor)
    )


def replies_to(session: Session, comment_id: UUID) -> Sequence[Reply]:
    query = sa.select(Reply).where(Reply.comment_id == comment_id)
    return session.scalars(query.order_by(Reply.written_at.desc())).all()


def any_deleted(session: Session, pile_on: PileOn) -> bool:
    """Whether the school deleted a comment under the post: then nothing may be said that denies it."""
    gone = (CommentState.DELETING, CommentState.DELETED)
    return bool(session.scalar(sa.select(sa.exists().where(under(pile_on), Comment.state.in_(gone)))))


def statements_under(session: Session, pile_on: PileOn) -> Sequence[Reply]:
    query = sa.select(Reply).where(Reply.post_id == pile_on.post_id, Reply.comment_id.is_(None))
    if pile_on.post_id is None:
        query = query.where(Reply.channel_id == pile_on.channel_id, Reply.target_remote_id == pile_on.post_remote_id)
    return session.scalars(query.order_by(Reply.written_at.desc())).all()


def commented_on(session: Session, pile_on: PileOn, *, actor: Actor) -> frozenset[UUID]:
    """Return the accounts on which comments came in under the post, as far as the actor may know of them."""
    query = sa.select(Comment.channel_id).where(under(pile_on), in_circle_of(actor)).distinct()
    return frozenset(session.scalars(query))


def _commented(session: Session, pile_on: PileOn, actor: Actor) -> Sequence[tuple[str, Channel]]:
    places, commented = _places(session, pile_on), commented_on(session, pile_on, actor=actor)
    return [(target, channel) for target, channel in places if channel.id in commented] or places


def _places(session: Session, pile_on: PileOn) -> Sequence[tuple[str, Channel]]:
    """Return where the post of a pile-on stands: what its network calls it, and the account."""
    if pile_on.post_id is None:
        return [(pile_on.post_remote_id or "", session.get_one(Channel, pile_on.channel_id))]
    query = (
        sa.select(Delivery.remote_id, Channel)
        .join(Channel, Channel.id == Delivery.channel_id)
        .where(Delivery.post_id == pile_on.post_id, Delivery.state == DeliveryState.SENT)
    )
    return [(remote_id, channel) for remote_id, channel in session.execute(query) if remote_id]


def _stands_already(session: Session, channel: Channel, target: str, words: str) -> bool:
    query = sa.select(Reply.id).where(
        Reply.channel_id == channel.id,
        Reply.target_remote_id == target,
        Reply.text == words,
        Reply.state.not_in(ENDED),
    )
    return session.scalar(query.limit(1)) is not None


def _write(
    session: Session,
    channel: Channel,
    target: str,
    words: str,
    prepared: PreparedText | None,
    *,
    post_id: UUID | None,
    actor: Actor,
    comment: Comment | None = None,
) -> Reply:
    """Own words wait for another person; a prepared text was agreed on by two already, so it goes out at once."""
    now = clock.now()
    reply = Reply(
        id=uuid4(),
        channel_id=channel.id,
        post_id=post_id,
        comment_id=comment.id if comment else None,
        comment_sha256=comment.text_sha256 if comment else None,
        target_remote_id=target,
        prepared_text_id=prepared.id if prepared else None,
        text=words,
        state=ReplyState.APPROVED if prepared else ReplyState.WAITING,
        written_by=actor.user_id,
        written_at=now,
        approved_by=_second_hand(prepared, actor) if prepared else None,
        approved_at=now if prepared else None,
    )
    session.add(reply)
    session.flush()
    if prepared:
        promise(session, REPLY_JOB, reply)
    details: dict[str, object] = {"prepared_text_id": prepared.id if prepared else None, "comment_id": reply.comment_id}
    record(session, "reply:written", actor=actor, subject_type="reply", subject_id=reply.id, details=details)
    return reply


def _second_hand(prepared: PreparedText, actor: Actor) -> UUID | None:
    """Whoever puts a prepared text somewhere relies on another of the two who agreed on it."""
    return prepared.approved_by if actor.user_id != prepared.approved_by else prepared.written_by


def _found(session: Session, reply_id: UUID, actor: Actor) -> Reply:
    """Return the reply, or say that there is none to whoever may not know of the comment that it answers."""
    reply = session.scalars(sa.select(Reply).where(Reply.id == reply_id, _may_be_known(actor))).one_or_none()
    if reply is None:
        raise NotFoundError
    return reply
