"""Many at once: what is grave is held back, nothing is lost when something is refused, and one tap counts once."""

import pytest

from app.accounts.roles import Role
from app.comments.models import CommentState, DecisionAction

NASTY = "You are a bitch and an idiot"
THREAT = "I will find you and smash your face in"
RACIST = "dirty pikeys go home"
CRY = "please help me i don't want to go home, my stepdad hits me"


@pytest.fixture
def head(sign_in):
    return sign_in(Role.HEADTEACHER, Role.SAFEGUARDING_LEAD)


def decide(browser, comments, action: str, reason: str = "", **more):
    ticked = [f"{each.id}:{each.text_sha256}:" for each in comments]
    data = {"action": action, "reason": reason, "comment_ids": ticked, **more}
    return browser.post("/comments/decide", data=data, follow_redirects=True)


def states(book):
    return {comment.remote_id: comment.state for comment in book.comments()}


def test_deleting_many_asks_once_more_and_spares_cries_and_what_must_be_reported(comes_in, head, book, worker):
    for name, text in {"nasty": NASTY, "threat": THREAT, "cry": CRY}.items():
        comes_in(name, text)
    before = states(book)
    unsure = decide(head, book.comments(), "delete", "rid of it")
    assert unsure.status_code == 422
    assert "Deleting cannot be undone" in unsure.text
    assert unsure.text.count("checked>") == len(before)
    assert 'value="rid of it"' in unsure.text
    assert states(book) == before
    page = decide(head, book.comments(), "delete", "rid of it", sure="y").text
    worker.sweep_until_idle()
    assert "1 comment is being deleted on the network." in page
    assert "Left as they were, 2 comments: Somebody may ask for help, or it must be reported first." in page
    assert states(book) == before | {"nasty": CommentState.DELETED}


def test_showing_many_spares_what_hurts_whoever_reads_it(comes_in, head, book, worker):
    for name, text in {"nasty": NASTY, "threat": THREAT, "racist": RACIST}.items():
        comes_in(name, text)
    page = decide(head, book.comments(), "restore", "it was a mistake").text
    worker.sweep_until_idle()
    assert "Left as they were, 2 comments: This may hurt somebody if it is seen." in page
    assert states(book) == {
        "nasty": CommentState.VISIBLE,
        "threat": CommentState.HIDDEN,
        "racist": CommentState.HIDDEN,
    }
    assert page.count("checked>") == 2


def test_refused_ticks_and_the_reason_stay(comes_in, head, book):
    comes_in("nasty", NASTY)
    answer = decide(head, book.comments(), "restore", "")
    assert answer.status_code == 422
    assert "Say in a few words" in answer.text
    assert answer.text.count("checked>") == 1


def test_the_same_tap_twice_is_one_decision(comes_in, head, book):
    comes_in("nasty", NASTY)
    comment = book.comment("nasty")
    data = {"action": "leave_hidden", "seen": comment.text_sha256}
    for _ in range(2):
        assert head.post(f"/comments/{comment.id}/decide", data=data).status_code == 302
    assert [each.action for each in book.decisions() if each.is_by_person] == [DecisionAction.LEAVE_HIDDEN]


def test_list_that_took_a_decision_leads_back_when_it_is_opened_again(head):
    assert head.get("/comments/decide?tab=all").location == "/comments?tab=all"
