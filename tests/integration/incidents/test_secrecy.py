"""An allegation about the head: neither the head nor anybody but the chair learns of it, by whatever page."""

import re
from uuid import uuid4

import pytest

from app.accounts.roles import Role
from app.audit.services import record
from app.comments.learning import record_of
from app.comments.models import Appeal, Audience, Comment, CommentDecision, DecisionAction
from app.comments.reply_models import Reply
from app.core import clock
from app.core.actors import system_actor
from app.incidents import opening, packing, passing_on, services
from app.incidents.models import AuthorityReport, EvidencePack, Incident, IncidentKind
from app.notifications.models import Notice

WORDS = "Quiddle-Marsh"
READER = Role.CHAIR_OF_GOVERNORS


@pytest.fixture
def matter(database, school, escalated, actors, user_with, post):
    """A comment about the head, and the incident that the chair works on."""
    chair = user_with(READER, name="Priscilla Chairwoman")
    actor = chair.as_actor()
    comment, decision = escalated(Audience.CHAIR, "allegation_head", post_id=post.id, text=f"The head {WORDS}")
    with database.transaction(school.id) as session:
        incident = opening.open_for_comment(session, comment, decision)
        services.write_note(session, incident.id, text=WORDS, actor=actor)
        services.take_incident(session, incident.id, actor=actor)
        packing.ask_for_pack(session, incident.id, actor=actor)
    return comment, incident, chair


def addresses(comment, incident, all_rows):
    [pack], report = all_rows(EvidencePack), all_rows(AuthorityReport)[0]
    here = f"/incidents/{incident.id}"
    looks = [
        here, f"{here}/text", f"{here}/report", f"{here}/packs", f"/incidents/of-comment/{comment.id}", f"/comments/{comment.id}",
        f"/incidents/receipts/{incident.id}",
    ]  # fmt: skip
    deeds = [
        f"{here}/notes", f"{here}/take", f"{here}/kind", f"{here}/circle", f"{here}/close", f"{here}/packs/make",
        f"{here}/reports/{report.id}/settle", f"/incidents/packs/{pack.id}/zip", f"/incidents/of-comment/{comment.id}",
    ]  # fmt: skip
    return looks, deeds


LISTS = (
    "/", "/incidents", "/incidents?state=closed", "/incidents/prejudice", "/comments", "/comments?tab=all", "/record",
    "/record?subject={incident}", "/record?subject={comment}", "/record?about=incident", "/notices", "/calendar",
)  # fmt: skip
FORM = {"text": "x", "kind": "other", "audience": "general", "reason": "x", "outcome": "x", "reference": "x"}


OTHERS = [(role,) for role in Role if role is not READER] + [(Role.HEADTEACHER, READER, Role.DPO)]


def test_nobody_else_learns_of_an_allegation_about_the_head(matter, browser_of, all_rows):
    comment, incident, chair = matter
    looks, deeds = addresses(comment, incident, all_rows)
    for roles in OTHERS:
        browser = browser_of(*roles)
        for address in looks:
            assert browser.get(address).status_code in (403, 404), (roles, address)
        for address in deeds:
            assert browser.post(address, data=FORM).status_code in (403, 404), (roles, address)
        for address in LISTS:
            page = browser.get(address.format(incident=incident.id, comment=comment.id), follow_redirects=True).text
            seen = re.sub(r'value="[^"]*"', "", page)
            found = [word for word in (WORDS, str(incident.id), str(comment.id), "Note written") if word in seen]
            assert not found, (roles, address)
        log, record = browser.post("/incidents/log"), browser.post("/record/export")
        assert log.status_code == 403 or incident.reference not in log.text
        assert record.status_code == 403 or str(incident.id) not in record.text
        assert chair.name not in re.sub(r"(?s)<header.*?</header>", "", browser.get("/record").text)


def test_record_is_silent_about_an_appeal_and_a_reply_of_a_confidential_comment(
    matter, database, school, browser_of, escalated
):
    secret, *_ = matter
    known, _ = escalated(Audience.GENERAL, "insult")
    tags = set()
    with database.transaction(school.id) as session:
        for number, comment in enumerate((secret, known)):
            rows = (
                Appeal(id=uuid4(), comment_id=comment.id, asked_at=clock.now(), words=""),
                Reply(
                    id=uuid4(), channel_id=comment.channel_id, comment_id=comment.id, target_remote_id="", text="",
                    written_at=clock.now(),
                ),
            )  # fmt: skip
            session.add_all(rows)
            session.flush()
            for row in rows:
                kind = row.__tablename__
                tags.add(f"{kind}:number-{number}")
                actor = system_actor(school.id, "test")
                record(session, f"{kind}:number-{number}", actor=actor, subject_type=kind, subject_id=row.id)
    taken = browser_of(Role.DPO).post("/record/export").text
    assert {tag for tag in tags if tag in taken} == {"appeal:number-1", "reply:number-1"}


def test_counts_and_tiles_do_not_give_it_away(matter, browser_of):
    head = browser_of(Role.HEADTEACHER)
    assert "0 incidents are open" in head.get("/").text
    assert "sg-count" not in head.get("/incidents").text


