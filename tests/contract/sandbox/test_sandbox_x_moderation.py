"""Moderating on the X stand-in: mentions, search, hiding, muting, and who may answer whom."""

import pytest

FIELDS = "author_id,conversation_id,created_at,in_reply_to_user_id,referenced_tweets"


def mentions(sandbox, **params):
    return sandbox.api("GET", f"/users/{sandbox.x['id']}/mentions", params=params).json()


def test_no_mentions_means_no_data_at_all(sandbox):
    assert mentions(sandbox) == {"meta": {"result_count": 0}}


def test_replies_and_mentions_arrive_once_by_since_id(sandbox):
    post = sandbox.tweet()
    reply = sandbox.reply(post, "Well done", name="Priya")
    elsewhere = sandbox.control("POST", "/x/bramleyhill/mentions", {"name": "Paper", "text": "Good school"})["id"]
    body = mentions(sandbox, **{"tweet.fields": FIELDS})
    assert [row["id"] for row in body["data"]] == [elsewhere, reply]
    assert body["data"][1]["referenced_tweets"] == [{"type": "replied_to", "id": post}]
    assert (body["data"][1]["conversation_id"], body["data"][1]["text"]) == (post, "@bramleyhill Well done")
    assert mentions(sandbox, since_id=body["meta"]["newest_id"]) == {"meta": {"result_count": 0}}


def test_mentions_show_only_what_is_asked_for(sandbox):
    sandbox.reply(sandbox.tweet())
    assert mentions(sandbox)["data"][0].keys() == {"id", "text", "edit_history_tweet_ids"}
    expanded = mentions(sandbox, expansions="author_id", **{"user.fields": "created_at"})
    assert expanded["includes"]["users"][0].keys() == {"id", "name", "username", "created_at"}


def test_conversation_is_found_with_nested_replies(sandbox):
    post = sandbox.tweet()
    first = sandbox.reply(post, "One")
    nested = sandbox.reply(first, "Two", name="Tom")
    sandbox.tweet("Another matter")
    query = {"query": f"conversation_id:{post} is:reply", "max_results": 10}
    body = sandbox.api("GET", "/tweets/search/recent", params=query).json()
    assert [row["id"] for row in body["data"]] == [nested, first]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from:bramleyhill", 1),
        ("from:bramleyhill -swimming", 0),
        ('"swimming gala"', 2),
        ("to:bramleyhill", 1),
        ("-is:reply swimming", 1),
    ],
)
def test_search_understands_the_usual_operators(sandbox, query, found):
    sandbox.reply(sandbox.tweet("Swimming gala today"), "Which swimming gala?")
    assert sandbox.api("GET", "/tweets/search/recent", params={"query": query}).json()["meta"]["result_count"] == found


@pytest.mark.parametrize("query", ["", "colour:red"])
def test_search_refuses_what_it_does_not_know(sandbox, query):
    assert sandbox.api("GET", "/tweets/search/recent", params={"query": query}).status_code == 400


def test_search_forgets_after_seven_days(sandbox):
    post = sandbox.tweet()
    sandbox.reply(post, "Old", created_at="2020-01-01T00:00:00Z")
    body = sandbox.api("GET", "/tweets/search/recent", params={"query": f"conversation_id:{post} is:reply"}).json()
    assert body["meta"]["result_count"] == 0


def test_hidden_reply_stays_behind_a_link(sandbox):
    post = sandbox.tweet()
    reply = sandbox.reply(post, "Horrible words")
    page = f"{sandbox.url}/x/bramleyhill/status/{post}"
    for hidden in (True, True, False):
        assert sandbox.api("PUT", f"/tweets/{reply}/hidden", json={"hidden": hidden}).json() == {
            "data": {"hidden": hidden}
        }
        assert ("Horrible words" in sandbox.http.get(page, timeout=5).text) is not hidden
        assert "Horrible words" in sandbox.http.get(page, params={"hidden": 1}, timeout=5).text


def test_reply_elsewhere_cannot_be_hidden(sandbox):
    elsewhere = sandbox.control("POST", "/x/bramleyhill/mentions", {"text": "Rude"})["id"]
    assert sandbox.api("PUT", f"/tweets/{elsewhere}/hidden", json={"hidden": True}).status_code == 403


def test_reply_that_is_gone_cannot_be_hidden(sandbox):
    reply = sandbox.reply(sandbox.tweet())
    sandbox.control("DELETE", f"/x/posts/{reply}")
    assert sandbox.api("PUT", f"/tweets/{reply}/hidden", json={"hidden": True}).status_code == 404


def test_hiding_has_a_limit_that_a_pile_on_meets(sandbox):
    post = sandbox.tweet()
    orders = [{"text": f"Reply {number}", "name": f"P {number}"} for number in range(52)]
    replies = sandbox.control("POST", f"/x/posts/{post}/replies/batch", {"replies": orders})["ids"]
    answers = [sandbox.api("PUT", f"/tweets/{reply}/hidden", json={"hidden": True}) for reply in replies]
    assert [answer.status_code for answer in answers].count(200) == 50
    assert answers[-1].status_code == 429


def test_edited_reply_has_a_new_id_and_a_history(sandbox):
    reply = sandbox.reply(sandbox.tweet(), "First words")
    edited = sandbox.control("PATCH", f"/x/posts/{reply}", {"text": "@bramleyhill Other words"})["id"]
    row = mentions(sandbox)["data"][0]
    assert (row["id"], row["edit_history_tweet_ids"]) == (edited, [reply, edited])


def test_answers_go_only_to_those_who_spoke_to_us(sandbox):
    reply = sandbox.reply(sandbox.tweet())
    stranger = sandbox.control("POST", "/x/accounts", {"handle": "stranger"})
    theirs = sandbox.control("POST", "/x/stranger/posts", {"text": "Nothing to do with you"})["id"]
    asked = {"text": "Thank you", "reply": {"in_reply_to_tweet_id": reply}}
    assert sandbox.api("POST", "/tweets", json=asked).status_code == 201
    refused = sandbox.api("POST", "/tweets", json={"text": "Hello", "reply": {"in_reply_to_tweet_id": theirs}})
    assert (refused.status_code, stranger["handle"]) == (403, "stranger")


def test_muting(sandbox):
    sandbox.reply(sandbox.tweet(), name="Rude Person")
    rude = mentions(sandbox, **{"tweet.fields": "author_id"})["data"][0]["author_id"]
    me = sandbox.x["id"]
    assert sandbox.api("POST", f"/users/{me}/muting", json={"target_user_id": rude}).json() == {
        "data": {"muting": True}
    }
    assert sandbox.api("GET", f"/users/{me}/muting").json()["data"][0]["id"] == rude
    assert sandbox.api("DELETE", f"/users/{me}/muting/{rude}").json() == {"data": {"muting": False}}


def test_tweepy_moderates(sandbox):
    post = sandbox.tweet()
    reply = sandbox.reply(post, "Rude")
    client = sandbox.tweepy()
    found = client.get_users_mentions(sandbox.x["id"], tweet_fields=["conversation_id"], user_auth=True).data
    searched = client.search_recent_tweets(f"conversation_id:{post} is:reply", user_auth=True).data
    assert [each.id for each in found] == [each.id for each in searched] == [int(reply)]
    assert client.hide_reply(reply).data == {"hidden": True}
    assert client.mute(client.get_tweet(reply, tweet_fields=["author_id"], user_auth=True).data.author_id).data == {
        "muting": True
    }
