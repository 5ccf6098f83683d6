"""What becomes of a post when an account is lost, when it must wait, when it must go, and when an old backup returns."""

from datetime import UTC, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts.roles import Role
from app.audit.services import record, take_turn
from app.channels.models import Channel
from app.channels.services import close_channel, pause_channel
from app.core import clock
from app.core.actors import system_actor
from app.core.errors import InvalidInputError
from app.core.permissions import Permission
from app.notifications.models import Notice
from app.platforms.base import Network, OutgoingPost, Prepared, Published
from app.platforms.errors import OutcomeUnknownError
from app.posts.drafting import latest_revision
from app.posts.models import Post, PostState
from app.publishing import breaches, delivering, services
from app.publishing.breach_models import DataBreach
from app.publishing.models import Delivery, DeliveryState
from app.publishing.restoring import look_before_sending
from app.publishing.workflow import DeliveryAction, workflow
from app.reviews.services import approve
from app.schools.models import School
from app.schools.services import stop_publishing

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
def at():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def deliveries(house, post_id) -> dict[Network, Delivery]:
    with house.database.reading(house.school_id) as session:
        return {row.network: row for row in services.deliveries_of(session, post_id)}


def waiting(house, caption="Doors open at six.", **more):
    """A post that is approved, with its deliveries still to be made."""
    post_id = house.draft(caption, **more)
    house.submit(post_id)
    house.approve(post_id)
    return post_id


def choose(house, **settings):
    with house.database.transaction(house.school_id) as session:
        school = session.get_one(School, house.school_id)
        school.settings_json = school.settings.model_copy(update=settings).model_dump(mode="json")


def with_account(house, network, change):
    with house.database.transaction(house.school_id) as session:
        change(session, session.scalars(sa.select(Channel).where(Channel.network == network)).one())


def close(house, network):
    actor = system_actor(house.school_id, "test", Permission.CHANNEL_CONNECT)
    with_account(house, network, lambda session, channel: close_channel(session, channel.id, actor=actor))


def lost(house, network):
    """A post whose answer from this network was lost, and which is on the account."""
    house.platforms[network].lose_next.append(("send", OutcomeUnknownError("The answer was lost.")))
    house.platforms[network].fail_next.append(("find", OutcomeUnknownError("It cannot be looked up now.")))
    return house.publish("Doors open at six.")


def later(house, at, wait):
    at.shift(wait)
    house.work()


def test_closing_an_account_fails_what_waits_and_asks_about_what_is_lost(house, at):
    post_id = lost(house, Network.X)
    assert deliveries(house, post_id)[Network.X].state is DeliveryState.UNKNOWN
    refused = waiting(house, "The library is open.")
    close(house, Network.X)
    later(house, at, timedelta(hours=2))
    delivery = deliveries(house, post_id)[Network.X]
    assert (delivery.state, delivery.due_at) == (DeliveryState.NEEDS_PERSON, None)
    assert "the account is closed" in delivery.problem
    assert {network: row.state for network, row in deliveries(house, refused).items()} == {
        Network.FACEBOOK: DeliveryState.SENT, Network.X: DeliveryState.FAILED,
    }  # fmt: skip


def test_lost_post_waits_for_the_sign_in_and_then_for_a_person(house, at):
    post_id = lost(house, Network.X)
    with_account(house, Network.X, lambda session, channel: pause_channel(session, channel, "The token ran out."))
    later(house, at, timedelta(hours=1))
    assert deliveries(house, post_id)[Network.X].state is DeliveryState.UNKNOWN
    later(house, at, timedelta(hours=12))
    assert deliveries(house, post_id)[Network.X].state is DeliveryState.NEEDS_PERSON


