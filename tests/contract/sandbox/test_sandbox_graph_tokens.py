"""Who may do what on the Facebook stand-in: tokens, proofs, permissions, tasks and signing in."""

import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import pytest


def error_of(answer):
    error = answer.json()["error"]
    return error["code"], error.get("error_subcode")


@pytest.mark.parametrize(("token", "code"), [("", 104), ("nonsense", 190), ("1|wrong", 190)])
def test_call_without_a_good_token_is_refused(sandbox, token, code):
    assert error_of(sandbox.graph("GET", "me", token=token))[0] == code


def test_token_is_taken_from_header_address_and_form(sandbox):
    token = sandbox.page["page_token"]
    assert sandbox.graph("GET", "me").json()["id"] == sandbox.page_id
    assert sandbox.graph("GET", "me", token="", params={"access_token": token}).json()["id"] == sandbox.page_id
    assert "id" in sandbox.graph("POST", "me/feed", token="", data={"access_token": token, "message": "Hi"}).json()


@pytest.mark.parametrize(
    ("state", "subcode"),
    [
        ("expired", 463),
        ("password-changed", 460),
        ("checkpointed", 459),
        ("deauthorised", 458),
        ("unconfirmed", 464),
        ("revoked", 467),
        ("role-lost", 492),
    ],
)
def test_broken_sign_in_says_how_it_broke(sandbox, state, subcode):
    token = sandbox.page["page_token"]
    sandbox.control("POST", "/facebook/tokens/state", {"token": token, "state": state})
    assert error_of(sandbox.graph("GET", "me")) == (190, subcode)
    app_token = f"{sandbox.page['app_id']}|{sandbox.page['app_secret']}"
    facts = sandbox.graph("GET", "debug_token", token=app_token, params={"input_token": token}).json()["data"]
    assert (facts["is_valid"], facts["error"]["subcode"]) == (False, subcode)


def test_dated_token_runs_out(sandbox):
    made = sandbox.control("POST", f"/facebook/pages/{sandbox.page_id}/tokens", {"expires_in": -1})
    assert error_of(sandbox.graph("GET", "me", token=made["token"])) == (190, 463)


@pytest.mark.parametrize(("proof", "ok"), [("right", True), ("wrong", False), (None, False)])
def test_proof_is_checked_where_it_is_required(sandbox, proof, ok):
    sandbox.control(
        "POST", "/facebook/pages", {"name": "B", "page_id": sandbox.page_id, "require_appsecret_proof": True}
    )
    token, secret = sandbox.page["page_token"], sandbox.page["app_secret"]
    right = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    params = {} if proof is None else {"appsecret_proof": right if proof == "right" else "0" * 64}
    assert sandbox.graph("GET", "me", params=params).ok is ok


def test_wrong_proof_is_refused_even_where_none_is_required(sandbox):
    answer = sandbox.graph("GET", "me", params={"appsecret_proof": "0" * 64})
    assert (error_of(answer)[0], answer.json()["error"]["type"]) == (100, "GraphMethodException")


@pytest.mark.parametrize(
    ("missing", "method", "path", "code"),
    [
        ("pages_manage_posts", "POST", "{page}/feed", 200),
        ("pages_manage_posts", "POST", "{page}/photos", 200),
        ("pages_read_engagement", "GET", "{page}/published_posts", 10),
        ("pages_manage_engagement", "POST", "{comment}", 200),
        ("pages_manage_engagement", "DELETE", "{comment}", 200),
        ("pages_read_user_content", "GET", "{post}/comments", 10),
        ("pages_manage_metadata", "POST", "{page}/subscribed_apps", 200),
    ],
)
def test_missing_permission_is_named(sandbox, missing, method, path, code):
    post = sandbox.publish()
    scopes = [scope for scope in sandbox.page["scopes"] if scope != missing]
    token = sandbox.control("POST", f"/facebook/pages/{sandbox.page_id}/tokens", {"scopes": scopes})["token"]
    full = path.format(page=sandbox.page_id, post=post, comment=sandbox.comment(post))
    answer = sandbox.graph(
        method, full, token=token, data={"message": "Hi", "is_hidden": "true"} if method == "POST" else None
    )
    assert error_of(answer)[0] == code
    assert missing in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("task", "path"),
    [("CREATE_CONTENT", "{page}/feed"), ("MODERATE", "{comment}"), ("MANAGE", "{page}/subscribed_apps")],
)
def test_missing_page_task_is_refused(sandbox, task, path):
    comment = sandbox.comment(sandbox.publish())
    tasks = [each for each in sandbox.page["tasks"] if each != task]
    token = sandbox.control("POST", f"/facebook/pages/{sandbox.page_id}/tokens", {"tasks": tasks})["token"]
    fields = {"message": "Hi there", "is_hidden": "true", "subscribed_fields": "feed"}
    answer = sandbox.graph("POST", path.format(page=sandbox.page_id, comment=comment), token=token, data=fields)
    assert error_of(answer)[0] == 200