def test_figures_of_the_rules_do_not_give_it_away(database, school, matter):
    comment, *_ = matter
    signals = [{"rule": "allegation.head", "label": "allegation_head", "score": 0.99}]
    decision = CommentDecision(
        comment_id=comment.id, action=DecisionAction.ESCALATE, at=clock.now(), text_sha256="0" * 64, hides=True, signals=signals
    )  # fmt: skip
    with database.transaction(school.id) as session:
        session.add(decision)
    with database.reading(school.id) as session:
        assert not record_of(session).rules
    with database.transaction(school.id) as session:
        session.get_one(Comment, comment.id).audience = Audience.DESIGNATED
    with database.reading(school.id) as session:
        assert list(record_of(session).rules) == ["allegation.head"]


def test_missing_chair_is_asked_for_without_a_word_about_the_head(database, school, user_with, all_rows, actors):
    administrator, head = user_with(Role.ADMINISTRATOR), user_with(Role.HEADTEACHER)
    found = passing_on.Sorted(IncidentKind.ALLEGATION_HEAD, Audience.CHAIR)
    with database.transaction(school.id) as session:
        passing_on.report_seen_elsewhere(
            session, found=found, concern=passing_on.Concern.HEAD, what=WORDS, actor=actors[Role.STAFF]
        )
    [notice] = all_rows(Notice)
    assert notice.user_id == administrator.id != head.id
    assert not re.search("confidential|allegation|incident|matter", notice.sentence + notice.link)


def test_accused_teacher_is_unknown_to_everybody_outside_the_circle(database, school, escalated, browser_of):
    comment, decision = escalated(Audience.DESIGNATED, "allegation_staff", text=f"Mr {WORDS} hit my son")
    with database.transaction(school.id) as session:
        incident = opening.open_for_comment(session, comment, decision)
    for role in Role:
        browser = browser_of(role)
        for address in (
            "/",
            f"/incidents/{incident.id}",
            f"/comments/{comment.id}",
            "/comments?tab=all",
            "/notices",
            "/record",
        ):
            known = WORDS in browser.get(address).text
            assert not known or role in (Role.HEADTEACHER, Role.SAFEGUARDING_LEAD), (role, address)


def test_what_is_about_the_head_reaches_the_head_only_when_the_chair_says_that_it_is_not(
    matter, browser_of, user_with, all_rows, database, school, escalated
):
    _, incident, chair = matter
    head, browser, here = (
        user_with(Role.HEADTEACHER, name="Hector Head"),
        browser_of(user=chair),
        f"/incidents/{incident.id}",
    )
    page = browser.get(here).text
    assert "Confidential: only the chair of governors can see this" in page
    assert 'name="audience"' not in page
    ticked = {"reason": "They should deal with it", "is_not_about_them": "y"}
    for audience in ("general", "designated", "head"):
        answer = browser.post(f"{here}/circle", data={"audience": audience, **ticked})
        assert (answer.status_code, "an allegation against the headteacher" in answer.text) == (422, True), audience
    assert browser.post(f"{here}/kind", data={"kind": "allegation"}).status_code == 422
    assert {each.audience for each in all_rows(Comment)} == {Audience.CHAIR}
    assert head.id not in {notice.user_id for notice in all_rows(Notice)}

    with database.transaction(school.id) as session:
        other = opening.open_for_comment(session, *escalated(Audience.CHAIR, "insult"))
        session.get_one(Incident, other.id).kind = IncidentKind.OTHER
    assert browser.post(f"{here}/join", data={"into": other.id}).status_code == 422

    browser.post(f"{here}/kind", data={"kind": "allegation", "why": "It names a former head of another school"})
    assert "Hector Head (headteacher)" in browser.get(here).text
    del ticked["is_not_about_them"]
    answer = browser.post(f"{here}/circle", data={"audience": "designated", **ticked})
    assert (answer.status_code, "Read the names" in answer.text) == (422, True)
    browser.post(f"{here}/circle", data={"audience": "designated", "is_not_about_them": "y", **ticked})
    page = browser_of(user=head).get(here).text
    assert "It names a former head of another school" in page
    assert "only the chair" not in page
    assert browser.get(here).status_code == 404


def test_what_is_about_the_lead_reaches_the_lead_only_when_the_head_says_that_it_is_not(
    do, escalated, browser_of, user_with, all_rows
):
    lead = user_with(Role.SAFEGUARDING_LEAD, name="Lena Lead")
    incident = do(opening.open_for_comment, *escalated(Audience.HEAD, "allegation_staff"))
    head, here = browser_of(Role.HEADTEACHER), f"/incidents/{incident.id}"
    assert "Lena Lead (designated safeguarding lead)" in head.get(here).text
    for audience in ("general", "designated"):
        answer = head.post(f"{here}/circle", data={"audience": audience, "reason": "Help me"})
        assert (answer.status_code, "Read the names" in answer.text) == (422, True)
    assert browser_of(user=lead).get(here).status_code == 404
    head.post(f"{here}/circle", data={"audience": "designated", "reason": "Help me", "is_not_about_them": "y"})
    assert browser_of(user=lead).get(here).status_code == 200
