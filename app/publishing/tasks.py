"""Work for the worker: deliver, retract, and let approvals that ran out expire."""

from functools import partial

import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import EVERY_SCHOOL, Database
from app.jobs.due import Job
from app.jobs.engine import Rhythm
from app.posts.models import Post, PostState, Revision
from app.posts.workflow import PostAction
from app.posts.workflow import workflow as post_workflow
from app.publishing import telling
from app.publishing.costs import charge_reading
from app.publishing.delivering import LEASE, Courier
from app.publishing.models import Delivery, DeliveryState
from app.publishing.retracting import Retractor, remind
from app.publishing.services import DELIVER_JOB, EXPIRES_BEFORE, RETRACT_JOB, worker_actor


def jobs(app: Flask) -> list[Job]:
    connector = app.extensions["schoolgate.connector"]
    courier, retractor = Courier(connector, app.extensions["schoolgate.storage"]), Retractor(connector)
    under_way = frozenset({DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN})
    return [
        Job(DELIVER_JOB, Delivery, under_way, courier.deliver, LEASE),
        Job(RETRACT_JOB, Delivery, frozenset({DeliveryState.RETRACTING}), retractor.retract, LEASE),
    ]


def rhythms(app: Flask) -> list[Rhythm]:
    meters = app.extensions["schoolgate.meters"]
    return [
        Rhythm("publishing.expire", 30, expire_unapproved),
        Rhythm("publishing.remind", 600, remind),
        Rhythm("publishing.charge-reading", 60, partial(charge_reading, meters=meters)),
    ]


def expire_unapproved(database: Database) -> None:
    """A post that nobody approved five minutes before its time is expired, never sent."""
    with database.reading(EVERY_SCHOOL) as session:
        late = session.execute(
            sa.select(Post.id, Post.school_id)
            .join(Revision, sa.and_(Revision.post_id == Post.id, Revision.number == Post.latest_number))
            .where(Post.state == PostState.SUBMITTED, Revision.scheduled_for <= clock.now() + EXPIRES_BEFORE)
        ).all()
    for post_id, school_id in late:
        with database.transaction(school_id) as session:
            post = session.get_one(Post, post_id)
            if post.state is PostState.SUBMITTED:
                post_workflow.advance(session, post, PostAction.EXPIRE, actor=worker_actor(session))
                post.state_reason = "Nobody approved it five minutes before its time, and nothing is sent late."
                telling.expired(session, post)
