"""What the rules do: hide what is clear, ask about what is not, leave criticism alone, and keep evidence first."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

import moderation
from app.accounts.roles import Role
from app.comments import judging
from app.comments.circles import audience_for
from app.comments.context import Case
from app.comments.evidence import open_evidence
from app.comments.models import Audience, Comment, CommentState, DecisionAction
from app.comments.pile_on_models import PileOn
from app.comments.services import restore_comment
from app.comments.verdicts import categories_of, opinion_on
from app.core import clock
from app.core.crypto import SealBrokenError
from app.notifications.models import Notice, NoticeState, NoticeUrgency
from moderation.decision import verdict_on

NASTY = "You are a bitch and an idiot"
THREAT = "I will find you and kill you"
CRITICISM = [
    "Worst school ever, nobody answers the phone",
    "Shocking. Absolutely shocking. Heads should roll",
    "Very disappointed that the trip was cancelled again with no notice",
    "The new uniform policy is ridiculous and expensive",
]


@pytest.mark.parametrize("text", CRITICISM)
def test_criticism_stays_visible(comes_in, book, network, text):
    comes_in("c1", text)
    assert book.comment("c1").state in (CommentState.VISIBLE, CommentState.QUEUED)
    assert network.called("hide") == []


def test_abuse_is_hidden_on_the_network(comes_in, book, network):
    comes_in("c1", NASTY)
    comment = book.comment("c1")
    assert network.comments["c1"].is_hidden
    assert (comment.state, comment.awaits_person, comment.is_hidden_remotely) == (CommentState.HIDDEN, True, True)
    assert comment.hidden_at >= comment.received_at


def test_decision_keeps_its_reasons_and_versions(comes_in, book):
    comes_in("c1", NASTY)
    [decision] = book.decisions()
    assert decision.reasons
    assert decision.signals
    assert decision.policy_version
    assert decision.model_version
    assert not decision.is_by_person


@pytest.mark.parametrize("name", ["Bramley Hill", "@PAGE"])
def test_display_name_of_the_school_excuses_nobody(comes_in, book, name):
    comes_in("c1", THREAT, author_name=name)
    assert book.comment("c1").state is CommentState.HIDDEN


def test_evidence_is_kept_before_the_network_is_asked(comes_in, book, network):
    seen = []
    network.on_call = lambda: seen.append(len(book.evidence()))
    comes_in("c1", NASTY)
    assert network.called("hide") == ["c1"]
    assert set(seen) == {1}


def test_evidence_opens_to_what_was_there_and_has_its_digest(comes_in, book, sealer):
    comes_in("c1", NASTY)
    [evidence] = book.evidence()
    snapshot = open_evidence(evidence, sealer=sealer)
    assert snapshot["text"] == NASTY
    assert snapshot["post_text"] == "Our summer fair was a joy."
    told = json.dumps(snapshot, sort_keys=True, ensure_ascii=False).encode()
    assert hashlib.sha256(told).hexdigest() == evidence.sha256
    assert NASTY.encode() not in evidence.sealed


def test_evidence_that_was_changed_does_not_open(comes_in, book, sealer):
    comes_in("c1", NASTY)
    [evidence] = book.evidence()
    evidence.sealed = evidence.sealed[:-1] + bytes([evidence.sealed[-1] ^ 1])
    with pytest.raises(SealBrokenError):
        open_evidence(evidence, sealer=sealer)


def test_evidence_of_new_words_is_kept_beside_the_old(comes_in, book):
    comes_in("c1", NASTY)
    comes_in("c1", NASTY + " indeed", is_hidden=True)
    assert len(book.evidence()) == 2


def test_allowed_comment_leaves_no_evidence(comes_in, book):
    comes_in("c1", "Lovely photos, well done")
    assert book.evidence() == []


def test_disclosure_reaches_the_designated_persons_and_is_not_just_hidden(comes_in, book, user_with):
    lead, head = user_with(Role.SAFEGUARDING_LEAD), user_with(Role.HEADTEACHER)
    comes_in("c1", "I want to kill myself, nobody would miss me")
    comment = book.comment("c1")
    assert comment.audience is Audience.DESIGNATED
    assert comment.awaits_person
    [notice] = book.notices_of(lead)
    assert notice.urgency is NoticeUrgency.AT_ONCE
    assert book.notices_of(head)


def test_judging_twice_writes_one_decision(comes_in, book, worker, database, school, sealer):
    comes_in("c1", NASTY)
    judging.Judge(sealer).run(database, book.comment("c1").id, school.id)
    assert len(book.decisions()) == 1


def test_one_wake_up_judges_the_waiting_neighbours(comes_in, book, worker):
    for number in range(7):
        comes_in(f"c{number}", "Lovely", settle=False)
    assert worker.run(judging.JUDGE_JOB, str(book.comments()[0].id))
    assert {comment.state for comment in book.comments()} == {CommentState.VISIBLE}


def test_comment_that_failed_before_is_judged_alone(comes_in, book, database, school, sealer, monkeypatch):
    for number in range(3):
        comes_in(f"c{number}", "Lovely", settle=False)
    bad = book.comments()[0].id
    with database.transaction(school.id) as session:
        session.get_one(Comment, bad).attempts = 2
    batches = []
    monkeypatch.setattr(judging.Judge, "_judge", lambda self, database, batch, school_id: batches.append(batch))
    judging.Judge(sealer).run(database, bad, school.id)
    assert batches[0] == {bad}


def test_comment_that_cannot_be_judged_holds_up_nobody_and_reaches_a_person(
    comes_in, book, database, school, worker, monkeypatch, user_with
):
    lead = user_with(Role.SAFEGUARDING_LEAD)
    monkeypatch.setattr(judging, "opinion_on", lambda case: opinion_on(case) if case.comment.text != "bad" else 1 / 0)
    comes_in("c1", "bad", settle=False)
    comes_in("c2", NASTY)
    assert (book.comment("c1").state, book.comment("c2").state) == (CommentState.RECEIVED, CommentState.HIDDEN)
    for _ in range(judging.TRIES):
        with database.transaction(school.id) as session:
            session.get_one(Comment, book.comment("c1").id).due_at = clock.now()
        worker.sweep_until_idle()
    bad = book.comment("c1")
    assert (bad.state, bad.audience, bad.awaits_person) == (CommentState.QUEUED, Audience.DESIGNATED, True)
    assert bad.id in {kept.comment_id for kept in book.evidence()}
    assert "could not read" in book.notices_of(lead)[-1].sentence


def test_neighbour_that_another_worker_has_is_left_to_it(comes_in, book, worker, database, school):
    for number in range(3):
        comes_in(f"c{number}", "Lovely", settle=False)
    taken, other, _ = book.comments()
    with database.transaction(school.id) as session:
        session.get_one(Comment, taken.id).claimed_until = clock.now() + timedelta(minutes=1)
    worker.run(judging.JUDGE_JOB, str(other.id))
    assert [comment.state for comment in book.comments()].count(CommentState.RECEIVED) == 1


def test_head_is_told_of_serious_things_at_once_and_of_others_later(comes_in, book, user_with):
    head = user_with(Role.HEADTEACHER)
    comes_in("c1", THREAT)
    assert [notice.urgency for notice in book.notices_of(head)] == [NoticeUrgency.AT_ONCE]


def test_notices_quote_nothing_and_name_nobody(comes_in, book, user_with):
    user_with(Role.HEADTEACHER)
    comes_in("c1", THREAT, author_name="Quentin Quibble")
    assert book.all(Notice)
    for notice in book.all(Notice):
        assert "kill" not in notice.sentence
        assert "Quibble" not in notice.sentence


def test_pile_on_is_one_alert_a_person(comes_in, book, user_with, worker):
    head = user_with(Role.HEADTEACHER)
    for number in range(12):
        comes_in(f"c{number}", NASTY if number % 2 else THREAT, settle=False)
    worker.sweep_until_idle()
    alerts = [notice for notice in book.notices_of(head) if notice.urgency is NoticeUrgency.AT_ONCE]
    assert len(alerts) == 1
    assert alerts[0].state is not NoticeState.SENT  # no mail server is set up
    assert "at once" in alerts[0].sentence


def test_worst_of_a_pile_on_is_hidden_first(comes_in, worker, network):
    for number in range(6):
        comes_in(f"c{number}", "you idiot", settle=False)
    comes_in("worst", THREAT, settle=False)
    worker.sweep_until_idle()
    assert network.called("hide")[0] == "worst"


def test_allowed_comment_tells_nobody(comes_in, book, user_with):
    user_with(Role.HEADTEACHER), user_with(Role.SAFEGUARDING_LEAD)
    comes_in("c1", "Lovely photos, well done")
    assert book.all(Notice) == []


def test_rule_says_so_and_changes_nothing_where_a_person_decided(
    comes_in, book, database, school, sealer, user_with, worker
):
    head = user_with(Role.HEADTEACHER)
    comes_in("c1", NASTY)
    with database.transaction(school.id) as session:
        restore_comment(session, book.comment("c1").id, reason="A joke between friends", actor=head.as_actor())
    worker.sweep_until_idle()
    comes_in("c1", "Other words")
    comes_in("c1", NASTY)  # back to what the person decided about
    assert book.comment("c1").state is CommentState.VISIBLE
    assert book.decisions()[-1].action is DecisionAction.HIDE  # what the rule would have done is on record


@pytest.mark.parametrize(
    ("categories", "restricted", "routes", "audience"),
    [
        (["insult"], False, ["head"], Audience.GENERAL),
        (["threat"], False, ["head", "safeguarding"], Audience.GENERAL),
        (["disclosure"], False, ["safeguarding"], Audience.DESIGNATED),
        (["insult", "contact_seeking"], False, ["head", "safeguarding"], Audience.DESIGNATED),
        (["from_a_child"], False, ["safeguarding"], Audience.DESIGNATED),
        (["allegation_staff"], True, ["head", "safeguarding"], Audience.DESIGNATED),
        (["allegation_staff", "allegation_head"], True, ["head", "safeguarding", "chair_of_governors"], Audience.CHAIR),
    ],
)
def test_audience_follows_from_the_verdict(categories, restricted, routes, audience):
    verdict = replace(
        moderation.judge(moderation.Comment("Lovely"), moderation.Context()),
        categories=tuple(map(moderation.Label, categories)),
        restricted=restricted,
        routes=tuple(map(moderation.Route, routes)),
    )
    assert audience_for(verdict) is audience


@pytest.mark.parametrize("beside", [moderation.Label.PROFANITY, moderation.Label.NOT_ENGLISH])
@pytest.mark.parametrize(
    ("doubtful", "audience"),
    [
        (moderation.Label.DISCLOSURE, Audience.DESIGNATED),
        (moderation.Label.ALLEGATION_STAFF, Audience.DESIGNATED),
        (moderation.Label.ALLEGATION_HEAD, Audience.CHAIR),
    ],
)
def test_swear_word_drowns_no_doubt_out(beside, doubtful, audience):
    signals = [
        moderation.Signal("swear", beside, 0.6, "swears", 0, 1),
        moderation.Signal("doubt", doubtful, 0.5, "may be grave", 0, 1),
    ]
    verdict = verdict_on(signals, "en")
    assert audience_for(verdict) is audience
    assert categories_of(verdict)[0] is doubtful


@pytest.mark.parametrize("doubtful", [moderation.Label.CRITICISM, moderation.Label.DISCLOSURE])
def test_own_word_hides_no_doubtful_complaint_or_cry_for_help(monkeypatch, doubtful):
    signals = [
        moderation.Signal("drugs", moderation.Label.DRUGS, 0.6, "tells", 0, 1),
        moderation.Signal("doubt", doubtful, 0.5, "may speak", 0, 1),
    ]
    monkeypatch.setattr(moderation, "judge", lambda comment, context: verdict_on(signals, "en"))
    words = moderation.Comment("what a numpty")
    case = Case(uuid4(), "", words, moderation.Context(), frozenset({"numpty"}))
    assert not opinion_on(case).verdict.hide


def test_pile_on_of_mild_abuse_is_an_alert_too(comes_in, book, user_with, post):
    head = user_with(Role.HEADTEACHER)
    for number in range(6):
        comes_in(f"c{number}", "you idiot")
    alerts = [notice for notice in book.notices_of(head) if notice.urgency is NoticeUrgency.AT_ONCE]
    [pile_on] = book.all(PileOn)
    assert pile_on.post_id == post.id
    assert [notice.link for notice in alerts] == [f"/comments/pile-ons/{pile_on.id}"]


def test_old_comments_found_at_the_start_are_no_pile_on(comes_in, book, user_with):
    head = user_with(Role.HEADTEACHER)
    for number in range(6):
        comes_in(f"c{number}", "you idiot", created_at=clock.now() - timedelta(days=30))
    assert [notice.urgency for notice in book.notices_of(head)] == [NoticeUrgency.TODAY]


def test_school_without_a_head_asks_the_administrator_for_one(comes_in, book, user_with):
    admin = user_with(Role.ADMINISTRATOR)
    comes_in("c1", THREAT)
    [notice] = book.notices_of(admin)
    assert "no sign-in" in notice.sentence
    assert notice.link == "/"
