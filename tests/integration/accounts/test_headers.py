"""What every answer carries, and how the cookie travels."""

from http.cookies import SimpleCookie

import pytest
from flask import request

from app import create_app
from app.accounts.roles import Role
from app.core.settings import Settings
from tests.conftest import PASSWORD

ANSWERS = {
    "a page": ("/sign-in", 200),
    "a redirect": ("/posts/", 302),
    "a missing page": ("/nowhere", 404),
    "JSON": ("/healthz", 503),
    "a static file": ("/static/schoolgate.css", 200),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_is_protected(client, kind):
    address, status = ANSWERS[kind]
    answer = client.get(address)
    answer.close()
    assert answer.status_code == status
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"


def test_the_policy_lets_nothing_in_by_the_back_door(client):
    policy = client.get("/sign-in").headers["Content-Security-Policy"]
    assert not {word for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "data:", "*") if word in policy}


def test_pages_are_not_kept_by_the_browser_or_a_proxy(sign_in):
    assert sign_in(Role.STAFF).get("/").headers["Cache-Control"] == "no-store"


def test_a_static_file_is_kept_only_under_the_address_of_its_content(client):
    kept = {}
    for address in ("/static/schoolgate.css", "/static/schoolgate.css?v=abc"):
        with client.get(address) as answer:
            kept[address] = answer.headers["Cache-Control"]
    assert list(kept.values()) == ["no-cache", "public, max-age=31536000, immutable"]


def test_the_server_does_not_say_what_it_is_made_of(client):
    assert "X-Powered-By" not in client.get("/sign-in").headers


def cookie_after_signing_in(client, user, **where):
    answer = client.post("/sign-in", data={"email": user.email, "password": PASSWORD}, **where)
    return SimpleCookie(answer.headers["Set-Cookie"])["schoolgate"]


def test_scripts_and_other_sites_do_not_get_the_cookie(client, user_with):
    cookie = cookie_after_signing_in(client, user_with(Role.STAFF))
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert cookie["expires"]


@pytest.mark.parametrize(
    ("address", "is_secure"), [("https://social.school.example", True), ("http://127.0.0.1:8000", False)]
)
def test_over_https_the_cookie_travels_encrypted_only(tmp_path, address, is_secure):
    app = create_app(Settings(_env_file=None, data_folder=tmp_path, public_url=address, log_format="text"))
    answer = app.test_client().get("/sign-in", base_url=address)
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["schoolgate"]
    assert bool(cookie["secure"]) is is_secure
    assert ("Strict-Transport-Security" in answer.headers) is is_secure


@pytest.mark.parametrize(("hops", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_a_forwarded_address_is_believed_only_behind_a_proxy(tmp_path, hops, seen):
    """Anybody can send the header: without a proxy in front it would be a way around the limits."""
    app = create_app(Settings(_env_file=None, data_folder=tmp_path, trusted_proxies=hops, log_format="text"))
    found = []
    app.before_request(lambda: found.append(request.remote_addr))
    app.test_client().get("/sign-in", headers={"X-Forwarded-For": "203.0.113.9"})
    assert found == [seen]
