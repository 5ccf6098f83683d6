"""The register's pages: who sees what, and what happens to nonsense."""

from io import BytesIO
from uuid import uuid4

import pytest

from app.accounts.roles import Role
from app.core import clock
from app.register.models import BiometricConsent, BiometricKind, ConsentStatement, NoPublishFlag
from consent.model import ConsentState

TODAY = clock.today().isoformat()
STATEMENT = {
    "purposes": ["facebook"],
    "state": "granted",
    "informant": "Mo Lee",
    "capacity": "parent",
    "how": "form",
    "given_on": TODAY,
}
TEMPLATE = {"kind": "granted", "informant": "Mo Lee", "capacity": "parent", "how": "form", "given_on": TODAY}
READERS = {Role.OFFICE_MANAGER, Role.HEADTEACHER, Role.SAFEGUARDING_LEAD}
WRITERS, FLAGGERS = {Role.OFFICE_MANAGER}, {Role.HEADTEACHER, Role.SAFEGUARDING_LEAD}
REASON = "Father is not to find her"


@pytest.fixture
def ann(office):
    return office.pupil("0042", "Ann", "Lee", reg_group="4 Oak")


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_its_own_and_no_more(sign_in, ann, role):
    browser = sign_in(role)
    answers = {
        "list": browser.get("/register/"),
        "show": browser.get(f"/register/{ann}"),
        "export": browser.post("/register/export"),
        "chase": browser.post("/register/chase-list"),
        "say": browser.post(f"/register/{ann}/statements", data=STATEMENT),
        "template": browser.post(f"/register/{ann}/biometric", data=TEMPLATE),
        "import": browser.get("/register/import"),
        "apply": browser.post("/register/import/apply"),
        "flag": browser.post(f"/register/{ann}/flag", data={"reason": REASON}),
        "lift": browser.post(f"/register/{ann}/lift-flag"),
    }
    allowed = {name for name, answer in answers.items() if answer.status_code != 403}
    wanted = {"list", "show", "export", "chase"} if role in READERS else set()
    wanted |= {"say", "template", "import", "apply"} if role in WRITERS else set()
    assert allowed == wanted | ({"flag", "lift"} if role in FLAGGERS else set())


@pytest.mark.parametrize("path", ["", "import", "export", "chase-list", "import/apply"])
def test_nobody_without_signing_in(client, path):
    assert client.get(f"/register/{path}").status_code in (302, 405)
    assert client.post(f"/register/{path}").status_code in (401, 405)


def test_lists_are_taken_by_button_and_not_by_link(sign_in):
    browser = sign_in(Role.OFFICE_MANAGER)
    answers = [browser.get(f"/register/{path}") for path in ("export", "chase-list")]
    assert {(answer.status_code, answer.location.rstrip("/")) for answer in answers} == {(302, "/register")}


def test_answer_is_recorded_and_shown(sign_in, office, ann):
    browser = sign_in(Role.OFFICE_MANAGER)
    answer = browser.post(f"/register/{ann}/statements", data=STATEMENT, follow_redirects=True)
    assert (answer.status_code, office.state(ann)) == (200, ConsentState.GRANTED)
    assert "by Mo Lee" in answer.text
    assert browser.person.name in answer.text


UNSOUND = [
    ({"purposes": []}, "Choose what the answer is about"),
    ({"purposes": ["everything"]}, "not a valid choice"),
    ({"state": ""}, "Choose the answer"),
    ({"state": "expired"}, "not a valid choice"),
    ({"informant": ""}, "Enter who said so"),
    ({"informant": "x" * 201}, "200"),
    ({"given_on": "31/02/2026"}, "valid date"),
    ({"given_on": ""}, "Enter the day"),
    ({"given_on": "2999-01-01"}, "in the future"),
    ({"how": "verbal"}, "in writing"),
    ({"how": "smoke signals"}, "Not a valid choice"),
    ({"capacity": "aunt"}, "Not a valid choice"),
]


def test_unsound_answer_is_shown_again_with_what_is_wrong(sign_in, office, ann):
    manager = sign_in(Role.OFFICE_MANAGER)
    for changes, sentence in UNSOUND:
        answer = manager.post(f"/register/{ann}/statements", data=STATEMENT | changes)
        assert (answer.status_code, office.count(ConsentStatement)) == (422, 0), changes
        assert sentence.lower() in answer.text.lower(), changes
        assert "There is a problem" in answer.text, changes


def test_what_was_typed_is_not_lost(sign_in, ann):
    answer = sign_in(Role.OFFICE_MANAGER).post(
        f"/register/{ann}/statements", data=STATEMENT | {"how": "verbal", "informant": "Grandma Jo"}
    )
    assert 'value="Grandma Jo"' in answer.text


UNSOUND_OF_TEMPLATES = [
    ({"kind": ""}, "Choose the answer"),
    ({"informant": ""}, "Enter who said so"),
    ({"capacity": "pupil"}, "parent"),
    ({"how": "verbal"}, "in writing"),
    ({"given_on": "never"}, "valid date"),
    ({"given_on": "2999-01-01"}, "in the future"),
    ({"evidence": ""}, "form that the parent signed"),
]


def with_form():
    return TEMPLATE | {"evidence": (BytesIO(b"%PDF-1.7 signed"), "form.pdf")}


