"""Webhooks: hints, doubled and out of order, read once whatever happens."""

import json
import time

import pytest

from app.comments import inbox
from app.comments.models import Comment, CommentState, InboxState, WebhookDelivery
from app.platforms.errors import RejectedError, TransientError
from tests.integration.comments.conftest import PAGE, SECRET, added, delivery_of, signature
from tests.integration.comments.network import POST

NASTY = "You are a bitch and an idiot"


@pytest.fixture
def arrives(database, school, post, worker):
    """A delivery arrives and is read: `arrives(added("c1", "Lovely"))`."""

    def run(*changes: dict, settle: bool = True) -> None:
        with database.transaction(school.id) as session:
            inbox.store(session, delivery_of(*changes))
        if settle:
            worker.sweep_until_idle()

    return run


def told(verb: str, comment_id: str, **more) -> dict:
    return {
        "item": "comment",
        "verb": verb,
        "comment_id": comment_id,
        "post_id": POST,
        "from": {"id": "someone", "name": "Sam"},
        **more,
    }


def test_new_comment_is_judged_and_hidden(arrives, network, book, post):
    network.write("c1", NASTY)
    arrives(added("c1", NASTY))
    comment = book.comment("c1")
    assert (comment.state, comment.post_id, comment.author_name) == (CommentState.HIDDEN, post.id, "Sam Somebody")


def test_same_delivery_twice_is_read_once(arrives, network, book):
    network.write("c1", NASTY)
    change = added("c1", NASTY)
    arrives(change, settle=False)
    arrives(change)
    assert len(book.all(WebhookDelivery)) == 1
    assert len(book.comments()) == len(book.decisions()) == 1


def test_same_comment_in_two_deliveries_is_one(arrives, network, book):
    network.write("c1", NASTY)
    arrives(added("c1", NASTY))
    arrives(added("c1", NASTY, photo="https://example.org/p.jpg"))
    assert len(book.comments()) == 1


def test_words_are_forgotten_once_they_are_read(arrives, network, book):
    network.write("c1", "Lovely")
    arrives(added("c1", "Lovely"))
    [delivery] = book.all(WebhookDelivery)
    assert (delivery.state, delivery.body, delivery.hints) == (InboxState.READ, None, 1)


def test_edit_that_is_told_of_before_the_comment_ends_with_the_new_words(arrives, network, book):
    network.write("c1", NASTY)
    arrives(told("edited", "c1", message=NASTY))
    arrives(added("c1", "Lovely"))
    comment = book.comment("c1")
    assert (comment.text, comment.state) == (NASTY, CommentState.HIDDEN)


def test_remove_without_words_empties_the_working_copy(arrives, network, book):
    network.write("c1", "Lovely")
    arrives(added("c1", "Lovely"))
    del network.comments["c1"]
    arrives(told("remove", "c1"))
    assert book.comment("c1").state is CommentState.GONE


def test_remove_of_a_comment_that_is_still_there_is_not_believed(arrives, network, book):
    network.write("c1", "Lovely")
    arrives(added("c1", "Lovely"))
    arrives(told("remove", "c1"))
    assert book.comment("c1").state is CommentState.VISIBLE


def test_remove_of_an_unknown_comment_is_passed_over(arrives, network, book):
    arrives(told("remove", "c9"))
    assert book.comments() == []
    assert network.calls == []


def test_comment_removed_before_we_could_look_is_gone(arrives, network, book):
    arrives(added("c1", "Lovely"))
    assert book.comment("c1").state is CommentState.GONE


def test_own_hide_echo_starts_nothing(arrives, network, book):
    network.write("c1", NASTY)
    arrives(added("c1", NASTY))
    before = len(network.called("hide"))
    arrives(told("hide", "c1"))
    assert (len(network.called("hide")), len(book.decisions())) == (before, 1)
    assert book.comment("c1").state is CommentState.HIDDEN


