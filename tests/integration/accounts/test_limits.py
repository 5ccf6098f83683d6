"""Guessing passwords is slowed down, for each account and for each address, and the person is told in words."""

from datetime import timedelta

import pytest
import time_machine

from app import create_app
from app.accounts.limits import limiter
from app.accounts.roles import Role
from app.core import clock
from app.core.settings import Settings
from tests.conftest import PASSWORD

MANY = 10
SENTENCE = "Wait a few minutes, then try again."


def guess(client, email: str, password: str = "", *, address: str = "10.0.0.1"):
    """Try to sign in; without a password nothing is compared, but the try counts."""
    origin = {"REMOTE_ADDR": address}
    return client.post("/sign-in", data={"email": email, "password": password}, environ_overrides=origin)


def test_an_account_is_shut_after_many_tries(client, user_with):
    email = user_with(Role.STAFF).email
    assert {guess(client, email).status_code for _ in range(MANY)} == {422}
    answer = guess(client, email, PASSWORD)
    assert answer.status_code == 429
    assert "Too many tries" in answer.text
    assert SENTENCE in answer.text
    assert int(answer.headers["Retry-After"]) > 0


def test_it_makes_no_difference_where_the_tries_come_from(client, user_with):
    email = user_with(Role.STAFF).email
    for number in range(MANY):
        guess(client, email, address=f"10.0.0.{number}")
    assert guess(client, email, PASSWORD, address="10.9.9.9").status_code == 429


def test_it_makes_no_difference_how_the_address_is_written(client, user_with):
    email = user_with(Role.STAFF).email
    for number in range(MANY):
        guess(client, f"{' ' * number}{email.upper() if number % 2 else email} ")
    assert guess(client, email, PASSWORD).status_code == 429


def test_an_unknown_account_is_shut_in_the_same_way(client):
    """Otherwise the limit would tell which accounts there are."""
    answers = [guess(client, "nobody@school.example").status_code for _ in range(MANY + 1)]
    assert answers == [422] * MANY + [429]


def test_another_account_is_not_shut(client, user_with):
    shut, free = user_with(Role.STAFF).email, user_with(Role.STAFF).email
    for _ in range(MANY + 1):
        guess(client, shut)
    assert guess(client, free, PASSWORD).status_code == 302


def test_an_account_opens_again(client, user_with):
    email = user_with(Role.STAFF).email
    with time_machine.travel(clock.now(), tick=True) as time:
        for _ in range(MANY + 1):
            guess(client, email)
        time.shift(timedelta(minutes=2))
        assert guess(client, email, PASSWORD).status_code == 302


def test_an_address_that_tries_many_accounts_is_shut(client):
    answers = [guess(client, f"user{number}@school.example").status_code for number in range(121)]
    assert answers == [422] * 120 + [429]
    assert guess(client, "other@school.example", address="10.0.0.2").status_code == 422


def test_colleagues_behind_one_address_are_counted_alone(sign_in):
    """A whole school shares one; thirty teachers must not lock each other out."""
    one, other = sign_in(Role.STAFF), sign_in(Role.STAFF)
    for _ in range(5):
        one.get("/account")
    left = [int(browser.get("/account").headers["X-RateLimit-Remaining"]) for browser in (one, other)]
    assert left[1] - left[0] == 5


def test_looking_at_the_form_is_not_a_try(client, user_with):
    for _ in range(MANY * 2):
        client.get("/sign-in")
    assert guess(client, user_with(Role.STAFF).email, PASSWORD).status_code == 302


@pytest.fixture
def shared_count_is_down(tmp_path):
    settings = Settings(_env_file=None, data_folder=tmp_path, rate_limit_url="redis://127.0.0.1:1/0", log_format="text")
    yield create_app(settings)
    create_app(Settings(_env_file=None, data_folder=tmp_path, log_format="text"))  # the limiter is one for all apps
    limiter.reset()


def test_without_the_shared_count_each_process_counts_for_itself(shared_count_is_down):
    client = shared_count_is_down.test_client()
    assert client.get("/sign-in").status_code == 200
