"""Shapes that others have seen the networks send: none is lost, misread or believed too far."""

import json

import pytest

from app.core import clock
from app.platforms.base import OutgoingPost, Prepared
from app.platforms.errors import DuplicateError, GoneError, PlatformError, RejectedError, TransientError
from app.platforms.webhooks import parse
from tests.unit.platforms.scripted import PAGE, facebook, said, x

POST = f"{PAGE}_5"
NEW = {"item": "comment", "verb": "add", "comment_id": "5_77", "post_id": POST, "parent_id": POST, "created_time": 1772438405}  # fmt: skip
SEEN = ("add", "5_77", POST, None)


def change(value, field="feed"):
    return {"id": PAGE, "time": 1772438406, "changes": [{"field": field, "value": value}]}


WEBHOOKS = {
    "a sticker, without words or author": (change(NEW), SEEN),
    "a photo": (change({**NEW, "photo": "https://scontent.xx.fbcdn.net/v/1.jpg"}), SEEN),
    "an answer to a comment": (change({**NEW, "comment_id": "5_78", "parent_id": "5_77"}), ("add", "5_78", POST, "5_77")),
    "all ids in three parts": (change({**NEW, "comment_id": f"{PAGE}_5_78", "parent_id": f"{PAGE}_5_77"}), ("add", "5_78", POST, "5_77")),
    "ids as numbers, without the Page": (change({**NEW, "post_id": 5, "parent_id": 5}), SEEN),
    "a comment named after a photo": (change({**NEW, "comment_id": "900_744", "verb": "hide"}), ("hide", "900_744", POST, None)),
    "2014: no post, a comment named after a photo": (change({"item": "comment", "verb": "add", "comment_id": "900_744", "parent_id": POST, "sender_id": 1}), ("add", "900_744", POST, None)),
    "2013: no post, three parts": (change({"item": "comment", "verb": "add", "comment_id": f"{POST}_77", "parent_id": POST, "sender_id": 1}), SEEN),
    "an answer, no post": (change({"item": "comment", "verb": "edit", "comment_id": "5_78", "parent_id": "5_77"}), ("edited", "5_78", POST, "5_77")),
    "a comment named after the Page": (change({"item": "comment", "verb": "add", "comment_id": f"{PAGE}_77"}), ("add", f"{PAGE}_77", "", None)),
    "a mention under our own post": (change({**NEW, "parent_id": None}, "mention"), SEEN),
    "a mention elsewhere": (change({**NEW, "post_id": "900_5", "parent_id": None}, "mention"), None),
    "a comment on a review": (change({**NEW, "post_id": "900_5", "parent_id": "900_5"}, "ratings"), None),
    "a reaction to a comment": (change({**NEW, "item": "reaction", "reaction_type": "angry"}), None),
    "a status": (change({"item": "status", "verb": "add", "post_id": POST, "published": 1, "message": "Hello"}), None),
    "a video": (change({"item": "video", "verb": "block", "video_id": "9", "post_id": POST}), None),
    "a message": ({"id": PAGE, "time": 1, "messaging": [{"sender": {"id": "9"}, "message": {"mid": "m_1", "text": "Hi"}}]}, None),
    "only the names of fields": ({"id": PAGE, "time": 1, "changed_fields": ["feed"]}, None),
}  # fmt: skip


@pytest.mark.parametrize("name", WEBHOOKS)
def test_webhook_says_what_happened_to_which_comment(name):
    entry, expected = WEBHOOKS[name]
    neighbour = change({**NEW, "comment_id": "5_99", "message": "Lovely"})
    hints = parse(json.dumps({"entry": [entry, neighbour], "object": "page"}).encode())
    assert hints[-1].comment_id == "5_99"
    told = [(one.verb, one.comment_id, one.post_id, None if one.parent_id == one.post_id else one.parent_id) for one in hints[:-1]]  # fmt: skip
    assert told == ([expected] if expected else [])


