"""An account is connected at the network's own sign-in dialog: what is wrong is said in words, and nothing leaks."""

import logging
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.channels import services
from app.channels.connector import Connector
from app.channels.models import Channel, ChannelState, SignInAttempt
from app.platforms.base import Network
from app.platforms.logins import AppKeys, Logins
from app.platforms.registry import Endpoints, connect
from app.sandbox import SandboxSettings, create_sandbox
from tests.contract.sandbox.rehearsal import Rehearsal, running

SCOPES = (
    "pages_manage_posts", "pages_manage_engagement", "pages_read_engagement", "pages_read_user_content",
    "pages_show_list", "pages_manage_metadata",
)  # fmt: skip


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory):
    settings = SandboxSettings(_env_file=None, folder=tmp_path_factory.mktemp("sandbox"))
    with running(create_sandbox(settings)) as url:
        made = Rehearsal(url)
        yield made
        made.http.close()


@pytest.fixture(autouse=True)
def networks(app, rehearsal, monkeypatch):
    url = rehearsal.url
    endpoints = Endpoints(f"{url}/graph", "v25.0", f"{url}/graph", f"{url}/x", f"{url}/x")
    apps = {
        Network.FACEBOOK: AppKeys(rehearsal.page["app_id"], rehearsal.page["app_secret"]),
        Network.X: AppKeys(rehearsal.x["consumer_key"], rehearsal.x["consumer_secret"]),
    }
    sealer = app.extensions["schoolgate.sealers"]["tokens"]
    monkeypatch.setitem(app.extensions, "schoolgate.logins", Logins(endpoints, apps))
    real = Connector(sealer, lambda network, credentials: connect(network, credentials, endpoints))
    monkeypatch.setitem(app.extensions, "schoolgate.connector", real)


@pytest.fixture
def coordinator(sign_in):
    return sign_in(Role.COORDINATOR)


@pytest.fixture
def account(database, school, user_with):
    """Enter an account; unless told otherwise, the leadership approved it."""

    def enter(network, *, handle="bramleyhill", approved=True):
        proposal = services.Proposal(
            network, "Bramley Hill School", handle, "https://social.example", "Ms Lamb", "o@s.example", True
        )
        entered_by = user_with(Role.COORDINATOR).as_actor()
        with database.transaction(school.id) as session:
            channel_id = services.propose_channel(session, proposal, actor=entered_by).id
        if approved:
            with database.transaction(school.id) as session:
                services.approve_channel(session, channel_id, actor=user_with(Role.SMT).as_actor())
        return channel_id

    return enter


@pytest.fixture
def channel(database, school):
    def read(channel_id) -> Channel:
        with database.reading(school.id) as session:
            return session.get_one(Channel, channel_id)

    return read


def dialog_of(browser, channel_id):
    page = browser.post(f"/channels/{channel_id}/sign-in").text
    return re.search(r'href="([^"]+/(?:dialog/oauth|oauth/authorize)[^"]*)"', page).group(1).replace("&amp;", "&")


