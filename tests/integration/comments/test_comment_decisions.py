"""A person's decision stands, and who may know and decide is asked in every query and every service."""

import pytest

from app.accounts.roles import PERMISSIONS, Role
from app.comments import queries, services
from app.comments.models import Audience, CommentState, DecisionAction
from app.comments.queries import Choice, Tab
from app.core.actors import system_actor
from app.core.db import EVERY_SCHOOL
from app.core.errors import InvalidInputError, NotFoundError, NotPermittedError, WrongStateError
from app.core.permissions import Permission
from app.notifications.models import Notice
from app.schools.services import create_school

NASTY = "You are a bitch and an idiot"
ABOUT_STAFF = "Mr Walker touched my son, ask him about it"
ABOUT_HEAD = "The headteacher touched my son, ask him about it"
ABOUT_LEAD = "Mrs Safeguard touched my son, ask her about it"
HARMLESS = "Not everything at this fair was as it looks"
EVERYBODY = list(Role)


@pytest.fixture
def decide(database, school, book, worker, sealer):
    """Decide about one comment as somebody: `decide(services.leave_hidden, "c1", head)`."""

    def run(service, remote_id: str, actor, **more) -> None:
        if service in (services.hide_comment, services.delete_comment, services.escalate_comment):
            more["sealer"] = sealer
        with database.transaction(school.id) as session:
            service(session, book.comment(remote_id).id, actor=actor, **more)
        worker.sweep_until_idle()

    return run


@pytest.fixture
def actors(school):
    return {role: system_actor(school.id, role.label, *PERMISSIONS[role]) for role in EVERYBODY}


def readers(database, school, book, actors, remote_id: str) -> set[Role]:
    found = set()
    with database.reading(school.id) as session:
        for role, actor in actors.items():
            listed = {comment.remote_id for comment in queries.comments_in(session, Choice(Tab.ALL), actor=actor)}
            try:
                queries.readable_comment(session, book.comment(remote_id).id, actor=actor)
            except NotFoundError:
                assert remote_id not in listed
            else:
                assert remote_id in listed
                found.add(role)
    return found


@pytest.mark.parametrize(
    ("text", "audience", "expected"),
    [
        (NASTY, Audience.GENERAL, {Role.HEADTEACHER, Role.SAFEGUARDING_LEAD}),
        (ABOUT_STAFF, Audience.DESIGNATED, {Role.HEADTEACHER, Role.SAFEGUARDING_LEAD}),
        (ABOUT_HEAD, Audience.CHAIR, {Role.CHAIR_OF_GOVERNORS}),
    ],
)
def test_only_its_audience_knows_of_a_comment(comes_in, book, database, school, actors, text, audience, expected):
    comes_in("c1", text)
    assert book.comment("c1").audience is audience
    assert readers(database, school, book, actors, "c1") == expected


def test_comment_that_is_not_judged_yet_is_in_no_list(comes_in, database, school, actors):
    comes_in("c1", NASTY, settle=False)
    with database.reading(school.id) as session:
        assert all(
            not queries.comments_in(session, Choice(tab), actor=actor) for tab in Tab for actor in actors.values()
        )


def test_head_who_also_chairs_does_not_read_an_allegation_about_the_head(comes_in, book, database, school, user_with):
    both = user_with(Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS)
    comes_in("c1", ABOUT_HEAD)
    with database.reading(school.id) as session, pytest.raises(NotFoundError):
        queries.readable_comment(session, book.comment("c1").id, actor=both.as_actor())
    assert book.notices_of(both) == []


def test_head_is_not_told_of_an_allegation_about_the_head(comes_in, book, user_with):
    head, chair = user_with(Role.HEADTEACHER), user_with(Role.CHAIR_OF_GOVERNORS)
    comes_in("c1", ABOUT_HEAD)
    assert book.notices_of(head) == []
    assert len(book.notices_of(chair)) == 1


