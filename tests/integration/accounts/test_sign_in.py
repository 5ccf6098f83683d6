"""Who gets in, who does not, and when it ends."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from argon2 import PasswordHasher, Type

from app.accounts import services
from app.accounts.models import RoleHeld, User
from app.accounts.roles import Role
from app.audit.models import AuditEvent
from app.core import clock
from app.core.actors import system_actor
from app.core.errors import InvalidInputError, NotPermittedError
from app.core.permissions import Permission
from tests.conftest import PASSWORD

WRONG = "The e-mail address or the password is not right. Check both and try again."
INSIDE = "/account"


@pytest.fixture(autouse=True)
def as_in_use(monkeypatch, real_hasher):
    """Here passwords are hashed as they are in use."""
    monkeypatch.setattr(services, "_hasher", real_hasher)


def enter(client, email: str, password: str = PASSWORD, *, after: str = "", **more):
    return client.post(f"/sign-in{after}", data={"email": email, "password": password}, **more)


def is_in(browser) -> bool:
    return browser.get(INSIDE).status_code == 200


@pytest.fixture
def change(database, school):
    """Change somebody's row by hand: `change(user, suspended_at=…)`."""

    def apply(user, **values) -> None:
        with database.transaction(school.id) as session:
            row = session.get_one(User, user.id)
            for name, value in values.items():
                setattr(row, name, value)

    return apply


@pytest.fixture
def look(database, school):
    def read(user) -> User:
        with database.reading(school.id) as session:
            return session.get_one(User, user.id)

    return read


@pytest.fixture
def administrator(user_with):
    return user_with(Role.ADMINISTRATOR).as_actor()


def test_the_right_password_opens_the_house(client, user_with, look):
    user = user_with(Role.STAFF)
    answer = enter(client, user.email)
    assert (answer.status_code, answer.location) == (302, "/")
    assert is_in(client)
    assert look(user).last_signed_in_at is not None


def test_an_e_mail_address_is_read_as_people_write_it(client, user_with):
    assert enter(client, f"  {user_with(Role.STAFF).email.upper()} ").status_code == 302


def test_a_stranger_learns_nothing_from_the_answer(app, user_with, change):
    """An unknown address, a wrong password and a suspended colleague look alike to the letter."""
    known, suspended = user_with(Role.STAFF), user_with(Role.STAFF)
    change(suspended, suspended_at=clock.now())
    tries = [(known.email, "wrong password"), (suspended.email, PASSWORD), ("nobody@school.example", PASSWORD)]
    answers = [(enter(app.test_client(), email, password), email) for email, password in tries]
    pages = {_without_token(answer.text).replace(email, "somebody") for answer, email in answers}
    assert len(pages) == 1
    assert WRONG in pages.pop()
    assert {answer.status_code for answer, _ in answers} == {422}


def _without_token(page: str) -> str:
    return re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', r"\1", page)


def test_a_stranger_learns_nothing_from_the_time_it_takes(client, user_with, change, monkeypatch):
    """Comparing is what takes long, so it is done once whoever it is; measuring seconds here would be a coin's toss."""
    suspended = user_with(Role.STAFF)
    change(suspended, suspended_at=clock.now())
    compared = []

    class Counting(PasswordHasher):
        def verify(self, hash, password):  # noqa: A002  argon2's own name
            compared.append(hash)
            return super().verify(hash, password)

    monkeypatch.setattr(services, "_hasher", Counting())
    for email in (user_with(Role.STAFF).email, suspended.email, "nobody@school.example"):
        enter(client, email, "wrong password")
    assert len(compared) == 3
    assert len({each.split("$")[3] for each in compared}) == 1, "each comparison costs the same"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("", PASSWORD),
        ("somebody@school.example", ""),
        ("x" * 300 + "@school.example", PASSWORD),
        ("somebody@school.example", "x" * 5000),
        ("some\x00body@school.example", "pass\x00word"),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("🙂", "🙂" * 50),
        ("\ud800@school.example".encode("utf-8", "surrogatepass"), "x"),
    ],
)
def test_nonsense_is_refused_in_words(client, email, password):
    answer = enter(client, email, password)
    assert answer.status_code in (400, 422)
    assert "Something went wrong" not in answer.text


@pytest.mark.parametrize("body", ['{"email": "a@b.example", "password": "x"}', "[1, 2]", "null", "{", '"x"'])
def test_a_machine_that_sends_json_is_refused_too(client, body):
    answer = client.post("/sign-in", data=body, content_type="application/json")
    assert 400 <= answer.status_code < 500


def test_guessing_a_password_is_made_expensive(real_hasher):
    assert real_hasher.type is Type.ID
    assert real_hasher.memory_cost >= 19 * 1024  # KiB, the least that OWASP advises
    assert real_hasher.time_cost >= 2


def test_passwords_are_kept_as_argon2id(user_with, look):
    one, other = look(user_with(Role.STAFF)), look(user_with(Role.STAFF))
    assert one.password_hash.startswith("$argon2id$")
    assert one.password_hash != other.password_hash, "the same password must not look the same"


