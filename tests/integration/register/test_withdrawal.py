"""A parent withdraws by link and code: it takes three taps, gives nothing away, and can only say no."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.core import clock
from app.notifications import mailer
from app.register.models import BiometricKind, ConsentStatement, ParentContact
from app.register.services import set_flag
from app.register.withdrawal import CHOICES, MOST_AN_HOUR, TRIES, WithdrawalLinks
from app.register.withdrawal_models import WithdrawalCode
from consent.model import ConsentState, Purpose


@pytest.fixture
def ann(office):
    pupil_id = office.pupil("1", "Ann", "Lee")
    office.say(pupil_id, ConsentState.GRANTED)
    office.say_of_templates(pupil_id, BiometricKind.GRANTED)
    with office.database.transaction(office.school_id) as session:
        session.add(ParentContact(pupil_id=pupil_id, name="Mo Lee", email="mo@home.example"))
    return pupil_id


@pytest.fixture
def letter(sign_in, office, ann):
    """Have the office print a letter; return the link's path and the code."""

    def write():
        (contact,) = office.all_of(ParentContact)
        page = sign_in(Role.OFFICE_MANAGER).post(f"/register/{ann}/contacts/{contact.id}/letter").text
        path = re.search(r"http://localhost(/withdraw/[^<]+)<", page).group(1)
        return path, re.search(r"this code: <strong>([^<]+)<", page).group(1)

    return write


def test_three_taps_end_everything_and_give_a_receipt(client, office, ann, letter):
    path, code = letter()
    assert not {"Ann", "Lee"} & set(re.findall(r"\w+", client.get(path).text)), "the link alone names nobody"
    page = client.post(f"{path}/enter", data={"code": code.lower()}, follow_redirects=True).text
    assert ("Ann" in page, page.count('name="choices"'), len(re.findall(r" checked>", page))) == (
        True,
        len(CHOICES),
        3,
    )
    answer = client.post(f"{path}/switch-off", data={"choices": ["facebook", "x", "face_template"]})
    assert (answer.status_code, "Switched off" in answer.text) == (200, True)
    assert office.state(ann) is office.state(ann, Purpose.X) is ConsentState.WITHDRAWN
    receipt = re.search(r"<strong>(\w{8})</strong>", answer.text).group(1)
    newest = office.all_of(ConsentStatement, ConsentStatement.state == ConsentState.WITHDRAWN)
    assert {(word.informant, word.how, word.note) for word in newest} == {("Mo Lee", "online", f"Receipt {receipt}")}
    assert len(office.events("biometric:refused")) == 1
    assert client.post(f"{path}/switch-off", data={"choices": ["x"]}).status_code == 302, "the code served once"


def test_part_is_kept(client, office, ann, letter):
    path, code = letter()
    client.post(f"{path}/enter", data={"code": code})
    client.post(f"{path}/switch-off", data={"choices": ["x", "nonsense", "website"]})
    assert (office.state(ann), office.state(ann, Purpose.X)) == (ConsentState.GRANTED, ConsentState.WITHDRAWN)


@pytest.mark.parametrize("hidden_by", ["flag", "other parent"])
def test_no_is_kept_though_nothing_is_on(client, office, ann, letter, hidden_by):
    path, code = letter()
    if hidden_by == "flag":
        sealer = office.app.extensions["schoolgate.sealers"]["evidence"]
        with office.database.transaction(office.school_id) as session:
            set_flag(session, ann, reason="Court order.", sealer=sealer, actor=office.actor)
    elif hidden_by == "other parent":
        office.say(ann, ConsentState.REFUSED, by="Dad")
    page = client.post(f"{path}/enter", data={"code": code}, follow_redirects=True).text
    on = [] if hidden_by == "other parent" else ["x"]
    assert re.findall(r'value="(x|press)" checked', page) == on, "a flag changes nothing on this page"
    client.post(f"{path}/switch-off", data={"choices": ["x", "press"]})
    own = office.all_of(ConsentStatement, ConsentStatement.informant == "Mo Lee")
    assert {(word.purpose, word.state) for word in own} == {
        (Purpose.X, ConsentState.WITHDRAWN),
        (Purpose.PRESS, ConsentState.WITHDRAWN),
    }


def test_nothing_without_the_code(client, office, ann, letter):
    path, code = letter()
    for wrong in ("", "AAAAAA", "\x00", code + "X"):
        client.post(f"{path}/enter", data={"code": wrong})
        assert client.post(f"{path}/switch-off", data={"choices": ["facebook"]}).status_code == 302
    assert (office.state(ann), "Ann" in client.get(path).text) == (ConsentState.GRANTED, False)


def test_code_ends_after_some_tries_and_some_time(app, office, ann, letter):
    path, code = letter()
    for _ in range(TRIES):
        app.test_client().post(f"{path}/enter", data={"code": "AAAAAA"})
    late_path, late = letter()
    with office.database.transaction(office.school_id) as session:
        newest = session.scalars(sa.select(WithdrawalCode).where(WithdrawalCode.tries_left == TRIES)).one()
        newest.expires_at = clock.now() - timedelta(minutes=1)
    for given in (code, late):
        page = app.test_client().post(f"{late_path}/enter", data={"code": given}, follow_redirects=True).text
        assert ("is not right" in page, "Ann" in page) == (True, False)


def test_right_code_costs_the_others_nothing(client, office, letter):
    letter()
    path, newest = letter()
    client.post(f"{path}/enter", data={"code": newest})
    codes = office.all_of(WithdrawalCode)
    assert sorted((code.tries_left, code.used_at is not None) for code in codes) == [(TRIES, False), (TRIES, True)]


@pytest.mark.parametrize("token", ["nothing", "x" * 300, "ImFiYyI.abc"])
def test_link_of_nobody(client, token):
    forged = WithdrawalLinks("another secret").token_for(uuid4())
    for path in (token, forged):
        assert client.get(f"/withdraw/{path}").status_code == 404
        assert client.post(f"/withdraw/{path}/enter", data={"code": "A"}).status_code == 404


def test_mailed_code_goes_to_the_schools_address_alone(client, office, ann, letter, monkeypatch):
    sent = []
    monkeypatch.setattr(mailer.MailServer, "send", lambda server, message: sent.append(message))
    path, _ = letter()
    settings = office.app.extensions["schoolgate.settings"]
    chosen = settings.model_copy(update={"smtp_url": type(settings.smtp_url)("smtp://localhost")})
    monkeypatch.setitem(office.app.extensions, "schoolgate.settings", chosen)
    answers = [client.post(f"{path}/code", follow_redirects=True).text for _ in range(MOST_AN_HOUR + 1)]
    assert all("a code is on its way" in answer for answer in answers), "it says the same whatever happens"
    assert {message["To"] for message in sent} == {"mo@home.example"}
    assert 0 < len(sent) <= MOST_AN_HOUR
    code = re.search(r"The code is (\w{6})", sent[-1].get_content()).group(1)
    assert "Ann" in client.post(f"{path}/enter", data={"code": code}, follow_redirects=True).text


def test_letter_is_the_offices_and_of_this_pupil(sign_in, office, ann):
    (contact,) = office.all_of(ParentContact)
    other = office.pupil("2")
    assert sign_in(Role.HEADTEACHER).post(f"/register/{ann}/contacts/{contact.id}/letter").status_code == 403
    assert sign_in(Role.OFFICE_MANAGER).post(f"/register/{other}/contacts/{contact.id}/letter").status_code == 404
