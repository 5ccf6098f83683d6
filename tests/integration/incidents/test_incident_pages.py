"""The incident's file over HTTP, and the short form that everybody may fill in."""

import pytest

from app.accounts.roles import Role
from app.comments.models import Audience
from app.incidents import opening
from app.incidents.models import (
    Authority,
    AuthorityReport,
    Incident,
    IncidentKind,
    IncidentNote,
    IncidentState,
    SupportOffer,
)


@pytest.fixture
def incident(database, school, escalated):
    comment, decision = escalated(Audience.DESIGNATED, "contact_seeking")
    with database.transaction(school.id) as session:
        return opening.open_for_comment(session, comment, decision)


@pytest.fixture
def lead(sign_in):
    return sign_in(Role.SAFEGUARDING_LEAD)


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
    lead.post(f"{here}/reopen")
    assert all_rows(Incident)[0].state is IncidentState.OPEN


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("notes", {"text": " "}),
        ("support", {"offered_to": "", "support": "Tea"}),
        ("kind", {"kind": "nonsense"}),
        ("reports", {"authority": "nonsense"}),
        ("close", {"outcome": ""}),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(lead, incident, all_rows, path, data):
    answer = lead.post(f"/incidents/{incident.id}/{path}", data=data)
    assert answer.status_code == 422
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
def test_others_are_kept_out(sign_in, incident, role):
    browser = sign_in(role)
    assert browser.get("/incidents").status_code == 403
    assert browser.get(f"/incidents/{incident.id}").status_code == 403
    assert browser.post(f"/incidents/{incident.id}/notes", data={"text": "x"}).status_code == 403


def test_chair_does_not_see_the_safeguarding_queue(sign_in, incident):
    chair = sign_in(Role.CHAIR_OF_GOVERNORS)
    assert "There is none" in chair.get("/incidents").text
    assert chair.get(f"/incidents/{incident.id}").status_code == 404


@pytest.mark.parametrize("role", [Role.STAFF, Role.VOLUNTEER, Role.ADMINISTRATOR])
def test_everybody_passes_on_what_they_saw_elsewhere(sign_in, all_rows, role):
    browser = sign_in(role)
    form = {"concern": "head", "what": "A video about the head", "where": "https://example.org/v", "when": "last night"}
    answer = browser.post("/incidents/seen-elsewhere", data=form, follow_redirects=True)
    assert "Thank you" in answer.text
    [incident] = all_rows(Incident)
    assert (incident.kind, incident.audience) == (IncidentKind.ALLEGATION_HEAD, Audience.CHAIR)


def test_form_for_something_seen_elsewhere_says_what_is_missing(sign_in, all_rows):
    answer = sign_in(Role.STAFF).post("/incidents/seen-elsewhere", data={"where": "https://example.org"})
    assert answer.status_code == 422
    assert "Say in a sentence what you saw" in answer.text
    assert "https://example.org" in answer.text
    assert not all_rows(Incident)


def test_words_of_a_report_cannot_run(sign_in, all_rows):
    browser = sign_in(Role.HEADTEACHER)
    browser.post("/incidents/seen-elsewhere", data={"concern": "general", "what": "<script>alert(1)</script>"})
    assert "<script>alert" not in browser.get(f"/incidents/{all_rows(Incident)[0].id}").text
