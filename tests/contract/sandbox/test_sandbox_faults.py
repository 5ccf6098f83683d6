"""Faults to order: each in its shape, before or after the write took effect, as often as was said."""

import json

import pytest
import requests

from tests.contract.sandbox.rehearsal import jpeg

GRAPH_CODES = (
    "190/458 190/459 190/460 190/463 190/464 190/467 190/492 102 3 10 200 4 17 32 341 613 80001 80002 1 2 368 506 100/33 803 100 324 1609005 12 2635"
).split()


def tries_to_post(sandbox, **more):
    return sandbox.graph("POST", f"{sandbox.page_id}/feed", data={"message": "Hello"}, **more)


@pytest.mark.parametrize("code", GRAPH_CODES)
def test_every_graph_error_can_be_ordered(sandbox, code):
    sandbox.fault(f"error:{code}", "facebook.feed.create")
    answer = tries_to_post(sandbox)
    error = answer.json()["error"]
    number, _, subcode = code.partition("/")
    assert error["code"] == int(number)
    assert error["fbtrace_id"]
    assert not subcode or error["error_subcode"] == int(subcode)
    assert sandbox.wall() == []
    assert "id" in tries_to_post(sandbox).json()


@pytest.mark.parametrize("code", ["4", "17", "32", "341", "613", "80001"])
def test_throttles_arrive_as_status_400(sandbox, code):
    sandbox.fault(f"error:{code}")
    answer = tries_to_post(sandbox)
    assert answer.status_code == 400
    assert "X-App-Usage" in answer.headers


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [
        ("html-502", 502, "text/html; charset=utf-8"),
        ("html-503", 503, "text/html; charset=utf-8"),
        ("empty-500", 500, "application/json; charset=UTF-8"),
    ],
)
@pytest.mark.parametrize(("effect", "posts"), [("before", 0), ("after", 1)])
def test_broken_answer_says_nothing_of_whether_the_write_took_effect(
    sandbox, kind, status, content_type, effect, posts
):
    sandbox.fault(kind, "facebook.feed.create", effect=effect)
    answer = tries_to_post(sandbox)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, content_type)
    assert "error" not in answer.text.lower() or kind.startswith("html")
    assert len(sandbox.wall()) == posts


