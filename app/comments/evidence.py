"""Keep what a comment looked like before anything is done to it: sealed, and with a digest that proves it."""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services import record
from app.channels.models import Channel
from app.comments.models import Comment, Evidence
from app.core import clock
from app.core.actors import Actor
from app.core.crypto import SealBrokenError, Sealer
from app.platforms.base import Network
from app.posts.models import Revision
from app.publishing.models import Delivery
from app.web.front_end import exact_words

BASIS = "Kept because the school acted on this comment: record of the decision, safeguarding, and legal claims."
WHILE_NEEDED = datetime(9999, 1, 1, tzinfo=UTC)
"""Until whoever needs it says that they do not any more."""


def keep_evidence(session: Session, comment: Comment, *, sealer: Sealer, actor: Actor) -> Evidence:
    """Take the snapshot of this text, once; the later calls find it."""
    kept = evidence_of(session, comment)
    if kept is not None and kept.text_sha256 == comment.text_sha256:
        return kept
    snapshot = json.dumps(_snapshot(session, comment), sort_keys=True, ensure_ascii=False).encode()
    evidence_id = uuid4()
    evidence = Evidence(
        id=evidence_id,
        comment_id=comment.id,
        captured_at=clock.now(),
        text_sha256=comment.text_sha256,
        sha256=hashlib.sha256(snapshot).hexdigest(),
        sealed=sealer.seal(snapshot, owner=f"evidence:{evidence_id}"),
        basis=BASIS,
        held_until=kept.held_until if kept else None,
    )
    session.add(evidence)
    session.flush()
    record(
        session,
        "comment:evidence-kept",
        actor=actor,
        subject_type="comment",
        subject_id=comment.id,
        details={"evidence_id": evidence.id, "sha256": evidence.sha256},
    )
    return evidence


def hold_evidence(session: Session, comment_ids: Collection[UUID], *, until: datetime) -> None:
    """Keep all that there is of these comments at least until then, whatever else would let it go."""
    session.execute(sa.update(Evidence).where(Evidence.comment_id.in_(comment_ids)).values(held_until=until))


def evidence_of(session: Session, comment: Comment) -> Evidence | None:
    """Return the snapshot of the comment's present text, or else the latest one."""
    same_text = sa.case((Evidence.text_sha256 == comment.text_sha256, 0), else_=1)
    query = sa.select(Evidence).where(Evidence.comment_id == comment.id)
    return session.scalars(query.order_by(same_text, Evidence.captured_at.desc()).limit(1)).first()


def open_evidence(evidence: Evidence, *, sealer: Sealer) -> dict[str, str | int | None]:
    """Unseal a snapshot. Raises SealBrokenError when it is not what was sealed."""
    snapshot = sealer.open(evidence.sealed, owner=f"evidence:{evidence.id}")
    if hashlib.sha256(snapshot).hexdigest() != evidence.sha256:
        raise SealBrokenError("the evidence does not have the digest that was recorded")
    opened: dict[str, str | int | None] = json.loads(snapshot)
    return opened


def _snapshot(session: Session, comment: Comment) -> dict[str, str | int | None]:
    channel = session.get_one(Channel, comment.channel_id)
    delivery = session.get(Delivery, comment.delivery_id) if comment.delivery_id else None
    revision = session.get(Revision, delivery.revision_id) if delivery else None
    return {
        "network": channel.network.value,
        "account": channel.handle,
        "comment": comment.remote_id,
        "in_reply_to": comment.parent_remote_id,
        "post": comment.post_remote_id,
        "post_permalink": delivery.permalink if delivery else None,
        "post_text": revision.caption if revision else None,
        "author": comment.author_name,
        "author_id": comment.author_remote_id,
        "text": comment.text,
        "attachments": comment.attachments,
        "permalink": comment.permalink,
        "written": comment.commented_at.isoformat(),
        "first_read": comment.received_at.isoformat(),
        "edited": comment.edited_at.isoformat() if comment.edited_at else None,
        "captured": clock.now().isoformat(),
    }


def lines_of(snapshot: Mapping[str, str | int | None]) -> list[tuple[str, str]]:
    """Tell a snapshot in plain words: what each part is, and times as clocks here showed them."""
    return [(name, _told(key, str(snapshot[key]))) for key, name in _NAMES.items() if snapshot.get(key) is not None]


def _told(key: str, value: str) -> str:
    if key == "network":
        return Network(value).label
    return exact_words(datetime.fromisoformat(value)) if key in _TIMES else value


_TIMES = frozenset({"written", "first_read", "edited", "captured"})
_NAMES = {
    "network": "Network",
    "author": "Shown name of the writer",
    "author_id": "Number of the writer's account",
    "text": "Words of the comment",
    "attachments": "Pictures or attachments",
    "written": "Written",
    "edited": "Edited",
    "first_read": "First seen here",
    "captured": "Kept as evidence",
    "permalink": "Address of the comment",
    "comment": "Number of the comment",
    "in_reply_to": "In reply to",
    "account": "Our account",
    "post": "Number of the post",
    "post_permalink": "Address of the post",
    "post_text": "Words of the post",
}