def test_coordinator_settles_what_the_product_cannot_know(house, at, sign_in):
    post_id = lost(house, Network.X)
    close(house, Network.X)
    later(house, at, timedelta(hours=2))
    delivery = deliveries(house, post_id)[Network.X]
    coordinator = sign_in(Role.COORDINATOR)
    page = coordinator.get(f"/posts/{post_id}").text
    assert [words in page for words in ("paste its link", "send again", "Leave it")] == [True, True, True]
    assert coordinator.post(f"/deliveries/{delivery.id}/leave").status_code == 302
    assert deliveries(house, post_id)[Network.X].state is DeliveryState.LEFT
    assert house.state(post_id) is PostState.PARTLY_PUBLISHED
    link = "https://x.com/school/status/12345678"
    assert coordinator.post(f"/deliveries/{delivery.id}/found", data={"permalink": link}).status_code == 302
    assert deliveries(house, post_id)[Network.X].state is DeliveryState.SENT
    assert house.state(post_id) is PostState.PUBLISHED


def test_pasted_address_is_believed_only_when_the_account_shows_it(house, at, sign_in):
    post_id = lost(house, Network.X)
    for _ in range(8):
        house.platforms[Network.X].fail_next.append(("find", OutcomeUnknownError("It cannot be looked up now.")))
        later(house, at, timedelta(hours=3))
    delivery = deliveries(house, post_id)[Network.X]
    assert delivery.state is DeliveryState.NEEDS_PERSON
    coordinator = sign_in(Role.COORDINATOR)
    refused = coordinator.post(
        f"/deliveries/{delivery.id}/found", data={"permalink": "https://x.com/s/status/12345678"}
    )
    assert "We could not see that post" in refused.text.replace("&#39;", "'")
    assert deliveries(house, post_id)[Network.X].state is DeliveryState.NEEDS_PERSON
    shown = next(iter(house.platforms[Network.X].wall))
    link = f"https://x.example/{shown}"
    assert coordinator.post(f"/deliveries/{delivery.id}/found", data={"permalink": link}).status_code == 302
    adopted = deliveries(house, post_id)[Network.X]
    assert (adopted.state, adopted.remote_id) == (DeliveryState.SENT, shown)


def test_post_left_in_doubt_is_asked_about_again_when_it_comes_down(house, at):
    post_id = lost(house, Network.X)
    close(house, Network.X)
    later(house, at, timedelta(hours=2))
    who = system_actor(house.school_id, "test", Permission.DELIVERY_SETTLE, Permission.POST_TAKE_DOWN)
    with house.database.transaction(house.school_id) as session:
        services.leave_delivery(session, deliveries(house, post_id)[Network.X].id, actor=who)
    with house.database.transaction(house.school_id) as session:
        services.take_down(session, post_id, reason="It was the wrong day.", actor=who)
    house.work()
    assert house.state(post_id) is PostState.TAKING_DOWN, "it may still be there"
    with house.database.transaction(house.school_id) as session:
        services.confirm_gone(session, deliveries(house, post_id)[Network.X].id, actor=who)
    assert house.state(post_id) is PostState.TAKEN_DOWN


def test_post_comes_down_with_the_networks_answer_as_proof(house, at, sign_in):
    post_id = house.publish("Doors open at six.")
    with house.database.transaction(house.school_id) as session:
        services.take_down(session, post_id, reason="It was the wrong day.", actor=house.approver)
    asked = deliveries(house, post_id)[Network.X]
    assert asked.gone_by == MONDAY + timedelta(hours=24)
    house.work()
    gone = deliveries(house, post_id)[Network.X]
    assert (gone.state, gone.gone_proof["answer"], gone.gone_by) == (DeliveryState.RETRACTED, "404", None)
    assert "answered “404”" in sign_in(Role.DPO).get("/taken-down").text


def test_wrong_photo_is_one_action(house, at, sign_in, user_with):
    officer = user_with(Role.DPO)
    post_id = house.publish("Doors open at six.")
    head = sign_in(Role.HEADTEACHER)
    head.post(f"/posts/{post_id}/wrong-photo", data={"what": "A pupil without consent can be recognised."})
    house.work()
    assert house.state(post_id) is PostState.TAKEN_DOWN
    with house.database.reading(house.school_id) as session:
        breach = session.scalars(sa.select(DataBreach)).one()
        told = session.scalars(sa.select(Notice).where(Notice.user_id == officer.id)).all()
    assert [notice.link for notice in told] == [f"/breaches/{breach.id}"]
    page = sign_in(user=officer).get(f"/breaches/{breach.id}").text
    assert "72 hours left" in page
    with pytest.raises(InvalidInputError), house.database.transaction(house.school_id) as session:
        breaches.report_wrong_photo(session, post_id, what="no", actor=house.approver)


