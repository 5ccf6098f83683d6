"""Incidents and the comments that they are about: gathered, kept, narrowed, and the child first."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.comments import pile_ons, telling
from app.comments.events import comment_narrowed
from app.comments.evidence import lines_of, open_evidence
from app.comments.models import Audience, Comment, DecisionAction, Evidence
from app.comments.retention import tidy_schools
from app.comments.spots import Spot
from app.core import clock
from app.incidents import gathering, lifecycle, listing, opening, services
from app.incidents.kinds import ACCUSES, CARDS
from app.incidents.models import (
    Authority,
    AuthorityReport,
    Incident,
    IncidentKind,
    IncidentNote,
    IncidentState,
    SupportOffer,
)
from app.incidents.retention import Tidier
from app.incidents.tasks import remind
from app.notifications.models import Notice
from moderation import Action, Label, Route, judge
from moderation import Comment as Written
from moderation.model import Signal


def test_one_incident_a_comment(database, school, escalated, all_rows):
    comment, decision = escalated(Audience.GENERAL, "threat")
    for _ in range(3):
        with database.transaction(school.id) as session:
            opening.open_for_comment(session, comment, decision)
    assert len(all_rows()) == 1


def test_comment_followed_up_by_hand_is_kept_as_evidence(app, escalated, all_rows, actors, do):
    comment, _ = escalated(Audience.GENERAL, "insult", text="What a fool")
    sealer, head = app.extensions["schoolgate.sealers"]["evidence"], actors[Role.HEADTEACHER]
    do(opening.open_by_hand, comment.id, sealer=sealer, actor=head)
    [kept] = all_rows(Evidence)
    assert (kept.comment_id, open_evidence(kept, sealer=sealer)["text"]) == (comment.id, "What a fool")


def test_clock_runs_again_when_an_escalation_changes_the_circle(escalated, all_rows, actors, do):
    comment, decision = escalated(Audience.GENERAL, "threat")
    incident = do(opening.open_for_comment, comment, decision)
    do(services.take_incident, incident.id, actor=actors[Role.HEADTEACHER])
    do(lambda session: session.execute(sa.update(AuthorityReport).values(late_told_at=clock.now())))
    comment.audience = Audience.CHAIR
    do(opening.open_for_comment, comment, decision)
    [incident] = all_rows()
    assert (incident.audience, incident.taken_at, incident.taken_by) == (Audience.CHAIR, None, None)
    assert {report.late_told_at for report in all_rows(AuthorityReport)} == {None}
    assert "incident:handed-over" in {event.tag for event in all_rows(AuditEvent)}


@pytest.mark.parametrize(
    ("audience", "is_closed", "state"),
    [
        (Audience.GENERAL, False, IncidentState.OPEN),
        (Audience.GENERAL, True, IncidentState.DISPOSED),
        (Audience.DESIGNATED, True, IncidentState.CLOSED),
    ],
)
def test_incident_and_its_evidence_are_kept_for_the_school_s_period(
    app, database, school, escalated, all_rows, actors, do, audience, is_closed, state
):
    comment, _ = escalated(audience, action=DecisionAction.HIDE)
    sealer, head = app.extensions["schoolgate.sealers"]["evidence"], actors[Role.HEADTEACHER]
    incident = do(opening.open_by_hand, comment.id, sealer=sealer, actor=head)
    do(services.write_note, incident.id, text="Spoke to the family", actor=head)
    for report in all_rows(AuthorityReport):
        do(services.waive_report, report.id, reason="Not serious enough", actor=head)
    if is_closed:
        do(lifecycle.close_incident, incident.id, outcome="Settled", actor=head)
    long_ago = clock.now() - timedelta(days=7 * 366)
    do(lambda session: session.execute(sa.update(Evidence).values(captured_at=long_ago)))
    do(lambda session: session.execute(sa.update(Comment).values(received_at=long_ago)))
    do(lambda session: session.execute(sa.update(Incident).values(closed_at=long_ago)))
    tidy_schools(database)
    Tidier(app.extensions["schoolgate.storage"]).run(database)
    [left] = all_rows()
    is_kept = state is not IncidentState.DISPOSED
    assert left.state is state
    assert [bool(all_rows(model)) for model in (Evidence, IncidentNote)] == [is_kept, is_kept]
    assert (bool(all_rows(Comment)[0].text), bool(left.summary)) == (is_kept, is_kept)


def test_second_escalation_reopens_and_narrows(database, school, escalated, all_rows, actors, do):
    comment, decision = escalated(Audience.GENERAL, "insult")
    incident = do(opening.open_for_comment, comment, decision)
    for report in all_rows(AuthorityReport):
        do(services.waive_report, report.id, reason="Not serious enough", actor=actors[Role.HEADTEACHER])
    do(lifecycle.close_incident, incident.id, outcome="Settled", actor=actors[Role.HEADTEACHER])
    comment.audience = Audience.DESIGNATED
    decision.reason = "It is worse than we thought"
    do(opening.open_for_comment, comment, decision)
    [incident] = all_rows()
    assert (incident.state, incident.audience) == (IncidentState.OPEN, Audience.DESIGNATED)
    assert [note.text for note in all_rows(IncidentNote)] == ["It is worse than we thought"]


def test_comments_of_a_pile_on_are_one_incident_and_calls_for_help_stand_alone(do, escalated, all_rows, post):
    crowd = ("insult", "self_harm_incitement") * 3
    for category in ("disclosure", *crowd, "disclosure"):
        audience = Audience.GENERAL if category == "insult" else Audience.DESIGNATED
        do(opening.open_for_comment, *escalated(audience, category, post_id=post.id))
    kinds = [incident.kind for incident in all_rows()]
    assert sorted(kinds) == [IncidentKind.ABUSE_OF_STAFF, *[IncidentKind.CHILD_AT_RISK] * 3]


GUESS = {"rule": "model.disclosure", "label": "disclosure", "score": 0.6}
PLAIN = {"rule": "disclosure.self", "label": "disclosure", "score": 0.6}


def test_guesses_of_the_model_are_one_incident_until_it_is_taken_and_a_plain_cry_is_never_among_them(
    do, escalated, all_rows, post, actors
):
    def judged(*signals):
        comment, decision = escalated(Audience.DESIGNATED, "disclosure", post_id=post.id)
        decision.signals = list(signals)
        return comment, decision, do(opening.open_for_comment, comment, decision)

    first, plain, second = judged(GUESS), judged(GUESS, PLAIN), judged(GUESS)
    sure = judged({**GUESS, "score": 0.75})
    assert len({first[2].id, plain[2].id, sure[2].id}) == 3
    assert second[2].id == first[2].id
    do(services.take_incident, first[2].id, actor=actors[Role.SAFEGUARDING_LEAD])
    assert judged(GUESS)[2].id not in {row.id for row in (first[2], plain[2], sure[2])}
    comment, decision, guessed = second
    decision.signals = [PLAIN]
    own = do(opening.open_for_comment, comment, decision)
    assert (own.id != guessed.id, own.taken_at, own.summary == gathering.SUSPECTED) == (True, None, False)
    assert len(all_rows()) == 5


@pytest.mark.parametrize("kind", [IncidentKind.CHILD_AT_RISK, IncidentKind.ABUSE_OF_STAFF])
def test_guess_that_a_person_judged_is_none_any_more(do, escalated, all_rows, post, actors, kind):
    comment, decision = escalated(Audience.DESIGNATED, "disclosure", post_id=post.id)
    decision.signals = [GUESS]
    do(opening.open_for_comment, comment, decision)
    [before] = all_rows()
    assert listing.is_guess(before)
    do(lifecycle.change_kind, before.id, kind=kind, actor=actors[Role.SAFEGUARDING_LEAD])
    [judged] = all_rows()
    assert listing.title_of(judged, ["disclosure"]) == CARDS[kind].label


def test_nothing_plain_gathers_among_guesses(do, escalated, all_rows, post):
    do(opening.open_for_comment, *escalated(Audience.GENERAL, "threat", post_id=post.id))
    do(lambda session: session.execute(sa.update(Incident).values(summary=gathering.SUSPECTED)))
    do(opening.open_for_comment, *escalated(Audience.GENERAL, "threat", post_id=post.id))
    assert len(all_rows()) == 2


def test_comment_that_fewer_may_know_of_leaves_its_pile_on(do, escalated, all_rows, post, actors):
    _, (comment, decision) = (escalated(Audience.GENERAL, "insult", post_id=post.id) for _ in range(2))
    do(opening.open_for_comment, *escalated(Audience.GENERAL, "insult", post_id=post.id))
    do(opening.open_for_comment, comment, decision)
    comment.audience = Audience.CHAIR
    do(opening.open_for_comment, comment, decision)
    assert sorted(incident.audience for incident in all_rows()) == [Audience.CHAIR, Audience.GENERAL]


def test_doubt_that_narrows_a_comment_narrows_its_incident_and_opens_none(do, escalated, all_rows):
    comment, decision = escalated(Audience.GENERAL, "insult", action=DecisionAction.REVIEW)
    other, doubt = escalated(Audience.CHAIR, "allegation_head", action=DecisionAction.REVIEW)
    do(opening.open_for_comment, comment, decision)
    comment.audience = Audience.CHAIR
    for row, judged in ((comment, decision), (other, doubt)):
        do(comment_narrowed.send, comment=row, decision=judged)
    assert [incident.audience for incident in all_rows()] == [Audience.CHAIR]


CHAIR, LEAD, HEAD = Role.CHAIR_OF_GOVERNORS, Role.SAFEGUARDING_LEAD, Role.HEADTEACHER


@pytest.mark.parametrize(
    ("audience", "category", "score", "told"),
    [
        (Audience.CHAIR, "allegation_head", 0.9, {CHAIR, LEAD}),
        (Audience.CHAIR, "allegation_head", 0.3, set()),
        (Audience.HEAD, "allegation_staff", 0.9, {HEAD}),
    ],
)
def test_child_at_risk_does_not_wait_for_an_allegation(
    do, database, school, escalated, user_with, all_rows, audience, category, score, told
):
    people = {user_with(role).id: role for role in (CHAIR, LEAD, HEAD)}
    comment, decision = escalated(audience, category, "disclosure")
    decision.signals = [{"label": "disclosure", "score": score}]
    incident = do(opening.open_for_comment, comment, decision)
    assert (incident.audience, incident.kind in ACCUSES) == (audience, True)
    asked = {report.authority for report in all_rows(AuthorityReport)}
    assert (Authority.CHILDREN_SERVICES in asked) is bool(told)
    do(lambda session: session.execute(sa.update(Incident).values(opened_at=clock.now() - timedelta(minutes=20))))
    remind(database)
    assert {people[notice.user_id] for notice in all_rows(Notice)} == told


@pytest.mark.parametrize("has_incident", [True, False])
def test_people_told_of_a_pile_on_were_offered_support(do, escalated, user_with, post, all_rows, has_incident):
    head, teacher = user_with(Role.HEADTEACHER), user_with(Role.STAFF, name="Tom Teacher")
    if has_incident:
        do(opening.open_for_comment, *escalated(Audience.GENERAL, "insult", post_id=post.id))
    pile_on = do(pile_ons.begin_by_hand, Spot(post.id), actor=head.as_actor())
    do(pile_ons.tell_people, pile_on.id, [teacher.id], actor=head.as_actor())
    [incident], [offer] = all_rows(), all_rows(SupportOffer)
    assert (offer.incident_id, offer.offered_to, offer.offered_by) == (incident.id, "Tom Teacher", head.id)
    assert (incident.kind, incident.opened_by is None) == (IncidentKind.ABUSE_OF_STAFF, has_incident)


def test_evidence_is_told_in_plain_words_and_in_the_time_of_clocks_here(app, escalated, do, actors, all_rows):
    comment, _ = escalated(Audience.GENERAL, "threat")
    sealer = app.extensions["schoolgate.sealers"]["evidence"]
    do(opening.open_by_hand, comment.id, sealer=sealer, actor=actors[Role.HEADTEACHER])
    told = dict(lines_of(open_evidence(all_rows(Evidence)[0], sealer=sealer)))
    there = clock.london(comment.commented_at)
    assert told["Network"] == "Facebook"
    assert told["Written"].endswith(f"{there:%Y, %H:%M:%S %Z}")
    assert not [name for name in told if "_" in name or name in ("Captured", "First read", "Permalink")]
    assert "T" not in told["First seen here"].partition(",")[2].replace("GMT", "").replace("BST", "")


@pytest.fixture
def told(do, escalated, post, user_with):
    """People are told of a comment after its incident was opened; returns both addresses a notice may lead to."""
    user_with(Role.SAFEGUARDING_LEAD)

    def tell(rule, label=Label.DISCLOSURE):
        comment, decision = escalated(Audience.DESIGNATED, label.value, post_id=post.id)
        signal = Signal(rule, label, 0.6, "may be a cry for help", 0, 5)
        decision.signals = [{"rule": rule, "label": label.value, "score": 0.6}]
        do(opening.open_for_comment, comment, decision)
        verdict = replace(
            judge(Written("Words")),
            action=Action.ESCALATE,
            categories=(label,),
            signals=(signal,),
            routes=(Route.SAFEGUARDING,),
        )
        do(telling.judged, comment, verdict)
        return f"/incidents/of-comment/{comment.id}", f"/comments/{comment.id}"

    return tell


def test_guesses_under_one_post_are_one_notice_and_a_plain_cry_has_its_own(told, all_rows):
    *_, last = [told("model.disclosure") for _ in range(3)]
    plain = told("disclosure.self")
    assert sorted(notice.link for notice in all_rows(Notice)) == sorted([last[0], plain[1]])


def test_guess_with_an_incident_of_its_own_has_a_notice_of_its_own(told, all_rows):
    gathered, alone = told("model.disclosure"), told("model.contact_seeking", Label.CONTACT_SEEKING)
    assert sorted(notice.link for notice in all_rows(Notice)) == sorted([gathered[0], alone[1]])
    assert all(len(notice.bundle or "") <= Notice.__table__.c.bundle.type.length for notice in all_rows(Notice))


def test_notice_of_guesses_is_settled_when_they_are_taken_and_the_next_is_told_anew(told, do, all_rows, actors):
    told("model.disclosure")
    [incident] = all_rows()
    do(services.take_incident, incident.id, actor=actors[Role.SAFEGUARDING_LEAD])
    [settled] = all_rows(Notice)
    told("model.disclosure")
    assert settled.read_at is not None
    assert sorted(notice.read_at is None for notice in all_rows(Notice)) == [False, True]