def test_head_cannot_decide_about_an_allegation_about_the_head(comes_in, decide, actors):
    comes_in("c1", ABOUT_HEAD)
    for service, more in (
        (services.restore_comment, {"reason": "It is a lie"}),
        (services.delete_comment, {"reason": "It is a lie"}),
        (services.leave_hidden, {}),
        (services.escalate_comment, {"reason": "Look"}),
    ):
        with pytest.raises(NotFoundError):
            decide(service, "c1", actors[Role.HEADTEACHER], **more)


def test_chair_decides_about_an_allegation_about_the_head(comes_in, decide, actors, book):
    comes_in("c1", ABOUT_HEAD)
    decide(services.leave_hidden, "c1", actors[Role.CHAIR_OF_GOVERNORS])
    assert not book.comment("c1").awaits_person


def test_school_without_a_chair_asks_the_administrator_for_one_and_says_nothing_more(comes_in, book, user_with):
    admin, head = user_with(Role.ADMINISTRATOR), user_with(Role.HEADTEACHER)
    comes_in("c1", ABOUT_HEAD)
    [notice] = book.notices_of(admin)
    assert "touched" not in notice.sentence
    assert "comments" not in notice.link
    assert book.notices_of(head) == []


@pytest.mark.parametrize("role", sorted(set(EVERYBODY) - {Role.HEADTEACHER}))
def test_only_the_head_decides_about_an_open_matter(comes_in, decide, actors, role):
    comes_in("c1", NASTY)
    with pytest.raises((NotFoundError, NotPermittedError)):
        decide(services.leave_hidden, "c1", actors[role])


def test_safeguarding_lead_decides_about_a_confidential_matter(comes_in, decide, actors, book):
    comes_in("c1", ABOUT_STAFF)
    decide(services.leave_hidden, "c1", actors[Role.SAFEGUARDING_LEAD])
    assert not book.comment("c1").awaits_person


def test_decision_of_another_school_is_not_found(comes_in, book, database, sealer, school):
    comes_in("c1", NASTY)
    with database.transaction(EVERY_SCHOOL) as session:
        other = create_school(session, "Another School")
    with database.transaction(other.id) as session, pytest.raises(NotFoundError):
        services.leave_hidden(
            session,
            book.comment("c1").id,
            actor=system_actor(other.id, "test", Permission.COMMENT_READ, Permission.COMMENT_DECIDE),
        )


def test_confirmed_comment_needs_nobody_any_more(comes_in, decide, actors, book, database, school):
    comes_in("c1", NASTY)
    decide(services.leave_hidden, "c1", actors[Role.HEADTEACHER])
    with database.reading(school.id) as session:
        assert queries.comments_needing(session, actors[Role.HEADTEACHER]) == 0
    assert book.comment("c1").state is CommentState.HIDDEN


@pytest.mark.parametrize("service", [services.restore_comment, services.delete_comment, services.escalate_comment])
def test_grave_decisions_need_a_reason(comes_in, decide, actors, service):
    comes_in("c1", NASTY)
    with pytest.raises(InvalidInputError):
        decide(service, "c1", actors[Role.HEADTEACHER], reason="  ")


def test_rule_does_not_hide_again_what_a_person_restored(comes_in, decide, actors, book, network):
    comes_in("c1", NASTY)
    decide(services.restore_comment, "c1", actors[Role.HEADTEACHER], reason="A joke between friends")
    comes_in("c1", NASTY)
    comes_in("c1", NASTY, has_attachment=False)
    assert book.comment("c1").state is CommentState.VISIBLE
    assert len(network.called("hide")) == 1


def test_other_words_are_another_matter_and_the_person_who_decided_is_told(comes_in, decide, user_with, book):
    head = user_with(Role.HEADTEACHER)
    comes_in("c1", NASTY)
    decide(services.restore_comment, "c1", head.as_actor(), reason="A joke between friends")
    comes_in("c1", "I will find you and kill you")
    assert book.comment("c1").state is CommentState.HIDDEN
    assert any("edited" in notice.sentence for notice in book.notices_of(head))