def test_unsound_answer_about_templates(sign_in, office, ann):
    manager = sign_in(Role.OFFICE_MANAGER)
    for changes, sentence in UNSOUND_OF_TEMPLATES:
        answer = manager.post(f"/register/{ann}/biometric", data=with_form() | changes)
        assert (answer.status_code, office.count(BiometricConsent)) == (422, 0), changes
        assert sentence in answer.text, changes


def test_answer_about_templates_is_recorded(sign_in, office, ann):
    answer = sign_in(Role.OFFICE_MANAGER).post(f"/register/{ann}/biometric", data=with_form(), follow_redirects=True)
    assert (answer.status_code, "the form</a>" in answer.text) == (200, True)
    assert [consent.kind for consent in office.all_of(BiometricConsent)] == [BiometricKind.GRANTED]


def test_standing_objection_is_told_on_the_page(sign_in, office, ann):
    office.say_of_templates(ann, BiometricKind.REFUSED, by="Father")
    answer = sign_in(Role.OFFICE_MANAGER).post(f"/register/{ann}/biometric", data=with_form())
    assert (answer.status_code, "Father objected" in answer.text) == (409, True)


def test_flag_reads_like_a_refusal_to_everybody_else(sign_in, office, ann):
    office.say(ann, ConsentState.GRANTED)
    refused = office.pupil("7", "Bo", "Moe")
    office.say(refused, ConsentState.REFUSED)
    lead = sign_in(Role.SAFEGUARDING_LEAD)
    assert lead.post(f"/register/{ann}/flag", data={"reason": REASON}).status_code == 302
    assert "kept out of every post" in lead.get(f"/register/{ann}").text
    manager = sign_in(Role.OFFICE_MANAGER)
    pages = [manager.get(path).text for path in (f"/register/{ann}", "/register/", f"/register/{refused}")]
    pages.append(manager.post("/register/export").text)
    assert all(word not in page for page in pages for word in (REASON, "kept out", "flag", "safeguarding"))
    assert manager.get("/register/").text.count("Refused") == 3 + 2  # of the flagged pupil, for every purpose


def test_flag_without_a_reason_is_asked_for_it(sign_in, office, ann):
    answer = sign_in(Role.HEADTEACHER).post(f"/register/{ann}/flag", data={"reason": ""})
    assert (answer.status_code, office.count(NoPublishFlag)) == (422, 0)
    assert "Enter the reason" in answer.text


def test_flag_is_lifted(sign_in, office, ann):
    office.say(ann, ConsentState.GRANTED)
    head = sign_in(Role.HEADTEACHER)
    head.post(f"/register/{ann}/flag", data={"reason": REASON})
    assert head.post(f"/register/{ann}/lift-flag").status_code == 302
    assert (head.post(f"/register/{ann}/lift-flag").status_code, office.state(ann)) == (409, ConsentState.GRANTED)


def test_pupil_who_is_not_there(sign_in):
    person = sign_in(Role.OFFICE_MANAGER, Role.HEADTEACHER)
    here = f"/register/{uuid4()}"
    for path in ("statements", "biometric", "flag", "lift-flag"):
        answer = person.post(f"{here}/{path}", data=STATEMENT | TEMPLATE | {"reason": "x"})
        assert answer.status_code in (404, 409), path
    assert person.get(here).status_code == 404


def test_odd_addresses_are_answered(sign_in, ann):
    manager = sign_in(Role.OFFICE_MANAGER)
    odd = (
        "", "?page=0", "?page=-3", "?page=nonsense", "?page=999999999999999999999", "?search=%00", "?search=%25%27--",
        "?class=%00", "?answer=none", "?answer=nonsense", f"?search={'x' * 5000}", "?search=%F0%9F%99%82", "?class=No&search=a+b",
    )  # fmt: skip
    assert {query: manager.get(f"/register/{query}").status_code for query in odd} == dict.fromkeys(odd, 200)


def test_pupils_are_found_by_name_number_and_class(sign_in, office, ann):
    office.pupil("7", "Bo", "Moe", reg_group="5 Elm", preferred_forename="Roberta")
    browser = sign_in(Role.OFFICE_MANAGER)
    for query, found in (
        ("search=ann", "Ann Lee"),
        ("search=0042", "Ann Lee"),
        ("search=lee+ann", "Ann Lee"),
        ("class=5+Elm", "Roberta Moe"),
    ):
        page = browser.get(f"/register/?{query}").text
        assert (found in page, "1 pupil<" in page) == (True, True), query


def test_list_of_those_without_an_answer(sign_in, office, ann):
    bo = office.pupil("7", "Bo", "Moe")
    office.say(bo, ConsentState.REFUSED)
    page = sign_in(Role.OFFICE_MANAGER).get("/register/?answer=none").text
    assert ("Ann Lee" in page, "Bo Moe" in page) == (True, False)


def test_names_are_shown_as_text(sign_in, office):
    pupil_id = office.pupil("9", "<script>alert(1)</script>", "O'Neill & Sons")
    browser = sign_in(Role.OFFICE_MANAGER)
    for path in ("", str(pupil_id)):
        assert "<script>alert" not in browser.get(f"/register/{path}").text
