"""The record is looked into by who, what and when, and whoever takes it away is in it."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.accounts.roles import Role
from app.audit.services import record
from app.core import clock
from app.core.actors import system_actor
from app.core.permissions import Permission


@pytest.fixture
def browser(sign_in):
    return sign_in(Role.DPO)


def lines(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_only_those_who_may_read_the_record_see_or_take_it(sign_in):
    head = sign_in(Role.HEADTEACHER)
    assert [head.get("/record").status_code, head.post("/record/export").status_code] == [403, 403]


def test_the_record_is_narrowed_by_who_what_and_when(browser, write, school):
    write(2)
    today, before = clock.today(), clock.today() - timedelta(days=1)
    wanted = {
        f"subject={school.id}&about=test": 2,
        f"about=test&since={today}": 2,
        f"about=test&until={before}": 0,
        "about=test&who=%25": 0,
        "about=test&who=%00": 2,
        "about=test&since=nonsense&subject=nonsense&until=9999-12-31": 2,
    }
    for asked, count in wanted.items():
        assert len(lines(browser.post(f"/record/export?{asked}"))) == count, asked
    assert browser.get(f"/record?about=test&since={today}").text.count('data-label="Who"') == 2
    assert "Nothing in the record answers" in browser.get(f"/record?about=test&until={before}").text


def test_steps_of_the_machine_are_shown_when_asked_for(browser, database, school, user_with):
    person, machine = user_with(Role.COORDINATOR).as_actor(), system_actor(school.id, "notices")
    with database.transaction(school.id) as session:
        for actor, tag in ((machine, "notice:show_only"), (person, "delivery:settle"), (machine, "post:lapse")):
            record(session, tag, actor=actor, subject_type=tag.split(":")[0], subject_id=uuid4())
    said = {line["What"] for line in lines(browser.post("/record/export"))}
    assert {"delivery:settle", "post:lapse"} <= said
    assert "notice:show_only" not in said
    assert "Notice: shown in the app only" not in browser.get("/record").text
    for asked in ("steps=yes", "about=notice"):
        assert "Notice: shown in the app only" in browser.get(f"/record?{asked}").text


def test_incident_is_found_by_its_reference(browser, database, school, actor_with):
    found, other = UUID("6108d7da" + 24 * "e"), UUID("6108d7db" + 24 * "0")
    with database.transaction(school.id) as session:
        for subject in (found, other):
            actor = actor_with(Permission.POST_DRAFT)
            record(session, "incident:opened", actor=actor, subject_type="incident", subject_id=subject)
    for asked, answer in (("6108D7DA", {str(found)}), ("6108D7D", set()), ("nonsense", set())):
        assert {line["Of"] for line in lines(browser.post(f"/record/export?reference={asked}"))} == answer


def test_taking_the_record_away_is_recorded(browser, write):
    write(1)
    browser.post("/record/export", data={"about": "test"})
    (taken,) = lines(browser.post("/record/export", data={"about": "record"}))
    assert taken["What"] == "record:exported"
    assert '"about": "test"' in taken["Facts"]


def test_a_name_never_becomes_a_formula(browser, database, school, actor_with):
    actor = replace(actor_with(Permission.POST_DRAFT), name="=cmd|' /C calc'!A0")
    with database.transaction(school.id) as session:
        record(session, "test:happened", actor=actor, subject_type="test", subject_id=None)
    (line,) = lines(browser.post("/record/export", data={"about": "test"}))
    assert line["Who"].startswith("'=")