def test_quiet_times_hold_a_post_until_they_end(house, at):
    choose(house, quiet_from=time(9), quiet_until=time(15))
    post_id = waiting(house)
    later(house, at, timedelta(hours=4))
    assert (house.sent(), house.state(post_id)) == ([], PostState.SCHEDULED)
    later(house, at, timedelta(hours=2))
    assert house.state(post_id) is PostState.PUBLISHED


@pytest.mark.parametrize("is_gone", [False, True], ids=["coming down", "gone"])
def test_breach_is_recorded_of_a_post_that_comes_down_already(house, at, is_gone):
    post_id = house.publish("Doors open at six.")
    with house.database.transaction(house.school_id) as session:
        services.take_down(session, post_id, reason="It was the wrong day.", actor=house.approver)
    if is_gone:
        house.work()
    with house.database.transaction(house.school_id) as session:
        what = "A pupil without consent can be recognised."
        assert breaches.report_wrong_photo(session, post_id, what=what, actor=house.approver).post_id == post_id
    house.work()
    assert house.state(post_id) is PostState.TAKEN_DOWN


def stopped(house, since):
    with house.database.transaction(house.school_id) as session:
        session.get_one(School, house.school_id).publishing_stopped_at = since


def test_approval_runs_out_while_publishing_is_stopped(house, at):
    post_id = waiting(house)
    stopped(house, MONDAY)
    later(house, at, timedelta(hours=13))
    assert (house.sent(), house.state(post_id)) == ([], PostState.EXPIRED)


def test_quiet_time_does_not_make_a_late_post_punctual(house, at):
    post_id = waiting(house)
    stopped(house, MONDAY)
    later(house, at, timedelta(hours=11))
    choose(house, quiet_from=time(20), quiet_until=time(7))
    stopped(house, None)
    later(house, at, timedelta(minutes=1))
    later(house, at, timedelta(hours=11))
    assert (house.sent(), house.state(post_id)) == ([], PostState.EXPIRED)


def test_approver_says_why_a_post_goes_out_in_quiet_times(house, at):
    choose(house, quiet_from=time(9), quiet_until=time(15))
    post_id = house.draft("School is closed today: snow.")
    house.submit(post_id)
    with house.database.transaction(house.school_id) as session:
        revision = latest_revision(session, session.get_one(Post, post_id))
        approve(
            session, post_id, revision_id=revision.id, actor=house.approver, quiet_override="Parents must know now."
        )
    house.work()
    assert house.state(post_id) is PostState.PUBLISHED
    assert deliveries(house, post_id)[Network.X].quiet_override == "Parents must know now."


def test_photo_from_away_waits_until_everybody_is_back(house, at):
    with pytest.raises(InvalidInputError, match="Say when the activity"):
        house.draft("At the farm.", away_from_school=True)
    post_id = waiting(house, "At the farm.", away_from_school=True, away_until=MONDAY + timedelta(hours=5))
    later(house, at, timedelta(hours=4))
    assert house.sent() == []
    later(house, at, timedelta(hours=1, minutes=1))
    assert house.state(post_id) is PostState.PUBLISHED


@pytest.mark.parametrize("is_told", [True, False], ids=["told of the backup", "merely late"])
def test_post_that_an_old_backup_brought_back_is_adopted(house, at, is_told):
    post_id = waiting(house)
    for platform in house.platforms.values():
        platform.send(OutgoingPost("Doors open at six."), Prepared())
    if is_told:
        actor = system_actor(house.school_id, "test", Permission.PUBLISHING_STOP)
        with house.database.transaction(house.school_id) as session:
            assert look_before_sending(session, MONDAY - timedelta(hours=8), actor=actor) == 2
    else:
        at.shift(timedelta(minutes=20))
    house.work()
    assert house.state(post_id) is PostState.PUBLISHED
    assert [len(platform.wall) for platform in house.platforms.values()] == [1, 1]


