"""Incidents: opened once, known to their circle alone, closed with every report made or waived."""

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.comments.models import Audience
from app.core import clock
from app.core.actors import system_actor
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.incidents import opening, queries, services
from app.incidents.kinds import AUTHORITIES, CARDS, kind_for
from app.incidents.models import (
    Authority,
    AuthorityReport,
    Incident,
    IncidentKind,
    IncidentNote,
    IncidentState,
    SupportOffer,
)
from app.incidents.opening import Concern
from app.notifications.models import Notice
from moderation.labels import Label


@pytest.fixture
def opened(database, school, escalated):
    """Open an incident: `opened(Audience.GENERAL, "threat")`."""

    def make(audience: Audience, *categories: str, reason: str = "") -> Incident:
        comment, decision = escalated(audience, *categories, reason=reason)
        with database.transaction(school.id) as session:
            return opening.open_for_comment(session, comment, decision)

    return make


@pytest.fixture
def do(database, school):
    def run(service, *arguments, **more):
        with database.transaction(school.id) as session:
            return service(session, *arguments, **more)

    return run


@pytest.mark.parametrize(
    ("categories", "audience", "kind"),
    [
        (["threat"], Audience.GENERAL, IncidentKind.THREAT),
        (["insult", "allegation_staff"], Audience.DESIGNATED, IncidentKind.ALLEGATION),
        (["allegation_staff", "allegation_head"], Audience.CHAIR, IncidentKind.ALLEGATION_HEAD),
        (["disclosure"], Audience.DESIGNATED, IncidentKind.CHILD_AT_RISK),
        (["contact_seeking", "threat"], Audience.DESIGNATED, IncidentKind.CONTACT_WITH_CHILD),
        ([], Audience.DESIGNATED, IncidentKind.CHILD_AT_RISK),
        ([], Audience.GENERAL, IncidentKind.OTHER),
    ],
)
def test_gravest_category_names_the_kind(categories, audience, kind):
    assert kind_for(categories, audience) is kind


@pytest.mark.parametrize("label", list(Label))
def test_every_label_has_a_kind(label):
    assert kind_for([label.value], Audience.GENERAL) in CARDS


def test_every_kind_and_authority_has_its_words():
    assert set(CARDS) == set(IncidentKind)
    assert set(AUTHORITIES) == set(Authority)


@pytest.mark.parametrize(
    ("audience", "category", "expected"),
    [
        (Audience.GENERAL, "threat", {Role.HEADTEACHER, Role.SAFEGUARDING_LEAD}),
        (Audience.DESIGNATED, "disclosure", {Role.HEADTEACHER, Role.SAFEGUARDING_LEAD}),
        (Audience.CHAIR, "allegation_head", {Role.CHAIR_OF_GOVERNORS}),
    ],
)
def test_only_its_circle_knows_of_an_incident(opened, database, school, actors, audience, category, expected):
    incident = opened(audience, category)
    found = set()
    with database.reading(school.id) as session:
        for role, actor in actors.items():
            listed = [item.id for item in queries.incidents(session, actor=actor)]
            count = queries.open_incidents(session, actor)
            try:
                queries.readable_incident(session, incident.id, actor=actor)
            except NotFoundError:
                assert (listed, count) == ([], 0)
            else:
                assert (listed, count) == ([incident.id], 1)
                found.add(role)
    assert found == expected


def test_kind_may_narrow_the_circle_of_an_open_comment(opened):
    assert opened(Audience.GENERAL, "disclosure").audience is Audience.DESIGNATED


def test_one_incident_a_comment(database, school, escalated, all_rows):
    comment, decision = escalated(Audience.GENERAL, "threat")
    for _ in range(3):
        with database.transaction(school.id) as session:
            opening.open_for_comment(session, comment, decision)
    assert len(all_rows()) == 1


def test_second_escalation_reopens_and_narrows(database, school, escalated, all_rows, actors, do):
    comment, decision = escalated(Audience.GENERAL, "insult")
    incident = do(opening.open_for_comment, comment, decision)
    for report in all_rows(AuthorityReport):
        do(services.waive_report, report.id, reason="Not serious enough", actor=actors[Role.HEADTEACHER])
    do(services.close_incident, incident.id, outcome="Settled", actor=actors[Role.HEADTEACHER])
    comment.audience = Audience.DESIGNATED
    decision.reason = "It is worse than we thought"
    do(opening.open_for_comment, comment, decision)
    [incident] = all_rows()
    assert (incident.state, incident.audience) == (IncidentState.OPEN, Audience.DESIGNATED)
    assert [note.text for note in all_rows(IncidentNote)] == ["It is worse than we thought"]


def test_prejudice_is_kept_by_characteristic(opened):
    assert opened(Audience.GENERAL, "prejudice").characteristics == ["race"]


def test_allegation_asks_for_the_local_authority_within_a_day(opened, all_rows):
    incident = opened(Audience.DESIGNATED, "allegation_staff")
    [report] = all_rows(AuthorityReport)
    assert report.authority is Authority.LOCAL_AUTHORITY
    assert (report.wanted_by - incident.opened_at).total_seconds() == pytest.approx(86400, abs=5)