@pytest.mark.parametrize(
    "change",
    [
        added("c1", NASTY, **{"from": {"id": PAGE, "name": "Bramley Hill"}}),
        {"item": "comment", "verb": "add", "comment_id": "c1", "sender_id": PAGE, "post_id": POST, "message": NASTY},
    ],
)
def test_own_comment_is_left_alone(arrives, book, change):
    arrives(change)
    assert book.comments() == []


def test_numeric_sender_of_the_older_form_is_read(arrives, network, book):
    network.write("c1", "Lovely", author_id="77")
    arrives(
        {
            "item": "comment",
            "verb": "add",
            "comment_id": "c1",
            "post_id": POST,
            "sender_id": 77,
            "sender_name": "Sam",
            "message": "Lovely",
            "created_time": 1790000000,
        }
    )
    assert book.comment("c1").author_remote_id == "77"


def test_comment_that_is_only_a_picture_is_looked_up(arrives, network, book):
    network.write("c1", "", has_attachment=True)
    arrives(told("add", "c1"))
    assert book.comment("c1").attachments == 1


@pytest.mark.parametrize(
    "body", [b"nonsense", b"[]", b'{"object": "user"}', b'{"object": "page", "entry": [{"id": "PAGE"}]}']
)
def test_nonsense_is_put_aside(database, school, worker, channel, book, body):
    with database.transaction(school.id) as session:
        inbox.store(session, body)
    worker.sweep_until_idle()
    assert book.all(WebhookDelivery)[0].state is InboxState.READ


def test_change_without_value_does_not_stop_the_others(database, school, post, worker, network, book):
    network.write("c1", "Lovely")
    body = json.dumps(
        {
            "object": "page",
            "entry": [{"id": PAGE, "changes": [{"field": "feed"}, {"field": "feed", "value": added("c1", "Lovely")}]}],
        }
    ).encode()
    with database.transaction(school.id) as session:
        inbox.store(session, body)
    worker.sweep_until_idle()
    assert book.comment("c1").state is CommentState.VISIBLE


def test_delivery_is_read_again_when_the_network_fails(arrives, network, book):
    network.write("c1", NASTY)
    network.failures = [TransientError("Facebook is busy.")]
    arrives(told("edited", "c1", message=NASTY))
    [delivery] = book.all(WebhookDelivery)
    assert (delivery.state, delivery.body is not None, delivery.due_at is not None) == (InboxState.WAITING, True, True)


def test_comment_that_the_network_refuses_to_show_is_passed_over(arrives, network, book):
    network.failures = [RejectedError("Not allowed.")]
    arrives(told("edited", "c1", message=NASTY))
    assert book.all(WebhookDelivery)[0].state is InboxState.READ


def test_thousand_changes_in_one_delivery_are_all_judged(arrives, network, book, database, school, worker):
    texts = {f"c{number}": NASTY if number % 50 == 0 else "Lovely" for number in range(1000)}
    for remote_id, text in texts.items():
        network.write(remote_id, text)
    started = time.perf_counter()
    arrives(*(added(remote_id, text) for remote_id, text in texts.items()))
    assert time.perf_counter() - started < 60
    states = [comment.state for comment in book.all(Comment)]
    assert (states.count(CommentState.HIDDEN), states.count(CommentState.VISIBLE)) == (20, 980)


def test_signature_decides_whose_delivery_it_is(database, school, channel, connector):
    body = delivery_of(added("c1", "Lovely"))
    header = signature(body)["X-Hub-Signature-256"]
    assert inbox.signers(database, body, header, connector) == {school.id}
    assert inbox.signers(database, body + b" ", header, connector) == set()
    assert inbox.signers(database, body, None, connector) == set()
    assert inbox.signers(database, body, signature(body, "other")["X-Hub-Signature-256"], connector) == set()
    assert inbox.signers(database, body, "sha1=" + SECRET, connector) == set()
