"""What X charges is written down, and kept within the month's budget."""

from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa

from app.accounts.roles import Role
from app.comments.promises import REPLY_JOB
from app.comments.reply_models import Reply, ReplyState
from app.core import clock
from app.jobs.due import promise
from app.notifications.models import Notice
from app.platforms.base import Network
from app.platforms.errors import TransientError
from app.posts.models import PostState
from app.publishing.models import DeliveryState, NetworkCharge
from tests.integration.publishing.test_fates import at, choose, deliveries, later

__all__ = ["at"]


def test_spent_budget_holds_x_alone_and_tells_the_coordinator(house, at, user_with):
    coordinator = user_with(Role.COORDINATOR)
    choose(house, x_budget_dollars=0.02)
    first, second = house.publish("Doors open at six."), house.publish("The library is open.")
    assert house.state(first) is PostState.PUBLISHED
    states = {network: row.state for network, row in deliveries(house, second).items()}
    assert states == {Network.FACEBOOK: DeliveryState.SENT, Network.X: DeliveryState.PENDING}
    with house.database.reading(house.school_id) as session:
        told = session.scalars(sa.select(Notice.sentence).where(Notice.user_id == coordinator.id)).all()
    assert [sentence for sentence in told if "budget for X is spent" in sentence]
    choose(house, x_budget_dollars=0.25)
    later(house, at, timedelta(minutes=1))
    assert house.state(second) is PostState.PUBLISHED


def test_refused_attempt_costs_nothing(house, at):
    house.platforms[Network.X].fail_next.append(("send", TransientError("X is busy.")))
    post_id = house.publish("Doors open at six.")
    later(house, at, timedelta(minutes=2))
    assert house.state(post_id) is PostState.PUBLISHED
    with house.database.reading(house.school_id) as session:
        assert len(session.scalars(sa.select(NetworkCharge)).all()) == 1


def test_answer_on_x_is_paid_for_and_kept_within_the_budget(house, at):
    choose(house, x_budget_dollars=0.03)
    target = deliveries(house, house.publish("Doors open at six."))[Network.X]
    ids = []
    for words in ("The doors are at the back.", "There is room for prams."):
        with house.database.transaction(house.school_id) as session:
            reply = Reply(
                id=uuid4(), channel_id=target.channel_id, target_remote_id=target.remote_id, text=words,
                state=ReplyState.APPROVED, written_at=clock.now(), approved_at=clock.now(),
            )  # fmt: skip
            session.add(reply)
            promise(session, REPLY_JOB, reply)
            ids.append(reply.id)
        house.work()
    with house.database.reading(house.school_id) as session:
        assert [session.get_one(Reply, each).state for each in ids] == [ReplyState.SENT, ReplyState.APPROVED]
        assert "budget for X is spent" in session.get_one(Reply, ids[1]).problem
        assert session.scalars(sa.select(NetworkCharge.what)).all() == ["post", "reply"]
