"""Nothing is sent twice, and nobody else's post is taken for ours."""

from datetime import timedelta
from threading import Event, Thread

import pytest
import sqlalchemy as sa
import time_machine

from app.core import clock
from app.platforms.base import Network
from app.platforms.errors import AuthorizationError, OutcomeUnknownError, RejectedError, TransientError
from app.posts.models import PostState
from app.publishing.models import Delivery, DeliveryState
from app.publishing.services import DELIVER_JOB, take_down

PATIENCE = 10


def approved(house, caption="Doors open at six."):
    post_id = house.draft(caption)
    house.submit(post_id)
    house.approve(post_id)
    return post_id


def delivery_of(house, post_id, network):
    with house.database.reading(house.school_id) as session:
        query = sa.select(Delivery).where(Delivery.post_id == post_id, Delivery.network == network)
        return session.scalars(query).one()


def work_for(house, minutes):
    start = clock.now()
    for step in range(minutes * 2):
        with time_machine.travel(start + timedelta(seconds=30 * (step + 1)), tick=False):
            house.work()


@pytest.mark.parametrize("error", [TransientError("busy"), AuthorizationError("reconnect"), RejectedError("no")])
def test_upload_that_fails_too_late_does_not_call_back_what_another_worker_is_sending(house, error):
    facebook, post_id = house.platforms[Network.FACEBOOK], approved(house)
    delivery_id = delivery_of(house, post_id, Network.FACEBOOK).id
    prepare, send = facebook.prepare, facebook.send
    sending, failed = Event(), Event()
    second = Thread(target=house.engine.run, args=(DELIVER_JOB, str(delivery_id)))

    def slow_upload(post):
        facebook.prepare = prepare
        facebook.send = slow_send
        with time_machine.travel(clock.now() + timedelta(minutes=4), tick=False):  # the claim has run out
            second.start()
            assert sending.wait(PATIENCE)
        raise error

    def slow_send(post, prepared):
        sending.set()
        assert failed.wait(PATIENCE)
        return send(post, prepared)

    facebook.prepare = slow_upload
    house.engine.run(DELIVER_JOB, str(delivery_id))
    failed.set()
    second.join(PATIENCE)
    work_for(house, 8)
    assert len(facebook.ever_sent) == 1
    assert house.state(post_id) is PostState.PUBLISHED


def test_same_words_of_an_earlier_post_are_not_adopted_for_a_lost_one(house):
    facebook = house.platforms[Network.FACEBOOK]
    with time_machine.travel(clock.now(), tick=False):
        first = approved(house)
        house.work()
        facebook.fail_next.append(("send", OutcomeUnknownError("lost")))
        second = approved(house)
        house.work()
    work_for(house, 10)
    lost = delivery_of(house, second, Network.FACEBOOK)
    assert (lost.state, lost.remote_id) == (DeliveryState.NEEDS_PERSON, None)
    with house.database.transaction(house.school_id) as session:
        take_down(session, second, reason="It was never there.", actor=house.approver)
    house.work()
    assert delivery_of(house, first, Network.FACEBOOK).remote_id in facebook.wall