def test_decision_in_the_wrong_moment_is_a_conflict(comes_in, decide, actors):
    comes_in("c1", "Lovely")
    with pytest.raises(WrongStateError):
        decide(services.restore_comment, "c1", actors[Role.HEADTEACHER], reason="Why not")


def test_escalated_comment_leaves_the_open_queue(comes_in, decide, actors, book, user_with):
    user_with(Role.SAFEGUARDING_LEAD)
    comes_in("c1", HARMLESS)
    decide(services.escalate_comment, "c1", actors[Role.HEADTEACHER], reason="This worries me")
    assert book.comment("c1").audience is Audience.DESIGNATED
    assert book.comment("c1").awaits_person
    assert book.decisions()[-1].action is DecisionAction.ESCALATE
    assert [notice for notice in book.all(Notice) if notice.urgency.value == "at_once"]
    with pytest.raises(WrongStateError):
        decide(services.escalate_comment, "c1", actors[Role.HEADTEACHER], reason="Once more")


def test_escalation_in_a_school_without_designated_persons_reaches_the_administrator(
    comes_in, decide, actors, book, user_with
):
    admin = user_with(Role.ADMINISTRATOR)
    comes_in("c1", HARMLESS)
    decide(services.escalate_comment, "c1", actors[Role.HEADTEACHER], reason="This worries me")
    assert "sign-in" in " ".join(notice.sentence for notice in book.notices_of(admin))


def test_designated_person_does_not_read_an_allegation_about_them(comes_in, book, database, school, actors, user_with):
    lead, head = user_with(Role.SAFEGUARDING_LEAD, name="Lena Safeguard"), user_with(Role.HEADTEACHER)
    comes_in("c1", ABOUT_LEAD)
    comes_in("c2", ABOUT_STAFF)
    assert (book.comment("c1").audience, book.comment("c2").audience) == (Audience.HEAD, Audience.DESIGNATED)
    assert readers(database, school, book, actors, "c1") == {Role.HEADTEACHER}
    told = {str(book.comment(remote_id).id): remote_id for remote_id in ("c1", "c2")}
    links = {
        person: {told.get(each.link.split("/")[-1]) for each in book.notices_of(person)} for person in (lead, head)
    }
    assert "c1" not in links[lead]
    assert {"c1", "c2"} <= links[head]


def test_audience_is_never_widened_by_a_rule(comes_in, book):
    comes_in("c1", ABOUT_HEAD)
    comes_in("c1", "Lovely photos, well done")
    assert book.comment("c1").audience is Audience.CHAIR


def test_deciding_about_many_does_what_it_can(comes_in, database, school, actors, book, sealer):
    comes_in("c1", NASTY)
    comes_in("c2", NASTY)
    comes_in("c3", "Lovely")
    comes_in("c4", ABOUT_HEAD)
    head = actors[Role.HEADTEACHER]
    ids = [book.comment(f"c{number}").id for number in (1, 2, 3, 4)]
    with database.transaction(school.id) as session:
        bulk = services.decide_many(session, ids, lambda each: services.leave_hidden(session, each, actor=head))
    assert bulk.done == 2
    assert len(bulk.refused) == 2
    assert not book.comment("c1").awaits_person


def test_choices_are_those_that_work(comes_in, database, school, actors, book):
    comes_in("c1", NASTY)
    with database.reading(school.id) as session:
        comment = queries.readable_comment(session, book.comment("c1").id, actor=actors[Role.HEADTEACHER])
        assert services.choices_for(session, comment, actors[Role.HEADTEACHER]) == {
            DecisionAction.LEAVE_HIDDEN, DecisionAction.RESTORE, DecisionAction.DELETE, DecisionAction.ESCALATE,
        }  # fmt: skip
        assert services.choices_for(session, comment, actors[Role.SAFEGUARDING_LEAD]) == {DecisionAction.ESCALATE}
