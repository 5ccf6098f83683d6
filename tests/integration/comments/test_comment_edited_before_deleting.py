"""Only words that a person saw are deleted; what stood there instead is kept, and the person decides again."""

import pytest

from app.accounts.roles import Role
from app.comments.evidence import open_evidence
from app.comments.models import CommentState
from app.comments.services import delete_comment, leave_visible

THREAT = "I will find you and smash your face in"


@pytest.fixture
def head(user_with):
    return user_with(Role.HEADTEACHER)


@pytest.fixture
def decide(database, school, book, head):
    def do(service, **more) -> None:
        with database.transaction(school.id) as session:
            service(session, book.comment("c1").id, actor=head.as_actor(), **more)

    return do


@pytest.fixture
def kept_words(book, sealer):
    return lambda: {open_evidence(each, sealer=sealer)["text"] for each in book.evidence()}


@pytest.mark.parametrize(("words", "state"), [("Thank you all", "visible"), (THREAT, "hidden")])
def test_new_words_are_not_deleted_but_judged_and_put_before_a_person(
    comes_in, book, network, worker, sealer, decide, kept_words, words, state
):
    comes_in("c1", "Lovely")
    decide(delete_comment, reason="Names a child", sealer=sealer)
    comes_in("c1", words)
    comment = book.comment("c1")
    assert network.called("delete") == []
    assert (comment.state, comment.awaits_person) == (CommentState(state), True)
    assert kept_words() == {"Lovely", words}


def test_hidden_words_that_were_edited_stay_hidden(comes_in, book, network, worker, sealer, decide):
    comes_in("c1", THREAT)
    decide(delete_comment, reason="A threat", sealer=sealer)
    comes_in("c1", "Thank you all", is_hidden=True)
    comment = book.comment("c1")
    assert network.called("delete") == []
    assert (comment.state, comment.awaits_person) == (CommentState.HIDDEN, True)


def test_once_a_person_has_decided_again_nobody_is_asked(comes_in, book, sealer, decide):
    comes_in("c1", "Lovely")
    decide(delete_comment, reason="Names a child", sealer=sealer)
    comes_in("c1", "Thank you all")
    decide(leave_visible)
    comes_in("c1", "Thank you all indeed")
    assert not book.comment("c1").awaits_person


def test_words_that_changed_while_the_network_was_asked_are_kept(
    comes_in, book, network, worker, sealer, decide, kept_words, channel, database, school
):
    comes_in("c1", "Lovely")
    decide(delete_comment, reason="Names a child", sealer=sealer)

    def edited() -> None:
        network.on_call = lambda: None
        comes_in("c1", THREAT, settle=False)

    network.on_call = edited
    worker.sweep_until_idle()
    assert book.comment("c1").state is CommentState.DELETED
    assert THREAT in kept_words()