def test_persons_token_cannot_publish_and_sees_no_comments(sandbox):
    post = sandbox.publish()
    sandbox.comment(post)
    person = sandbox.page["user_token"]
    assert error_of(sandbox.graph("POST", f"{sandbox.page_id}/feed", token=person, data={"message": "Hi"}))[0] == 210
    assert sandbox.graph("GET", f"{post}/comments", token=person).json() == {"data": []}


def test_another_pages_token_is_refused(sandbox):
    other = sandbox.control("POST", "/facebook/pages", {"name": "Other School"})
    post, token = sandbox.publish(), other["page_token"]
    for method, path in (("POST", f"{sandbox.page_id}/feed"), ("DELETE", post), ("POST", sandbox.comment(post))):
        assert error_of(sandbox.graph(method, path, token=token, data={"message": "Hi"}))[0] == 200


def test_debug_token_tells_type_scopes_and_life(sandbox):
    app_token = f"{sandbox.page['app_id']}|{sandbox.page['app_secret']}"
    facts = sandbox.graph(
        "GET", "debug_token", token=app_token, params={"input_token": sandbox.page["page_token"]}
    ).json()["data"]
    assert {
        "app_id",
        "type",
        "application",
        "data_access_expires_at",
        "expires_at",
        "is_valid",
        "scopes",
        "granular_scopes",
        "user_id",
    } <= facts.keys()
    assert (facts["type"], facts["expires_at"], facts["is_valid"]) == ("PAGE", 0, True)
    assert {"scope": "pages_manage_posts", "target_ids": [sandbox.page_id]} in facts["granular_scopes"]


def test_accounts_give_the_page_its_own_token(sandbox):
    row = sandbox.graph("GET", "me/accounts", token=sandbox.page["user_token"]).json()["data"][0]
    assert row.keys() >= {"id", "name", "access_token", "tasks"}
    assert sandbox.graph("GET", "me", token=row["access_token"]).json()["id"] == sandbox.page_id


def test_signing_in_goes_from_dialog_to_a_long_lived_token(sandbox):
    app = {"client_id": sandbox.page["app_id"], "client_secret": sandbox.page["app_secret"]}
    asked = {
        "client_id": app["client_id"],
        "redirect_uri": "http://127.0.0.1:1/back",
        "state": "s1",
        "scope": "pages_show_list,pages_manage_posts",
    }
    sign_in = sandbox.http.get(f"{sandbox.url}/graph/v25.0/dialog/oauth", params=asked, timeout=5)
    assert "Ruth Calloway" in sign_in.text
    dialog = sandbox.http.get(sign_in.url, params={"person": sandbox.page["user_id"]}, timeout=5)
    assert "pages_manage_posts" in dialog.text
    allowed = asked | {
        "person": sandbox.page["user_id"],
        "scopes": ["pages_show_list", "pages_manage_posts"],
        "allow": "1",
    }
    back = sandbox.http.post(f"{sandbox.url}/graph/dialog/allow", data=allowed, allow_redirects=False, timeout=5)
    answer = parse_qs(urlsplit(back.headers["Location"]).query)
    code = {**app, "redirect_uri": asked["redirect_uri"], "code": answer["code"][0]}
    short = sandbox.graph("GET", "oauth/access_token", token="", params=code).json()
    again = sandbox.graph("GET", "oauth/access_token", token="", params=code)
    long = sandbox.graph(
        "GET",
        "oauth/access_token",
        token="",
        params={**app, "grant_type": "fb_exchange_token", "fb_exchange_token": short["access_token"]},
    ).json()
    granted = sandbox.graph("GET", "me/permissions", token=long["access_token"]).json()["data"]
    assert answer["state"] == ["s1"]
    assert short.keys() == long.keys() == {"access_token", "token_type", "expires_in"}
    assert long["expires_in"] > 50 * 86_400
    assert error_of(again)[0] == 100
    assert {row["permission"] for row in granted if row["status"] == "granted"} == {
        "public_profile",
        "pages_show_list",
        "pages_manage_posts",
    }


def test_exchange_needs_the_apps_secret(sandbox):
    wrong = {"client_id": sandbox.page["app_id"], "client_secret": "no", "grant_type": "client_credentials"}
    assert "error" in sandbox.graph("GET", "oauth/access_token", token="", params=wrong).json()


def test_username_belongs_to_one_page_alone(sandbox):
    made = [sandbox.control("POST", "/facebook/pages", {"name": "Oak Primary"}) for _ in range(2)]
    assert [page["url"].rpartition("/")[2] for page in made] == ["oakprimary", made[1]["page_id"]]
    named = sandbox.graph("GET", "me", token=made[1]["page_token"], params={"fields": "username"}).json()
    assert named == {"id": made[1]["page_id"]}
