"""What happens on the accounts past this product is found, told and explained; sign-ins that end are warned of."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.channels.models import Channel, ChannelState
from app.core import clock
from app.core.errors import InvalidInputError
from app.notifications.models import Notice
from app.platforms.base import Health, Network, OutgoingPost
from app.platforms.errors import AuthorizationError, OutcomeUnknownError, TransientError
from app.posts.models import Revision
from app.publishing.watch_models import AccountWatch
from app.publishing.watching import Watcher, begin_watches, explain, unexplained


@pytest.fixture
def look(house):
    """Look at every account once, as the worker does every few minutes."""
    watcher = Watcher(house.app.extensions["schoolgate.connector"])

    def now():
        begin_watches(house.database)
        with house.database.reading(house.school_id) as session:
            ids = session.scalars(sa.select(AccountWatch.id)).all()
        for watch_id in ids:
            watcher.run(house.database, watch_id, house.school_id)

    return now


def strays(house):
    with house.database.reading(house.school_id) as session:
        return unexplained(session)


def notices(house, *, about):
    with house.database.reading(house.school_id) as session:
        return [notice.sentence for notice in session.scalars(sa.select(Notice)) if about in notice.sentence]


def post_past_us(house, text="Pizza night!"):
    facebook = house.platforms[Network.FACEBOOK]
    post = OutgoingPost(text)
    return facebook.send(post, facebook.prepare(post)).remote_id


def test_post_made_elsewhere_is_found_and_told_once(house, look):
    look()
    remote_id = post_past_us(house)
    look()
    look()
    assert [stray.remote_id for stray in strays(house)] == [remote_id]
    assert len(notices(house, about="not made here")) == 1, "one approver, told once"


def test_own_posts_are_no_strays(house, look):
    look()
    house.publish("Doors open at six.")
    look()
    assert strays(house) == []


def test_post_whose_answer_was_lost_is_not_taken_for_a_stray(house, look):
    look()
    lost = OutcomeUnknownError("no answer")
    house.platforms[Network.FACEBOOK].lose_next.append(("send", lost))
    house.publish("Doors open at six.")
    look()
    assert strays(house) == []


@pytest.mark.parametrize("caption", ["", "Snow"])
def test_stray_does_not_hide_behind_a_post_in_doubt(house, look, caption):
    look()
    house.platforms[Network.FACEBOOK].fail_next.append(("send", OutcomeUnknownError("The answer was lost.")))
    house.publish(caption or "Doors open at six.")
    with house.database.transaction(house.school_id) as session:
        session.execute(sa.update(Revision).values(caption=caption))
    remote_id = post_past_us(house, "Snowed in? Pizza night!")
    look()
    assert [stray.remote_id for stray in strays(house)] == [remote_id]


def test_posts_from_before_we_looked_are_the_past(house, look, time_machine):
    post_past_us(house)
    time_machine.move_to(clock.now() + timedelta(minutes=5))
    look()
    assert strays(house) == []


def test_stray_is_explained_in_writing(house, look):
    look()
    post_past_us(house)
    look()
    (stray,) = strays(house)
    with house.database.transaction(house.school_id) as session, pytest.raises(InvalidInputError):
        explain(session, stray.id, explanation="dunno", actor=house.approver)
    with house.database.transaction(house.school_id) as session:
        explain(session, stray.id, explanation="The caterer still had the password.", actor=house.approver)
    assert strays(house) == []


def test_strays_show_on_the_page(house, look, sign_in):
    look()
    post_past_us(house)
    look()
    page = sign_in(Role.SMT).get("/unexpected-posts")
    assert "Look at it on Facebook" in page.text


def test_broken_sign_in_pauses_the_account(house, look):
    look()
    house.platforms[Network.X].fail_next.append(("recent_posts", AuthorizationError("no")))
    look()
    with house.database.reading(house.school_id) as session:
        states = {channel.network: channel.state for channel in session.scalars(sa.select(Channel))}
    assert states == {Network.FACEBOOK: ChannelState.CONNECTED, Network.X: ChannelState.PAUSED}


def test_network_that_is_down_is_looked_at_again(house, look):
    look()
    house.platforms[Network.FACEBOOK].fail_next.append(("recent_posts", TransientError("down")))
    post_past_us(house)
    look()
    look()
    assert len(strays(house)) == 1


@pytest.mark.parametrize(("days", "words"), [(13, "in 13 days"), (6, "in 6 days"), (1, "in 1 day."), (0, "today")])
def test_sign_in_that_ends_is_warned_of(house, look, user_with, time_machine, days, words):
    user_with(Role.COORDINATOR)
    time_machine.move_to(clock.now().replace(hour=9), tick=False)
    health = Health(ok=True, expires_at=clock.now() + timedelta(days=days))
    house.platforms[Network.FACEBOOK].check_health = lambda: health
    look()
    look()
    assert [words in sentence for sentence in notices(house, about="sign-in of the Facebook account")] == [True]