def test_report_is_settled_with_reference_and_outcome(opened, all_rows, do, actors):
    opened(Audience.CHAIR, "allegation_head")
    [report] = all_rows(AuthorityReport)
    do(
        services.settle_report,
        report.id,
        reference="LA/12",
        outcome="Strategy meeting",
        actor=actors[Role.CHAIR_OF_GOVERNORS],
    )
    [report] = all_rows(AuthorityReport)
    assert (report.reference, report.outcome, report.is_settled) == ("LA/12", "Strategy meeting", True)


def test_incident_is_not_closed_over_an_open_report(opened, do, actors):
    incident = opened(Audience.DESIGNATED, "allegation_staff")
    with pytest.raises(WrongStateError, match="report"):
        do(services.close_incident, incident.id, outcome="Done", actor=actors[Role.SAFEGUARDING_LEAD])


def test_closed_incident_takes_no_more_notes_until_it_is_reopened(opened, do, actors, all_rows):
    lead = actors[Role.SAFEGUARDING_LEAD]
    incident = opened(Audience.GENERAL)
    do(services.close_incident, incident.id, outcome="Nothing in it", actor=lead)
    with pytest.raises(WrongStateError):
        do(services.write_note, incident.id, text="One more thing", actor=lead)
    do(services.reopen_incident, incident.id, actor=lead)
    do(services.write_note, incident.id, text="One more thing", actor=lead)
    assert len(all_rows(IncidentNote)) == 1


def test_support_offered_is_kept(opened, do, actors, all_rows):
    incident = opened(Audience.GENERAL, "insult")
    do(
        services.record_support,
        incident.id,
        offered_to="The member of staff",
        support="A talk and cover",
        actor=actors[Role.HEADTEACHER],
    )
    assert [offer.offered_to for offer in all_rows(SupportOffer)] == ["The member of staff"]


def test_head_can_do_nothing_to_an_incident_about_the_head(opened, do, actors, all_rows):
    incident = opened(Audience.CHAIR, "allegation_head")
    head = actors[Role.HEADTEACHER]
    [report] = all_rows(AuthorityReport)
    for service, subject, more in (
        (services.write_note, incident.id, {"text": "It is a lie"}),
        (services.record_support, incident.id, {"offered_to": "Me", "support": "Tea"}),
        (services.change_kind, incident.id, {"kind": IncidentKind.OTHER}),
        (services.add_report, incident.id, {"authority": Authority.UNION}),
        (services.close_incident, incident.id, {"outcome": "A lie"}),
        (services.reopen_incident, incident.id, {}),
        (services.settle_report, report.id, {"reference": "1", "outcome": ""}),
        (services.waive_report, report.id, {"reason": "A lie"}),
    ):
        with pytest.raises(NotFoundError):
            do(service, subject, actor=head, **more)


def test_reader_who_may_not_write_is_told_so(opened, do, school):
    incident = opened(Audience.GENERAL, "insult")
    with pytest.raises(NotPermittedError):
        do(
            services.write_note,
            incident.id,
            text="Hello",
            actor=system_actor(school.id, "test", Permission.INCIDENT_READ),
        )


@pytest.mark.parametrize(
    ("concern", "told"),
    [
        (Concern.GENERAL, {Role.HEADTEACHER}),
        (Concern.CHILD, {Role.HEADTEACHER, Role.SAFEGUARDING_LEAD}),
        (Concern.CONTACT, {Role.HEADTEACHER, Role.SAFEGUARDING_LEAD}),
        (Concern.ADULT, {Role.HEADTEACHER, Role.SAFEGUARDING_LEAD}),
        (Concern.HEAD, {Role.CHAIR_OF_GOVERNORS}),
    ],
)
def test_something_seen_elsewhere_reaches_its_circle(do, actors, user_with, all_rows, concern, told):
    people = {
        role: user_with(role).id
        for role in (Role.HEADTEACHER, Role.SAFEGUARDING_LEAD, Role.CHAIR_OF_GOVERNORS, Role.STAFF)
    }
    do(
        opening.report_seen_elsewhere,
        concern=concern,
        what="A post about us by Quentin",
        where="https://example.org/p",
        actor=actors[Role.STAFF],
    )
    notices = all_rows(Notice)
    assert {notice.user_id for notice in notices} == {people[role] for role in told}
    assert all("Quentin" not in notice.sentence for notice in notices)


def test_something_seen_elsewhere_needs_words(do, actors):
    with pytest.raises(InvalidInputError):
        do(opening.report_seen_elsewhere, concern=Concern.GENERAL, what=" ", where="", actor=actors[Role.STAFF])


def test_late_reports_are_counted_for_those_who_may_know(opened, database, school, actors, all_rows):
    opened(Audience.DESIGNATED, "allegation_staff")
    with database.transaction(school.id) as session:
        session.execute(sa.update(AuthorityReport).values(wanted_by=clock.now()))
    with database.reading(school.id) as session:
        assert queries.late_reports(session, actors[Role.SAFEGUARDING_LEAD]) == 1
        assert queries.late_reports(session, actors[Role.CHAIR_OF_GOVERNORS]) == 0
