"""Reading whole accounts: never twice at once, from where we stopped, and whatever one post or the network does."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.channels.models import Channel, ChannelState
from app.comments.models import CommentState, CommentWatch
from app.comments.polling import POLL_JOB, read_soon, watch_channels
from app.core import clock
from app.platforms.errors import AuthorizationError, GoneError, TransientError
from app.publishing.models import Delivery, DeliveryState
from app.publishing.services import worker_actor
from app.publishing.workflow import DeliveryAction, workflow

NASTY = "You are a bitch and an idiot"


@pytest.fixture
def poll(database, school, channel, post, worker, book):
    """Read the account now, as the rhythm would."""

    def run() -> None:
        watch_channels(database)
        with database.transaction(school.id) as session:
            read_soon(session, channel.id)
        worker.sweep_until_idle()

    return run


def test_new_comment_is_found_judged_and_hidden(poll, network, book):
    network.write("c1", NASTY)
    poll()
    assert book.comment("c1").state is CommentState.HIDDEN


def test_reading_twice_changes_nothing(poll, network, book):
    network.write("c1", NASTY)
    poll()
    poll()
    assert len(book.decisions()) == 1
    assert len(network.called("hide")) == 1


def test_cursor_is_kept_with_what_was_taken_in(poll, network, database, school, channel):
    network.write("c1", "Lovely")
    poll()
    with database.reading(school.id) as session:
        read = session.get_one(Channel, channel.id)
    assert read.comment_cursor == {"since": 1}
    assert read.comments_read_at is not None


def test_cursor_stays_when_the_reading_fails(poll, network, database, school, channel, book):
    network.failures = [TransientError("Facebook is busy.")]
    poll()
    with database.reading(school.id) as session:
        assert session.get_one(Channel, channel.id).comment_cursor == {}
    assert book.all(CommentWatch)[0].problem == "Facebook is busy."


def test_two_workers_do_not_read_one_account_at_once(poll, database, school, channel, worker, network, book):
    watch_channels(database)
    [watch] = book.all(CommentWatch)
    second = []
    network.on_call = lambda: second.append(worker.run(POLL_JOB, str(watch.id)))
    worker.run(POLL_JOB, str(watch.id))
    assert second == [False]
    assert len(network.called("fetch_comments")) == 1


def test_nudge_during_a_reading_does_not_start_a_second(database, school, channel, post, worker, network, book):
    watch_channels(database)
    [watch] = book.all(CommentWatch)

    def nudge() -> None:
        network.on_call = lambda: None
        with database.transaction(school.id) as session:
            read_soon(session, channel.id)
        assert not worker.run(POLL_JOB, str(watch.id))

    network.on_call = nudge
    worker.run(POLL_JOB, str(watch.id))
    assert len(network.called("fetch_comments")) == 1


def test_next_reading_is_due_after_the_pause(poll, book, app):
    poll()
    [watch] = book.all(CommentWatch)
    wait = watch.due_at - clock.now()
    assert timedelta(0) < wait <= timedelta(seconds=app.extensions["schoolgate.settings"].comment_poll_seconds)


def test_watching_again_makes_no_second_promise(database, channel, book):
    watch_channels(database)
    watch_channels(database)
    assert len(book.all(CommentWatch)) == 1


def test_paused_account_is_not_read(poll, network, database, school, channel):
    network.failures = [AuthorizationError("The sign-in no longer works.")]
    poll()
    with database.reading(school.id) as session:
        assert session.get_one(Channel, channel.id).state is ChannelState.PAUSED
    poll()
    assert len(network.called("fetch_comments")) == 1


def test_throttle_is_waited_out(poll, network, book):
    lifts_at = clock.now() + timedelta(minutes=15)
    network.failures = [TransientError("Slow down.", retry_at=lifts_at)]
    poll()
    assert book.all(CommentWatch)[0].due_at == lifts_at


def test_one_post_that_is_gone_does_not_stop_the_others(poll, network, book):
    network.write("c1", NASTY)
    network.failures = [GoneError("The post is gone.")]
    poll()
    assert book.comment("c1").state is CommentState.HIDDEN


def test_comment_that_vanished_without_a_word_is_noticed(poll, network, book):
    network.write("c1", "Lovely")
    poll()
    del network.comments["c1"]
    poll()
    assert book.comment("c1").state is CommentState.GONE


def test_comment_missing_from_the_list_but_still_there_stays(poll, network, book):
    network.write("c1", "Lovely")
    poll()
    real, network.fetch_comments = (
        network.fetch_comments,
        lambda **_: type(network).fetch_comments(network, post_remote_ids=[], cursor={}),
    )
    poll()
    network.fetch_comments = real
    assert book.comment("c1").state is CommentState.VISIBLE


def test_post_that_is_down_is_not_read(poll, network, database, school, post):
    with database.transaction(school.id) as session:
        delivery = session.scalars(sa.select(Delivery)).one()
        actor = worker_actor(session)
        workflow.advance(session, delivery, DeliveryAction.RETRACT, actor=actor)
        assert delivery.state is DeliveryState.RETRACTING
    poll()
    assert network.called("fetch_comments") == [""]
