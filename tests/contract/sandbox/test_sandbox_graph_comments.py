"""Moderating on the Facebook stand-in: listing, hiding, removing, blocking."""

import pytest

FIELDS = "id,message,created_time,from{id,name},parent{id},is_hidden,can_hide,can_remove,permalink_url,attachment"


def listed(sandbox, post, **params):
    asked = {"filter": "stream", "order": "chronological", "fields": FIELDS} | params
    return sandbox.graph("GET", f"{post}/comments", params=asked).json()


def test_comments_come_in_order_with_replies_and_all_fields(sandbox):
    post = sandbox.publish()
    first = sandbox.comment(post, "First", name="Priya")
    reply = sandbox.comment(post, "Reply", name="Tom", parent_id=first)
    picture = sandbox.comment(post, "", attachment=True)
    body = listed(sandbox, post)
    assert [row["id"] for row in body["data"]] == [first, reply, picture]
    assert body["data"][0]["from"]["name"] == "Priya"
    assert body["data"][1]["parent"] == {"id": first}
    assert body["data"][2]["attachment"]["type"] == "photo"
    assert (body["data"][2]["message"], body["summary"]["total_count"]) == ("", 3)
    assert all(row["can_hide"] and row["can_remove"] for row in body["data"])


def test_toplevel_leaves_replies_out(sandbox):
    post = sandbox.publish()
    first = sandbox.comment(post)
    reply = sandbox.comment(post, "Reply", parent_id=first)
    assert [row["id"] for row in listed(sandbox, post, filter="toplevel")["data"]] == [first]
    assert [row["id"] for row in listed(sandbox, first)["data"]] == [reply]


@pytest.mark.parametrize("limit", [1, 7, 25, 100])
def test_cursor_walk_sees_each_comment_once(sandbox, limit):
    post = sandbox.publish()
    orders = [{"message": f"Comment {number}"} for number in range(60)]
    made = sandbox.control("POST", f"/facebook/posts/{post}/comments/batch", {"comments": orders})["ids"]
    seen, after = [], ""
    while True:
        body = listed(sandbox, post, limit=limit, after=after)
        seen += [row["id"] for row in body["data"]]
        if "next" not in body["paging"]:
            break
        after = body["paging"]["cursors"]["after"]
    assert seen == made


def test_next_link_carries_the_token_as_the_real_one_does(sandbox):
    post = sandbox.publish()
    for number in range(2):
        sandbox.comment(post, f"Comment {number}")
    link = listed(sandbox, post, limit=1)["paging"]["next"]
    assert f"access_token={sandbox.page['page_token']}" in link
    assert sandbox.http.get(link, timeout=5).json()["data"][0]["message"] == "Comment 1"


def test_walk_goes_on_when_the_comment_under_the_cursor_is_gone(sandbox):
    post = sandbox.publish()
    made = [sandbox.comment(post, f"Comment {number}") for number in range(4)]
    after = listed(sandbox, post, limit=2)["paging"]["cursors"]["after"]
    sandbox.control("DELETE", f"/facebook/comments/{made[1]}")
    assert [row["id"] for row in listed(sandbox, post, after=after)["data"]] == made[2:]


def test_nonsense_for_a_cursor_is_a_bad_argument(sandbox):
    assert listed(sandbox, sandbox.publish(), after="nonsense")["error"]["code"] == 100


def test_hidden_comment_vanishes_for_the_public_and_comes_back(sandbox):
    post = sandbox.publish()
    comment = sandbox.comment(post, "Horrible words")
    page = f"{sandbox.url}/facebook/{sandbox.page_id}/posts/{post.partition('_')[2]}"
    for hidden in (True, True, False):
        assert sandbox.graph("POST", comment, data={"is_hidden": str(hidden).lower()}).json() == {"success": True}
        assert sandbox.graph("GET", comment, params={"fields": "is_hidden"}).json()["is_hidden"] is hidden
        assert ("Horrible words" in sandbox.http.get(page, timeout=5).text) is not hidden


def test_own_comment_cannot_be_hidden(sandbox):
    post = sandbox.publish()
    own = sandbox.graph("POST", f"{post}/comments", data={"message": "Thank you"}).json()["id"]
    assert sandbox.graph("GET", own, params={"fields": "can_hide,from"}).json()["can_hide"] is False
    assert sandbox.graph("POST", own, data={"is_hidden": "true"}).json()["error"]["code"] == 100


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_removed_comment_is_gone(sandbox, method):
    comment = sandbox.comment(sandbox.publish())
    sandbox.control("DELETE", f"/facebook/comments/{comment}")
    answer = sandbox.graph(method, comment, data={"is_hidden": "true"} if method == "POST" else None)
    assert (answer.json()["error"]["code"], answer.json()["error"]["error_subcode"]) == (100, 33)


def test_removing_a_comment_removes_its_replies(sandbox):
    post = sandbox.publish()
    first = sandbox.comment(post)
    sandbox.comment(post, "Reply", parent_id=first)
    assert sandbox.graph("DELETE", first).json() == {"success": True}
    assert listed(sandbox, post)["data"] == []


def test_author_may_be_missing(sandbox):
    comment = sandbox.comment(sandbox.publish(), anonymous=True)
    assert "from" not in sandbox.graph("GET", comment, params={"fields": "id,from,message"}).json()


def test_blocked_person_can_no_longer_comment(sandbox):
    post = sandbox.publish()
    author = sandbox.graph("GET", sandbox.comment(post, name="Rude Person"), params={"fields": "from"}).json()["from"][
        "id"
    ]
    assert sandbox.graph("POST", f"{sandbox.page_id}/blocked", data={"psid": f"[{author}]"}).json() == {author: True}
    address = f"{sandbox.url}/_control/facebook/posts/{post}/comments"
    refused = sandbox.http.post(address, json={"name": "Rude Person", "message": "Again"}, timeout=5)
    assert sandbox.graph("DELETE", f"{sandbox.page_id}/blocked", params={"psid": author}).json() == {"success": True}
    assert refused.status_code == 403
    assert sandbox.comment(post, "Calmer now", name="Rude Person")


def test_facebook_sdk_walks_comments_until_the_token_is_missing(sandbox):
    post = sandbox.publish()
    sandbox.comment(post, "One")
    graph = sandbox.facebook_sdk()
    assert [row["message"] for row in graph.get_all_connections(post, "comments", filter="stream")] == ["One"]
    assert graph.put_comment(post, "Thank you").keys() == {"id"}
