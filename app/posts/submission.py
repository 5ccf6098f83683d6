"""Submit a post, take it back, answer warnings, and release what is held."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.channels.queries import channel_for
from app.core import clock
from app.core.actors import Actor
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError
from app.core.permissions import Permission
from app.platforms.base import Network, OutgoingPhoto, OutgoingPost
from app.platforms.validation import fitted, problems
from app.posts.check_requests import request_check
from app.posts.checks import evaluate, key_of
from app.posts.drafting import latest_revision
from app.posts.locking import locked_post
from app.posts.models import CheckState, ConsentCheck, Post, Resolution, Revision
from app.posts.telling import is_on_its_way, waits_no_more
from app.posts.workflow import PostAction, workflow
from consent.model import Finding, Severity

SOONEST_MINUTES = 5
SHORTEST_REASON = 8


def submit(session: Session, post_id: UUID, *, revision_id: UUID, actor: Actor) -> None:
    """Send a post on its way: to its check, and if that is clear to the leadership."""
    post = _own_post(session, post_id, actor)
    revision = latest_revision(session, post)
    if revision.id != revision_id:
        raise InvalidInputError("This post was saved again meanwhile. Look at the newest version and submit that.")
    _ensure_sendable(session, revision)
    workflow.advance(session, post, PostAction.SUBMIT, actor=actor, details={"revision": revision.number})
    post.state_reason = None
    is_on_its_way(session, post)
    request_check(session, post, revision, for_submission=True)


def recall(session: Session, post_id: UUID, *, actor: Actor) -> Post:
    """Take a post back that has not gone out. The caller cancels what was planned for it."""
    post = _own_post(session, post_id, actor)
    workflow.advance(session, post, PostAction.RECALL, actor=actor)
    post.forget_approval()
    post.state_reason = None
    waits_no_more(session, post)
    for check in session.scalars(sa.select(ConsentCheck).where(ConsentCheck.post_id == post.id)):
        if check.state is CheckState.WAITING:
            check.for_submission = False
    return post


def acknowledge(session: Session, post_id: UUID, finding_key: str, *, actor: Actor) -> None:
    """The author has read a warning and stands by the post."""
    post = _own_post(session, post_id, actor)
    finding = _finding(session, latest_revision(session, post), finding_key)
    if finding.severity is not Severity.WARN:
        raise NotPermittedError("This cannot be acknowledged: it must be mended or released by the leadership.")
    _resolve(session, post, finding, finding_key, reason="acknowledged by the author", actor=actor)


def release(session: Session, post_id: UUID, finding_key: str, *, reason: str, actor: Actor) -> None:
    """Somebody of the leadership, not the author, lets a held finding pass for this revision, in writing."""
    actor.ensure(Permission.POST_RELEASE_HOLD)
    post = locked_post(session, post_id)
    if post is None:
        raise NotFoundError
    revision = latest_revision(session, post)
    if actor.user_id in (post.author_id, revision.edited_by):
        raise NotPermittedError("You wrote this post, so somebody else must release it.")
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInputError("Say in a sentence why this may go out. It stays in the record.")
    finding = _finding(session, revision, finding_key)
    if finding.severity is Severity.BLOCK:
        raise NotPermittedError("Nobody can release this: it must be mended.")
    _resolve(session, post, finding, finding_key, reason=reason.strip(), actor=actor)


def end_releases(session: Session, post: Post, *, actor: Actor) -> None:
    """Consent ended for somebody in the post: what was released or acknowledged before was about other facts."""
    revisions = sa.select(Revision.id).where(Revision.post_id == post.id)
    ended = session.execute(sa.delete(Resolution).where(Resolution.revision_id.in_(revisions))).rowcount  # type: ignore[attr-defined]  # a DELETE's result has a row count
    if ended:
        details: dict[str, object] = {"ended": ended}
        record(session, "finding:releases-ended", actor=actor, subject_type="post", subject_id=post.id, details=details)


def _finding(session: Session, revision: Revision, finding_key: str) -> Finding:
    for finding in evaluate(session, revision).report.findings:
        if key_of(finding) == finding_key:
            return finding
    raise NotFoundError("This finding is no longer there. Reload the page.")


def _resolve(session: Session, post: Post, finding: Finding, key: str, *, reason: str, actor: Actor) -> None:
    revision = latest_revision(session, post)
    known = sa.select(Resolution.id).where(Resolution.revision_id == revision.id, Resolution.finding_key == key)
    if session.scalar(known) is not None:
        return
    session.add(
        Resolution(
            id=uuid4(),
            revision_id=revision.id,
            finding_key=key,
            resolved_by=actor.user_id,
            resolved_at=clock.now(),
            reason=reason,
        )
    )
    details: dict[str, object] = {"revision": revision.number, "code": finding.code, "severity": finding.severity.value}
    record(session, "finding:resolved", actor=actor, subject_type="post", subject_id=post.id, details=details)


def _own_post(session: Session, post_id: UUID, actor: Actor) -> Post:
    post = locked_post(session, post_id)
    if post is None:
        raise NotFoundError
    if post.author_id != actor.user_id:
        raise NotPermittedError("Only its author can do this.")
    return post


def _ensure_sendable(session: Session, revision: Revision) -> None:
    """Refuse now what a network would refuse later."""
    if revision.scheduled_for is not None:
        minutes = (revision.scheduled_for - clock.now()).total_seconds() / 60
        if minutes < SOONEST_MINUTES:
            raise InvalidInputError(f"Choose a time at least {SOONEST_MINUTES} minutes from now, or none at all.")
    for sentence in refusals(session, revision):
        raise InvalidInputError(sentence)


def refusals(session: Session, revision: Revision, *, early: bool = False) -> Sequence[str]:
    """Return what stands against this revision on its networks, a sentence each; `early` asks for no alt texts yet."""
    found = []
    for network in map(Network, revision.networks):
        if channel_for(session, network) is None:
            found.append(f"No {network.label} account is connected. Leave {network.label} out for now.")
        found += problems(network, fitted(network, _outline(revision, early=early)))
    return list(dict.fromkeys(found))


def _outline(revision: Revision, *, early: bool) -> OutgoingPost:
    photos = tuple(
        OutgoingPhoto(b"", "image/jpeg", photo.alt_text or ("to come" if early else ""), photo.photo.sha256)
        for photo in revision.photos
    )
    return OutgoingPost(text=revision.caption, photos=photos, link=revision.link)
