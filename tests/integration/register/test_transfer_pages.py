"""Bringing files in and taking lists away, over HTTP."""

import base64
import csv
import io
import re
import zlib

import pytest
from openpyxl import Workbook

from app.accounts.roles import Role
from app.register import transfer_views
from app.register.import_file import read_import
from app.register.models import Pupil
from consent.model import ConsentState

HEADINGS = "Admission No,Legal Forename,Legal Surname,Consent: Facebook,Consent: X"
FILE = f"{HEADINGS}\n1,Ann,Lee,Yes,No\n2,Bo,Moe,,\n".encode()


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.OFFICE_MANAGER)


def send(manager, content: bytes, name: str = "export.csv"):
    return manager.post("/register/import", data={"file": (io.BytesIO(content), name)})


def carried(page: str) -> dict[str, str]:
    """Return what the page of a dry run carries to bring the same file in."""
    return dict(re.findall(r'<input id="(packed|seen)" name="\w+" type="hidden" value="([^"]*)">', page))


def table(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_first_the_file_is_only_tried_out(manager, office):
    page = send(manager, FILE)
    assert (page.status_code, office.count(Pupil)) == (200, 0)
    assert "2 new pupils" in page.text
    assert "Ann Lee" in page.text


def test_then_the_same_file_is_brought_in(manager, office):
    answer = manager.post("/register/import/apply", data=carried(send(manager, FILE).text), follow_redirects=True)
    assert "Imported: 2 new" in answer.text
    assert office.state(office.number("1")) is ConsentState.GRANTED


def test_workbook_is_brought_in_too(manager, office):
    book, output = Workbook(), io.BytesIO()
    for row in csv.reader(io.StringIO(FILE.decode())):
        book.active.append(row)
    book.save(output)
    page = send(manager, output.getvalue(), "export.xlsx")
    manager.post("/register/import/apply", data=carried(page.text))
    assert office.count(Pupil) == 2


def test_register_that_changed_meanwhile_is_looked_at_again(manager, office):
    given = carried(send(manager, FILE).text)
    office.pupil("1", "Ann", "Lee")
    answer = manager.post("/register/import/apply", data=given)
    assert "The register changed in the meantime" in answer.text
    assert "1 new pupil," in answer.text
    assert office.count(Pupil) == 1
    assert manager.post("/register/import/apply", data=carried(answer.text)).status_code == 302
    assert office.count(Pupil) == 2


def test_sending_it_twice_brings_it_in_once(manager, office):
    given = carried(send(manager, FILE).text)
    assert [manager.post("/register/import/apply", data=given).status_code for _ in range(2)] == [302, 200]
    assert len(office.events("register:imported")) == 1


UNREADABLE = [
    (b"", "empty"),
    (b"Forename,Surname\nAnn,Lee\n", "lacks these columns"),
    (b"PK\x03\x04", "cannot be opened"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", "not a table"),
    (f"{HEADINGS}\n".encode(), "no pupils"),
    (b'Admission No,Legal Forename,Legal Surname\n1,"Ann,Lee\n', "quotation mark"),
]


def test_unreadable_file_is_refused_in_a_sentence(manager, office):
    for content, sentence in UNREADABLE:
        answer = send(manager, content)
        assert (answer.status_code, office.count(Pupil)) == (422, 0), sentence
        assert sentence in answer.text
        assert "There is a problem" in answer.text


def test_no_file_at_all(manager):
    assert "Choose the file" in manager.post("/register/import", data={}).text


def test_wrong_rows_are_named_and_left_out(manager):
    page = send(manager, f"{HEADINGS}\n1,Ann,Lee,perhaps,\n2,Bo,Moe,,\n".encode())
    assert "1 row with errors" in page.text
    assert "“perhaps” is not an answer" in page.text


def test_broken_parcel_is_refused(manager, office):
    for packed in ("", "nonsense!", "AAAA", "é", "x" * 300_000):
        answer = manager.post("/register/import/apply", data={"packed": packed, "seen": "1"})
        assert (answer.status_code, office.count(Pupil)) == (422, 0), packed[:10]


def test_parcel_that_unpacks_to_an_enormous_one_is_refused(manager):
    packed = base64.urlsafe_b64encode(zlib.compress(b"a" * 60_000_000)).decode()
    answer = manager.post("/register/import/apply", data={"packed": packed, "seen": "1"})
    assert (answer.status_code, "20 MB" in answer.text) == (422, True)


def test_file_too_large_for_the_page_says_so(manager, monkeypatch):
    monkeypatch.setattr(transfer_views, "MOST_PACKED", 10)
    page = send(manager, FILE).text
    assert ("too large to be brought in from this page" in page, carried(page)) == (True, {})


def test_file_without_news_offers_nothing_to_bring_in(manager):
    manager.post("/register/import/apply", data=carried(send(manager, FILE).text))
    page = send(manager, FILE).text
    assert ("already holds everything" in page, carried(page)) == (True, {})


def test_register_is_taken_away_as_an_import_reads_it(manager, office):
    office.pupil("0042", "Zoë", "Lee", reg_group="4 Oak")
    office.say(office.number("0042"), ConsentState.GRANTED)
    office.pupil("7", "Bo", "Moe")
    answer = manager.post("/register/export")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    file = read_import(answer.data)
    assert (file.errors, file.unused_columns, [row.admission_no for row in file.rows]) == ([], [], ["7", "0042"])
    assert office.bring_in(answer.data.decode("utf-8-sig")).changed == 0


def test_taking_away_is_recorded(manager, office):
    office.pupil()
    manager.post("/register/export")
    manager.post("/register/chase-list")
    assert [event.details["list"] for event in office.events("register:exported")] == ["register", "chase list"]
    assert all(event.actor_id == manager.person.id for event in office.events("register:exported"))


def test_no_cell_turns_into_a_formula(manager, office):
    for start in "=+-@\t\r":
        office.pupil(f"{start}1", f"{start}HYPERLINK(1)", f"{start}cmd")
    for path in ("export", "chase-list"):
        _, *rows = table(manager.post(f"/register/{path}"))
        assert [cell for row in rows for cell in row if cell and cell[0] in "=+-@\t\r"] == []
        assert {f"'{start}cmd" for start in "=+-@\t\r"} <= {cell for row in rows for cell in row}


def test_chase_list_names_whom_to_ask_for_what(manager, office):
    headings = "Admission No,Legal Forename,Legal Surname,Consent: Facebook,Consent: X,Parent 1 Name,Parent 1 Email,Date of Leaving"
    office.bring_in(
        headings,
        "1,Ann,Lee,Yes,,Mo Lee,mo@b.example,",
        "2,Bo,Moe,No,No,,,",
        "3,Cy,Noe,,,,,01/09/2026",
        "4,Di,Poe,,,,,",
        "5,Ed,Roe,Yes,Yes,,,",
    )
    headings, *rows = table(manager.post("/register/chase-list"))
    assert [(row[0], row[5], row[6], row[7]) for row in rows] == [
        ("1", "X", "Mo Lee", "mo@b.example"),
        ("4", "Facebook, X", "", ""),
    ]
