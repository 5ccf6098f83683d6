"""An allegation about the head: neither the head nor anybody but the chair learns of it, by whatever page."""

import re

import pytest

from app.accounts.roles import Role
from app.comments.models import Audience
from app.incidents import opening, packing, passing_on, services
from app.incidents.models import AuthorityReport, EvidencePack, IncidentKind
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


FORM = {"text": "x", "kind": "other", "audience": "general", "reason": "x", "outcome": "x", "reference": "x"}


@pytest.mark.parametrize(
    "roles", [(role,) for role in Role if role is not READER] + [(Role.HEADTEACHER, READER, Role.DPO)]
)
def test_nobody_else_learns_of_an_allegation_about_the_head(matter, sign_in, user_with, all_rows, roles):
    comment, incident, chair = matter
    browser = sign_in(user=user_with(*roles))
    looks, deeds = addresses(comment, incident, all_rows)
    for address in looks:
        assert browser.get(address).status_code in (403, 404), address
    for address in deeds:
        assert browser.post(address, data=FORM).status_code in (403, 404), address
    for address in (
        "/", "/incidents", "/incidents?state=closed", "/incidents/prejudice", "/comments", "/comments?tab=all", "/record",
        f"/record?subject={incident.id}", f"/record?subject={comment.id}", "/record?about=incident", "/notices", "/calendar",
    ):  # fmt: skip
        answer = browser.get(address, follow_redirects=True)
        seen = re.sub(r'value="[^"]*"', "", answer.text)
        assert not [word for word in (WORDS, str(incident.id), str(comment.id), "Note written") if word in seen], (
            address
        )
    log = browser.post("/incidents/log")
    assert log.status_code == 403 or incident.reference not in log.text
    record = browser.post("/record/export")
    assert record.status_code == 403 or str(incident.id) not in record.text
    assert chair.name not in re.sub(r"(?s)<header.*?</header>", "", browser.get("/record").text)


def test_counts_and_tiles_do_not_give_it_away(matter, sign_in):
    head = sign_in(Role.HEADTEACHER)
    assert "0 incidents are open" in head.get("/").text
    assert "sg-count" not in head.get("/incidents").text


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


def test_accused_teacher_is_unknown_to_everybody_outside_the_circle(database, school, escalated, sign_in, user_with):
    comment, decision = escalated(Audience.DESIGNATED, "allegation_staff", text=f"Mr {WORDS} hit my son")
    with database.transaction(school.id) as session:
        incident = opening.open_for_comment(session, comment, decision)
    for role in Role:
        browser = sign_in(user=user_with(role))
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
