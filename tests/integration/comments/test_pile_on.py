"""A pile-on: one alert, a lock-down in a person's name, lifted without a trace, and one statement."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.channels.models import Channel
from app.channels.services import pause_channel
from app.comments import pile_ons, replies
from app.comments.ingesting import take_in
from app.comments.models import CommentDecision, CommentState, DecisionAction
from app.comments.pacing import KEPT_FOR_WORSE
from app.comments.pile_on_models import PileOn, PileOnState
from app.comments.pile_on_pages import page_of
from app.comments.reply_models import Reply, ReplyState, TextKind
from app.comments.services import leave_visible, restore_comment
from app.comments.spots import Spot
from app.comments.texts import approve_text, write_text
from app.core import clock
from app.core.errors import InvalidInputError, NotPermittedError, WrongStateError
from app.notifications.models import NoticeUrgency
from app.platforms.base import Network
from app.platforms.errors import AuthorizationError, OutcomeUnknownError, RejectedError, TransientError
from app.platforms.registry import XCredentials
from app.publishing.models import Delivery, DeliveryState
from app.publishing.watch_models import StrayPost
from app.schools.services import school_with, stop_publishing
from moderation import Severity
from tests.integration.comments.conftest import make_channel
from tests.integration.comments.network import POST, FakeNetwork

NASTY = "You are a bitch and an idiot"
DOUBTED = "that child looks slow"
COMPLAINT = "Worst school ever, nobody answers the phone"
CRY = "please help me i don't want to go home, my stepdad hits me"


@pytest.fixture
def head(user_with):
    return user_with(Role.HEADTEACHER).as_actor()


@pytest.fixture
def pile_on(database, school, post, head):
    with database.transaction(school.id) as session:
        return pile_ons.begin_by_hand(session, Spot(post.id), actor=head)


@pytest.fixture
def do(database, school, worker):
    """Do something in a transaction of its own, then let the worker work."""

    def run(deed, *args, settle=True, **named):
        with database.transaction(school.id) as session:
            done = deed(session, *args, **named)
        if settle:
            worker.sweep_until_idle()
        return done

    return run


@pytest.fixture
def statement(do, user_with, head):
    """An approved holding statement, written by somebody else."""
    writer = user_with(Role.SMT).as_actor()
    words = "We have heard you. Please ring the office."
    text = do(write_text, kind=TextKind.HOLDING, title="Heard", text=words, actor=writer, settle=False)
    do(approve_text, text.id, actor=head, settle=False)
    return text


def states(book):
    return {comment.remote_id: comment.state for comment in book.comments()}


def test_lock_down_hides_what_stands_and_what_comes_but_not_a_cry_for_help(comes_in, do, book, head, pile_on, network):
    comes_in("complaint", COMPLAINT)
    comes_in("cry", CRY)
    do(pile_ons.lock_down, pile_on.id, actor=head)
    comes_in("later", "What a lovely day")
    found = states(book)
    assert (found["complaint"], found["later"]) == (CommentState.HIDDEN, CommentState.HIDDEN)
    assert found["cry"] is CommentState.QUEUED
    assert not network.comments["cry"].is_hidden


def test_what_a_lock_down_hides_is_kept_as_the_decision_of_a_person(comes_in, do, book, head, pile_on):
    comes_in("complaint", COMPLAINT)
    do(pile_ons.lock_down, pile_on.id, actor=head)
    by_rule, by_person = book.decisions()
    assert (by_rule.action, by_rule.hides) == (DecisionAction.ALLOW, False)
    assert (by_person.action, by_person.is_by_person, by_person.decided_by) == (
        DecisionAction.LOCK_DOWN,
        True,
        head.user_id,
    )
    assert len(book.evidence()) == 1


def test_lifting_shows_again_only_what_was_hidden_for_nothing_else(comes_in, do, book, head, pile_on, network):
    comes_in("complaint", COMPLAINT)
    do(pile_ons.lock_down, pile_on.id, actor=head)
    comes_in("nasty", NASTY)
    comes_in("kind", "Thank you all")
    do(pile_ons.lift, pile_on.id, actor=head)
    assert states(book) == {
        "complaint": CommentState.VISIBLE,
        "nasty": CommentState.HIDDEN,
        "kind": CommentState.VISIBLE,
    }
    assert {key for key, comment in network.comments.items() if comment.is_hidden} == {"nasty"}
    assert book.all(PileOn)[0].state is PileOnState.OVER
    assert not any(comment.pile_on_id for comment in book.comments())


def test_lifting_leaves_hidden_what_may_do_harm_until_somebody_decides(comes_in, do, book, head, pile_on, network):
    do(pile_ons.lock_down, pile_on.id, actor=head)
    comes_in("doubt", DOUBTED)
    comes_in("complaint", COMPLAINT)
    comes_in("report", "my son was called a fat pig")
    do(pile_ons.lift, pile_on.id, actor=head)
    assert {key for key, comment in network.comments.items() if comment.is_hidden} == {"doubt"}
    doubt = book.comment("doubt")
    assert (doubt.state, doubt.awaits_person, doubt.pile_on_id) == (CommentState.HIDDEN, True, None)
    assert book.all(PileOn)[0].state is PileOnState.OVER
    do(restore_comment, doubt.id, reason="Hard words, no more.", actor=head)
    assert not network.comments["doubt"].is_hidden


def test_comment_edited_into_abuse_during_a_lock_down_stays_hidden_when_it_is_lifted(
    comes_in, do, book, head, pile_on, network, database, school, channel, worker
):
    comes_in("c1", COMPLAINT)
    do(pile_ons.lock_down, pile_on.id, actor=head)
    network.edit("c1", NASTY)
    with database.transaction(school.id) as session:
        take_in(session, channel.id, [network.comments["c1"]], read_at=clock.now() + timedelta(seconds=1))
    worker.sweep_until_idle()
    do(pile_ons.lift, pile_on.id, actor=head)
    assert states(book) == {"c1": CommentState.HIDDEN}


def test_what_a_person_let_stand_is_left_alone_but_a_threat_only_if_they_say_so_anew(comes_in, do, book, head, pile_on):
    comes_in("c1", COMPLAINT)
    comes_in("threat", "I will find you and smash your face in")
    do(leave_visible, book.comment("c1").id, actor=head)
    do(restore_comment, book.comment("threat").id, reason="A song", actor=head)
    do(pile_ons.lock_down, pile_on.id, actor=head)
    assert states(book) == {"c1": CommentState.VISIBLE, "threat": CommentState.HIDDEN}
    do(restore_comment, book.comment("threat").id, reason="A song all the same", actor=head)
    assert states(book)["threat"] is CommentState.VISIBLE


def test_only_somebody_who_decides_about_comments_may_lock_down(do, user_with, pile_on):
    with pytest.raises(NotPermittedError):
        do(pile_ons.lock_down, pile_on.id, actor=user_with(Role.SAFEGUARDING_LEAD).as_actor())


def test_a_hundred_at_once_are_one_alert(database, school, channel, post, network, worker, book, user_with):
    head = user_with(Role.HEADTEACHER)
    texts = (NASTY, "I will find you and smash your face in", COMPLAINT, "go and kill yourself")
    storm = [network.write(f"c{number}", f"{texts[number % 4]} {number}") for number in range(100)]
    with database.transaction(school.id) as session:
        take_in(session, channel.id, storm, read_at=clock.now())
    worker.sweep_until_idle()
    alerts = [notice for notice in book.notices_of(head) if notice.urgency is NoticeUrgency.AT_ONCE]
    about_comments = [notice for notice in alerts if notice.link.startswith("/comments")]
    assert [notice.link for notice in about_comments] == [f"/comments/pile-ons/{book.all(PileOn)[0].id}"]
    assert len(book.comments()) == 100
    assert not any(comment.state is CommentState.RECEIVED for comment in book.comments())
    assert len(network.called("hide")) == 75


def test_a_slow_network_hides_the_worst_first_and_keeps_room_for_worse(
    comes_in, do, book, head, pile_on, network, use_up
):
    network.capabilities = FakeNetwork(Network.X).capabilities
    limit = network.capabilities.hides_per_quarter_hour
    for number in range(3):
        comes_in(f"kind{number}", f"Thank you all {number}")
    use_up(limit - KEPT_FOR_WORSE[Severity.NONE])
    do(pile_ons.lock_down, pile_on.id, actor=head)
    comes_in("nasty", NASTY)
    found = states(book)
    assert found["nasty"] is CommentState.HIDDEN
    assert {found[f"kind{number}"] for number in range(3)} == {CommentState.HIDING}
    assert book.comment("kind1").due_at > clock.now() + timedelta(minutes=14)


def test_a_limit_that_one_comment_meets_is_not_asked_again_for_each_of_the_others(
    comes_in, book, network, channel, connector, database, school
):
    with database.transaction(school.id) as session:
        account = session.get_one(Channel, channel.id)
        account.network = Network.X
        account.credentials_sealed = connector.seal(account, XCredentials("a", "b", "c", "d", "PAGE", "@school"))
    lifts_at = clock.now() + timedelta(minutes=15)
    for number in range(5):
        comes_in(f"c{number}", f"you idiot {number}", settle=False)
    network.failures = [TransientError("Slow down.", retry_at=lifts_at)]
    comes_in("worst", "I will kill you")
    assert len(network.called("hide")) == 1
    waiting = sorted(book.comments(), key=lambda comment: comment.due_at)
    assert waiting[0].remote_id == "worst"


def test_post_that_was_not_made_here_is_calmed_like_ours(
    comes_in, do, book, head, network, database, school, statement, channel
):
    for number in range(6):
        comes_in(f"c{number}", "you idiot", post_remote_id="PAGE_2")
    [pile_on] = book.all(PileOn)
    assert (pile_on.post_id, pile_on.channel_id, pile_on.post_remote_id) == (None, channel.id, "PAGE_2")
    assert book.notices_of_id(head.user_id)[-1].link == f"/comments/pile-ons/{pile_on.id}"
    comes_in("complaint", COMPLAINT, post_remote_id="PAGE_2")
    comes_in("ours", COMPLAINT)
    do(pile_ons.lock_down, pile_on.id, actor=head)
    comes_in("later", "What a lovely day", post_remote_id="PAGE_2")
    do(replies.say_under_post, pile_on.id, statement.id, actor=head)
    found = states(book)
    assert (found["complaint"], found["later"], found["ours"]) == (*[CommentState.HIDDEN] * 2, CommentState.VISIBLE)
    assert network.replies == [("PAGE_2", statement.text)]
    with database.reading(school.id) as session:
        page = page_of(session, session.get_one(PileOn, pile_on.id), actor=head)
    assert ([place.hidden for place in page.places], page.comments, len(page.statements)) == ([8], 8, 1)
    do(pile_ons.lift, pile_on.id, actor=head)
    assert states(book)["later"] is CommentState.VISIBLE


def test_page_counts_and_says_who_seems_to_be_meant(comes_in, database, school, user_with, head, pile_on):
    teacher = user_with(Role.STAFF, name="Petra Winterbourne")
    comes_in("c1", "Petra Winterbourne is a stupid fat idiot")
    with database.reading(school.id) as session:
        page = page_of(session, session.get_one(PileOn, pile_on.id), actor=head)
    assert (page.comments, page.needs_you, page.harms) == (1, 1, [("insult", 1)])
    comes_in("c2", "The headteacher touched my son, ask him about it")
    comes_in("c2", "The headteacher touched my son, ask her about it", settle=False)  # its new words are not judged yet
    with database.reading(school.id) as session:
        page = page_of(session, session.get_one(PileOn, pile_on.id), actor=head)
    assert (page.comments, page.places[0].on_the_way) == (1, 0)
    assert page.people.meant == {teacher.id}


def test_accused_is_not_offered_to_be_told(comes_in, database, school, user_with, head, pile_on):
    user_with(Role.STAFF, name="Petra Winterbourne")
    comes_in("c1", "Petra Winterbourne is a stupid fat idiot")
    comes_in("c2", "Petra Winterbourne touched my son in the changing room")
    with database.reading(school.id) as session:
        page = page_of(session, session.get_one(PileOn, pile_on.id), actor=head)
    assert page.people.meant == frozenset()


def test_people_are_told_once_and_it_is_kept(do, book, user_with, head, pile_on):
    teacher = user_with(Role.STAFF)
    assert do(pile_ons.tell_people, pile_on.id, [teacher.id], actor=head) == 1
    with pytest.raises(InvalidInputError):
        do(pile_ons.tell_people, pile_on.id, [teacher.id], actor=head)
    assert "support" in book.notices_of(teacher)[0].sentence
    assert [entry["user"] for entry in book.all(PileOn)[0].told] == [str(teacher.id)]


def test_approved_statement_goes_out_at_once_and_only_once(do, book, network, head, pile_on, statement):
    do(replies.say_under_post, pile_on.id, statement.id, actor=head)
    with pytest.raises(WrongStateError):
        do(replies.say_under_post, pile_on.id, statement.id, actor=head)
    [reply] = book.all(Reply)
    assert reply.state is ReplyState.SENT
    assert network.replies == [(POST, statement.text)]
    assert [stray.explanation for stray in book.all(StrayPost)] == ["A reply that was approved here."]


def test_statement_goes_where_comments_came_in_and_the_page_reminds_of_it_afterwards(
    comes_in, do, book, database, school, connector, post, channel, network, head, sign_in, pile_on, statement
):
    silent = make_channel(database, school.id, connector, Network.X, "silent")
    with database.transaction(school.id) as session:
        [mine] = session.scalars(sa.select(Delivery).where(Delivery.post_id == post.id))
        there = {"remote_id": "77", "channel_id": silent.id, "network": Network.X, "state": DeliveryState.SENT}
        session.add(
            Delivery(id=uuid4(), post_id=post.id, revision_id=mine.revision_id, planned_for=mine.planned_for, **there)
        )
    comes_in("c1", COMPLAINT)
    assert do(replies.say_under_post, pile_on.id, statement.id, actor=head) == 1
    assert network.replies == [(POST, statement.text)]
    with database.transaction(school.id) as session:
        pause_channel(session, session.get_one(Channel, channel.id), "The sign-in has run out.")
    browser = sign_in(Role.HEADTEACHER)
    browser.post(f"/comments/pile-ons/{pile_on.id}/lock", data={"pause": "1"})
    do(lambda session: None)
    page = browser.get(f"/comments/pile-ons/{pile_on.id}").text
    assert "Not all is hidden: Facebook is not connected." in page
    assert "0 hidden, <b>1 can be seen</b>, 1 of them to be hidden" in page
    browser.post(f"/comments/pile-ons/{pile_on.id}/lift")
    page = browser.get(f"/comments/pile-ons/{pile_on.id}").text
    for words in ("The lock-down has ended", "Your statement still stands on Facebook", "Lift the stop"):
        assert words in page


def test_statement_that_nobody_approved_does_not_go_out(do, user_with, head, pile_on):
    writer = user_with(Role.SMT).as_actor()
    text = do(write_text, kind=TextKind.HOLDING, title="New", text="We have heard you.", actor=writer)
    with pytest.raises(InvalidInputError):
        do(replies.say_under_post, pile_on.id, text.id, actor=head)
    with pytest.raises(NotPermittedError):
        do(approve_text, text.id, actor=writer)


def test_the_pause_holds_posts_back_but_not_the_statement_that_follows_it(do, book, school, head, pile_on, statement):
    do(lambda session: stop_publishing(session, school_with(session, school.id), actor=head))
    do(replies.say_under_post, pile_on.id, statement.id, actor=head)
    assert book.all(Reply)[0].state is ReplyState.SENT


def test_answer_to_words_that_were_edited_is_not_given(comes_in, do, book, head, user_with):
    comes_in("c1", COMPLAINT)
    answer = {"text_id": None, "own_words": "Please ring the office.", "actor": head}
    reply = do(replies.answer_comment, book.comment("c1").id, **answer)
    comes_in("c1", "What a lovely day")
    with pytest.raises(WrongStateError):
        do(replies.approve_reply, reply.id, actor=user_with(Role.COORDINATOR).as_actor())


def test_the_pause_holds_an_answer_to_a_comment_back(comes_in, do, book, school, head, statement):
    comes_in("c1", COMPLAINT)
    do(lambda session: stop_publishing(session, school_with(session, school.id), actor=head))
    answer = {"text_id": statement.id, "own_words": "", "actor": head}
    do(replies.answer_comment, book.comment("c1").id, **answer)
    assert book.all(Reply)[0].state is ReplyState.APPROVED


@pytest.mark.parametrize(
    ("failures", "state", "written"),
    [
        ([RejectedError("Not allowed.")], ReplyState.FAILED, 0),
        ([TransientError("Busy.")], ReplyState.APPROVED, 0),
        ([AuthorizationError("Sign in again.")], ReplyState.APPROVED, 0),
        ([OutcomeUnknownError("No answer.")], ReplyState.SENDING, 0),
    ],
)
def test_statement_is_never_written_again_blindly(
    do, book, network, head, pile_on, statement, failures, state, written
):
    network.failures, network.fails_at = list(failures), "reply"
    do(replies.say_under_post, pile_on.id, statement.id, actor=head)
    assert book.all(Reply)[0].state is state
    assert len(network.replies) == written


@pytest.mark.parametrize(("stands", "state"), [(True, ReplyState.SENT), (False, ReplyState.NEEDS_PERSON)])
def test_after_an_unknown_outcome_we_look_and_then_ask(
    do, book, network, head, pile_on, statement, database, school, stands, state
):
    network.failures, network.fails_at = [OutcomeUnknownError("No answer.")], "reply"
    do(replies.say_under_post, pile_on.id, statement.id, actor=head)
    if stands:
        network.replies.append((POST, statement.text))
    for _ in range(5):
        with database.transaction(school.id) as session:
            session.execute(sa.update(Reply).where(Reply.due_at.is_not(None)).values(due_at=clock.now()))
        do(lambda session: None)
    assert book.all(Reply)[0].state is state
    assert len(network.replies) == int(stands)
    assert network.called("reply") == [POST]


@pytest.mark.parametrize(
    "words",
    ["Call Jo's mum on 07700 900123", "You are all idiots and liars", " ", "x" * 1001],
)
def test_the_schools_own_words_pass_the_same_rules(do, user_with, words):
    with pytest.raises(InvalidInputError):
        do(write_text, kind=TextKind.SIGNPOST, title="T", text=words, actor=user_with(Role.SMT).as_actor())


def test_decisions_of_a_lock_down_are_no_opinion_on_the_words(comes_in, do, book, head, pile_on):
    comes_in("c1", COMPLAINT)
    do(pile_ons.lock_down, pile_on.id, actor=head)
    do(pile_ons.lift, pile_on.id, actor=head)
    assert [decision.action for decision in book.all(CommentDecision) if decision.is_by_person] == [
        DecisionAction.LOCK_DOWN,
        DecisionAction.LIFT,
    ]