def test_older_post_with_the_same_words_is_not_adopted_for_a_new_one(house, at):
    for platform in house.platforms.values():
        platform.send(OutgoingPost("Doors open at six."), Prepared())
    at.shift(timedelta(hours=1))
    post_id = waiting(house)
    actor = system_actor(house.school_id, "test", Permission.PUBLISHING_STOP)
    with house.database.transaction(house.school_id) as session:
        look_before_sending(session, MONDAY - timedelta(hours=8), actor=actor)
    house.work()
    assert house.state(post_id) is PostState.PUBLISHED
    assert [len(platform.wall) for platform in house.platforms.values()] == [2, 2]


def test_post_on_the_account_belongs_to_one_delivery_alone(house, at):
    first = deliveries(house, house.publish("Doors open at six."))[Network.X]
    second = deliveries(house, waiting(house, "The library is open."))[Network.X]
    there = Published(first.remote_id, first.permalink, MONDAY)
    delivering._finish(house.database, second.id, house.school_id, there)
    with house.database.reading(house.school_id) as session:
        assert session.get_one(Delivery, second.id).state is DeliveryState.PENDING


def test_overtaken_worker_leaves_the_delivery_alone(house, at):
    delivery_id = deliveries(house, waiting(house))[Network.X].id

    def overtaken(_):
        with house.database.transaction(house.school_id) as session:
            actor = services.worker_actor(session)
            workflow.advance(session, session.get_one(Delivery, delivery_id), DeliveryAction.ARM, actor=actor)
        stopped(house, MONDAY)
        return Prepared()

    house.platforms[Network.X].prepare = overtaken
    house.engine.run(services.DELIVER_JOB, str(delivery_id))
    with house.database.reading(house.school_id) as session:
        delivery = session.get_one(Delivery, delivery_id)
    assert (delivery.state, delivery.last_error) == (DeliveryState.SENDING, None)


def test_emergency_stop_waits_for_nobody_who_waits_for_it(house):
    """Somebody is in the middle of writing the record when the button is pressed: neither blocks the other for ever."""
    head = system_actor(house.school_id, "test", Permission.PUBLISHING_STOP)

    def press():
        with house.database.transaction(house.school_id) as session:
            stop_publishing(session, session.get_one(School, house.school_id), actor=head)

    button = Thread(target=press)
    with house.database.transaction(house.school_id) as session:
        take_turn(session, house.school_id)
        button.start()
        button.join(0.3)
        record(session, "test:noted", actor=head, subject_type="school", subject_id=house.school_id)
    button.join(10)
    with house.database.reading(house.school_id) as session:
        assert session.get_one(School, house.school_id).publishing_stopped_at is not None


def test_emergency_stop_holds_every_worker_at_once(house):
    """Four workers have many posts in hand; nothing is sent once the stop is written down."""
    posts = [waiting(house, f"Notice number {number}.") for number in range(6)]
    ids = [row.id for post_id in posts for row in deliveries(house, post_id).values()]
    head = system_actor(house.school_id, "test", Permission.PUBLISHING_STOP)
    begin, stopped_at = Barrier(5), []

    def work(mine):
        begin.wait(10)
        for delivery_id in mine:
            house.engine.run(services.DELIVER_JOB, str(delivery_id))

    workers = [Thread(target=work, args=(ids[number::4],)) for number in range(4)]
    for worker in workers:
        worker.start()
    begin.wait(10)
    with house.database.transaction(house.school_id) as session:
        stop_publishing(session, session.get_one(School, house.school_id), actor=head)
    stopped_at.append(clock.now())
    for worker in workers:
        worker.join(30)
    last = [item.at for platform in house.platforms.values() for item in platform.wall.values()]
    assert all(moment <= stopped_at[0] + timedelta(seconds=1) for moment in last)
    sent_before = len(house.sent())
    house.work()
    assert len(house.sent()) == sent_before
