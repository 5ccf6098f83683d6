"""From the networks' sign-in dialogs to keys that work; nothing secret stands in an address on our side of it."""

import logging
import traceback
from urllib.parse import parse_qs, urlsplit

import pytest

from app.platforms.base import Network
from app.platforms.errors import AuthorizationError, PermissionMissingError, PlatformError, RejectedError
from app.platforms.facebook_login import FacebookLogin
from app.platforms.facebook_reading import NEEDED_SCOPES
from app.platforms.registry import Endpoints, connect
from app.platforms.x_login import XLogin
from tests.contract.platforms.stages import QUICK

WRONG = "0123456789abcdef" * 2
BACK = "http://127.0.0.1:1/channels/connected"


@pytest.fixture
def endpoints(sandbox):
    return Endpoints(
        facebook_base_url=f"{sandbox.url}/graph",
        facebook_dialog_url=f"{sandbox.url}/graph",
        x_base_url=f"{sandbox.url}/x",
        x_web_url=f"{sandbox.url}/x",
        timeouts=QUICK,
    )


@pytest.fixture
def facebook_login(sandbox, endpoints):
    return FacebookLogin(sandbox.page["app_id"], sandbox.page["app_secret"], endpoints)


@pytest.fixture
def x_login(sandbox, endpoints):
    return XLogin(sandbox.x["consumer_key"], sandbox.x["consumer_secret"], endpoints)


def sent_back(answer):
    """Return what the dialog sends the coordinator's browser back with."""
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def allow_facebook(sandbox, address, *, scopes=None):
    assert sandbox.http.get(address, timeout=10).status_code == 200
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    form = {
        "client_id": asked["client_id"],
        "redirect_uri": asked["redirect_uri"],
        "state": asked["state"],
        "person": sandbox.page["user_id"],
        "scopes": asked["scope"].split(",") if scopes is None else scopes,
    }
    return sent_back(
        sandbox.http.post(f"{sandbox.url}/graph/dialog/allow", data=form, timeout=10, allow_redirects=False)
    )


def allow_x(sandbox, address):
    assert sandbox.http.get(address, timeout=10).status_code == 200
    token = parse_qs(urlsplit(address).query)["oauth_token"][0]
    form = {"oauth_token": token, "person": sandbox.x["id"]}
    return sent_back(sandbox.http.post(f"{sandbox.url}/x/oauth/allow", data=form, timeout=10, allow_redirects=False))


def test_page_is_connected_and_acts(sandbox, facebook_login, endpoints):
    back = allow_facebook(sandbox, facebook_login.dialog_address(BACK, "state-1"))
    assert back["state"] == "state-1"
    (page,) = facebook_login.offered_pages(back["code"], BACK)
    assert (page.page_id, page.name, page.problem) == (sandbox.page_id, "Bramley Hill School", None)
    credentials = facebook_login.take(page)
    health = connect(Network.FACEBOOK, credentials, endpoints).check_health()
    assert (health.ok, health.expires_at) == (True, None)
    told = sandbox.control("GET", f"/facebook/pages/{sandbox.page_id}")
    assert told["subscribed_fields"] == ["feed"]


def test_account_is_connected_and_acts(sandbox, x_login, endpoints):
    request = x_login.ask_for_token(BACK)
    back = allow_x(sandbox, x_login.dialog_address(request))
    assert back["oauth_token"] == request.token
    credentials = x_login.finish(request, back["oauth_verifier"])
    assert (credentials.user_id, credentials.handle) == (sandbox.x["id"], "bramleyhill")
    assert connect(Network.X, credentials, endpoints).check_health().ok


def test_no_secret_of_the_way_is_seen(sandbox, facebook_login, x_login, addresses, caplog):
    caplog.set_level(logging.DEBUG)
    code = allow_facebook(sandbox, facebook_login.dialog_address(BACK, "s"))["code"]
    addresses.clear()
    (page,) = facebook_login.offered_pages(code, BACK)
    facebook_login.take(page)
    request = x_login.ask_for_token(BACK)
    verifier = allow_x(sandbox, x_login.dialog_address(request))["oauth_verifier"]
    keys = x_login.finish(request, verifier)
    seen = " ".join([*addresses, caplog.text, repr(page), repr(request), repr(keys), repr(facebook_login)])
    secrets = [code, page.token, sandbox.page["app_secret"], request.secret, verifier, keys.access_secret]
    secrets += [keys.access_token, sandbox.x["consumer_secret"]]
    assert not [secret for secret in secrets if secret in seen]


def test_code_works_once(sandbox, facebook_login):
    code = allow_facebook(sandbox, facebook_login.dialog_address(BACK, "s"))["code"]
    facebook_login.offered_pages(code, BACK)
    with pytest.raises(RejectedError):
        facebook_login.offered_pages(code, BACK)


def test_verifier_of_somebody_else_opens_nothing(sandbox, x_login):
    request = x_login.ask_for_token(BACK)
    allow_x(sandbox, x_login.dialog_address(request))
    with pytest.raises(AuthorizationError):
        x_login.finish(request, "guessed")


def test_page_without_permission_to_list_is_told(sandbox, facebook_login):
    code = allow_facebook(sandbox, facebook_login.dialog_address(BACK, "s"), scopes=["pages_manage_posts"])["code"]
    with pytest.raises(PermissionMissingError):
        facebook_login.offered_pages(code, BACK)


def test_permissions_that_were_unticked_are_told_before_use(sandbox, facebook_login, endpoints):
    some = [*(scope for scope in NEEDED_SCOPES if scope != "pages_manage_posts"), "pages_show_list", "pages_manage_metadata"]  # fmt: skip
    code = allow_facebook(sandbox, facebook_login.dialog_address(BACK, "s"), scopes=some)["code"]
    (page,) = facebook_login.offered_pages(code, BACK)
    health = connect(Network.FACEBOOK, facebook_login.take(page), endpoints).check_health()
    assert "pages_manage_posts" in health.problem


def test_person_without_the_role_is_told(sandbox, facebook_login):
    order = {"name": "Bramley Hill School", "page_id": sandbox.page_id, "app_id": sandbox.page["app_id"], "tasks": ["ANALYZE", "MODERATE"]}  # fmt: skip
    sandbox.control("POST", "/facebook/pages", order)
    code = allow_facebook(sandbox, facebook_login.dialog_address(BACK, "s"))["code"]
    (page,) = facebook_login.offered_pages(code, BACK)
    assert page.problem.startswith("You lack these roles on this Page: CREATE_CONTENT, MANAGE.")


def test_wrong_app_secret_is_refused_without_being_shown(sandbox, endpoints):
    to_facebook = FacebookLogin(sandbox.page["app_id"], WRONG, endpoints)
    to_x = XLogin(sandbox.x["consumer_key"], WRONG, endpoints)
    for begin in (lambda: to_facebook.offered_pages("code", BACK), lambda: to_x.ask_for_token(BACK)):
        with pytest.raises(AuthorizationError) as caught:
            begin()
        assert WRONG not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("kind", ["html-502", "drop", "truncated", "html-200"])
def test_trouble_on_the_way_is_told_in_our_words(sandbox, facebook_login, kind):
    code = allow_facebook(sandbox, facebook_login.dialog_address(BACK, "s"))["code"]
    sandbox.fault(kind, "facebook.access_token.read")
    with pytest.raises(PlatformError, match="tried again"):
        facebook_login.offered_pages(code, BACK)
