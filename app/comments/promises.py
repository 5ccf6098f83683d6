"""What is promised about comments, by the names that the worker knows, and who keeps it."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.comments.models import Comment, CommentState
from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.db import school_of
from app.core.permissions import Permission

JUDGE_JOB = "comments.judge"
HIDE_JOB = "comments.hide"
RESTORE_JOB = "comments.restore"
DELETE_JOB = "comments.delete"
LOCK_JOB = "comments.lock-down"
REPLY_JOB = "comments.reply"
JOB_OF = {CommentState.HIDING: HIDE_JOB, CommentState.RESTORING: RESTORE_JOB, CommentState.DELETING: DELETE_JOB}


def judging_actor(session: Session) -> Actor:
    return system_actor(school_of(session), "moderation", Permission.COMMENT_JUDGE)


def after_claim(comment: Comment) -> datetime | None:
    """Wait for a worker that may be at the network right now with the opposite errand."""
    opposite = comment.state in (CommentState.HIDING, CommentState.RESTORING)
    claimed = comment.claimed_until if opposite else None
    return claimed if claimed and claimed > clock.now() else None
