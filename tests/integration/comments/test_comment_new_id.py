"""On X an edit gives a reply a new id: it stays one comment here, and what was hidden under the old id is hidden again."""

import pytest

from app.accounts.roles import Role
from app.comments.ingesting import take_in
from app.comments.models import CommentState
from app.comments.services import leave_visible
from app.core import clock
from app.platforms.base import Network
from tests.integration.comments.conftest import make_channel
from tests.integration.comments.network import FakeNetwork

THREAT = "I will find you and smash your face in"
NASTY = "You are a bitch and an idiot"


@pytest.fixture
def network():
    return FakeNetwork(Network.X)


@pytest.fixture
def channel(database, school, connector):
    return make_channel(database, school.id, connector, Network.X, "PAGE")


@pytest.fixture
def edited(comes_in, network):
    """The old id is known no more: `edited("c1", "c2", "Other words")`."""

    def edit(old: str, new: str, words: str, **more) -> None:
        network.comments.pop(old, None)
        comes_in(new, words, earlier_ids=(old,), **more)

    return edit


def test_new_words_are_judged_as_the_same_comment(comes_in, book, network, edited):
    comes_in("c1", "Lovely")
    edited("c1", "c2", THREAT)
    [comment] = book.comments()
    assert (comment.remote_id, comment.state, comment.text) == ("c2", CommentState.HIDDEN, THREAT)
    assert comment.edited_at is not None
    assert network.comments["c2"].is_hidden


@pytest.mark.parametrize("words", [NASTY, THREAT])
def test_what_was_hidden_under_the_old_id_is_hidden_under_the_new_one(comes_in, book, network, edited, words):
    comes_in("c1", NASTY)
    edited("c1", "c2", words)
    assert network.called("hide") == ["c1", "c2"]
    assert book.comment("c2").state is CommentState.HIDDEN


def test_a_persons_word_holds_for_the_same_words(comes_in, book, network, edited, database, school, user_with):
    comes_in("c1", "Mr Lee couldn't teach a fish to swim")
    with database.transaction(school.id) as session:
        leave_visible(session, book.comment("c1").id, actor=user_with(Role.HEADTEACHER).as_actor())
    edited("c1", "c2", "Mr Lee couldn't teach a fish to swim")
    assert (book.comment("c2").state, book.comment("c2").awaits_person) == (CommentState.VISIBLE, False)


def test_both_versions_heard_at_once_are_one_comment(book, network, database, school, channel, post, worker):
    heard = [network.write("c1", "Lovely"), network.write("c2", THREAT, earlier_ids=("c1",))]
    with database.transaction(school.id) as session:
        take_in(session, channel.id, heard, read_at=clock.now())
    worker.sweep_until_idle()
    assert [comment.remote_id for comment in book.comments()] == ["c2"]


def test_edit_while_the_network_is_asked_has_the_new_id_hidden(comes_in, book, network, edited, worker):
    comes_in("c1", NASTY, settle=False)
    worker.run("comments.judge", str(book.comment("c1").id))

    def happens() -> None:
        network.on_call = lambda: None
        edited("c1", "c2", THREAT, settle=False)

    network.on_call = happens
    worker.run("comments.hide", str(book.comment("c1").id))
    comment = book.comment("c2")
    assert (comment.state, comment.due_at is None) == (CommentState.HIDING, False)


def test_comment_that_was_lost_with_its_old_id_comes_back(comes_in, book, network, edited, worker):
    comes_in("c1", NASTY, settle=False)
    network.comments.pop("c1")
    worker.sweep_until_idle()
    assert book.comment("c1").state is CommentState.GONE
    edited("c1", "c2", THREAT)
    assert book.comment("c2").state is CommentState.HIDDEN
