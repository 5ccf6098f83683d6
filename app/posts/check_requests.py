"""Promise that a revision will be checked."""

from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.jobs.due import promise
from app.posts.models import CheckState, ConsentCheck, Post, Revision

CHECK_JOB = "posts.check"


def request_check(session: Session, post: Post, revision: Revision, *, for_submission: bool) -> ConsentCheck:
    """Write the promise; checks of earlier revisions that still wait are pointless now."""
    session.execute(
        sa.update(ConsentCheck)
        .where(ConsentCheck.post_id == post.id, ConsentCheck.state == CheckState.WAITING)
        .values(state=CheckState.OVERTAKEN, due_at=None)
        .execution_options(synchronize_session="fetch")
    )
    check = ConsentCheck(
        id=uuid4(),
        post_id=post.id,
        revision_id=revision.id,
        state=CheckState.WAITING,
        for_submission=for_submission,
        requested_at=clock.now(),
        photos_done=0,
        photos_total=len(revision.photos),
    )
    session.add(check)
    promise(session, CHECK_JOB, check)
    return check
