"""The incident's file over HTTP, and the short form that everybody may fill in."""

import hashlib
import re
from io import BytesIO

import pytest
from PIL import Image

from app.accounts.roles import Role
from app.comments.models import Audience, Comment, CommentState
from app.core.errors import NotFoundError
from app.incidents import opening
from app.incidents.models import (
    Authority,
    AuthorityReport,
    Incident,
    IncidentKind,
    IncidentNote,
    IncidentPicture,
    IncidentState,
    SupportOffer,
)
from app.media.models import Photo
from app.notifications.models import Notice


@pytest.fixture
def incident(database, school, escalated):
    comment, decision = escalated(Audience.DESIGNATED, "contact_seeking")
    with database.transaction(school.id) as session:
        return opening.open_for_comment(session, comment, decision)


@pytest.fixture
def lead(browser_of):
    return browser_of(Role.SAFEGUARDING_LEAD)


def test_incident_is_worked_on_from_opening_to_closing(lead, incident, all_rows):
    here = f"/incidents/{incident.id}"
    page = lead.get(here)
    assert page.status_code == 200
    assert "call 999" in page.text
    lead.post(f"{here}/notes", data={"text": "Spoke to the family"})
    lead.post(f"{here}/support", data={"offered_to": "The pupil", "support": "A trusted adult", "answer": "Yes please"})
    lead.post(f"{here}/kind", data={"kind": "child_at_risk"})
    lead.post(f"{here}/reports", data={"authority": "children_services"})
    for report in all_rows(AuthorityReport):
        address = f"{here}/reports/{report.id}"
        if report.authority is Authority.NETWORK:
            lead.post(f"{address}/waive", data={"reason": "The comment is gone"})
        else:
            lead.post(f"{address}/settle", data={"reference": "REF-1", "outcome": "They look into it"})
    answer = lead.post(f"{here}/close", data={"outcome": "Handed over"}, follow_redirects=True)
    assert answer.status_code == 200
    for words in ("Spoke to the family", "A trusted adult", "REF-1", "The comment is gone", "Handed over"):
        assert words in answer.text
    [closed] = all_rows(Incident)
    assert (closed.state, closed.kind) == (IncidentState.CLOSED, IncidentKind.CHILD_AT_RISK)
    lead.post(f"{here}/reopen", data={"reason": "They called again"})
    assert all_rows(Incident)[0].state is IncidentState.OPEN


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("notes", {"text": " "}),
        ("support", {"offered_to": "", "support": "Tea"}),
        ("kind", {"kind": "nonsense"}),
        ("reports", {"authority": "nonsense"}),
        ("close", {"outcome": ""}),
        ("close", {"outcome": "Done"}),
        ("circle", {"audience": "chair"}),
        ("join", {"into": "nonsense"}),
        ("pictures", {}),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(lead, incident, all_rows, path, data):
    answer = lead.post(f"/incidents/{incident.id}/{path}", data=data)
    assert answer.status_code in (409, 422)
    assert "There is a problem" in answer.text
    assert not all_rows(IncidentNote)
    assert not all_rows(SupportOffer)
    assert all_rows(Incident)[0].state is IncidentState.OPEN


def test_report_without_reference_or_outcome_is_asked_for(lead, incident, all_rows):
    report = all_rows(AuthorityReport)[0]
    answer = lead.post(f"/incidents/{incident.id}/reports/{report.id}/settle", data={})
    assert answer.status_code == 422
    assert "Enter the reference number" in answer.text


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.HEADTEACHER, Role.SAFEGUARDING_LEAD, Role.CHAIR_OF_GOVERNORS)]
)
def test_others_are_kept_out(browser_of, incident, role):
    browser = browser_of(role)
    assert browser.get("/incidents").status_code == 403
    assert browser.get(f"/incidents/{incident.id}").status_code == 403
    assert browser.post(f"/incidents/{incident.id}/notes", data={"text": "x"}).status_code == 403


def test_chair_does_not_see_the_safeguarding_queue(browser_of, incident):
    chair = browser_of(Role.CHAIR_OF_GOVERNORS)
    assert "There is none" in chair.get("/incidents").text
    assert chair.get(f"/incidents/{incident.id}").status_code == 404


