"""Learning safely: switches, own words, rules on trial, the weekly sample, appeals by a second person, retention."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.comments import appeals, learning, switches
from app.comments.context import context_of
from app.comments.models import Appeal, AppealState, Comment, CommentState, DecisionAction, Evidence
from app.comments.queries import Choice, Tab, every_id_in, harms_in
from app.comments.retention import tidy_schools
from app.comments.services import leave_hidden, leave_visible, restore_comment
from app.core import clock
from app.core.errors import InvalidInputError, NotPermittedError
from app.incidents.models import Incident
from app.schools.models import SchoolSettings
from app.schools.services import school_with

NASTY = "You are a bitch and an idiot"
COMPLAINT = "Worst school ever, nobody answers the phone"
THREAT = "I will find you and smash your face in"


@pytest.fixture
def head(user_with):
    return user_with(Role.HEADTEACHER).as_actor()


@pytest.fixture
def do(database, school, worker):
    def run(deed, *args, **named):
        with database.transaction(school.id) as session:
            done = deed(session, *args, **named)
        worker.sweep_until_idle()
        return done

    return run


@pytest.fixture
def record(database, school):
    def read():
        with database.reading(school.id) as session:
            return learning.record_of(session)

    return read


def test_kill_switch_keeps_everything_in_sight_and_tells_people_as_ever(comes_in, do, book, head, network, record):
    do(switches.switch_hiding, on=False, reason="It hid the wrong ones", actor=head)
    comes_in("nasty", NASTY)
    comes_in("threat", THREAT)
    assert {comment.state for comment in book.comments()} == {CommentState.QUEUED}
    assert all(comment.awaits_person for comment in book.comments())
    assert not network.called("hide")
    assert book.all(Incident)
    assert record().held_back == 2
    [event] = [event for event in book.all(AuditEvent) if event.tag == "moderation:changed"]
    assert event.details["reason"] == "It hid the wrong ones"


def test_kill_switch_leaves_a_persons_own_hiding_alone(comes_in, do, book, head, hide_by_hand):
    do(switches.switch_hiding, on=False, reason="A test", actor=head)
    comes_in("c1", NASTY)
    hide_by_hand("c1", head)
    assert book.comment("c1").state is CommentState.HIDDEN


def test_one_rule_may_tell_without_hiding(comes_in, do, book, head):
    comes_in("before", THREAT)
    [decision] = book.decisions()
    for signal in decision.signals:
        do(switches.set_rule, signal["rule"], mode="tells", reason="Too eager", actor=head)
    comes_in("after", THREAT)
    comment = book.comment("after")
    assert (comment.state, comment.severity) == (CommentState.QUEUED, book.comment("before").severity)
    assert (book.decisions()[-1].action, book.decisions()[-1].hides) == (DecisionAction.ESCALATE, False)


def test_what_tells_of_grave_harm_cannot_be_silenced(do, head, comes_in, book):
    comes_in("c1", THREAT)
    rules = {signal["rule"] for signal in book.decisions()[0].signals if signal["label"] == "threat"}
    for rule in rules:
        with pytest.raises(InvalidInputError):
            do(switches.set_rule, rule, mode="looks-on", reason="Quiet", actor=head)


@pytest.mark.parametrize("rule", ["threat.*", "no.such_rule"])
def test_only_a_known_rule_can_be_silenced(do, head, rule):
    with pytest.raises(InvalidInputError):
        do(switches.set_rule, rule, mode="looks-on", reason="Quiet", actor=head)


def test_list_of_silent_rules_cannot_hold_one_that_tells_of_grave_harm():
    context = context_of(SchoolSettings(rules_on_trial=("threat.*", "insult.*")), None)
    assert context.on_trial == {"insult.*"}


def test_rule_on_trial_is_shown_beside_what_people_said(comes_in, do, book, head, record):
    comes_in("first", "you idiot")
    for rule in {signal["rule"] for signal in book.decisions()[0].signals if signal["label"] == "insult"}:
        do(switches.set_rule, rule, mode="looks-on", reason="Not sure", actor=head)
    comes_in("second", "you idiot")
    assert book.comment("second").state is not CommentState.HIDDEN
    do(leave_visible, book.comment("second").id, actor=head)
    trials = record().trials
    assert trials
    assert {(trial.would_hide, trial.disagreed, trial.agreed) for trial in trials.values()} == {(1, 1, 0)}


@pytest.mark.parametrize(
    ("text", "hidden", "awaits"),
    [
        ("there go the wibblers", True, True),
        ("w i b b l e r s all of you", True, True),
        ("Wibblersfield is lovely", False, False),
        ("Worst school ever, full of wibblers, nobody answers the phone", False, True),
        ("please help me i don't want to go home, my stepdad hits me, the wibblers laugh", False, True),
    ],
)
def test_own_blocked_word_hides_but_never_a_complaint_nor_a_cry(comes_in, do, book, head, text, hidden, awaits):
    do(switches.set_words, blocked=["Wibblers"], allowed=[], actor=head)
    comes_in("c1", text)
    comment = book.comment("c1")
    assert (comment.state is CommentState.HIDDEN, comment.awaits_person) == (hidden, awaits)


@pytest.mark.parametrize(
    ("blocked", "allowed"), [(["ab"], []), (["wibble"], ["wibble"]), ([f"word{number}" for number in range(201)], [])]
)
def test_own_words_must_make_sense(do, head, blocked, allowed):
    with pytest.raises(InvalidInputError):
        do(switches.set_words, blocked=blocked, allowed=allowed, actor=head)


def test_only_who_decides_about_comments_changes_the_rules(do, user_with):
    lead = user_with(Role.SAFEGUARDING_LEAD).as_actor()
    with pytest.raises(NotPermittedError):
        do(switches.switch_hiding, on=False, reason="No", actor=lead)
    with pytest.raises(NotPermittedError):
        do(switches.set_words, blocked=["wibble"], allowed=[], actor=lead)


def test_settings_that_do_not_concern_comments_stay(do, head, database, school):
    with database.reading(school.id) as session:
        before = school_with(session, school.id).settings
    do(switches.switch_hiding, on=False, reason="A test", actor=head)
    with database.reading(school.id) as session:
        after = school_with(session, school.id).settings
    assert after == before.model_copy(update={"hides_by_itself": False})


def test_undone_hides_are_counted_by_rule(comes_in, do, book, head, record):
    for number in range(2):
        comes_in(f"c{number}", f"{NASTY} {number}")
    do(restore_comment, book.comment("c0").id, reason="A joke", actor=head)
    do(leave_hidden, book.comment("c1").id, actor=head)
    tally = max(record().rules.values(), key=lambda each: each.hidden)
    assert (tally.hidden, tally.looked_at, tally.undone, tally.undo_rate) == (2, 2, 1, 0.5)


def test_complaining_is_never_shown_as_a_reason_to_hide(comes_in, record):
    comes_in("c1", f"{COMPLAINT}, you are a stupid bitch and an idiot")
    assert not any("criticism" in rule for rule in record().rules)


def test_weekly_sample_is_of_what_stands_and_drawn_once_a_week(comes_in, do, book, head, record, database, school):
    for number in range(12):
        comes_in(f"c{number}", f"What a lovely afternoon{'!' * number}", settle=False)
    comes_in("nasty", NASTY)
    assert do(learning.draw_sample) == learning.SAMPLE
    assert do(learning.draw_sample) == 0
    drawn = [comment for comment in book.comments() if comment.sampled_at]
    assert {comment.state for comment in drawn} == {CommentState.VISIBLE}
    with database.reading(school.id) as session:
        assert len(every_id_in(session, Choice(Tab.SAMPLE), actor=head)) == learning.SAMPLE
    do(leave_visible, drawn[0].id, actor=head)
    assert (record().sampled, record().missed) == (1, 0)


def test_appeal_is_answered_by_somebody_who_did_not_decide(comes_in, do, book, head, user_with, network):
    lead = user_with(Role.SAFEGUARDING_LEAD).as_actor()
    comes_in("c1", NASTY)
    comment_id = book.comment("c1").id
    do(leave_hidden, comment_id, actor=head)
    appeal = do(appeals.record_appeal, comment_id, words="It was a joke among friends", actor=head)
    with pytest.raises(NotPermittedError):
        do(appeals.decide_appeal, appeal.id, upholds=False, reason="No", actor=head)
    do(appeals.decide_appeal, appeal.id, upholds=True, reason="They know each other", actor=lead)
    assert book.all(Appeal)[0].state is AppealState.UPHELD
    assert (book.comment("c1").state, network.comments["c1"].is_hidden) == (CommentState.VISIBLE, False)
    assert book.decisions()[-1].decided_by == lead.user_id


def test_appeal_that_is_turned_down_changes_nothing(comes_in, do, book, head, user_with):
    comes_in("c1", NASTY)
    comment_id = book.comment("c1").id
    writer = user_with(Role.SAFEGUARDING_LEAD).as_actor()
    appeal = do(appeals.record_appeal, comment_id, words="Unfair", actor=writer)
    with pytest.raises(NotPermittedError):
        do(appeals.decide_appeal, appeal.id, upholds=False, reason="No", actor=writer)  # who wrote it down
    do(appeals.decide_appeal, appeal.id, upholds=False, reason="It insults", actor=head)  # only a rule decided before
    assert book.comment("c1").state is CommentState.HIDDEN
    assert book.all(Appeal)[0].reason == "It insults"


def test_comment_that_the_network_will_not_hide_goes_to_a_person_at_once(comes_in, book, network, user_with):
    head = user_with(Role.HEADTEACHER)
    comes_in("c1", NASTY, can_hide=False)
    comment = book.comment("c1")
    assert (comment.state, comment.awaits_person) == (CommentState.QUEUED, True)
    assert "by hand" in comment.problem
    assert not network.called("hide")
    assert any("could not change" in notice.sentence for notice in book.notices_of(head))


def test_comments_are_counted_by_what_they_are(comes_in, database, school, head):
    comes_in("c1", NASTY)
    comes_in("c2", "you idiot")
    comes_in("c3", THREAT)
    with database.reading(school.id) as session:
        assert harms_in(session, Choice(), actor=head) == [("insult", 2), ("threat", 1)]
        assert len(every_id_in(session, Choice(harm="insult"), actor=head)) == 2


@pytest.mark.parametrize(
    ("text", "years", "kept"), [("Lovely", 2, False), ("Lovely", 0.5, True), (NASTY, 2, True), (THREAT, 7, True)]
)
def test_copies_go_after_a_year_and_evidence_stays_for_its_reason(
    comes_in, do, book, head, database, school, text, years, kept
):
    comes_in("c1", text)
    if book.comment("c1").awaits_person:
        do(leave_hidden, book.comment("c1").id, actor=head)
    with database.transaction(school.id) as session:
        then = clock.now() - timedelta(days=365 * years)
        session.execute(sa.update(Comment).values(received_at=then, commented_at=then))
        session.execute(sa.update(Evidence).values(captured_at=then))
    tidy_schools(database)
    assert bool(book.comment("c1").text) is kept


def test_old_evidence_of_an_insult_is_disposed_of_and_that_is_recorded(comes_in, do, book, head, database, school):
    comes_in("c1", NASTY)
    do(leave_hidden, book.comment("c1").id, actor=head)
    with database.transaction(school.id) as session:
        session.execute(sa.update(Evidence).values(captured_at=clock.now() - timedelta(days=7 * 365)))
    tidy_schools(database)
    assert not book.evidence()
    assert "comment:evidence-disposed" in {event.tag for event in book.all(AuditEvent)}
