"""The leadership's judgement of one exact revision: approve it, return it with a reason, or reject it."""

from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries import names_of
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.posts.check_requests import request_check
from app.posts.checks import Evaluation, evaluate
from app.posts.digest import digest_of
from app.posts.drafting import latest_revision
from app.posts.locking import locked_post
from app.posts.models import Post, PostState, Revision
from app.posts.submission import SHORTEST_REASON
from app.posts.telling import waits_no_more
from app.posts.workflow import PostAction, workflow
from app.publishing.services import EXPIRES_BEFORE, cancel_pending, lapse, plan_deliveries
from app.reviews import telling
from app.reviews.models import Judgement, PhotoViewed, Review
from app.reviews.policies import ensure_separate_hands, unseen_photos
from app.reviews.queries import reviews_of


def approve(
    session: Session,
    post_id: UUID,
    *,
    revision_id: UUID,
    actor: Actor,
    link_opened: bool = False,
    quiet_override: str = "",
) -> None:
    """Let one exact, freshly checked revision go out, now or at its time.

    Refused for the author and the last editor, while a photo or a link was not looked at, and when the check no
    longer passes. The network shows words and a picture of a linked page that no check of ours sees.
    """
    actor.ensure(Permission.POST_APPROVE)
    post, revision = _submitted(session, post_id, revision_id)
    ensure_separate_hands(post, revision, actor)
    if revision.scheduled_for is not None and revision.scheduled_for <= clock.now() + EXPIRES_BEFORE:
        raise WrongStateError("Its time has come, and nothing is sent late. Return it, so that it gets a new time.")
    unseen = unseen_photos(session, revision, actor)
    if unseen:
        numbers = ", ".join(str(photo.position + 1) for photo in unseen)
        raise InvalidInputError(f"Look at each photo before you approve. Not yet seen: {numbers}.")
    if revision.link and not link_opened:
        raise InvalidInputError("Open the link before you approve: its page, and the photo there, go out with it.")
    _ensure_clear(evaluate(session, revision))
    digest = digest_of(revision)
    details = {"revision": revision.number, "digest": digest, "link_opened": link_opened}
    workflow.advance(session, post, PostAction.APPROVE, actor=actor, details=details)
    post.approved_revision_id, post.approved_digest, post.approved_at = revision.id, digest, clock.now()
    _note(session, post, revision, Judgement.APPROVED, None, actor)
    plan_deliveries(session, post, revision, actor=actor, quiet_override=quiet_override)
    waits_no_more(session, post)
    telling.approved(session, post)


def recheck(session: Session, post_id: UUID, *, actor: Actor) -> None:
    """The register or a photo changed while the post waited: have it checked anew."""
    actor.ensure(Permission.POST_APPROVE)
    post = _post(session, post_id)
    revision = latest_revision(session, post)
    if evaluate(session, revision).is_fresh:
        return
    lapse(session, post, "The register changed, so the post is checked again.")
    request_check(session, post, revision, for_submission=False)


def return_post(
    session: Session, post_id: UUID, *, revision_id: UUID, reason: str, actor: Actor, saw: str = ""
) -> None:
    """Send a post back to its author with a reason; what was planned for it is cancelled.

    `saw` is the state that the page showed: whoever saw a post wait does not stop an approved one unawares.
    """
    _ensure_not_approved_since(session, post_id, saw)
    _judge(session, post_id, revision_id, PostAction.RETURN, Judgement.RETURNED, reason, actor)


def reject(session: Session, post_id: UUID, *, revision_id: UUID, reason: str, actor: Actor, saw: str = "") -> None:
    """End a post for good."""
    _ensure_not_approved_since(session, post_id, saw)
    _judge(session, post_id, revision_id, PostAction.REJECT, Judgement.REJECTED, reason, actor)


def note_viewed(session: Session, post_photo_id: UUID, *, actor: Actor) -> None:
    """Remember that the reviewer saw this photo; approving asks for it."""
    actor.ensure(Permission.POST_APPROVE)
    known = sa.select(PhotoViewed.id).where(
        PhotoViewed.post_photo_id == post_photo_id, PhotoViewed.user_id == actor.user_id
    )
    if session.scalar(known) is None:
        session.add(PhotoViewed(id=uuid4(), post_photo_id=post_photo_id, user_id=actor.user_id, viewed_at=clock.now()))


def _ensure_not_approved_since(session: Session, post_id: UUID, saw: str) -> None:
    post = _post(session, post_id)
    approvals = [review for review in reviews_of(session, post.id) if review.judgement is Judgement.APPROVED]
    if saw != PostState.SUBMITTED or post.approved_revision_id is None or not approvals:
        return
    who, moment = approvals[-1].reviewer_id, clock.london(approvals[-1].reviewed_at)
    name = names_of(session, [who]).get(who, "Somebody else")
    day = "" if moment.date() == clock.today() else f" on {moment.day} {moment:%B}"
    raise WrongStateError(f"{name} approved this at {moment:%H:%M}{day}. Open the post to stop or take it down.")


def _judge(
    session: Session,
    post_id: UUID,
    revision_id: UUID,
    action: PostAction,
    judgement: Judgement,
    reason: str,
    actor: Actor,
) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInputError("Give the author a reason, so that they know what to change.")
    post = _post(session, post_id)
    revision = latest_revision(session, post)
    if revision.id != revision_id:
        raise WrongStateError("There is a newer version of this post. Look at that one.")
    ensure_separate_hands(post, revision, actor)
    workflow.advance(session, post, action, actor=actor, details={"reason": reason.strip()})
    post.state_reason = reason.strip()
    post.forget_approval()
    cancel_pending(session, post, actor=actor)
    _note(session, post, revision, judgement, reason.strip(), actor)
    waits_no_more(session, post)
    telling.came_back(session, post, judgement)


def _ensure_clear(evaluation: Evaluation) -> None:
    if not evaluation.is_fresh:
        raise WrongStateError("The register or a photo changed since the check. Have the post checked again first.")
    if evaluation.open_findings:
        raise WrongStateError(f"This cannot go out yet: {evaluation.open_findings[0].message}")


def _submitted(session: Session, post_id: UUID, revision_id: UUID) -> tuple[Post, Revision]:
    post = _post(session, post_id)
    revision = latest_revision(session, post)
    if revision.id != revision_id:
        raise WrongStateError("There is a newer version of this post. Look at that one before you approve.")
    return post, revision


def _post(session: Session, post_id: UUID) -> Post:
    post = locked_post(session, post_id)
    if post is None:
        raise NotFoundError
    return post


def _note(
    session: Session, post: Post, revision: Revision, judgement: Judgement, reason: str | None, actor: Actor
) -> None:
    if actor.user_id is None:
        raise NotPermittedError("A post is judged by a person.")
    session.add(
        Review(
            id=uuid4(),
            post_id=post.id,
            revision_id=revision.id,
            judgement=judgement,
            reason=reason,
            digest=digest_of(revision),
            reviewer_id=actor.user_id,
            reviewed_at=clock.now(),
        )
    )