@pytest.mark.parametrize("role", [Role.STAFF, Role.VOLUNTEER, Role.ADMINISTRATOR])
def test_everybody_passes_on_what_they_saw_elsewhere_and_gets_a_receipt_alone(browser_of, all_rows, role):
    browser = browser_of(role)
    answer = browser.post(
        "/incidents/seen-elsewhere", data={"concern": "head", "what": "A video"}, follow_redirects=True
    )
    [incident] = all_rows(Incident)
    assert incident.reference in answer.text
    assert "A video" not in answer.text
    assert (incident.kind, incident.audience) == (IncidentKind.ALLEGATION_HEAD, Audience.CHAIR)
    assert browser.get(f"/incidents/{incident.id}").status_code == 403
    assert browser_of(role).get(f"/incidents/receipts/{incident.id}").status_code == 404


def test_contact_from_a_child_reaches_the_designated_persons(browser_of, all_rows, user_with):
    lead = user_with(Role.SAFEGUARDING_LEAD)
    form = {"words": "can i talk to miss varga", "who": "Says they are in year 4"}
    assert browser_of(Role.STAFF).post("/incidents/contact-from-a-child", data=form).status_code == 302
    [incident] = all_rows(Incident)
    assert (incident.kind, incident.audience) == (IncidentKind.CONTACT_FROM_CHILD, Audience.DESIGNATED)
    assert [notice.user_id for notice in all_rows(Notice)] == [lead.id]
    assert "can i talk to miss varga" in browser_of(user=lead).get(f"/incidents/{incident.id}").text


def test_head_who_passes_it_on_is_led_to_it_and_anybody_else_is_not(browser_of, all_rows):
    form = {"concern": "colleague", "what": "https://example.org/groups/77"}
    seen = {
        role: browser_of(role).post("/incidents/seen-elsewhere", data=form, follow_redirects=True).text
        for role in (Role.HEADTEACHER, Role.STAFF)
    }
    assert {incident.kind for incident in all_rows()} == {IncidentKind.ABUSE_OF_STAFF}
    assert ["Open it now" in page for page in seen.values()] == [True, False]
    assert ["hear no more" in page for page in seen.values()] == [False, True]


def test_list_says_what_each_is_under_which_post_and_a_plain_cry_that_still_stands_comes_first(
    database, school, escalated, post, lead
):
    def stands(state, *categories, audience=Audience.DESIGNATED, rule="disclosure.self"):
        comment, decision = escalated(audience, *categories, post_id=post.id, state=state)
        decision.signals = [{"rule": rule, "label": "disclosure", "score": 0.6}]
        with database.transaction(school.id) as session:
            opening.open_for_comment(session, comment, decision)

    stands(CommentState.HIDDEN, "disclosure")
    for _ in range(3):
        stands(CommentState.QUEUED, "disclosure", rule="model.disclosure")
    stands(CommentState.QUEUED, "disclosure")
    stands(CommentState.HIDDEN, "disclosure", "allegation_staff", audience=Audience.HEAD)
    cards = re.findall(r'(?s)<li class="sg-card.*?</li>', lead.get("/incidents").text)
    told = [re.sub(r"(?s)<[^>]*>|\s+", " ", card) for card in cards]
    assert len(told) == 3
    assert "Still visible" in told[0]
    assert "Cry for help" in told[0]
    assert "Under our post" in told[0]
    assert "Not visible any more" in told[1]
    assert "Comments to check" in told[2]
    assert "3 of 3 still visible" in told[2]


def test_threats_by_two_people_are_said_to_be_two(escalated, post, database, school, browser_of):
    for writer in ("1", "2", "2"):
        comment, decision = escalated(Audience.GENERAL, "threat", post_id=post.id)
        with database.transaction(school.id) as session:
            session.get_one(Comment, comment.id).author_remote_id = writer
            incident = opening.open_for_comment(session, comment, decision)
    page = browser_of(Role.HEADTEACHER).get(f"/incidents/{incident.id}").text
    assert "3 threats by 2 people" in page


