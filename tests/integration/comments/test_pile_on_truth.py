"""The page of a pile-on says what can be seen, and nothing is said in public that is not so."""

import pytest

from app.accounts.roles import Role
from app.comments import appeals, pile_ons, replies
from app.comments.models import Comment, CommentState
from app.comments.pile_on_models import PileOnState
from app.comments.pile_on_pages import page_of
from app.comments.reply_models import TextKind
from app.comments.services import delete_comment, leave_visible, restore_comment
from app.comments.spots import Spot
from app.comments.texts import approve_text, write_text
from app.core.errors import WrongStateError
from app.incidents.models import Incident, IncidentComment, SupportOffer

COMPLAINT = "Worst school ever, nobody answers the phone"
NASTY = "You are a bitch and an idiot"
RACIST = "dirty pikeys go home"


@pytest.fixture
def head(user_with):
    return user_with(Role.HEADTEACHER).as_actor()


@pytest.fixture
def do(database, school, worker):
    def run(deed, *args, settle=True, **named):
        with database.transaction(school.id) as session:
            done = deed(session, *args, **named)
        if settle:
            worker.sweep_until_idle()
        return done

    return run


@pytest.fixture
def pile_on(do, post, head):
    return do(pile_ons.begin_by_hand, Spot(post.id), actor=head)


@pytest.fixture
def says(do, user_with, head):
    """Write and approve a holding statement: `says("Nothing is deleted.")`."""

    def say(words: str):
        writer = user_with(Role.SMT).as_actor()
        text = do(write_text, kind=TextKind.HOLDING, title="Tonight", text=words, actor=writer)
        do(approve_text, text.id, actor=head)
        return text

    return say


@pytest.fixture
def place(database, school, pile_on, head):
    def look():
        with database.reading(school.id) as session:
            return page_of(session, session.merge(pile_on, load=False), actor=head).places[0]

    return look


def test_statement_that_comments_are_hidden_goes_out_only_while_they_are(do, pile_on, head, says, network):
    text = says("We have hidden the comments here for tonight.")
    with pytest.raises(WrongStateError, match="not true now"):
        do(replies.say_under_post, pile_on.id, text.id, actor=head)
    assert network.replies == []
    do(pile_ons.lock_down, pile_on.id, actor=head)
    assert do(replies.say_under_post, pile_on.id, text.id, actor=head) == 1


def test_nobody_says_that_nothing_was_deleted_once_something_was(comes_in, do, book, pile_on, head, says, sealer):
    text = says("We have heard you. Nothing is deleted.")
    comes_in("nasty", NASTY)
    do(delete_comment, book.comment("nasty").id, reason="vile", actor=head, sealer=sealer)
    with pytest.raises(WrongStateError, match="not true now"):
        do(replies.say_under_post, pile_on.id, text.id, actor=head)


def test_what_is_being_hidden_counts_as_seen_and_what_comes_back_as_hidden(comes_in, do, pile_on, head, place):
    comes_in("complaint", COMPLAINT)
    do(pile_ons.lock_down, pile_on.id, actor=head, settle=False)
    assert (place().hidden, place().in_sight) == (0, 1)
    do(lambda session: None)
    assert (place().hidden, place().in_sight, place().coming_back) == (1, 0, 0)


def test_lock_down_hides_harm_that_was_let_stand_before_and_leaves_the_complaint(comes_in, do, book, head, pile_on):
    comes_in("complaint", COMPLAINT)
    comes_in("racist", RACIST)
    do(leave_visible, book.comment("complaint").id, actor=head)
    do(restore_comment, book.comment("racist").id, reason="A slip", actor=head)
    do(pile_ons.lock_down, pile_on.id, actor=head)
    found = {comment.remote_id: comment.state for comment in book.comments()}
    assert found == {"complaint": CommentState.VISIBLE, "racist": CommentState.HIDDEN}


def test_what_failed_before_is_tried_once_in_each_lock_down(comes_in, do, book, head, pile_on, database, school):
    comes_in("complaint", COMPLAINT)
    with database.transaction(school.id) as session:
        session.get_one(Comment, book.comment("complaint").id).problem = "It could not be hidden."
    do(pile_ons.lock_down, pile_on.id, actor=head)
    assert book.comment("complaint").state is CommentState.HIDDEN
    assert book.comment("complaint").problem is None


def test_upheld_appeal_stands_through_the_next_lock_down(comes_in, do, book, head, user_with, pile_on):
    comes_in("complaint", COMPLAINT)
    do(pile_ons.lock_down, pile_on.id, actor=head)
    lead = user_with(Role.SAFEGUARDING_LEAD).as_actor()
    appeal = do(appeals.record_appeal, book.comment("complaint").id, words="It was fair", actor=head)
    do(pile_ons.lift, pile_on.id, actor=head)
    do(appeals.decide_appeal, appeal.id, upholds=True, reason="It was", actor=lead)
    do(pile_ons.lock_down, do(pile_ons.begin_by_hand, Spot(pile_on.post_id), actor=head).id, actor=head)
    assert book.comment("complaint").state is CommentState.VISIBLE


def test_people_who_are_told_one_after_the_other_are_in_one_incident_with_the_comments(
    comes_in, do, book, head, user_with, pile_on
):
    comes_in("nasty", NASTY)
    for name in ("Mrs Okafor", "Mr Hall"):
        do(pile_ons.note_told, pile_on.id, name, actor=head)
    do(pile_ons.tell_people, pile_on.id, [user_with(Role.STAFF).id], actor=head)
    [incident] = book.all(Incident)
    assert len(book.all(SupportOffer)) == 3
    assert [each.comment_id for each in book.all(IncidentComment)] == [book.comment("nasty").id]
    assert "many comments" in incident.summary


def test_page_of_one_that_is_over_leads_to_what_goes_on_now(do, head, pile_on, sign_in):
    do(pile_ons.close, pile_on.id, actor=head)
    browser, address = sign_in(Role.HEADTEACHER), f"/comments/pile-ons/{pile_on.id}"
    assert "It starts again? Bring calm" in browser.get(address).text
    again = do(pile_ons.begin_by_hand, Spot(pile_on.post_id), actor=head)
    assert again.state is PileOnState.NOTICED
    page = browser.get(address).text
    assert "It has started again." in page
    assert f"/comments/pile-ons/{again.id}" in page
    refused = browser.post(f"{address}/lock", follow_redirects=True).text
    assert "This is over. Look whether it has started again" in refused


def test_address_that_only_takes_forms_leads_to_its_page(head, pile_on, sign_in):
    browser = sign_in(Role.HEADTEACHER)
    answer = browser.get(f"/comments/pile-ons/{pile_on.id}/lock")
    assert answer.status_code == 302
    assert answer.location == f"/comments/pile-ons/{pile_on.id}"
