"""Publishing on the X stand-in, in the shapes of the real API v2."""

import re
import time
from uuid import uuid4

import pytest
import requests
from requests_oauthlib import OAuth1

from tests.contract.sandbox.rehearsal import jpeg


def upload(sandbox, raw=None, **fields):
    data = {"media_category": "tweet_image"} | fields
    return sandbox.api("POST", "/media/upload", files={"media": jpeg() if raw is None else raw}, data=data)


def describe(sandbox, media_id, text="Children run"):
    return sandbox.api("POST", "/media/metadata", json={"id": media_id, "metadata": {"alt_text": {"text": text}}})


def test_created_post_answers_with_id_text_and_history(sandbox):
    answer = sandbox.api("POST", "/tweets", json={"text": "Diwrnod da"})
    made = answer.json()["data"]
    assert answer.status_code == 201
    assert made == {"id": made["id"], "text": "Diwrnod da", "edit_history_tweet_ids": [made["id"]]}
    assert sandbox.x_wall()[0]["text"] == "Diwrnod da"


def test_ids_grow_with_time(sandbox):
    made = [int(sandbox.tweet(f"Post {number}")) for number in range(5)]
    assert made == sorted(made)


def test_links_are_shortened_and_expanded_again(sandbox):
    post = sandbox.tweet("News: https://school.sch.uk/a?b=c and more")
    shown = sandbox.api("GET", f"/tweets/{post}", params={"tweet.fields": "entities"}).json()["data"]
    link = shown["entities"]["urls"][0]
    assert re.fullmatch(r"News: https://t\.co/\w{10} and more", shown["text"])
    assert shown["text"][link["start"] : link["end"]] == link["url"]
    assert link["expanded_url"] == "https://school.sch.uk/a?b=c"


def test_photos_hang_on_the_post_with_their_alt_text(sandbox):
    media = [upload(sandbox, jpeg(number)).json()["data"] for number in range(4)]
    for number, item in enumerate(media):
        assert describe(sandbox, item["id"], f"Photo {number}").ok
    post = sandbox.tweet("Four", media={"media_ids": [item["id"] for item in media]})
    asked = {
        "tweet.fields": "attachments,entities",
        "expansions": "attachments.media_keys",
        "media.fields": "alt_text,url,width",
    }
    body = sandbox.api("GET", f"/tweets/{post}", params=asked).json()
    assert body["data"]["attachments"]["media_keys"] == [item["media_key"] for item in media]
    assert [item["alt_text"] for item in body["includes"]["media"]] == [f"Photo {number}" for number in range(4)]
    assert re.search(r"Four https://t\.co/\w+$", body["data"]["text"])


def test_upload_answers_with_key_size_and_life(sandbox):
    made = upload(sandbox).json()["data"]
    assert made["media_key"] == f"3_{made['id']}"
    assert made["size"] == len(jpeg())
    assert 86_000 < made["expires_after_secs"] <= 86_400


@pytest.mark.parametrize(
    "raw", [b"", b"not a picture", b"x" * (5 * 1024 * 1024 + 1)], ids=["empty", "no picture", "too large"]
)
def test_bad_upload_is_refused(sandbox, raw):
    assert upload(sandbox, raw).status_code == 400


def test_alt_text_may_have_a_thousand_characters(sandbox):
    media = upload(sandbox).json()["data"]["id"]
    assert describe(sandbox, media, "a" * 1000).ok
    assert describe(sandbox, media, "a" * 1001).status_code == 400


def test_five_photos_are_refused(sandbox):
    media = [upload(sandbox, jpeg(number)).json()["data"]["id"] for number in range(5)]
    assert sandbox.api("POST", "/tweets", json={"text": "Five", "media": {"media_ids": media}}).status_code == 400


@pytest.mark.parametrize("case", ["unknown", "used", "expired"])
def test_media_that_cannot_be_used_is_refused(sandbox, case):
    media = upload(sandbox).json()["data"]["id"]
    if case == "used":
        sandbox.tweet("First", media={"media_ids": [media]})
    if case == "expired":
        sandbox.control("POST", "/x/accounts/bramleyhill/expire-media")
    wanted = "123" if case == "unknown" else media
    answer = sandbox.api("POST", "/tweets", json={"text": "Second", "media": {"media_ids": [wanted]}})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "Your media IDs are invalid."


