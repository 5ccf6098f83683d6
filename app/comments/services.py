"""What a person decides about a comment. Their word stands: no rule overrides it for the same words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.accounts.queries import names_of
from app.audit.services import record
from app.channels.models import Channel
from app.comments import telling
from app.comments.decision_words import DECIDED, refusal_of
from app.comments.events import comment_escalated
from app.comments.evidence import keep_evidence
from app.comments.models import Appeal, Audience, Comment, CommentDecision, DecisionAction
from app.comments.networks import CAPABILITIES
from app.comments.policies import as_decider, ensure_may_read, may_decide
from app.comments.promises import DELETE_JOB, HIDE_JOB, RESTORE_JOB, after_claim
from app.comments.queries import IN_SIGHT, READ_ONE_BY_ONE, latest_settlements, open_appeal
from app.comments.second_person import roll_for
from app.comments.workflow import AppealAction, CommentAction, appeal_workflow, workflow
from app.core import clock
from app.core.actors import Actor
from app.core.crypto import Sealer
from app.core.errors import AppError, InvalidInputError, WrongStateError
from app.core.permissions import Permission
from app.jobs.due import keep, promise
from app.web.front_end import at_words
from moderation import Action, Label
from moderation.policy import ROW_OF

MOST_AT_ONCE = 200
LONGEST = timedelta(seconds=12)
"""Nobody waits longer for a page; the rest is done with another tap."""
FEW = 50
"""So many a transaction when there are hundreds."""
ABOUT_ALL = (DecisionAction.LEAVE_HIDDEN, DecisionAction.HIDE)
"""What may be decided about comments that nobody has read one by one: it only keeps from sight, and can be undone."""

MAY_HURT = frozenset({Label.PREJUDICE, Label.SEXUAL, Label.PUPIL_NAMED, Label.PERSONAL_DATA})
"""What is shown again by itself only, beside everything that people are told of at once."""


class NotSureError(InvalidInputError):
    """The tick that a threat is none was not set."""


def leave_hidden(session: Session, comment_id: UUID, *, actor: Actor, reason: str = "") -> None:
    """Confirm what the rules did."""
    comment, decider = _taken(session, comment_id, actor)
    appeal = _ensure_no_appeal(session, comment)
    _ensure_fits(comment, DecisionAction.LEAVE_HIDDEN)
    workflow.advance(session, comment, CommentAction.LEAVE_HIDDEN, actor=decider)
    _settle(session, comment, DecisionAction.LEAVE_HIDDEN, actor=actor, reason=reason)
    _close_unanswered(session, appeal, AppealAction.TURN_DOWN, actor=actor, reason=reason)


def leave_visible(session: Session, comment_id: UUID, *, actor: Actor, reason: str = "") -> None:
    """Let a comment stand: the rules leave these words alone from now on."""
    comment, decider = _taken(session, comment_id, actor)
    _ensure_fits(comment, DecisionAction.LEAVE_VISIBLE)
    workflow.advance(session, comment, CommentAction.LEAVE_VISIBLE, actor=decider)
    _settle(session, comment, DecisionAction.LEAVE_VISIBLE, actor=actor, reason=reason)


def hide_comment(session: Session, comment_id: UUID, *, actor: Actor, sealer: Sealer, reason: str = "") -> None:
    comment, decider = _taken(session, comment_id, actor)
    _ensure_fits(comment, DecisionAction.HIDE)
    keep_evidence(session, comment, sealer=sealer, actor=actor)
    at = after_claim(comment)
    workflow.advance(session, comment, CommentAction.HIDE, actor=decider)
    promise(session, HIDE_JOB, comment, at=at)
    _settle(session, comment, DecisionAction.HIDE, actor=actor, reason=reason)


def note_read(session: Session, comment_id: UUID, *, actor: Actor, reason: str = "") -> None:
    """Say that somebody has read what was gone from the network before anybody could decide about it."""
    comment, decider = _taken(session, comment_id, actor)
    workflow.advance(session, comment, CommentAction.NOTE_READ, actor=decider)
    _settle(session, comment, DecisionAction.READ, actor=actor, reason=reason)


def restore_comment(session: Session, comment_id: UUID, *, reason: str, actor: Actor) -> None:
    """Show it again, with the reason why hiding it was wrong."""
    _ensure_reason(reason, "Say in a few words why this comment is shown again. It stays in the record.")
    comment, decider = _taken(session, comment_id, actor)
    appeal = _ensure_no_appeal(session, comment)
    _ensure_fits(comment, DecisionAction.RESTORE)
    at = after_claim(comment)
    workflow.advance(session, comment, CommentAction.RESTORE, actor=decider)
    promise(session, RESTORE_JOB, comment, at=at)
    _settle(session, comment, DecisionAction.RESTORE, actor=actor, reason=reason)
    _close_unanswered(session, appeal, AppealAction.UPHOLD, actor=actor, reason=reason)


def restore_on_appeal(session: Session, comment: Comment, *, reason: str, is_sure: bool, actor: Actor) -> None:
    """Show a comment again by the word of the second person, who need not be the head.

    What a lifted lock-down shows already is only decided: the next lock-down must know that somebody let it stand.
    """
    ensure_sure(session, comment.id, is_sure=is_sure, actor=actor)
    if comment.state in IN_SIGHT:
        _settle(session, comment, DecisionAction.RESTORE, actor=actor, reason=reason)
        return
    decider = replace(actor, permissions=actor.permissions | {Permission.COMMENT_DECIDE})
    at = after_claim(comment)
    workflow.advance(session, comment, CommentAction.RESTORE, actor=decider)
    promise(session, RESTORE_JOB, comment, at=at)
    _settle(session, comment, DecisionAction.RESTORE, actor=actor, reason=reason)


def delete_comment(session: Session, comment_id: UUID, *, reason: str, actor: Actor, sealer: Sealer) -> None:
    """Remove it from the network for good. The evidence stays here."""
    _ensure_reason(reason, "Say in a few words why this comment is deleted. It stays in the record.")
    comment, decider = _taken(session, comment_id, actor)
    _ensure_network_deletes(session, comment)
    keep_evidence(session, comment, sealer=sealer, actor=actor)
    at = after_claim(comment)
    workflow.advance(session, comment, CommentAction.DELETE, actor=decider)
    promise(session, DELETE_JOB, comment, at=at)
    _settle(session, comment, DecisionAction.DELETE, actor=actor, reason=reason)


def escalate_comment(session: Session, comment_id: UUID, *, reason: str, actor: Actor, sealer: Sealer) -> None:
    """Pass it to the designated persons: from now on only they may know of it. Everybody who reads it may do so."""
    _ensure_reason(reason, "Say in a few words what worries you. The designated persons read it.")
    comment = ensure_may_read(session.get(Comment, comment_id, with_for_update=True), actor)
    if comment.audience is not Audience.GENERAL:
        raise WrongStateError("This is with the people who must deal with it already.")
    keep_evidence(session, comment, sealer=sealer, actor=actor)
    comment.judged_sha256 = comment.judged_sha256 or comment.text_sha256
    comment.audience, comment.awaits_person = Audience.DESIGNATED, True
    decision = _decide(session, comment, DecisionAction.ESCALATE, actor=actor, reason=reason)
    comment_escalated.send(session, comment=comment, decision=decision)
    telling.escalated(session, comment)


def ensure_unchanged(session: Session, comment_id: UUID, seen_sha256: str, *, actor: Actor) -> None:
    """Refuse to let words stand that the person did not see: the comment was edited while they looked."""
    comment = ensure_may_read(session.get(Comment, comment_id, with_for_update=True), actor)
    if comment.text_sha256 != seen_sha256:
        raise WrongStateError("This comment was edited while you looked at it. Read its new words, then decide.")


def ensure_not_decided_since(
    session: Session, comment_id: UUID, action: DecisionAction, shown: str, *, actor: Actor
) -> None:
    """Refuse to overrule unseen what somebody decided while this person looked; the same tap twice is no conflict."""
    comment = ensure_may_read(session.get(Comment, comment_id, with_for_update=True), actor)
    last = latest_settlements(session, [comment]).get(comment.id)
    if last is None or str(last.id) == shown or (last.decided_by, last.action) == (actor.user_id, action):
        return
    known = names_of(session, [last.decided_by])
    who = "You" if last.decided_by == actor.user_id else next(iter(known.values()), "Somebody else")
    raise WrongStateError(f"{who} decided this {at_words(last.at)}: {DECIDED[last.action]}. Look again.")


def is_repeated(session: Session, comment_id: UUID, action: DecisionAction, *, actor: Actor) -> bool:
    """Whether this person decided just that about just these words last, as when a page was sent again."""
    comment = ensure_may_read(session.get(Comment, comment_id), actor)
    last = latest_settlements(session, [comment]).get(comment.id)
    same = (actor.user_id, action, comment.text_sha256)
    return last is not None and (last.decided_by, last.action, last.text_sha256) == same and not comment.awaits_person


def ensure_sure(session: Session, comment_id: UUID, *, is_sure: bool, actor: Actor) -> None:
    """Ask once more before a threat is shown again."""
    comment = ensure_may_read(session.get(Comment, comment_id), actor)
    if Label.THREAT in comment.categories and not is_sure:
        raise NotSureError("This reads like a threat. Open it, read it again, and tick that it is none.")


def ensure_may_go_with_others(session: Session, comment_id: UUID, action: DecisionAction, *, actor: Actor) -> None:
    """Refuse to delete a cry for help or what must be reported, or to show what may hurt, by one tap among many."""
    comment = ensure_may_read(session.get(Comment, comment_id), actor)
    labels = {Label(word) for word in comment.categories}
    is_grave = any(ROW_OF[label].action is Action.ESCALATE for label in labels)
    if action is DecisionAction.DELETE and (is_grave or READ_ONE_BY_ONE & labels):
        raise WrongStateError("Somebody may ask for help, or it must be reported first. Open it to delete it.")
    if action is DecisionAction.RESTORE and (is_grave or MAY_HURT & labels):
        raise WrongStateError("This may hurt somebody if it is seen. Open it to show it again.")


def ensure_may_go_unseen(session: Session, comment_id: UUID, *, actor: Actor) -> None:
    """Refuse to settle what somebody must read: a confidential matter, or a child or a witness who asks to be heard."""
    comment = ensure_may_read(session.get(Comment, comment_id), actor)
    if comment.audience is not Audience.GENERAL or READ_ONE_BY_ONE & set(comment.categories):
        raise WrongStateError("This may be somebody who asks to be heard. Read it, then decide about it by itself.")


@dataclass(frozen=True, slots=True)
class Bulk:
    """What became of a decision about many: how many were done, and why the others were not."""

    done: int
    refused: tuple[str, ...]
    left: tuple[UUID, ...] = ()
    """Those that were refused, in the same order."""


def decide_many(session: Session, comment_ids: Sequence[UUID], decide: Callable[[UUID], None]) -> Bulk:
    """Make the same decision about each; one that cannot be made does not stop the others."""
    if not comment_ids:
        raise InvalidInputError("Tick at least one comment first.")
    if len(comment_ids) > MOST_AT_ONCE:
        raise InvalidInputError(f"Decide about at most {MOST_AT_ONCE} comments at once.")
    refused: dict[UUID, str] = {}
    for comment_id in comment_ids:
        try:
            with session.begin_nested():
                decide(comment_id)
        except AppError as error:
            refused[comment_id] = error.sentence
    return Bulk(len(comment_ids) - len(refused), tuple(refused.values()), tuple(refused))


def choices_for(session: Session, comment: Comment, actor: Actor) -> frozenset[DecisionAction]:
    """Return the buttons to offer this person for this comment."""
    if not may_decide(comment, actor):
        return _escalation(comment)
    decider = as_decider(comment, actor)
    moves = {
        DecisionAction.LEAVE_HIDDEN: CommentAction.LEAVE_HIDDEN,
        DecisionAction.LEAVE_VISIBLE: CommentAction.LEAVE_VISIBLE,
        DecisionAction.HIDE: CommentAction.HIDE,
        DecisionAction.RESTORE: CommentAction.RESTORE,
        DecisionAction.DELETE: CommentAction.DELETE,
        DecisionAction.READ: CommentAction.NOTE_READ,
    }
    offered = {choice for choice, move in moves.items() if workflow.may(comment, move, decider)}
    if not _network_deletes(session, comment):
        offered.discard(DecisionAction.DELETE)
    if not comment.awaits_person:
        offered.discard(DecisionAction.READ)
    return frozenset(offered) | _escalation(comment)


def _escalation(comment: Comment) -> frozenset[DecisionAction]:
    """Offer to pass on what only the open queue knows of; the rest is with the right people already."""
    return frozenset({DecisionAction.ESCALATE}) if comment.audience is Audience.GENERAL else frozenset()


def _taken(session: Session, comment_id: UUID, actor: Actor) -> tuple[Comment, Actor]:
    comment = ensure_may_read(session.get(Comment, comment_id, with_for_update=True), actor)
    return comment, as_decider(comment, actor)


def _ensure_no_appeal(session: Session, comment: Comment) -> Appeal | None:
    """Where somebody asked to look again, the second pair of eyes decides, and not whoever decided before.

    Return what is asked where nobody is left who may answer: then whoever may decide does, lest nobody ever can.
    """
    appeal = open_appeal(session, comment.id)
    if appeal is not None and roll_for(session, [comment]).answerers(comment, appeal.recorded_by):
        raise WrongStateError("Somebody asked to look again at this comment. That is answered first.")
    return appeal


def _close_unanswered(
    session: Session, appeal: Appeal | None, move: AppealAction, *, actor: Actor, reason: str
) -> None:
    if appeal is None:
        return
    closer = replace(actor, permissions=actor.permissions | {Permission.COMMENT_READ})
    details = {"nobody_else_may_answer": True}
    appeal_workflow.advance(session, appeal, move, actor=closer, details=details)
    appeal.decided_at, appeal.decided_by = clock.now(), actor.user_id
    appeal.reason = reason.strip()[:2000] or "Decided without a second person, since nobody else could answer."


def _ensure_fits(comment: Comment, action: DecisionAction) -> None:
    """Say in plain words that this is so already, or cannot be."""
    refusal = refusal_of(action, comment.state)
    if refusal is not None:
        raise WrongStateError(refusal.about_one)


def _settle(session: Session, comment: Comment, action: DecisionAction, *, actor: Actor, reason: str) -> None:
    of_sample = comment.sampled_at is not None
    comment.awaits_person = False
    comment.problem = comment.pile_on_id = comment.sampled_at = None
    comment.judged_sha256 = comment.text_sha256  # if other words come back, even earlier ones, they are judged
    if not comment.state.is_under_way:
        keep(comment)
    _decide(session, comment, action, actor=actor, reason=reason).of_sample = of_sample


def _decide(
    session: Session, comment: Comment, action: DecisionAction, *, actor: Actor, reason: str
) -> CommentDecision:
    decision = CommentDecision(
        id=uuid4(),
        comment_id=comment.id,
        action=action,
        at=clock.now(),
        is_by_person=True,
        decided_by=actor.user_id,
        text_sha256=comment.text_sha256,
        reason=" ".join(reason.split())[:2000],
        severity=comment.severity,
        categories=comment.categories,
    )
    session.add(decision)
    record(
        session,
        "comment:decided",
        actor=actor,
        subject_type="comment",
        subject_id=comment.id,
        details={"decision_id": decision.id, "action": action.value},
    )
    return decision


def _ensure_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise InvalidInputError(sentence)


def _network_deletes(session: Session, comment: Comment) -> bool:
    return CAPABILITIES[session.get_one(Channel, comment.channel_id).network].can_delete_comments


def _ensure_network_deletes(session: Session, comment: Comment) -> None:
    if not _network_deletes(session, comment):
        raise InvalidInputError("This network lets nobody but the author delete a reply. You can hide it here.")
