"""Promise that a revision will be checked."""

from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actors import Actor, system_actor
from app.core.db import school_of
from app.core.permissions import Permission
from app.jobs.due import keep, promise
from app.posts.models import CheckState, ConsentCheck, Post, Revision
from app.posts.workflow import CheckAction, check_workflow

CHECK_JOB = "posts.check"


def request_check(session: Session, post: Post, revision: Revision, *, for_submission: bool) -> ConsentCheck:
    """Write the promise; checks of earlier revisions that still wait are pointless now."""
    waiting = sa.select(ConsentCheck).where(ConsentCheck.post_id == post.id, ConsentCheck.state == CheckState.WAITING)
    for pointless in session.scalars(waiting).all():
        check_workflow.advance(session, pointless, CheckAction.OVERTAKE, actor=checking_actor(session))
        keep(pointless)
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


def checking_actor(session: Session) -> Actor:
    return system_actor(school_of(session), "consent check", Permission.POST_PUBLISH)