def test_accusation_leads_and_the_cry_for_help_beside_it_is_not_left_waiting(escalated, do, lead):
    incident = do(opening.open_for_comment, *escalated(Audience.DESIGNATED, "disclosure", "allegation_staff"))
    assert incident.kind is IncidentKind.ALLEGATION
    page = lead.get(f"/incidents/{incident.id}").text
    assert "An allegation against an adult of the school, and perhaps a cry for help" in page
    assert page.index("designated officer within") < page.index("ring home") < page.index("Childline")
    [link] = set(re.findall(r"/comments/[0-9a-f-]{36}", page))
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", lead.get(link).text)
    assert (heading and heading[1]) == "Accuses staff"


def test_form_for_something_seen_elsewhere_says_what_is_missing(browser_of, all_rows):
    answer = browser_of(Role.STAFF).post("/incidents/seen-elsewhere", data={"what": " ", "concern": "child"})
    assert answer.status_code == 422
    assert "Paste a link" in answer.text
    assert not all_rows(Incident)


def test_screenshot_is_made_anew_sealed_and_never_among_the_photos(app, browser_of, all_rows):
    browser = browser_of(Role.STAFF)
    upload = {"screenshot": (BytesIO(picture_with_a_place()), "shot.jpg"), "concern": "general"}
    assert browser.post("/incidents/seen-elsewhere", data=upload).status_code == 302
    [kept] = all_rows(IncidentPicture)
    stored = app.extensions["schoolgate.storage"].get(kept.school_id, kept.stored)
    assert not all_rows(Photo)
    assert stored[:2] != b"\xff\xd8"
    assert browser.get(f"/incidents/pictures/{kept.id}").status_code == 403
    head = browser_of(Role.HEADTEACHER)
    shown = head.get(f"/incidents/pictures/{kept.id}")
    assert hashlib.sha256(shown.data).hexdigest() == kept.sha256
    assert not Image.open(BytesIO(shown.data)).getexif()
    head.post(f"/incidents/{kept.incident_id}/pictures/{kept.id}/remove", data={"reason": "It shows a child"})
    assert head.get(f"/incidents/pictures/{kept.id}").status_code == 404
    with pytest.raises(NotFoundError):
        app.extensions["schoolgate.storage"].get(kept.school_id, kept.stored)


def test_screenshot_without_a_word_is_for_the_designated_persons(browser_of, all_rows):
    upload = {"screenshot": (BytesIO(picture_with_a_place()), "shot.jpg"), "concern": "unsure"}
    assert browser_of(Role.STAFF).post("/incidents/seen-elsewhere", data=upload).status_code == 302
    [incident] = all_rows(Incident)
    assert (incident.kind, incident.audience) == (IncidentKind.CHILD_AT_RISK, Audience.DESIGNATED)


def test_file_that_is_no_picture_is_refused(browser_of, all_rows):
    upload = {"screenshot": (BytesIO(b"<svg onload=alert(1)>"), "shot.svg"), "what": "x"}
    answer = browser_of(Role.STAFF).post("/incidents/seen-elsewhere", data=upload)
    assert answer.status_code == 422
    assert not all_rows(Incident)


def test_words_of_a_report_cannot_run(browser_of, all_rows):
    browser = browser_of(Role.HEADTEACHER)
    browser.post("/incidents/seen-elsewhere", data={"concern": "general", "what": "<script>alert(1)</script>"})
    here = f"/incidents/{all_rows(Incident)[0].id}"
    for page in (here, f"{here}/report", f"{here}/text"):
        answer = browser.get(page)
        assert "&lt;script&gt;alert" in answer.text
        assert "<script>alert" not in answer.text


def test_school_writes_its_own_numbers(lead, incident):
    assert "Enter it before you need it" in lead.get("/incidents").text
    own = {"local_authority": "01632 960 000", "children_services": "01632 960 001"}
    lead.post("/incidents/contacts", data=own)
    assert "Enter it before you need it" not in lead.get("/incidents").text
    lead.post("/incidents/contacts", data={"police_101": "Our officer: 01632 960 101", "nonsense": "x"})
    assert "01632 960 101" in lead.get(f"/incidents/{incident.id}").text


def picture_with_a_place() -> bytes:
    output = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "At home"
    Image.new("RGB", (60, 40), "teal").save(output, "JPEG", exif=exif)
    return output.getvalue()