def allow(rehearsal, address, **changed):
    """Go through the network's dialog, and return where it sends the browser back to."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    if "oauth_token" in asked:
        path, form = "/x/oauth/allow", {"oauth_token": asked["oauth_token"], "person": rehearsal.x["id"]}
    else:
        path = "/graph/dialog/allow"
        kept = {name: asked[name] for name in ("client_id", "redirect_uri", "state")}
        form = kept | {"person": rehearsal.page["user_id"], "scopes": SCOPES}
    sent = rehearsal.http.post(f"{rehearsal.url}{path}", data=form | changed, allow_redirects=False, timeout=10)
    back = urlsplit(sent.headers["Location"])
    return f"{back.path}?{back.query}"


@pytest.mark.parametrize("network", Network)
def test_coordinator_connects_with_clicks(rehearsal, coordinator, account, channel, network, caplog, database, school):
    caplog.set_level(logging.DEBUG)
    channel_id = account(network)
    back = allow(rehearsal, dialog_of(coordinator, channel_id))
    choose = coordinator.get(back)
    assert choose.status_code == 302, choose.text
    assert urlsplit(choose.location).query == "", "the code does not stay in the address"
    page = coordinator.get(choose.location).text
    assert "the leadership approved" in page
    number = rehearsal.page_id if network is Network.FACEBOOK else rehearsal.x["id"]
    done = coordinator.post(choose.location, data={"account": number}, follow_redirects=True)
    assert "Connected. The key" in done.text
    assert (channel(channel_id).state, channel(channel_id).remote_account_id) == (ChannelState.CONNECTED, number)
    secrets = [rehearsal.page["page_token"], rehearsal.x["access_token"], rehearsal.x["access_token_secret"]]
    seen = " ".join([caplog.text, page, done.text, str(coordinator._cookies)])
    assert not [secret for secret in secrets if secret in seen]
    with database.reading(school.id) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 0


def test_nothing_is_connected_before_the_leadership_approved(coordinator, account):
    answer = coordinator.post(f"/channels/{account(Network.FACEBOOK, approved=False)}/sign-in")
    assert answer.status_code == 409
    assert "The leadership approves it first" in answer.text


@pytest.mark.parametrize("network", Network)
def test_saying_no_connects_nothing(rehearsal, coordinator, account, channel, network):
    channel_id = account(network)
    back = allow(rehearsal, dialog_of(coordinator, channel_id), deny="1")
    assert "You did not allow it there" in coordinator.get(back, follow_redirects=True).text
    assert channel(channel_id).state is ChannelState.APPROVED


@pytest.mark.parametrize(
    ("changed", "handle", "said"),
    [
        ({"scopes": SCOPES[1:]}, "bramleyhill", "These permissions were not given: pages_manage_posts."),
        ({}, "Bramley Hill School", "This is another account than Bramley Hill School, which the leadership approved"),
        ({"scopes": [*SCOPES, "x"], "asks_for_pages": "1"}, "bramleyhill", "Facebook offered no Page."),
    ],
    ids=["a permission missing", "only the same name", "no Page ticked"],
)
def test_what_is_wrong_is_said_before_anything_is_connected(
    rehearsal, coordinator, account, channel, changed, handle, said
):
    channel_id = account(Network.FACEBOOK, handle=handle)
    page = coordinator.get(allow(rehearsal, dialog_of(coordinator, channel_id), **changed), follow_redirects=True)
    assert said in page.text.replace("&#39;", "'")
    assert f"Connect {rehearsal.page['name']}</button>" not in page.text
    assert channel(channel_id).state is ChannelState.APPROVED


def test_person_without_the_roles_cannot_connect_even_past_the_page(rehearsal, coordinator, account):
    order = {"name": "Bramley Hill School", "page_id": rehearsal.page_id, "app_id": rehearsal.page["app_id"]}
    rehearsal.control("POST", "/facebook/pages", order | {"tasks": ["MODERATE"]})
    try:
        channel_id = account(Network.FACEBOOK)
        choose = coordinator.get(allow(rehearsal, dialog_of(coordinator, channel_id))).location
        answer = coordinator.post(choose, data={"account": rehearsal.page_id})
    finally:
        rehearsal.control("POST", "/facebook/pages", order)
    assert answer.status_code == 422
    assert "You lack these roles on this Page: CREATE_CONTENT, MANAGE." in answer.text


@pytest.mark.parametrize("network", Network)
def test_answer_works_once_and_for_whoever_set_out(rehearsal, coordinator, sign_in, account, network):
    stranger = sign_in(Role.COORDINATOR)
    back = allow(rehearsal, dialog_of(coordinator, account(network)))
    assert stranger.get(back).status_code == 404, "a link that was slipped to somebody else connects nothing"
    assert coordinator.get(back).status_code == 302
    assert coordinator.get(back).status_code == 404


def test_forged_answer_is_refused(coordinator, account):
    account(Network.FACEBOOK)
    answer = coordinator.get("/channels/connected/facebook?state=guessed&code=AQ1")
    assert answer.status_code == 404
    assert "Begin again from the account" in answer.text
