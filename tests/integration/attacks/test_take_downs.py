"""A post that was to come down and does not: people are told, and the network is asked again."""

import pytest
import sqlalchemy as sa

from app.channels.models import Channel
from app.channels.services import close_channel
from app.core.permissions import Permission
from app.notifications.models import Notice
from app.platforms.base import Network
from app.platforms.errors import AuthorizationError, RejectedError
from app.posts.models import PostState
from app.publishing.services import take_down


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