@pytest.mark.parametrize(
    ("text", "ok"),
    [
        ("a" * 280, True),
        ("a" * 281, False),
        ("字" * 140, True),
        ("字" * 141, False),
        ("👩‍👩‍👧" * 140, True),
        ("👩‍👩‍👧" * 141, False),
        ("a" * 256 + " https://example.org/" + "b" * 200, True),
        ("a" * 257 + " https://example.org/" + "b" * 200, False),
        ("a" * 256 + " school.sch.uk", True),
        ("£" * 140, True),
        ("£" * 281, False),
    ],
)
def test_length_is_weighed(sandbox, text, ok):
    assert sandbox.api("POST", "/tweets", json={"text": text}).ok is ok


def test_same_words_again_are_refused_in_the_networks_words(sandbox):
    sandbox.tweet("Once")
    answer = sandbox.api("POST", "/tweets", json={"text": "Once"})
    assert answer.status_code == 403
    assert answer.json() == {
        "title": "Forbidden",
        "detail": "You are not allowed to create a Tweet with duplicate content.",
        "type": "about:blank",
        "status": 403,
    }


def test_delete_says_so_and_the_post_is_gone(sandbox):
    post = sandbox.tweet()
    for _ in range(2):
        assert sandbox.api("DELETE", f"/tweets/{post}").json() == {"data": {"deleted": True}}
    body = sandbox.api("GET", f"/tweets/{post}").json()
    assert "data" not in body
    assert body["errors"][0]["type"].endswith("resource-not-found")


def test_own_posts_are_listed_newest_first_by_pages(sandbox):
    made = [sandbox.tweet(f"Post {number}") for number in range(12)]
    account = sandbox.x["id"]
    first = sandbox.api("GET", f"/users/{account}/tweets", params={"max_results": 5}).json()
    rest = sandbox.api(
        "GET", f"/users/{account}/tweets", params={"max_results": 100, "pagination_token": first["meta"]["next_token"]}
    ).json()
    assert [post["id"] for post in first["data"] + rest["data"]] == made[::-1]
    assert (first["meta"]["newest_id"], rest["meta"]["oldest_id"]) == (made[-1], made[0])
    assert "next_token" not in rest["meta"]


@pytest.mark.parametrize(
    ("naming", "parameter", "status", "name"),
    [
        ("either", "tweet.fields", 200, "edit_history_tweet_ids"),
        ("either", "post.fields", 200, "edit_history_post_ids"),
        ("old", "tweet.fields", 200, "edit_history_tweet_ids"),
        ("old", "post.fields", 400, None),
        ("new", "tweet.fields", 400, None),
        ("new", "post.fields", 200, "edit_history_post_ids"),
    ],
)
def test_both_names_are_spoken_during_the_renaming(sandbox, naming, parameter, status, name):
    post = sandbox.tweet()
    sandbox.control("POST", "/x/accounts/bramleyhill/state", {"naming": naming})
    answer = sandbox.api("GET", f"/tweets/{post}", params={parameter: "created_at"})
    assert answer.status_code == status
    if name:
        assert answer.json()["data"][name] == [post]
    else:
        assert parameter in answer.json()["errors"][0]["message"]


def test_limits_are_told_and_kept(sandbox):
    answers = [sandbox.api("DELETE", f"/tweets/{number}") for number in range(1, 52)]
    assert [int(answer.headers["x-rate-limit-remaining"]) for answer in answers[:3]] == [49, 48, 47]
    assert [answer.status_code for answer in answers[49:]] == [200, 429]
    assert 0 < int(answers[-1].headers["x-rate-limit-reset"]) - time.time() <= 900