def test_a_weaker_hash_is_made_anew_on_signing_in(client, user_with, change, look):
    user = user_with(Role.STAFF)
    weak = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    change(user, password_hash=weak.hash(PASSWORD))
    assert enter(client, user.email).status_code == 302
    renewed = look(user).password_hash
    assert not PasswordHasher().check_needs_rehash(renewed)
    assert enter(client, user.email).status_code == 302
    assert look(user).password_hash == renewed, "and then left alone"


def test_a_wrong_password_changes_no_hash(client, user_with, change, look):
    user = user_with(Role.STAFF)
    weak = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    change(user, password_hash=weak)
    enter(client, user.email, "wrong password")
    assert look(user).password_hash == weak


def test_a_damaged_hash_lets_nobody_in(client, user_with, change):
    user = user_with(Role.STAFF)
    change(user, password_hash="!")
    assert enter(client, user.email).status_code == 422


@pytest.mark.parametrize(
    ("wanted", "followed"),
    [
        ("/posts/", "/posts/"),
        ("/posts/?state=draft", "/posts/?state=draft"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("evil.example", "/"),
        (" //evil.example", "/"),
        ("", "/"),
    ],
)
def test_a_link_that_signs_in_leads_nowhere_else(client, user_with, wanted, followed):
    answer = client.post(
        "/sign-in", query_string={"next": wanted}, data={"email": user_with(Role.STAFF).email, "password": PASSWORD}
    )
    assert (answer.status_code, answer.location) == (302, followed)


def test_a_line_break_in_the_way_on_adds_no_header(client, user_with):
    wanted = "/posts/\r\nSet-Cookie: planted=1"
    answer = client.post(
        "/sign-in", query_string={"next": wanted}, data={"email": user_with(Role.STAFF).email, "password": PASSWORD}
    )
    assert "planted" not in str(answer.headers.get_all("Set-Cookie"))
    assert "\n" not in answer.location


def test_the_way_on_is_kept_while_the_password_is_wrong(client, user_with):
    """The form goes back to the address that it was shown at, question and all."""
    refused = enter(client, user_with(Role.STAFF).email, "wrong password", after="?next=/notices")
    form = re.search(r"<form[^>]*>", refused.text[refused.text.index("<main") :])[0]
    action = re.search(r'action="([^"]*)"', form)
    assert action is None or action[1] in ("", "/sign-in?next=/notices")


def test_a_planted_cookie_ends_on_signing_in(client, user_with):
    with client.session_transaction() as cookie:
        cookie["planted"] = "yes"
    enter(client, user_with(Role.STAFF).email)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_a_session_ends_after_the_working_day(app, sign_in):
    hours = app.config["PERMANENT_SESSION_LIFETIME"] / timedelta(hours=1)
    with time_machine.travel(clock.now(), tick=True) as time:
        browser = sign_in(Role.STAFF)
        time.shift(timedelta(hours=hours - 1))
        assert is_in(browser)
        time.shift(timedelta(hours=hours + 1))
        answer = browser.get("/notices")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/notices")


def test_signing_out_ends_the_session(sign_in):
    browser = sign_in(Role.STAFF)
    answer = browser.post("/sign-out", follow_redirects=True)
    assert "You are signed out" in answer.text
    assert not is_in(browser)


def test_a_copied_cookie_ends_with_signing_out(app, sign_in):
    """On a shared computer somebody may have kept it."""
    browser, copy = sign_in(Role.STAFF), app.test_client()
    copy.set_cookie("schoolgate", browser.get_cookie("schoolgate").value)
    assert is_in(copy)
    browser.post("/sign-out")
    assert not is_in(copy)


def test_looking_at_sign_out_does_not_sign_out(sign_in):
    browser = sign_in(Role.STAFF)
    assert browser.get("/sign-out").status_code == 405
    assert is_in(browser)


def test_nobody_signs_somebody_else_out(database, school, user_with, sign_in):
    browser, other = sign_in(Role.STAFF), user_with(Role.ADMINISTRATOR)
    with pytest.raises(NotPermittedError), database.transaction(school.id) as session:
        services.end_sessions(session, browser.person.id, actor=other.as_actor())
    assert is_in(browser)


def test_a_leavers_session_ends_at_once(database, school, sign_in, administrator):
    browser = sign_in(Role.HEADTEACHER)
    assert is_in(browser)
    with database.transaction(school.id) as session:
        services.suspend_user(session, browser.person.id, actor=administrator)
    assert not is_in(browser)
    assert enter(browser, browser.person.email).status_code == 422


def test_a_suspended_person_is_out_whatever_their_cookie_says(sign_in, change):
    browser = sign_in(Role.STAFF)
    change(browser.person, suspended_at=clock.now())
    assert not is_in(browser)


def test_somebody_who_is_reinstated_signs_in_anew(database, school, sign_in, administrator):
    browser = sign_in(Role.STAFF)
    with database.transaction(school.id) as session:
        services.suspend_user(session, browser.person.id, actor=administrator)
        services.reinstate_user(session, browser.person.id, actor=administrator)
    assert not is_in(browser), "the session of before stays ended"
    assert enter(browser, browser.person.email).status_code == 302


def test_an_administrator_cannot_suspend_themselves(database, school, administrator):
    with pytest.raises(InvalidInputError, match="another administrator"), database.transaction(school.id) as session:
        services.suspend_user(session, administrator.user_id, actor=administrator)


@pytest.mark.parametrize(
    ("starts", "ends", "status"), [(-1, None, 200), (-1, 0, 200), (-10, -1, 403), (1, None, 403), (0, 5, 200)]
)
def test_a_role_holds_from_its_first_to_its_last_day(database, school, sign_in, starts, ends, status):
    browser, today = sign_in(Role.SMT), clock.today()
    with database.transaction(school.id) as session:
        held = session.scalars(sa.select(RoleHeld).where(RoleHeld.user_id == browser.person.id)).one()
        held.starts_on = today + timedelta(days=starts)
        held.ends_on = None if ends is None else today + timedelta(days=ends)
    assert browser.get("/reviews/").status_code == status


def test_a_role_that_ended_counts_in_an_open_session(database, school, sign_in):
    browser = sign_in(Role.SMT)
    assert browser.get("/reviews/").status_code == 200
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=True), database.transaction(school.id) as session:
        held = session.scalars(sa.select(RoleHeld).where(RoleHeld.user_id == browser.person.id)).one()
        held.ends_on = clock.today() - timedelta(days=1)
    assert browser.get("/reviews/").status_code == 403


