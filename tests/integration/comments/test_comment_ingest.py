"""Comments come in once, however often and in whatever order the network tells of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.accounts.roles import Role
from app.comments.ingesting import lose, take_in
from app.comments.models import Audience, Comment, CommentState
from app.comments.queries import comments_needing
from app.comments.services import note_read
from app.core import clock

NICE = "What a lovely day, thank you all"
FROM_A_CHILD = "im 10 years old and i love this"
NASTY = "You are a bitch and an idiot"


def hear(database, school, channel, *remotes, read_at=None) -> int:
    with database.transaction(school.id) as session:
        return take_in(session, channel.id, remotes, read_at=read_at or clock.now())


def test_same_comment_twice_is_one(comes_in, book, worker):
    comes_in("c1", NICE)
    comes_in("c1", NICE)
    assert len(book.comments()) == 1
    assert len(book.decisions()) == 1


def test_comment_finds_its_post(comes_in, book, post):
    comes_in("c1", NICE)
    assert book.comment("c1").post_id == post.id


def test_comment_that_is_read_alone_finds_its_post(comes_in, book, post):
    comes_in("c1", NICE, post_remote_id="1")  # the Page is missing from the id then
    assert book.comment("c1").post_id == post.id


def test_comment_under_an_unknown_post_is_judged_all_the_same(comes_in, book):
    comes_in("c1", NASTY, post_remote_id="PAGE_old", created_at=clock.now() - timedelta(days=300))
    assert book.comment("c1").state is CommentState.HIDDEN
    assert book.comment("c1").was_old


def test_reply_to_a_comment_keeps_its_parent(comes_in, book):
    comes_in("c1", NICE)
    comes_in("c2", NICE, parent_remote_id="c1")
    assert book.comment("c2").parent_remote_id == "c1"


@pytest.mark.parametrize("own", [{"author_id": "PAGE"}, {"is_own": True}, {"author_id": None, "is_own": True}])
def test_own_comments_are_left_alone(comes_in, book, own):
    comes_in("c1", NASTY, **own)
    assert book.comments() == []


def test_comment_without_author_is_taken_in(comes_in, book):
    comes_in("c1", NICE, author_id=None, author_name=None)
    assert book.comment("c1").state is CommentState.VISIBLE


@pytest.mark.parametrize("text", ["a\x00b", "half a pair \ud83d", "", "🙂" * 5000])
def test_odd_texts_are_stored(comes_in, book, text):
    comes_in("c1", text, has_attachment=True)
    assert book.comment("c1").state is not CommentState.RECEIVED


def test_permalink_that_is_no_web_address_is_dropped(database, school, channel, post, network, worker, book):
    hear(database, school, channel, replace(network.write("c1", NICE), permalink="javascript:alert(1)"))
    assert book.comment("c1").permalink is None


def test_edited_comment_is_judged_again(comes_in, book):
    comes_in("c1", NICE)
    comes_in("c1", NASTY)
    comment = book.comment("c1")
    assert comment.state is CommentState.HIDDEN
    assert comment.edited_at is not None
    assert [decision.action.value for decision in book.decisions()] == ["allow", "hide"]


def test_hidden_comment_that_is_edited_to_be_kind_stays_hidden_and_waits(comes_in, book, network):
    comes_in("c1", NASTY)
    comes_in("c1", NICE, is_hidden=True)
    comment = book.comment("c1")
    assert comment.state is CommentState.HIDDEN
    assert comment.awaits_person
    assert network.comments["c1"].is_hidden


def test_edit_while_it_was_being_judged_is_judged_too(comes_in, book, database, school, channel, network, worker):
    comes_in("c1", NICE, settle=False)
    hear(database, school, channel, network.write("c1", NASTY))
    worker.sweep_until_idle()
    assert book.comment("c1").state is CommentState.HIDDEN


def test_comment_gone_from_the_network_leaves_no_working_copy(comes_in, book, database, school, sealer):
    comes_in("c1", NICE)
    with database.transaction(school.id) as session:
        lose(session, session.get_one(Comment, book.comment("c1").id), sealer=sealer)
    comment = book.comment("c1")
    assert (comment.state, comment.text, comment.author_name, comment.author_remote_id) == (
        CommentState.GONE,
        "",
        "",
        None,
    )
    assert all(decision.reasons == [] and decision.signals == [] for decision in book.decisions())


@pytest.mark.parametrize("settle", [True, False], ids=["judged", "not-judged"])
def test_child_who_takes_it_back_is_still_heard(comes_in, book, database, school, sealer, user_with, settle):
    lead = user_with(Role.SAFEGUARDING_LEAD)
    comes_in("c1", FROM_A_CHILD, settle=settle)
    with database.transaction(school.id) as session:
        lose(session, session.get_one(Comment, book.comment("c1").id), sealer=sealer)
    comment = book.comment("c1")
    assert (comment.state, comment.text, comment.audience, comment.awaits_person) == (
        CommentState.GONE,
        FROM_A_CHILD,
        Audience.DESIGNATED,
        True,
    )
    assert book.notices_of(lead)
    assert len(book.evidence()) == 1
    with database.transaction(school.id) as session:
        assert comments_needing(session, lead.as_actor()) == 1
        note_read(session, comment.id, actor=lead.as_actor())
        assert comments_needing(session, lead.as_actor()) == 0


def test_comment_gone_from_the_network_stays_when_it_is_evidence(comes_in, book, database, school, sealer):
    comes_in("c1", NASTY)
    with database.transaction(school.id) as session:
        lose(session, session.get_one(Comment, book.comment("c1").id), sealer=sealer)
    comment = book.comment("c1")
    assert (comment.state, comment.text) == (CommentState.GONE, NASTY)
    assert len(book.evidence()) == 1


def test_comment_that_comes_back_is_judged_again(comes_in, book, database, school, sealer):
    comes_in("c1", NICE)
    with database.transaction(school.id) as session:
        lose(session, session.get_one(Comment, book.comment("c1").id), sealer=sealer)
    comes_in("c1", NICE)
    comment = book.comment("c1")
    assert (comment.state, comment.text) == (CommentState.VISIBLE, NICE)


def test_own_hide_coming_back_changes_nothing(comes_in, book, network):
    comes_in("c1", NASTY)
    before = book.comment("c1")
    comes_in("c1", NASTY, is_hidden=True)
    after = book.comment("c1")
    assert (after.state, after.hidden_at, len(book.decisions())) == (before.state, before.hidden_at, 1)


def test_what_was_read_before_we_hid_it_does_not_undo_the_hiding(comes_in, book, database, school, channel, network):
    stale = network.write("c1", NASTY)
    read_at = clock.now() - timedelta(minutes=1)
    comes_in("c1", NASTY)
    hear(database, school, channel, stale, read_at=read_at)
    assert book.comment("c1").state is CommentState.HIDDEN


def test_comment_hidden_by_hand_on_the_network_shows_as_hidden(comes_in, book):
    comes_in("c1", NICE)
    comes_in("c1", NICE, is_hidden=True)
    assert book.comment("c1").state is CommentState.HIDDEN
    assert book.comment("c1").awaits_person


def test_comment_shown_again_by_hand_on_the_network_waits_for_a_person(comes_in, book):
    comes_in("c1", NASTY)
    comes_in("c1", NASTY, is_hidden=False)
    assert book.comment("c1").state is CommentState.QUEUED
    assert book.comment("c1").awaits_person
