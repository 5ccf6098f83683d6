"""The home page leaves no child out, however many reports are due; nothing is counted twice or kept from governors."""

import pytest

from app.accounts.roles import Role
from app.comments.models import Audience
from app.incidents import opening
from app.incidents.models import Incident


@pytest.fixture
def opened(database, school, escalated):
    def open_one(audience: Audience, *categories: str) -> None:
        comment, decision = escalated(audience, *categories)
        with database.transaction(school.id) as session:
            opening.open_for_comment(session, comment, decision)

    return open_one


def test_reports_of_one_kind_are_one_line_and_a_child_comes_first(opened, browser_of):
    for _ in range(6):
        opened(Audience.GENERAL, "threat")
    opened(Audience.DESIGNATED, "disclosure")
    opened(Audience.DESIGNATED, "contact_seeking")
    home = browser_of(Role.HEADTEACHER, Role.SAFEGUARDING_LEAD).get("/").text
    alarm = home[home.index("What cannot wait") :]
    assert "A threat: " in alarm
    assert alarm.count("To: Police.") <= 2
    assert alarm.index("A child may be at risk") < alarm.index("A threat: ")
    assert alarm.index("Somebody seeks contact with a child") < alarm.index("A threat: ")


def test_list_says_by_when(opened, browser_of):
    opened(Audience.DESIGNATED, "contact_seeking")
    assert "3 reports to make, the first by " in browser_of(Role.SAFEGUARDING_LEAD).get("/incidents").text


def test_form_that_is_sent_again_is_one_matter(browser_of, all_rows):
    browser, form = browser_of(Role.STAFF), {"concern": "general", "what": "A video of the gate"}
    first, second = (browser.post("/incidents/seen-elsewhere", data=form) for _ in range(2))
    assert first.location == second.location
    browser.post("/incidents/seen-elsewhere", data=form | {"concern": "child"})
    assert len(all_rows(Incident)) == 2


def test_governor_sees_comments_that_were_hidden_for_prejudice_without_an_incident(browser_of, escalated, opened):
    for _ in range(6):
        escalated(Audience.GENERAL, "prejudice")
    opened(Audience.GENERAL, "prejudice")
    page = browser_of(Role.GOVERNOR).get("/incidents/prejudice")
    assert page.status_code == 200
    assert "Comments hidden, no incident" in page.text
    assert ">6<" in page.text