@pytest.mark.parametrize(
    "token", ["", "x", ":", "00000000-0000-0000-0000-000000000000:x", "{id}:", "{id}:wrong", "{id}"]
)
def test_a_made_up_session_is_nobodys(client, user_with, token):
    user = user_with(Role.HEADTEACHER)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token.format(id=user.id)
    assert client.get(INSIDE).status_code == 302


def test_a_cookie_that_was_written_elsewhere_is_refused(client, sign_in):
    good = sign_in(Role.STAFF).get_cookie("schoolgate").value
    client.set_cookie("schoolgate", good[:-2] + ("AA" if good[-2:] != "AA" else "BB"))
    assert client.get(INSIDE).status_code == 302


def change_password(browser, current: str, new: str):
    return browser.post(INSIDE, data={"current": current, "new": new})


def test_a_new_password_ends_every_session(app, sign_in):
    browser = sign_in(Role.STAFF)
    elsewhere = sign_in(Role.STAFF, user=browser.person)
    assert change_password(browser, PASSWORD, "another horse battery").status_code == 302
    assert not is_in(elsewhere)
    assert enter(app.test_client(), browser.person.email).status_code == 422
    assert enter(app.test_client(), browser.person.email, "another horse battery").status_code == 302


@pytest.mark.parametrize(
    ("current", "new", "sentence"),
    [
        ("wrong password", "another horse battery", "Your current password is not right. Try again."),
        (PASSWORD, "short", "Use at least 12 characters"),
        ("", "another horse battery", "Enter your current password"),
    ],
)
def test_a_password_is_not_changed_by_mistake(sign_in, current, new, sentence):
    browser = sign_in(Role.STAFF)
    answer = change_password(browser, current, new)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert is_in(browser)


def test_what_happened_to_an_account_is_on_record(database, school, sign_in, administrator):
    browser = sign_in(Role.STAFF)
    browser.post("/sign-out")
    with database.transaction(school.id) as session:
        services.suspend_user(session, browser.person.id, actor=administrator)
    with database.reading(school.id) as session:
        of_person = (
            sa.select(AuditEvent).where(AuditEvent.subject_id == browser.person.id).order_by(AuditEvent.sequence)
        )
        events = session.scalars(of_person).all()
    assert [event.tag for event in events] == ["user:created", "user:signed-in", "user:signed-out", "user:suspended"]
    assert browser.person.email not in str([event.details for event in events])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"email": "not an address"}, "is not an e-mail address"),
        ({"password": "short"}, "at least 12 characters"),
        ({"roles": ()}, "Choose at least one role"),
    ],
)
def test_an_account_that_would_not_work_is_not_made(database, school, given, sentence):
    actor = system_actor(school.id, "test", Permission.USER_MANAGE)
    values = {"email": "new@school.example", "name": "New", "roles": (Role.STAFF,), "password": PASSWORD, **given}
    with pytest.raises(InvalidInputError, match=sentence), database.transaction(school.id) as session:
        services.create_user(session, **values, actor=actor)


def test_one_address_has_one_account(database, school, user_with):
    actor, email = system_actor(school.id, "test", Permission.USER_MANAGE), user_with(Role.STAFF).email.upper()
    with pytest.raises(InvalidInputError, match="already has an account"), database.transaction(school.id) as session:
        services.create_user(session, email=email, name="Two", roles=(Role.STAFF,), password=PASSWORD, actor=actor)


def test_only_an_administrator_makes_accounts(database, school, user_with):
    head = user_with(Role.HEADTEACHER).as_actor()
    with pytest.raises(NotPermittedError), database.transaction(school.id) as session:
        services.create_user(
            session, email="new@school.example", name="", roles=(Role.STAFF,), password=PASSWORD, actor=head
        )