@pytest.mark.parametrize(
    "changed",
    [{"client_secret": "x"}, {"client_key": "x"}, {"resource_owner_secret": "x"}, {"resource_owner_key": "x"},
     {"timestamp": "1000000000"}, {"signature_method": "PLAINTEXT"}],
)  # fmt: skip
def test_every_part_of_the_signature_counts(sandbox, changed):
    answer = sandbox.api("POST", "/tweets", json={"text": "Hi"}, auth=sandbox.keys(**changed))
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")
    assert sandbox.x_wall() == []


def test_signed_request_is_taken_once(sandbox):
    keys = {"nonce": uuid4().hex, "timestamp": str(int(time.time()))}
    first = sandbox.api("GET", "/users/me", auth=sandbox.keys(**keys))
    assert (first.status_code, sandbox.api("GET", "/users/me", auth=sandbox.keys(**keys)).status_code) == (200, 401)


def test_query_is_part_of_what_is_signed(sandbox):
    address = f"{sandbox.url}/x/2/users/me?user.fields=created_at"
    prepared = sandbox.http.prepare_request(requests.Request("GET", address, auth=sandbox.keys()))
    prepared.url = prepared.url.replace("created_at", "protected")
    assert sandbox.http.send(prepared, timeout=5).status_code == 401


def test_app_only_token_reads_but_does_not_write(sandbox):
    bearer = {"Authorization": f"Bearer {sandbox.x['bearer_token']}"}
    post = sandbox.tweet()
    read = sandbox.http.get(f"{sandbox.url}/x/2/tweets/{post}", headers=bearer, timeout=5)
    written = sandbox.http.post(f"{sandbox.url}/x/2/tweets", json={"text": "Hi"}, headers=bearer, timeout=5)
    assert read.json()["data"]["id"] == post
    assert (written.status_code, written.json()["title"]) == (403, "Unsupported Authentication")


@pytest.mark.parametrize(
    ("state", "status"), [("revoked", 401), ("suspended", 403), ("locked", 403), ("read-only", 403)]
)
def test_account_that_lost_its_rights_cannot_post(sandbox, state, status):
    sandbox.control("POST", "/x/accounts/bramleyhill/state", {"state": state})
    assert sandbox.api("POST", "/tweets", json={"text": "Hi"}).status_code == status


def test_three_legged_sign_in_ends_with_the_accounts_keys(sandbox):
    keys = {"client_key": sandbox.x["consumer_key"], "client_secret": sandbox.x["consumer_secret"]}
    post = sandbox.http.post
    first = dict(
        part.split("=")
        for part in post(
            f"{sandbox.url}/x/oauth/request_token",
            auth=OAuth1(**keys, callback_uri="http://127.0.0.1:1/back"),
            timeout=5,
        ).text.split("&")
    )
    chosen = {"oauth_token": first["oauth_token"], "person": sandbox.x["id"], "allow": "1"}
    assert "bramleyhill" in sandbox.http.get(f"{sandbox.url}/x/oauth/authorize", params=chosen, timeout=5).text
    back = post(f"{sandbox.url}/x/oauth/allow", data=chosen, allow_redirects=False, timeout=5).headers["Location"]
    verifier = back.rpartition("oauth_verifier=")[2]
    signed = OAuth1(
        **keys,
        resource_owner_key=first["oauth_token"],
        resource_owner_secret=first["oauth_token_secret"],
        verifier=verifier,
    )
    last = post(f"{sandbox.url}/x/oauth/access_token", auth=signed, timeout=5).text
    assert f"oauth_token={sandbox.x['access_token']}&" in last
    assert "screen_name=bramleyhill" in last


def test_tweepy_publishes_reads_and_deletes(sandbox):
    client = sandbox.tweepy()
    made = client.create_tweet(text="By tweepy").data
    read = client.get_tweet(made["id"], tweet_fields=["created_at", "conversation_id"], user_auth=True).data
    me = client.get_me().data
    mine = client.get_users_tweets(me.id, user_auth=True).data
    assert (read.text, read.conversation_id, me.username) == ("By tweepy", int(made["id"]), "bramleyhill")
    assert [post.text for post in mine] == ["By tweepy"]
    assert client.delete_tweet(made["id"]).data == {"deleted": True}
