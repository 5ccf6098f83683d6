"""Take in what a network says of its comments: once, twice, late or out of order, the result is the same."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.channels.models import Channel
from app.comments import telling
from app.comments.evidence import evidence_of, keep_evidence
from app.comments.judging import judge_lost, person_decision_on
from app.comments.models import Audience, Comment, CommentDecision, CommentState
from app.comments.networks import TELLS_HIDDEN
from app.comments.promises import JUDGE_JOB, judging_actor
from app.comments.workflow import CommentAction, workflow
from app.core import clock
from app.core.crypto import Sealer
from app.jobs.due import keep, promise
from app.platforms.base import RemoteComment
from app.publishing.models import Delivery

_SETTLED = (CommentState.VISIBLE, CommentState.QUEUED, CommentState.HIDDEN)


def take_in(session: Session, channel_id: UUID, heard: Iterable[RemoteComment], *, read_at: datetime) -> int:
    """Write down comments as the network shows them; return how many were new.

    `read_at` is when we began to read: what we did to a comment after that is newer than what was heard.
    """
    channel = _channel_in_turn(session, channel_id)
    theirs = _latest([remote for remote in heard if not is_own(channel, remote)])
    known = _known(session, channel, theirs)
    new = 0
    for remote in theirs:
        comment = known.get(remote.remote_id)
        if comment is None and (earlier := _earlier(known, remote)) is not None:
            _take_over(session, channel, earlier, remote)
            known[remote.remote_id] = earlier
        elif comment is None:
            known[remote.remote_id] = _begin(session, channel, remote)
            new += 1
        elif _is_news(channel, comment, remote):
            session.refresh(comment, with_for_update=True)
            if comment.state is not CommentState.DELETED and not (comment.acted_at and comment.acted_at > read_at):
                _bring_up_to_date(session, channel, comment, remote)
    return new


def take_hint(session: Session, channel_id: UUID, heard: Iterable[RemoteComment]) -> int:
    """Write down comments that a webhook told of, if they are new: for known ones the network itself is asked."""
    channel = _channel_in_turn(session, channel_id)
    new = 0
    for remote in heard:
        if not is_own(channel, remote) and comment_called(session, channel.id, remote.remote_id) is None:
            _begin(session, channel, remote)
            new += 1
    return new


def _channel_in_turn(session: Session, channel_id: UUID) -> Channel:
    """Readers of one channel take turns; whoever only writes a row that names the channel does not wait for them."""
    return session.get_one(Channel, channel_id, with_for_update={"key_share": True})


def is_own(channel: Channel, remote: RemoteComment) -> bool:
    return remote.is_own or (remote.author_id is not None and remote.author_id == channel.remote_account_id)


def comment_called(session: Session, channel_id: UUID, remote_id: str) -> Comment | None:
    query = sa.select(Comment).where(Comment.channel_id == channel_id, Comment.remote_id == remote_id)
    return session.scalar(query.with_for_update())


def lose(session: Session, comment: Comment, *, sealer: Sealer) -> None:
    """The comment is no longer on its network: the working copy is emptied unless it is evidence.

    What only few may know of still waits for them: a child who takes its words back must be heard all the same.
    """
    actor = judging_actor(session)
    if comment.state is CommentState.DELETING:
        if comment.text_sha256 != comment.judged_sha256:  # edited at the last moment: nobody has kept this yet
            keep_evidence(session, comment, sealer=sealer, actor=actor)
        workflow.advance(session, comment, CommentAction.FINISH_DELETE, actor=actor)
    elif comment.state.is_on_network:
        if comment.state is CommentState.RECEIVED:
            judge_lost(session, comment, sealer=sealer)
        workflow.advance(session, comment, CommentAction.LOSE, actor=actor)
        forget_unless_evidence(session, comment)
    if comment.state is CommentState.DELETED or comment.audience is Audience.GENERAL or comment.blanked_at:
        comment.awaits_person = False
    keep(comment)


def judge_again_if_changed(session: Session, comment: Comment) -> None:
    """Have new words judged, once nothing else is under way with the comment."""
    if comment.judged_sha256 == comment.text_sha256 or comment.state not in _SETTLED:
        return
    workflow.advance(session, comment, CommentAction.JUDGE_AGAIN, actor=judging_actor(session))
    promise(session, JUDGE_JOB, comment)


def _latest(heard: Sequence[RemoteComment]) -> list[RemoteComment]:
    """Leave out what was edited since, where both versions were heard."""
    replaced = {earlier_id for remote in heard for earlier_id in remote.earlier_ids}
    return [remote for remote in heard if remote.remote_id not in replaced]


def _earlier(known: dict[str, Comment], remote: RemoteComment) -> Comment | None:
    found = (known.get(earlier_id) for earlier_id in reversed(remote.earlier_ids))
    return next((comment for comment in found if comment is not None), None)


def _take_over(session: Session, channel: Channel, comment: Comment, remote: RemoteComment) -> None:
    """The comment has a new id since it was edited, so that what was hidden under the old one may be in sight."""
    session.refresh(comment, with_for_update=True)
    if comment.state is CommentState.DELETED:
        return
    comment.remote_id, comment.is_hidden_remotely = remote.remote_id, remote.is_hidden
    if comment.state is CommentState.HIDDEN and not remote.is_hidden:
        actor = judging_actor(session)
        workflow.advance(session, comment, CommentAction.FIND_SHOWN, actor=actor)
        workflow.advance(session, comment, CommentAction.JUDGE_AGAIN, actor=actor)
        promise(session, JUDGE_JOB, comment)
    _bring_up_to_date(session, channel, comment, remote)


def _known(session: Session, channel: Channel, theirs: Sequence[RemoteComment]) -> dict[str, Comment]:
    remote_ids = [name for remote in theirs for name in (remote.remote_id, *remote.earlier_ids)]
    query = sa.select(Comment).where(Comment.channel_id == channel.id, Comment.remote_id.in_(remote_ids))
    return {comment.remote_id: comment for comment in session.scalars(query)}


def _is_news(channel: Channel, comment: Comment, remote: RemoteComment) -> bool:
    """Most of what is read is known already, and costs nothing more."""
    return (
        comment.text_sha256 != digest_of(storable(remote.text), remote.has_attachment)
        or comment.state is CommentState.GONE
        or comment.delivery_id is None
        or (channel.network in TELLS_HIDDEN and comment.is_hidden_remotely != remote.is_hidden)
        or (comment.permalink is None and remote.permalink is not None)
        or (not comment.author_name and bool(remote.author_name))
    )


def _begin(session: Session, channel: Channel, remote: RemoteComment) -> Comment:
    comment = Comment(
        id=uuid4(),
        channel_id=channel.id,
        remote_id=remote.remote_id,
        state=CommentState.RECEIVED,
        audience=Audience.DESIGNATED,
        commented_at=remote.created_at,
        received_at=clock.now(),
        categories=[],
        is_hidden_remotely=remote.is_hidden,
    )
    _copy(session, channel, comment, remote)
    session.add(comment)
    promise(session, JUDGE_JOB, comment)
    return comment


def _bring_up_to_date(session: Session, channel: Channel, comment: Comment, remote: RemoteComment) -> None:
    before, words, decided = comment.text_sha256, comment.text, person_decision_on(session, comment)
    _copy(session, channel, comment, remote)
    if comment.state is CommentState.GONE:
        comment.judged_sha256, comment.blanked_at = None, None
        workflow.advance(session, comment, CommentAction.JUDGE_AGAIN, actor=judging_actor(session))
        promise(session, JUDGE_JOB, comment)
    elif comment.text_sha256 != before:
        if comment.text != words:
            comment.edited_at = clock.now()
        if decided is not None and decided.decided_by is not None:
            telling.decided_words_changed(session, comment, decided.decided_by)
        judge_again_if_changed(session, comment)
    if channel.network in TELLS_HIDDEN:
        _notice_hiding(session, comment, remote)


def _copy(session: Session, channel: Channel, comment: Comment, remote: RemoteComment) -> None:
    comment.text = storable(remote.text)
    comment.text_sha256 = digest_of(comment.text, remote.has_attachment)
    comment.attachments = int(remote.has_attachment)
    comment.can_hide = remote.can_hide
    comment.author_name = storable(remote.author_name or comment.author_name or "")[:200]
    comment.author_remote_id = remote.author_id or comment.author_remote_id
    if remote.permalink and remote.permalink.startswith(("https://", "http://")):
        comment.permalink = remote.permalink[:500]
    comment.parent_remote_id = remote.parent_remote_id or comment.parent_remote_id
    comment.post_remote_id = comment.post_remote_id or remote.post_remote_id or None
    if comment.delivery_id is None and comment.post_remote_id:
        _find_post(session, channel, comment, comment.post_remote_id)


def _find_post(session: Session, channel: Channel, comment: Comment, post_remote_id: str) -> None:
    spellings = (post_remote_id, f"{channel.remote_account_id}_{post_remote_id}")  # a comment read alone lacks the Page
    known = sa.select(Delivery).where(Delivery.channel_id == channel.id, Delivery.remote_id.in_(spellings))
    delivery = session.scalars(known.limit(1)).first()
    if delivery is not None:
        comment.delivery_id, comment.post_id = delivery.id, delivery.post_id
        comment.post_remote_id = delivery.remote_id


def _notice_hiding(session: Session, comment: Comment, remote: RemoteComment) -> None:
    """Somebody may hide or show a comment on the network itself; our own hides come back here and change nothing."""
    if remote.is_hidden == comment.is_hidden_remotely or comment.state.is_under_way:
        return
    comment.is_hidden_remotely = remote.is_hidden
    actor = judging_actor(session)
    if remote.is_hidden and comment.state in (CommentState.VISIBLE, CommentState.QUEUED):
        workflow.advance(session, comment, CommentAction.FIND_HIDDEN, actor=actor)
        comment.hidden_at, comment.awaits_person = clock.now(), True
        comment.problem = "It was hidden on the network itself, not by us."
    elif not remote.is_hidden and comment.state is CommentState.HIDDEN:
        workflow.advance(session, comment, CommentAction.FIND_SHOWN, actor=actor)
        comment.awaits_person = True
        comment.problem = "Somebody showed it again on the network itself."
        telling.cannot_act(session, comment)


def digest_of(text: str, has_attachment: bool) -> str:
    """Return the digest of what is judged: the words, and whether something hangs on them."""
    return hashlib.sha256(f"{int(has_attachment)}\n{text}".encode()).hexdigest()


def storable(text: str) -> str:
    """Drop what a database cannot hold: the null character and half surrogate pairs."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def forget_unless_evidence(session: Session, comment: Comment) -> None:
    if evidence_of(session, comment) is None:
        forget(session, comment)


def forget(session: Session, comment: Comment) -> None:
    """Empty the working copy, and what was written about it in the comment's own words."""
    comment.text, comment.author_name, comment.author_remote_id, comment.permalink = "", "", None, None
    comment.blanked_at = clock.now()
    session.execute(
        sa.update(CommentDecision)
        .where(CommentDecision.comment_id == comment.id)
        .values(reasons=[], signals=[], shadow=None)  # they quote the words
    )
