"""Incidents: opened once, known to their circle alone, closed with every report made or waived."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.comments.models import Audience, Comment
from app.core import clock
from app.core.actors import system_actor
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.incidents import handing_over, lifecycle, opening, passing_on, queries, services
from app.incidents.authorities import AUTHORITIES, wanted_by
from app.incidents.kinds import CARDS, kind_for
from app.incidents.log import prejudice_by_term
from app.incidents.models import (
    Authority,
    AuthorityReport,
    Incident,
    IncidentKind,
    IncidentNote,
    SupportOffer,
)
from app.incidents.passing_on import Concern, sort_out
from app.incidents.tasks import remind
from app.notifications.models import Notice
from app.publishing.breach_models import DataBreach
from app.publishing.events import photo_published_wrongly
from moderation.labels import Label


@pytest.fixture
def opened(database, school, escalated):
    """Open an incident: `opened(Audience.GENERAL, "threat")`."""

    def make(audience: Audience, *categories: str, reason: str = "") -> Incident:
        comment, decision = escalated(audience, *categories, reason=reason)
        with database.transaction(school.id) as session:
            return opening.open_for_comment(session, comment, decision)

    return make


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


def test_prejudice_is_kept_by_characteristic(opened):
    assert opened(Audience.GENERAL, "prejudice").characteristics == ["race"]


@pytest.mark.parametrize(
    ("asked", "officer", "services_for_children"),
    [
        ("2026-11-18 14:43", "2026-11-19 14:43", "2026-11-19 14:43"),
        ("2026-11-20 14:43", "2026-11-23 14:43", "2026-11-21 14:43"),
        ("2026-11-21 14:43", "2026-11-23 14:43", "2026-11-22 14:43"),
        ("2026-11-22 23:50", "2026-11-23 23:50", "2026-11-23 23:50"),
        ("2026-10-23 09:00", "2026-10-26 09:00", "2026-10-24 09:00"),  # the clocks go back on the Sunday
    ],
)
def test_working_day_leaves_the_weekend_out_for_those_who_count_so(asked, officer, services_for_children):
    at = clock.from_london(datetime.fromisoformat(asked))
    for authority, by in (
        (Authority.LOCAL_AUTHORITY, officer),
        (Authority.CHILDREN_SERVICES, services_for_children),
    ):
        assert f"{clock.london(wanted_by(authority, timedelta(days=1), asked_at=at)):%Y-%m-%d %H:%M}" == by


def test_allegation_asks_for_the_local_authority_within_a_working_day(opened, all_rows):
    incident = opened(Audience.DESIGNATED, "allegation_staff")
    [report] = all_rows(AuthorityReport)
    assert report.authority is Authority.LOCAL_AUTHORITY
    by = wanted_by(Authority.LOCAL_AUTHORITY, timedelta(days=1), asked_at=incident.opened_at)
    assert (report.wanted_by - by).total_seconds() == pytest.approx(0, abs=5)


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
        do(lifecycle.close_incident, incident.id, outcome="Done", actor=actors[Role.SAFEGUARDING_LEAD])


def test_closed_incident_takes_no_more_notes_until_it_is_reopened(opened, do, actors, all_rows):
    lead = actors[Role.SAFEGUARDING_LEAD]
    incident = opened(Audience.GENERAL)
    do(lifecycle.close_incident, incident.id, outcome="Nothing in it", actor=lead)
    with pytest.raises(WrongStateError):
        do(services.write_note, incident.id, text="One more thing", actor=lead)
    do(lifecycle.reopen_incident, incident.id, reason="There is more", actor=lead)
    do(services.write_note, incident.id, text="One more thing", actor=lead)
    assert [note.text.split(":")[0] for note in all_rows(IncidentNote)] == ["Opened again", "One more thing"]


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
        (lifecycle.change_kind, incident.id, {"kind": IncidentKind.OTHER}),
        (services.add_report, incident.id, {"authority": Authority.UNION}),
        (lifecycle.close_incident, incident.id, {"outcome": "A lie"}),
        (lifecycle.reopen_incident, incident.id, {"reason": "A lie"}),
        (handing_over.move_circle, incident.id, {"audience": Audience.GENERAL, "reason": "A lie"}),
        (services.take_incident, incident.id, {}),
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


BOTH = {Role.HEADTEACHER, Role.SAFEGUARDING_LEAD}


@pytest.mark.parametrize(
    ("concern", "what", "told"),
    [
        (Concern.GENERAL, "https://example.org/p", {Role.HEADTEACHER}),
        (Concern.COLLEAGUE, "https://example.org/p", {Role.HEADTEACHER}),
        (Concern.UNSURE, "https://example.org/p", BOTH),
        (Concern.CHILD, "https://example.org/p", BOTH),
        (Concern.CONTACT, "https://example.org/p", BOTH),
        (Concern.ADULT, "https://example.org/p", BOTH),
        (Concern.HEAD, "https://example.org/p", {Role.CHAIR_OF_GOVERNORS}),
        (Concern.UNSURE, "The headteacher hit a child in the corridor", {Role.CHAIR_OF_GOVERNORS}),
        (Concern.GENERAL, "The headteacher hit a child in the corridor", {Role.CHAIR_OF_GOVERNORS}),
        (Concern.UNSURE, "please help me, my stepdad hits me and i don't want to go home", BOTH),
    ],
)
def test_something_seen_elsewhere_reaches_its_circle(
    do, database, school, actors, user_with, all_rows, concern, what, told
):
    people = {
        role: user_with(role).id
        for role in (Role.HEADTEACHER, Role.SAFEGUARDING_LEAD, Role.CHAIR_OF_GOVERNORS, Role.STAFF)
    }
    found = sort_out(database, school.id, concern, what)
    do(passing_on.report_seen_elsewhere, found=found, concern=concern, what=what, actor=actors[Role.STAFF])
    notices = all_rows(Notice)
    assert {notice.user_id for notice in notices} == {people[role] for role in told}
    assert not any(word in notice.sentence for notice in notices for word in ("head", "hit", "stepdad", "example"))


def test_something_seen_elsewhere_needs_words_or_a_picture(do, actors):
    found = passing_on.Sorted(IncidentKind.OTHER, Audience.GENERAL)
    with pytest.raises(InvalidInputError):
        do(
            passing_on.report_seen_elsewhere,
            found=found,
            concern=Concern.UNSURE,
            what=" ",
            actor=actors[Role.STAFF],
        )


def test_late_reports_are_counted_for_those_who_may_know(opened, database, school, actors, all_rows):
    opened(Audience.DESIGNATED, "allegation_staff")
    with database.transaction(school.id) as session:
        session.execute(sa.update(AuthorityReport).values(wanted_by=clock.now()))
    with database.reading(school.id) as session:
        assert queries.late_reports(session, actors[Role.SAFEGUARDING_LEAD]) == 1
        assert queries.late_reports(session, actors[Role.CHAIR_OF_GOVERNORS]) == 0


def test_network_that_was_told_is_followed_after_two_days(opened, do, actors, all_rows):
    opened(Audience.GENERAL, "insult")
    report = next(report for report in all_rows(AuthorityReport) if report.authority is Authority.NETWORK)
    do(services.settle_report, report.id, reference="R", outcome="", actor=actors[Role.HEADTEACHER])
    [later] = [report for report in all_rows(AuthorityReport) if report.authority is Authority.HARMFUL_CONTENT]
    assert (later.wanted_from - later.asked_at).total_seconds() == 48 * 3600


def test_sorting_an_incident_as_about_the_head_takes_it_and_its_comment_from_the_head(
    opened, do, actors, user_with, database, school, all_rows
):
    chair, head = user_with(Role.CHAIR_OF_GOVERNORS), actors[Role.HEADTEACHER]
    incident = opened(Audience.GENERAL, "insult")
    do(lifecycle.change_kind, incident.id, kind=IncidentKind.ALLEGATION_HEAD, actor=head)
    assert [notice.user_id for notice in all_rows(Notice)] == [chair.id]
    assert [comment.audience for comment in all_rows(Comment)] == [Audience.CHAIR]
    with database.reading(school.id) as session, pytest.raises(NotFoundError):
        queries.readable_incident(session, incident.id, actor=head)
    assert Authority.LOCAL_AUTHORITY in {report.authority for report in all_rows(AuthorityReport)}


def test_doubles_become_one_and_their_papers_are_read_together(opened, do, actors, database, school, all_rows):
    lead = actors[Role.SAFEGUARDING_LEAD]
    double, main = opened(Audience.DESIGNATED, "disclosure"), opened(Audience.DESIGNATED, "disclosure")
    do(services.write_note, double.id, text="Seen by two", actor=lead)
    do(lifecycle.join_incident, double.id, into=main.id, actor=lead)
    with database.reading(school.id) as session:
        papers = queries.file_of(session, queries.readable_incident(session, main.id, actor=lead), actor=lead)
        assert queries.open_incidents(session, lead) == 1
    assert ([note.text for note in papers.notes], papers.comment_count) == (["Seen by two"], 2)
    assert sorted(report.is_settled for report in papers.reports) == [False, True]
    with pytest.raises(WrongStateError):
        do(services.write_note, double.id, text="Too late", actor=lead)


def test_what_was_joined_to_an_allegation_against_the_head_is_not_handed_to_the_head(opened, do, actors, all_rows):
    chair = actors[Role.CHAIR_OF_GOVERNORS]
    double, main = (opened(Audience.CHAIR, "allegation_head") for _ in range(2))
    do(lifecycle.join_incident, double.id, into=main.id, actor=chair)
    do(lifecycle.change_kind, main.id, kind=IncidentKind.ALLEGATION, reason="It is about another", actor=chair)
    for audience in (Audience.GENERAL, Audience.DESIGNATED, Audience.HEAD):
        with pytest.raises(InvalidInputError, match="was merged into this one"):
            do(handing_over.move_circle, main.id, audience=audience, reason="R", is_not_about_them=True, actor=chair)
    assert not do(handing_over.circles_for, main, chair)
    assert {row.audience for row in (*all_rows(), *all_rows(Comment))} == {Audience.CHAIR}


def test_incidents_of_different_circles_stay_apart(opened, do, actors):
    secret, open_one = opened(Audience.DESIGNATED, "allegation_staff"), opened(Audience.GENERAL, "insult")
    with pytest.raises(NotPermittedError):
        do(lifecycle.join_incident, secret.id, into=open_one.id, actor=actors[Role.SAFEGUARDING_LEAD])


def test_late_report_and_untaken_incident_are_told_once(opened, database, school, user_with, all_rows):
    lead = user_with(Role.SAFEGUARDING_LEAD)
    opened(Audience.DESIGNATED, "contact_seeking")
    past = clock.now() - timedelta(days=3)
    with database.transaction(school.id) as session:
        session.execute(sa.update(AuthorityReport).values(wanted_by=past))
        session.execute(sa.update(Incident).values(opened_at=past))
    for _ in range(2):
        remind(database)
    notices = [notice for notice in all_rows(Notice) if notice.user_id == lead.id]
    assert sorted(notice.bundle.split(":")[0] for notice in notices) == ["late", "untaken"]


def test_incident_that_somebody_took_is_left_in_peace(opened, database, school, user_with, actors, do, all_rows):
    user_with(Role.SAFEGUARDING_LEAD)
    incident = opened(Audience.DESIGNATED, "allegation_staff")
    do(services.take_incident, incident.id, actor=actors[Role.SAFEGUARDING_LEAD])
    with database.transaction(school.id) as session:
        session.execute(sa.update(Incident).values(opened_at=clock.now() - timedelta(days=3)))
    remind(database)
    assert not all_rows(Notice)


def test_wrong_photo_opens_an_incident_beside_its_breach(database, school, user_with, post, all_rows):
    head = user_with(Role.HEADTEACHER)
    now = clock.now()
    breach = DataBreach(post_id=post.id, discovered_at=now, discovered_by=head.id, what="A pupil can be recognised")
    with database.transaction(school.id) as session:
        session.add(breach)
        session.flush()
        photo_published_wrongly.send(None, session=session, breach=breach, post=post, actor=head.as_actor())
    [incident] = all_rows()
    assert (incident.kind, incident.breach_id) == (IncidentKind.WRONG_PHOTO, breach.id)
    assert [notice.user_id for notice in all_rows(Notice)] == [head.id]


@pytest.mark.parametrize(
    ("races", "religions", "told", "total"),
    [
        (0, 0, ("None", "None"), "None"),
        (6, 0, ("6", "None"), "6"),
        (6, 4, ("6", "Fewer than 5"), "Not told: it would give a small figure away"),
    ],
)
def test_small_figures_of_prejudice_are_held_back(database, school, actors, races, religions, told, total):
    with database.transaction(school.id) as session:
        for characteristic, count in (("race", races), ("religion", religions)):
            for _ in range(count):
                session.add(_prejudice(characteristic, Audience.GENERAL))
        session.add(_prejudice("race", Audience.CHAIR))
    with database.reading(school.id) as session:
        [now, *before] = prejudice_by_term(session, actor=actors[Role.GOVERNOR])
    figures = {count.characteristic: count.figure for count in now.counts}
    assert (figures["Race"], figures["Religion"]) == told
    assert now.total == total
    assert {term.total for term in before} == {"None"}


def _prejudice(characteristic, audience):
    return Incident(
        kind=IncidentKind.PREJUDICE, audience=audience, summary="", characteristics=[characteristic], opened_at=clock.now()
    )  # fmt: skip
