"""Words that a person decided about come back after others: their word holds, and so does what the words are."""

import pytest

from app.accounts.roles import Role
from app.comments.models import CommentState
from app.comments.services import NotSureError, ensure_sure, leave_hidden, restore_comment

THREAT = "I will find you and smash your face in"
KIND = "What a lovely day it was"


@pytest.fixture
def head(user_with):
    return user_with(Role.HEADTEACHER).as_actor()


@pytest.fixture
def decide(database, school, worker, book, head):
    def do(service, **more) -> None:
        with database.transaction(school.id) as session:
            service(session, book.comment("c1").id, actor=head, **more)
        worker.sweep_until_idle()

    return do


def test_threat_that_comes_back_is_filed_as_a_threat(comes_in, book, network, database, school, decide, head):
    comes_in("c1", THREAT)
    decide(leave_hidden)
    comes_in("c1", KIND, is_hidden=True)
    decide(restore_comment, reason="It is kind now")
    comes_in("c1", THREAT)
    comment = book.comment("c1")
    assert (comment.state, comment.severity, comment.harm) == (CommentState.HIDDEN, 4, "threat")
    assert network.comments["c1"].is_hidden
    with pytest.raises(NotSureError), database.reading(school.id) as session:
        ensure_sure(session, comment.id, is_sure=False, actor=head)


def test_kind_words_that_come_back_are_not_filed_as_the_threat_in_between(comes_in, book, decide):
    comes_in("c1", KIND)
    comes_in("c1", THREAT)
    comes_in("c1", KIND, is_hidden=True)
    decide(restore_comment, reason="It is kind now")
    comes_in("c1", THREAT)
    comes_in("c1", KIND, is_hidden=True)
    comment = book.comment("c1")
    assert (comment.state, comment.awaits_person) == (CommentState.HIDDEN, True)
    assert (comment.severity, comment.categories, comment.harm) == (0, [], None)


def test_the_last_word_about_the_same_words_holds(comes_in, book, network, decide):
    comes_in("c1", THREAT)
    decide(leave_hidden)
    decide(restore_comment, reason="A line from the play")
    comes_in("c1", KIND)
    comes_in("c1", THREAT)
    comment = book.comment("c1")
    assert (comment.state, comment.harm) == (CommentState.VISIBLE, "threat")
    assert not network.comments["c1"].is_hidden
