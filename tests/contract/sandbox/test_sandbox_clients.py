"""What other published clients of the two networks use beside the calls that we make ourselves."""

import base64
import json

import pytest

from tests.contract.sandbox.rehearsal import jpeg


def test_several_objects_in_one_call(sandbox):
    post = sandbox.publish()
    body = sandbox.graph("GET", "", params={"ids": f"{sandbox.page_id},{post}", "fields": "id"}).json()
    assert body == {sandbox.page_id: {"id": sandbox.page_id}, post: {"id": post}}
    assert sandbox.graph("GET", "", params={"ids": f"{post},404"}).json()["error"]["code"] == 803


def test_batch_answers_each_call_by_itself(sandbox):
    calls = [
        {"method": "GET", "relative_url": "me?fields=name"},
        {"method": "POST", "relative_url": "me/feed", "body": "message=In+a+batch"},
        {"method": "GET", "relative_url": "404"},
    ]
    answers = sandbox.graph("POST", "", data={"batch": json.dumps(calls)}).json()
    assert [answer["code"] for answer in answers] == [200, 200, 400]
    assert json.loads(answers[0]["body"])["name"] == "Bramley Hill School"
    assert sandbox.wall()[0]["message"] == "In a batch"


@pytest.mark.parametrize(("since", "found"), [("2000-01-01", 1), ("946684800", 1), ("2999-01-01", 0)])
def test_posts_since_a_moment(sandbox, since, found):
    sandbox.publish()
    assert len(sandbox.graph("GET", "me/published_posts", params={"since": since}).json()["data"]) == found


def test_comments_among_the_fields_of_a_post(sandbox):
    post = sandbox.publish()
    sandbox.comment(post, "Nice")
    fields = "comments.filter(stream).summary(true).limit(5){message},reactions.summary(total_count).limit(0).as(love)"
    shown = sandbox.graph("GET", post, params={"fields": fields}).json()
    assert shown["comments"]["data"][0]["message"] == "Nice"
    assert shown["comments"]["summary"]["total_count"] == 1
    assert shown["love"] == {"data": [], "summary": {"total_count": 0, "viewer_reaction": "NONE"}}


def test_what_stands_beside_a_post_can_be_read(sandbox):
    post = sandbox.publish(photos=1)
    (photo,) = sandbox.graph("GET", "me/photos", params={"type": "uploaded", "fields": "page_story_id"}).json()["data"]
    assert photo["page_story_id"] == post
    (shown,) = sandbox.graph("GET", f"{post}/attachments", params={"fields": "target,media_type"}).json()["data"]
    assert (shown["target"]["id"], shown["media_type"]) == (photo["id"], "photo")
    counted = sandbox.graph("GET", f"{post}/reactions", params={"summary": "true"}).json()
    assert counted == {"data": [], "summary": {"total_count": 0, "viewer_reaction": "NONE"}}
    assert sandbox.graph("GET", "me/albums").json() == {"data": []}
    assert "id" in sandbox.graph("GET", post, params={"fields": "instagram_eligibility,story_tags,via"}).json()


def test_fields_to_be_told_of_may_be_a_list(sandbox):
    asked = {"subscribed_fields": json.dumps(["feed", "mention"])}
    assert sandbox.graph("POST", "me/subscribed_apps", data=asked).json()["success"] == "true"
    (app,) = sandbox.graph("GET", "me/subscribed_apps").json()["data"]
    assert app["subscribed_fields"] == ["feed", "mention"]


@pytest.mark.parametrize("fields", ["id,{", "id}", "from{id", "id,.x"])
def test_crooked_fields_are_a_bad_argument(sandbox, fields):
    assert sandbox.graph("GET", "me", params={"fields": fields}).json()["error"]["code"] == 100


def test_upload_in_pieces(sandbox):
    raw = jpeg(size=(640, 480))
    begun = {"media_category": "tweet_image", "media_type": "image/jpeg", "total_bytes": len(raw)}
    media = sandbox.api("POST", "/media/upload/initialize", json=begun).json()["data"]["id"]
    early = sandbox.api("POST", f"/media/upload/{media}/finalize")
    for number, piece in reversed(list(enumerate((raw[:500], raw[500:])))):
        sent = {"media": base64.b64encode(piece).decode(), "segment_index": number}
        assert sandbox.api("POST", f"/media/upload/{media}/append", json=sent).ok
    done = sandbox.api("POST", f"/media/upload/{media}/finalize").json()["data"]
    assert early.status_code == 400
    assert (done["id"], done["size"], done["image"]["w"]) == (media, len(raw), 640)
    assert sandbox.tweet("In pieces", media={"media_ids": [media]})


def test_expansion_brings_its_field_along(sandbox):
    reply = sandbox.reply(sandbox.tweet("The first post"), name="Priya Shah")
    asked = {"expansions": "author_id,referenced_tweets.id", "tweet.fields": "created_at"}
    body = sandbox.api("GET", f"/tweets/{reply}", params=asked).json()
    assert body["data"]["author_id"] == body["includes"]["users"][0]["id"]
    assert body["includes"]["tweets"][0]["text"] == "The first post"


def test_unknown_field_of_x_is_named(sandbox):
    answer = sandbox.api("GET", "/users/me", params={"user.fields": "shoe_size"})
    assert answer.status_code == 400
    assert "shoe_size" in answer.json()["errors"][0]["message"]


def test_several_at_once_name_what_is_missing(sandbox):
    found = sandbox.api("GET", "/users/by", params={"usernames": "bramleyhill,nobody", "user.fields": "public_metrics"})
    assert [user["username"] for user in found.json()["data"]] == ["bramleyhill"]
    assert {"tweet_count", "post_count"} <= found.json()["data"][0]["public_metrics"].keys()
    missing = sandbox.api("GET", "/media", params={"media_keys": "3_1"}).json()
    for error in (*found.json()["errors"], *missing["errors"]):
        assert error["type"] == "https://api.x.com/2/problems/resource-not-found"
    assert sandbox.api("GET", f"/users/{sandbox.x['id']}/followers").json() == {"meta": {"result_count": 0}}


def test_unknown_path_of_x_is_not_found(sandbox):
    assert sandbox.api("GET", "/lists/1").json()["title"] == "Not Found"


def test_app_may_name_itself_by_basic_authentication(sandbox):
    app = (sandbox.page["app_id"], sandbox.page["app_secret"])
    address = f"{sandbox.url}/graph/v25.0/oauth/access_token"
    answer = sandbox.http.post(address, data={"grant_type": "client_credentials"}, auth=app, timeout=5)
    assert answer.json()["token_type"] == "bearer"
    wrong = sandbox.http.post(address, data={"grant_type": "client_credentials"}, auth=(app[0], "no"), timeout=5)
    assert wrong.json()["error"]["code"] == 1
