"""A post reaches each network exactly once, or somebody is told that they must look."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.core import clock
from app.core.permissions import Permission
from app.platforms.base import Network
from app.platforms.errors import AuthorizationError, OutcomeUnknownError, RejectedError, TransientError
from app.posts.models import PostState
from app.publishing.models import Delivery, DeliveryState
from app.schools.services import school_with, stop_publishing

LOST = OutcomeUnknownError("lost")


def approved(house, caption="Doors open at six."):
    post_id = house.draft(caption)
    house.submit(post_id)
    house.approve(post_id)
    return post_id


def states(house, post_id):
    with house.database.reading(house.school_id) as session:
        rows = session.scalars(sa.select(Delivery).where(Delivery.post_id == post_id)).all()
        return {row.network: row.state for row in rows}


def work_for(house, minutes):
    """Let time pass and the worker do what falls due."""
    start = clock.now()
    for step in range(minutes * 2):
        with time_machine.travel(start + timedelta(seconds=30 * (step + 1)), tick=False):
            house.work()


def test_lost_answer_is_adopted_and_never_sent_again(house):
    house.platforms[Network.FACEBOOK].lose_next.append(("send", LOST))
    post_id = approved(house)
    work_for(house, 3)
    assert states(house, post_id)[Network.FACEBOOK] is DeliveryState.SENT
    assert len(house.platforms[Network.FACEBOOK].ever_sent) == 1


def test_lost_request_asks_a_person_and_is_never_sent_again(house):
    house.platforms[Network.X].fail_next.append(("send", LOST))
    post_id = approved(house)
    work_for(house, 10)
    assert states(house, post_id)[Network.X] is DeliveryState.NEEDS_PERSON
    assert house.platforms[Network.X].ever_sent == []


def test_transient_failure_is_tried_again(house):
    house.platforms[Network.X].fail_next.append(("prepare", TransientError("busy")))
    post_id = approved(house)
    work_for(house, 2)
    assert house.state(post_id) is PostState.PUBLISHED


def test_refusal_by_one_network_is_shown_as_partly_published(house):
    house.platforms[Network.X].fail_next.append(("send", RejectedError("no")))
    post_id = approved(house)
    house.work()
    assert house.state(post_id) is PostState.PARTLY_PUBLISHED


def test_broken_sign_in_pauses_the_account_and_keeps_the_post(house):
    house.platforms[Network.X].fail_next.append(("prepare", AuthorizationError("reconnect")))
    post_id = approved(house)
    work_for(house, 2)
    assert states(house, post_id)[Network.X] is DeliveryState.PENDING


def test_emergency_stop_holds_everything_back(house, actor_with):
    with house.database.transaction(house.school_id) as session:
        head = actor_with(Permission.PUBLISHING_STOP)
        stop_publishing(session, school_with(session, house.school_id), actor=head)
    approved(house)
    work_for(house, 1)
    assert house.sent() == []


def test_worker_killed_while_sending_leads_to_a_look_not_to_a_second_post(house):
    post_id = approved(house)
    platform = house.platforms[Network.FACEBOOK]
    platform.lose_next.append(("send", KeyboardInterrupt()))  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        house.work()
    work_for(house, 8)
    assert (len(platform.ever_sent), house.state(post_id)) == (1, PostState.PUBLISHED)


def test_recalled_post_is_not_sent(house):
    from app.posts.submission import recall
    from app.publishing.services import cancel_pending

    post_id = approved(house)
    with house.database.transaction(house.school_id) as session:
        post = recall(session, post_id, actor=house.author)
        cancel_pending(session, post, actor=house.author)
    house.work()
    assert (house.sent(), house.state(post_id)) == ([], PostState.DRAFT)


def test_same_revision_approved_again_after_recall_goes_out_once(house):
    post_id = approved(house)
    with house.database.transaction(house.school_id) as session:
        from app.posts.submission import recall
        from app.publishing.services import cancel_pending

        cancel_pending(session, recall(session, post_id, actor=house.author), actor=house.author)
    house.submit(post_id)
    house.approve(post_id)
    house.work()
    assert (len(house.sent()), house.state(post_id)) == (2, PostState.PUBLISHED)


def test_each_network_gets_as_many_photos_as_it_shows(house):
    photo_ids = [house.photo() for _ in range(6)]
    post_id = house.draft("Six pictures of our tower.", *photo_ids)
    for photo_id in photo_ids:
        house.answer(post_id, photo_id, {})
    house.submit(post_id)
    house.approve(post_id)
    house.work()
    sent = {network: len(platform.ever_sent[0].photos) for network, platform in house.platforms.items()}
    assert sent == {Network.FACEBOOK: 6, Network.X: 4}
