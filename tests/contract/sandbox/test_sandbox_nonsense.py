"""Whatever is sent, the sandbox answers in the network's own words and never stumbles."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.sandbox import SandboxSettings, close_sandbox, create_sandbox

WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "²",
            "9" * 19,
            "9" * 40,
            "1e9",
            "null",
            "true",
            "[]",
            "{}",
            "[1]",
            "\x00",
            "a" * 300,
            "..",
            "2000-01-01",
            "0001-01-01",
            "9999-12-31",
        ]
    ),
)
GRAPH_NAMES = ["fields", "limit", "after", "before", "since", "until", "filter", "order", "message", "link", "attached_media", "published",
               "is_hidden", "psid", "ids", "batch", "input_token", "appsecret_proof", "subscribed_fields", "summary", "method", "grant_type"]  # fmt: skip
X_NAMES = [
    "tweet.fields",
    "expansions",
    "max_results",
    "since_id",
    "until_id",
    "start_time",
    "end_time",
    "pagination_token",
    "query",
    "ids",
    "media_id",
]
X_PATHS = ["tweets", "tweets/{id}", "tweets/{id}/hidden", "tweets/search/recent", "users/{id}", "users/{id}/mentions", "users/{id}/tweets", "users/me",
           "users/{id}/muting", "media/upload", "media/upload/initialize", "media/upload/{id}/append", "media/upload/{id}/finalize", "media/metadata"]  # fmt: skip
BODIES = st.dictionaries(
    st.sampled_from(
        [
            "text",
            "media",
            "reply",
            "hidden",
            "id",
            "metadata",
            "target_user_id",
            "media_category",
            "total_bytes",
            "segment_index",
        ]
    ),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), WORDS),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(["media_ids", "alt_text", "text", "in_reply_to_tweet_id"]), inner, max_size=3
            ),
        ),
        max_leaves=5,
    ),
)
EXAMPLES = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    app = create_sandbox(SandboxSettings(_env_file=None, folder=tmp_path_factory.mktemp("nonsense")))
    client = app.test_client()
    page = client.post("/_control/facebook/pages", json={"name": "School"}).get_json()
    account = client.post("/_control/x/accounts", json={"handle": "school"}).get_json()
    post = client.post(f"/_control/facebook/{page['page_id']}/posts", json={"message": "Hello"}).get_json()["id"]
    comment = client.post(f"/_control/facebook/posts/{post}/comments", json={"message": "Hi"}).get_json()["id"]
    tweet = client.post("/_control/x/school/posts", json={"text": "Hello"}).get_json()["id"]
    yield client, page, account, [page["page_id"], post, comment, "me", tweet, account["id"]]
    close_sandbox(app)


@EXAMPLES
@given(data=st.data())
def test_graph_api_answers_nonsense_with_an_error_of_its_own(house, data):
    client, page, _, known = house
    node = data.draw(st.one_of(st.sampled_from(known), st.sampled_from(["debug_token", "oauth", "404"])))
    edge = data.draw(
        st.sampled_from(
            [
                "",
                "feed",
                "photos",
                "comments",
                "published_posts",
                "blocked",
                "accounts",
                "access_token",
                "subscribed_apps",
                "x",
            ]
        )
    )
    params = data.draw(st.dictionaries(st.sampled_from(GRAPH_NAMES), WORDS, max_size=4))
    method = data.draw(st.sampled_from(["GET", "POST"]))
    token = data.draw(
        st.sampled_from([page["page_token"], page["user_token"], f"{page['app_id']}|{page['app_secret']}"])
    )
    answer = client.open(
        f"/graph/v25.0/{node}/{edge}", method=method, headers={"Authorization": f"Bearer {token}"},
        **({"query_string": params} if method == "GET" else {"data": params}),
    )  # fmt: skip
    body = answer.get_json()
    assert answer.status_code in {200, 400, 401, 403, 404}
    assert (answer.status_code == 200) is not (isinstance(body, dict) and "error" in body)


@EXAMPLES
@given(data=st.data())
def test_x_api_answers_nonsense_with_a_problem(house, data):
    client, _, account, known = house
    client.application.extensions["sandbox.limits"].clear()
    path = data.draw(st.sampled_from(X_PATHS)).format(id=data.draw(st.sampled_from([*known, "²", "9" * 19, "9" * 30])))
    method = data.draw(st.sampled_from(["GET", "POST", "PUT", "DELETE"]))
    answer = client.open(
        f"/x/2/{path}", method=method, headers={"Authorization": f"Bearer {account['oauth2_token']}"}, content_type="application/json",
        query_string=data.draw(st.dictionaries(st.sampled_from(X_NAMES), WORDS, max_size=3)),
        data=json.dumps(data.draw(BODIES)) if method != "GET" else None,
    )  # fmt: skip
    assert answer.status_code in {200, 201, 400, 403, 404}
    assert answer.status_code < 300 or answer.get_json()["title"]


@EXAMPLES
@given(data=st.data())
def test_public_pages_and_control_answer_nonsense_politely(house, data):
    client, _, _, known = house
    start = data.draw(st.sampled_from(["/facebook/{}", "/facebook/{}/posts/{}", "/x/{}", "/x/{}/status/{}", "/x/i/web/status/{}", "/pictures/{}",
                                       "/_control/facebook/{}/wall", "/_control/x/posts/{}", "/_control/faults/{}"]))  # fmt: skip
    address = start.format(
        *data.draw(st.lists(st.sampled_from([*known, "²", "9" * 30, "a b"]), min_size=2, max_size=2))
    )
    words = {"name": data.draw(WORDS), "text": data.draw(WORDS), "kind": data.draw(WORDS), "count": data.draw(WORDS)}
    method = data.draw(st.sampled_from(["GET", "POST", "PATCH"]))
    answer = client.open(address, method=method, **({} if method == "GET" else {"json": words}))
    assert answer.status_code in {200, 302, 303, 400, 403, 404, 405, 422}


@pytest.mark.parametrize(
    "path",
    [
        "/_faults",
        "/graph/dialog/allow",
        "/x/oauth/allow",
        "/x/oauth/request_token",
        "/x/oauth/access_token",
        "/_control/reset",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        {},
        {"kind": "slow", "seconds": "long", "percent": "many"},
        {"oauth_token": "x", "redirect_uri": "javascript:1", "state": ""},
    ],
)
def test_forms_filled_with_nonsense_are_refused(house, path, form):
    client = house[0]
    assert client.post(path, data=form).status_code in {200, 400, 401, 403, 404, 422}
