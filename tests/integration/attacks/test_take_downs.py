"""A post that was to come down and does not: people are told, and the network is asked again."""

import pytest
import sqlalchemy as sa

from app.channels.models import Channel
from app.channels.services import close_channel
from app.core.errors import InvalidInputError
from app.core.permissions import Permission
from app.notifications.models import Notice
from app.platforms.base import Network
from app.platforms.errors import AuthorizationError, OutcomeUnknownError, RejectedError
from app.posts.models import PostState
from app.publishing.services import confirm_gone, confirm_sent, take_down
from tests.integration.attacks.test_double_posts import delivery_of, work_for


def told(house):
    with house.database.reading(house.school_id) as session:
        query = sa.select(Notice.sentence).where(Notice.user_id == house.approver.user_id)
        return [sentence for sentence in session.scalars(query) if "may still show" in sentence]


def taken_down(house):
    post_id = house.publish("Doors open at six.")
    with house.database.transaction(house.school_id) as session:
        take_down(session, post_id, reason="A wrong date.", actor=house.approver)
    return post_id


@pytest.mark.parametrize("error", [AuthorizationError("reconnect"), RejectedError("no")])
def test_people_are_told_when_a_network_does_not_remove_a_post(house, error):
    house.platforms[Network.X].fail_next.append(("retract", error))
    post_id = taken_down(house)
    house.work()
    assert house.state(post_id) is PostState.TAKING_DOWN
    assert len(told(house)) == 1


def test_people_are_told_when_the_account_was_disconnected_before_the_post_was_removed(house, actor_with):
    post_id = taken_down(house)
    with house.database.transaction(house.school_id) as session:
        for channel_id in session.scalars(sa.select(Channel.id)):
            close_channel(session, channel_id, actor=actor_with(Permission.CHANNEL_CONNECT))
    house.work()
    assert house.state(post_id) is PostState.TAKING_DOWN
    assert len(told(house)) == 2


def test_lost_post_that_is_taken_down_ends_when_a_person_finds_it_nowhere(house):
    house.platforms[Network.X].fail_next.append(("send", OutcomeUnknownError("lost")))
    post_id = house.publish("Doors open at six.")
    work_for(house, 10)
    with house.database.transaction(house.school_id) as session:
        take_down(session, post_id, reason="A wrong date.", actor=house.approver)
    house.work()
    assert house.state(post_id) is PostState.TAKING_DOWN
    lost = delivery_of(house, post_id, Network.X)
    with house.database.transaction(house.school_id) as session:
        confirm_gone(session, lost.id, actor=house.approver)
    assert house.state(post_id) is PostState.TAKEN_DOWN


def test_address_of_another_post_is_not_adopted(house):
    first = house.publish("Doors open at six.")
    house.platforms[Network.X].fail_next.append(("send", OutcomeUnknownError("lost")))
    second = house.publish("Doors open at seven.")
    work_for(house, 10)
    lost, other = delivery_of(house, second, Network.X), delivery_of(house, first, Network.X)
    with house.database.transaction(house.school_id) as session, pytest.raises(InvalidInputError):
        confirm_sent(session, lost.id, permalink="https://x.example/1", remote_id=other.remote_id, actor=house.approver)
