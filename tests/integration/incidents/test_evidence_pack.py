"""The evidence pack: everything of one incident, nothing of another, and every digest can be taken again."""

import hashlib
import io
import json
import zipfile
from uuid import uuid4

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from app.accounts.roles import Role
from app.audit.services import record
from app.comments.evidence import keep_evidence
from app.comments.models import Appeal, Audience, Comment, Evidence
from app.core import clock
from app.core.actors import system_actor
from app.incidents import opening, packing, services
from app.incidents.account import MOST_COMMENTS
from app.incidents.models import EvidencePack, IncidentComment, PackState
from app.incidents.plain_text import LONGEST

NASTY = "you are a \\#eval(1) #panic() <b>ｆｏｏｌ</b> 💩 ŵ\n*second* line"


@pytest.fixture
def told(app, database, school, escalated, user_with):
    """Two incidents, one of them with evidence and a note; return the one and its reader."""
    lead = user_with(Role.SAFEGUARDING_LEAD, name="Grace Lead")
    sealer = app.extensions["schoolgate.sealers"]["evidence"]
    comment, decision = escalated(Audience.DESIGNATED, "allegation_staff", text=NASTY)
    other, judged = escalated(Audience.GENERAL, "insult", text="Somebody else entirely")
    with database.transaction(school.id) as session:
        incident = opening.open_for_comment(session, comment, decision)
        keep_evidence(
            session, session.get_one(Comment, comment.id), sealer=sealer, actor=system_actor(school.id, "test")
        )
        session.get_one(Comment, comment.id).author_remote_id = "77001122"
        session.add(Appeal(id=uuid4(), comment_id=comment.id, asked_at=clock.now(), words="It was only a joke"))
        services.write_note(session, incident.id, text="Told the LADO", actor=lead.as_actor())
        services.write_note(
            session, opening.open_for_comment(session, other, judged).id, text="Another matter", actor=lead.as_actor()
        )
    return incident, lead


@pytest.fixture
def pack(told, database, school, engine, all_rows):
    incident, lead = told
    with database.transaction(school.id) as session:
        packing.ask_for_pack(session, incident.id, actor=lead.as_actor())
    engine.sweep_until_idle()
    [made] = all_rows(EvidencePack)
    assert made.state is PackState.MADE, made.last_error
    return made


def test_pack_holds_the_incident_alone_and_every_digest_holds(pack, told, browser_of, all_rows):
    _, lead = told
    browser = browser_of(user=lead)
    answer = browser.post(f"/incidents/packs/{pack.id}/zip")
    assert hashlib.sha256(answer.data).hexdigest() == pack.zip_sha256
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    assert {each["name"]: each["sha256"] for each in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    snapshot = files["comments/1-1.json"]
    assert hashlib.sha256(snapshot).hexdigest() == all_rows(Evidence)[0].sha256
    assert json.loads(snapshot)["text"] == NASTY
    audit = json.loads(files["audit.json"])
    assert audit["chain"]["problem"] is None
    assert {"incident:opened", "incident:note-written", "comment:evidence-kept"} <= {e["tag"] for e in audit["events"]}
    for event in audit["events"]:
        assert hashlib.sha256(event["hashed_text"].encode()).hexdigest() == event["hash"]
    whole = b"".join(files.values()) + _words(files["report.pdf"]).encode()
    assert b"Told the LADO" in whole
    assert b"Somebody else entirely" not in whole
    assert b"Another matter" not in whole


def test_pack_holds_every_comment_that_its_reader_may_know_of_and_nothing_of_the_others(
    told, database, school, engine, all_rows, browser_of
):
    incident, lead = told
    with database.transaction(school.id) as session:
        [first] = session.scalars(sa.select(Comment).where(Comment.text == NASTY))
        for number in range(MOST_COMMENTS + 1):
            more = Comment(
                id=uuid4(), channel_id=first.channel_id, remote_id=f"more-{number}", author_name="", text="", text_sha256="", state=first.state,
                commented_at=first.commented_at, received_at=first.received_at, audience=Audience.DESIGNATED, categories=[],
            )  # fmt: skip
            session.add(more)
            session.flush()
            session.add(IncidentComment(incident_id=incident.id, comment_id=more.id, added_at=first.received_at))
        more.audience = Audience.CHAIR
        record(session, "comment:secret", actor=lead.as_actor(), subject_type="comment", subject_id=more.id)
        packing.ask_for_pack(session, incident.id, actor=lead.as_actor())
    engine.sweep_until_idle()
    [made] = all_rows(EvidencePack)
    archive = zipfile.ZipFile(io.BytesIO(browser_of(user=lead).post(f"/incidents/packs/{made.id}/zip").data))
    account, audit = (json.loads(archive.read(name)) for name in ("incident.json", "audit.json"))
    assert (len(account["comments"]), account["left_out"]) == (MOST_COMMENTS + 1, 0)
    assert "comment:secret" not in {event["tag"] for event in audit["events"]}


def test_pdf_is_tagged_and_shows_the_words_as_they_are(pack, told, browser_of):
    _, lead = told
    content = browser_of(user=lead).post(f"/incidents/packs/{pack.id}/pdf").data
    assert hashlib.sha256(content).hexdigest() == pack.pdf_sha256
    reader = PdfReader(io.BytesIO(content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.metadata.title.startswith("Evidence report")
    words = _words(content)
    for expected in (
        "#panic()",
        "pile of poo",
        "fullwidth latin small letter f",
        "ŵ",
        "*second* line",
        "Hidden is not removed",
        "77001122",
        "It was only a joke",
        "certutil -hashfile",
        "Passed on at once to the designated persons",
        "Still to do: Local authority's designated officer (LADO) To be done by ",
        "Note ",
    ):
        assert expected in words, expected


def test_who_asked_for_a_pack_and_who_took_it_is_on_record(pack, told, browser_of, database, school):
    incident, lead = told
    browser_of(user=lead).post(f"/incidents/packs/{pack.id}/pdf")
    page = browser_of(user=lead).get(f"/incidents/{incident.id}").text
    for words in ("Pack asked for", "Pack made", "Pack taken", "Grace Lead"):
        assert words in page


def test_pack_asked_for_by_somebody_who_may_no_longer_read_is_not_made(told, database, school, engine, all_rows):
    incident, lead = told
    with database.transaction(school.id) as session:
        packing.ask_for_pack(session, incident.id, actor=lead.as_actor())
        session.get_one(type(incident), incident.id).audience = Audience.CHAIR
    engine.sweep_until_idle()
    [pack] = all_rows(EvidencePack)
    assert (pack.state, pack.zip_stored) == (PackState.FAILED, None)


def test_text_for_the_safeguarding_system_fits_and_quotes_exactly(told, browser_of, database, school):
    incident, lead = told
    browser = browser_of(user=lead)
    page = browser.get(f"/incidents/{incident.id}/text").text
    for words in ("Told the LADO", "ｆｏｏｌ", "Hidden is not removed", "Grace Lead"):
        assert words in page
    with database.transaction(school.id) as session:
        for _ in range(5):
            services.write_note(session, incident.id, text="long " * 3000, actor=lead.as_actor())
    page = browser.get(f"/incidents/{incident.id}/text").text
    text = page.partition("readonly>")[2].partition("</textarea>")[0]
    assert 500 < len(text) <= LONGEST + 200  # what the page escapes makes it a little longer


def _words(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
