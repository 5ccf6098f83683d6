"""What may be out already is looked for before it is sent again, and before anybody is told that it is not there."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.channels.services import pause_channel
from app.core import clock
from app.core.actors import system_actor
from app.core.errors import WrongStateError
from app.core.permissions import Permission
from app.notifications.models import Notice
from app.platforms.base import Network, OutgoingPost, Prepared
from app.platforms.errors import OutcomeUnknownError, RejectedError, TransientError
from app.posts.drafting import latest_revision
from app.posts.models import Post, PostState
from app.posts.submission import recall
from app.publishing import retracting, services
from app.publishing.models import Delivery, DeliveryState
from app.publishing.restoring import look_before_sending
from tests.integration.publishing.test_fates import at, deliveries, later, waiting, with_account

__all__ = ["at"]
S = DeliveryState
WORDS = "Doors open at six."
HALF_A_DAY = timedelta(hours=13)


def in_doubt(house, at, *, is_there):
    """A post of which a person must say whether it reached X, which did not show it for a while."""
    x = house.platforms[Network.X]
    (x.lose_next if is_there else x.fail_next).append(("send", OutcomeUnknownError("The answer was lost.")))
    post_id = house.publish(WORDS)
    shown, x.wall = x.wall, {}
    for _ in range(4):
        later(house, at, timedelta(minutes=5))
    x.wall = shown
    assert state(house, post_id) is S.NEEDS_PERSON
    return post_id


def state(house, post_id, network=Network.X):
    return deliveries(house, post_id)[network].state


def decide(house, post_id, decision, **more):
    who = system_actor(house.school_id, "test", Permission.DELIVERY_SETTLE, Permission.POST_TAKE_DOWN)
    with house.database.transaction(house.school_id) as session:
        decision(session, deliveries(house, post_id)[Network.X].id, actor=more.pop("by", who), **more)


def notices(house, user_id):
    with house.database.reading(house.school_id) as session:
        return session.scalars(sa.select(Notice.sentence).where(Notice.user_id == user_id)).all()


def restored(house, *, on):
    """An older backup is back: on these networks the post went out since, though here it waits."""
    post_id = waiting(house)
    for network in on:
        house.platforms[network].send(OutgoingPost(WORDS), Prepared())
    with house.database.transaction(house.school_id) as session:
        actor = system_actor(house.school_id, "test", Permission.PUBLISHING_STOP)
        look_before_sending(session, clock.now() - timedelta(hours=8), actor=actor)
    return post_id


@pytest.mark.parametrize("is_there", [True, False])
def test_send_again_looks_once_more_before_it_sends(house, at, is_there):
    post_id = in_doubt(house, at, is_there=is_there)
    decide(house, post_id, services.retry_delivery)
    house.work()
    assert (len(house.platforms[Network.X].ever_sent), house.state(post_id)) == (1, PostState.PUBLISHED)


def test_lost_post_of_an_old_approval_is_looked_for_and_not_sent(house, at):
    post_id = in_doubt(house, at, is_there=False)
    at.shift(HALF_A_DAY)
    decide(house, post_id, services.retry_delivery)
    house.work()
    assert (house.platforms[Network.X].ever_sent, state(house, post_id)) == ([], S.FAILED)
    with pytest.raises(WrongStateError, match="its time"):
        decide(house, post_id, services.retry_delivery)


def test_part_that_runs_out_is_told_and_can_be_written_anew(house, at, sign_in, user_with):
    coordinator = user_with(Role.COORDINATOR)
    with_account(house, Network.X, lambda session, channel: pause_channel(session, channel, "The token ran out."))
    post_id = house.publish(WORDS)
    later(house, at, HALF_A_DAY)
    assert (state(house, post_id), house.state(post_id)) == (S.FAILED, PostState.PARTLY_PUBLISHED)
    for user_id in (house.author.user_id, coordinator.id):
        assert [told for told in notices(house, user_id) if "did not go out on X" in told]
    decide(house, post_id, services.write_anew, by=house.author)
    with house.database.reading(house.school_id) as session:
        copy = session.scalars(sa.select(Post).where(Post.id != post_id)).one()
        assert latest_revision(session, copy).networks == [Network.X]
    assert state(house, post_id) is S.CANCELLED, "else it could go out twice"


def test_failed_post_goes_back_to_its_author(house, at):
    for platform in house.platforms.values():
        platform.fail_next.append(("send", RejectedError("No.")))
    post_id = house.publish(WORDS)
    assert house.state(post_id) is PostState.FAILED
    with house.database.transaction(house.school_id) as session:
        services.cancel_pending(session, recall(session, post_id, actor=house.author), actor=house.author)
    house.submit(post_id)
    house.approve(post_id)
    house.work()
    assert house.state(post_id) is PostState.PUBLISHED


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ((Network.FACEBOOK, Network.X), PostState.PUBLISHED),
        ((Network.X,), PostState.PARTLY_PUBLISHED),
        ((Network.FACEBOOK,), PostState.PARTLY_PUBLISHED),
        ((), PostState.EXPIRED),
    ],
)
def test_late_post_of_an_old_backup_is_looked_for_before_it_expires(house, at, on, expected):
    post_id = restored(house, on=on)
    later(house, at, HALF_A_DAY)
    assert house.state(post_id) is expected
    assert {network for network in Network if state(house, post_id, network) is S.SENT} == set(on)
    assert bool([told for told in notices(house, house.author.user_id) if "did not go out" in told]) == (len(on) == 1)


def test_post_that_was_out_before_it_was_taken_back_is_found_and_removed(house, at):
    post_id = restored(house, on=(Network.X,))
    with house.database.transaction(house.school_id) as session:
        services.cancel_pending(session, recall(session, post_id, actor=house.author), actor=house.author)
    house.work()
    assert house.platforms[Network.X].wall == {}
    assert [state(house, post_id, network) for network in Network] == [S.CANCELLED, S.RETRACTED]
    house.submit(post_id)
    house.approve(post_id)
    house.work()
    assert house.state(post_id) is PostState.PUBLISHED


def test_post_whose_consent_ended_since_the_backup_is_found_and_removed(house, at):
    pupil = house.pupil("1", "Omar", "Rahimi", shown=True)
    post_id = waiting(house, "Well done Omar!")
    house.platforms[Network.X].send(OutgoingPost("Well done Omar!"), Prepared())
    at.shift(timedelta(minutes=20))  # nobody said that a backup was brought back
    house.withdraw(pupil)
    house.work()
    assert house.platforms[Network.X].wall == {}
    assert state(house, post_id) is S.RETRACTED


def test_nobody_says_gone_of_a_post_that_still_shows(house, at, sign_in):
    post_id = house.publish(WORDS)
    x = house.platforms[Network.X]
    x.fail_next.append(("retract", TransientError("busy")))
    decide(house, post_id, lambda session, _, actor: services.take_down(session, post_id, reason="Wrong.", actor=actor))
    house.engine.run(services.RETRACT_JOB, str(deliveries(house, post_id)[Network.X].id))
    head = sign_in(Role.HEADTEACHER)
    address = f"/deliveries/{deliveries(house, post_id)[Network.X].id}/gone"
    assert "still shows" in head.post(address).text
    assert state(house, post_id) is S.RETRACTING
    x.wall.clear()
    assert head.post(address).status_code == 302
    assert deliveries(house, post_id)[Network.X].gone_proof["answer"] == "404"


def test_people_are_told_again_of_a_post_that_may_still_show(house, at, sign_in):
    post_id = in_doubt(house, at, is_there=True)
    decide(house, post_id, lambda session, _, actor: services.take_down(session, post_id, reason="Wrong.", actor=actor))

    def times():
        with house.database.transaction(house.school_id) as session:
            session.execute(sa.update(Notice).values(read_at=clock.now()))
        return len([told for told in notices(house, house.approver.user_id) if "may still show" in told])

    assert times() == 1
    for wait, expected in ((timedelta(hours=1), 1), (timedelta(hours=4), 2), (timedelta(minutes=10), 2)):
        at.shift(wait)
        retracting.remind(house.database)
        assert times() == expected
    assert "paste its link" in sign_in(Role.COORDINATOR).get(f"/posts/{post_id}").text


def test_second_approval_knows_nothing_of_the_first(house, at):
    post_id = waiting(house)
    with house.database.transaction(house.school_id) as session:
        for delivery in session.scalars(sa.select(Delivery)):
            delivery.looks, delivery.prepared, delivery.sending_since = 3, {"media_ids": ["m1"]}, clock.now()
        for_cancel = services.worker_actor(session)
        for delivery in session.scalars(sa.select(Delivery)).all():
            services.workflow.advance(session, delivery, services.DeliveryAction.CANCEL, actor=for_cancel)
        recall(session, post_id, actor=house.author)
    house.submit(post_id)
    house.approve(post_id)
    delivery = deliveries(house, post_id)[Network.X]
    assert (delivery.looks, delivery.prepared, delivery.sending_since) == (0, None, None)