def test_comment_without_an_id_is_known_by_its_address():
    base = "https://www.facebook.com/112/posts/5/?comment_id=77"
    rows = [{"message": "Boa noite", "permalink_url": base}, {"message": "Oi", "permalink_url": f"{base}&reply_comment_id=78"}, {"message": "Nowhere"}]  # fmt: skip
    page, _ = facebook(said({"data": rows, "summary": {"order": "chronological", "total_count": 18}}))
    found = page.fetch_comments(post_remote_ids=[POST], cursor={}).comments
    assert [(one.remote_id, one.text) for one in found] == [("5_77", "Boa noite"), ("5_78", "Oi")]


def test_list_that_is_too_much_for_facebook_is_read_in_smaller_pieces():
    refused = said({"error": {"code": 1, "message": "Please reduce the amount of data you're asking for, then retry your request"}}, 500)  # fmt: skip
    page, script = facebook(refused, refused, said({"data": [{"id": "5_77", "message": "Hi"}]}))
    assert len(page.fetch_comments(post_remote_ids=[POST], cursor={}).comments) == 1
    assert [more["params"]["limit"] for _, _, more in script.asked] == [100, 50, 25]
    page, script = facebook(refused)
    with pytest.raises(TransientError):
        page.recent_posts(since=clock.now())
    assert len(script.asked) == 5


def graph_error(code, subcode, **more):
    return said({"error": {"message": "Invalid parameter", "type": "OAuthException", "code": code, "error_subcode": subcode, **more}}, 400)  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "outcome", "says"),
    [
        (graph_error(100, 1609005), RejectedError, "could not open the link"),
        (graph_error(100, 1455006), DuplicateError, "already has this post"),
        (graph_error(100, 1363047, error_user_title="Can't post this"), RejectedError, "Can't post this"),
        (graph_error(464, 0), PlatformError, "Reconnect the Page"),
    ],
)
def test_facebook_says_it_by_the_subcode_or_by_the_code_alone(answer, outcome, says):
    page, _ = facebook(answer)
    with pytest.raises(outcome, match=says):
        page.send(OutgoingPost("Hello"), Prepared())


TYPES = "https://api.x.com/2/problems/"


@pytest.mark.parametrize(
    ("answer", "is_proof"),
    [
        (said({"errors": [{"resource_id": "1", "type": f"{TYPES}resource-not-found", "title": "Not Found Error"}]}), True),
        (said({"errors": [{"code": 144, "message": "No status found with that ID."}]}, 404), True),
        (said({"title": "Not Found", "detail": "Not Found", "type": "about:blank", "status": 404}, 404), False),
        (said({"errors": [{"resource_id": "1", "type": f"{TYPES}not-authorized-for-resource", "title": "Authorization Error"}]}), False),
        (said({"title": "Service Unavailable", "status": 503}, 503), False),
        (said(None, 404), False),
    ],
)  # fmt: skip
def test_only_x_saying_so_proves_that_a_post_is_gone(answer, is_proof):
    account, _ = x(answer)
    if is_proof:
        assert account.absence_of("1").code
    else:
        with pytest.raises(TransientError):
            account.absence_of("1")


def test_wrong_clock_is_no_broken_sign_in():
    account, _ = x(said({"errors": [{"code": 135, "message": "Timestamp out of bounds."}]}, 401))
    with pytest.raises(TransientError, match="clock"):
        account.check_health()


@pytest.mark.parametrize(
    "platform",
    [facebook(graph_error(100, 33))[0], x(said({"errors": [{"type": f"{TYPES}resource-not-found"}]}))[0]],
)
def test_account_that_is_no_longer_shown_is_not_healthy(platform):
    assert "no longer shows" in platform.check_health().problem


def test_half_a_success_of_x_is_read_for_what_it_is():
    body = {
        "data": {"id": "1445880548472328195", "text": "Hi", "author_id": "7", "conversation_id": "1445880548472328192"},
        "errors": [{"resource_type": "user", "type": f"{TYPES}resource-not-found"}],
        "includes": {"users": [{"id": "8", "name": "Somebody else", "username": "else"}]},
    }
    account, _ = x(said(body))
    comment = account.fetch_comment("1445880548472328195")
    assert (comment.text, comment.author_id, comment.author_name) == ("Hi", "7", None)
    with pytest.raises(GoneError):
        x(said({"errors": body["errors"]}))[0].hide("1")