@pytest.mark.parametrize(("kind", "error"), [("timeout", requests.ReadTimeout), ("drop", requests.ConnectionError)])
@pytest.mark.parametrize(("effect", "posts"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("network", ["facebook", "x"])
def test_silence_before_and_after_the_write(sandbox, kind, error, effect, posts, network):
    sandbox.fault(kind, f"{network}.*.create", effect=effect, options={"seconds": 3})
    post, wall = {
        "facebook": (lambda: tries_to_post(sandbox, timeout=0.5), sandbox.wall),
        "x": (lambda: sandbox.api("POST", "/tweets", json={"text": "Hello"}, timeout=0.5), sandbox.x_wall),
    }[network]
    with pytest.raises(error):
        post()
    assert len(wall()) == posts


def test_slow_answer_is_right_but_late(sandbox):
    sandbox.fault("slow", options={"seconds": 0.4})
    answer = tries_to_post(sandbox)
    assert answer.elapsed.total_seconds() >= 0.4
    assert sandbox.wall()[0]["id"] == answer.json()["id"]


def test_answer_without_content_type(sandbox):
    sandbox.fault("no-content-type")
    answer = tries_to_post(sandbox)
    assert "content-type" not in answer.headers
    assert answer.json()["id"]
    sandbox.fault("no-content-type")
    with pytest.raises(KeyError):
        sandbox.facebook_sdk().get_object("me")


def test_third_photo_of_four_fails(sandbox):
    sandbox.fault("error:324", "facebook.photos.create", skip=2)
    address, fields = f"{sandbox.page_id}/photos", {"published": "false"}
    answers = [sandbox.graph("POST", address, data=fields, files={"source": jpeg(number)}) for number in range(4)]
    assert ["id" in answer.json() for answer in answers] == [True, True, False, True]


@pytest.mark.parametrize(("kind", "word"), [("success-false", "false"), ("success-string", "true")])
def test_success_in_words(sandbox, kind, word):
    comment = sandbox.comment(sandbox.publish())
    sandbox.fault(kind, "facebook.comment.update")
    assert sandbox.graph("POST", comment, data={"is_hidden": "true"}).json() == {"success": word}


@pytest.mark.parametrize("order", ["chronological", "reverse_chronological"])
def test_empty_page_has_a_cursor_that_goes_on(sandbox, order):
    post = sandbox.publish()
    made = [sandbox.comment(post, f"Comment {number}") for number in range(3)]
    made = made if order == "chronological" else made[::-1]
    seen, after = [], ""
    for armed in (False, True, False):
        if armed:
            sandbox.fault("empty-page", "facebook.comments.read")
        body = sandbox.graph("GET", f"{post}/comments", params={"order": order, "limit": 2, "after": after}).json()
        assert bool(body["data"]) is not armed
        seen += [row["id"] for row in body["data"]]
        after = body["paging"]["cursors"]["after"]
    assert seen == made


@pytest.mark.parametrize(
    ("kind", "status", "told"),
    [
        ("unauthorized", 401, {"title": "Unauthorized"}),
        ("forbidden", 403, {"title": "Forbidden"}),
        ("suspended", 403, {"title": "Forbidden"}),
        ("duplicate-content", 403, {"detail": "You are not allowed to create a Tweet with duplicate content."}),
        ("credits-depleted", 402, {"title": "CreditsDepleted", "type": "https://api.x.com/2/problems/credits"}),
        ("payment-required", 402, {"title": "Payment Required", "status": 402}),
        ("rate-limited", 429, {"title": "Too Many Requests"}),
        ("usage-capped", 429, {"type": "https://api.x.com/2/problems/usage-capped"}),
        ("service-unavailable", 503, {"title": "Service Unavailable"}),
        ("null-errors", 400, {"errors": None}),
        ("renamed-field", 400, {"title": "Invalid Request"}),
        ("media-expired", 400, {"title": "Invalid Request"}),
    ],
)
def test_every_x_problem_can_be_ordered(sandbox, kind, status, told):
    sandbox.fault(kind, "x.posts.create")
    answer = sandbox.api("POST", "/tweets", json={"text": "Hello"})
    assert answer.status_code == status
    assert told.items() <= answer.json().items()
    assert sandbox.x_wall() == []


def test_rate_limit_fault_tells_when_it_ends(sandbox):
    sandbox.fault("rate-limited", options={"seconds": 60})
    headers = sandbox.api("POST", "/tweets", json={"text": "Hello"}).headers
    assert headers["x-rate-limit-remaining"] == "0"
    assert int(headers["x-rate-limit-reset"]) > 1_700_000_000


def test_success_with_only_errors(sandbox):
    reply = sandbox.reply(sandbox.tweet())
    sandbox.fault("only-errors", "x.posts.hide")
    answer = sandbox.api("PUT", f"/tweets/{reply}/hidden", json={"hidden": True})
    assert answer.status_code == 200
    assert answer.json()["data"] is None
    assert answer.json()["errors"]


def test_list_for_a_body_breaks_tweepys_error_class(sandbox):
    sandbox.fault("list-body", "x.posts.create")
    with pytest.raises(AttributeError):
        sandbox.tweepy().create_tweet(text="Hello")


def test_new_names_in_an_answer(sandbox):
    sandbox.fault("new-names", "x.posts.create")
    assert "edit_history_post_ids" in sandbox.api("POST", "/tweets", json={"text": "Hello"}).json()["data"]


def test_fault_keeps_to_its_account_and_its_count(sandbox):
    other = sandbox.control("POST", "/facebook/pages", {"name": "Other School"})
    sandbox.fault("error:4", "facebook.page.read", account=other["page_id"], count=2)
    mine = [sandbox.graph("GET", "me").status_code for _ in range(3)]
    theirs = [sandbox.graph("GET", "me", token=other["page_token"]).status_code for _ in range(3)]
    assert (mine, theirs) == ([200] * 3, [400, 400, 200])


def test_chance_falls_the_same_way_for_the_same_seed(sandbox):
    runs = []
    for seed in (7, 7, 8):
        sandbox.control("DELETE", "/faults")
        sandbox.fault("error:2", "facebook.page.read", count=None, probability=0.5, seed=seed)
        runs.append([sandbox.graph("GET", "me").status_code for _ in range(30)])
    assert runs[0] == runs[1] != runs[2]
    assert 5 < runs[0].count(500) < 25
    assert sandbox.control("GET", "/faults")["data"][0]["seen"] == 30


def test_unknown_fault_is_refused_with_a_sentence(sandbox):
    answer = requests.post(f"{sandbox.url}/_control/faults", json={"kind": "gremlins"}, timeout=5)
    assert answer.status_code == 422
    assert "gremlins" in json.dumps(answer.json())


def test_requests_are_written_down_with_their_fault_and_without_a_token(sandbox):
    sandbox.fault("error:2", "facebook.page.read")
    sandbox.graph("GET", "me")
    sandbox.graph("GET", "me", token="", params={"access_token": sandbox.page["page_token"]})
    rows = sandbox.control("GET", "/requests")["data"]
    assert [(row["operation"], row["fault"], row["token_in_url"]) for row in rows] == [
        ("facebook.page.read", "error:2", False),
        ("facebook.page.read", None, True),
    ]
    assert sandbox.page["page_token"] not in json.dumps(rows)


def test_upload_may_not_be_ready_yet(sandbox):
    sandbox.fault("processing", "x.media.create", options={"seconds": 2})
    made = sandbox.api("POST", "/media/upload", files={"media": jpeg()}, data={"media_category": "tweet_image"}).json()[
        "data"
    ]
    ready = sandbox.api("GET", "/media/upload", params={"command": "STATUS", "media_id": made["id"]}).json()["data"]
    assert (made["processing_info"]["state"], made["processing_info"]["check_after_secs"]) == ("in_progress", 2)
    assert ready["processing_info"]["state"] == "succeeded"
