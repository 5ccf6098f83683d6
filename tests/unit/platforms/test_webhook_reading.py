"""Webhooks in the forms that Facebook has sent, signed over their raw bytes."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from app.platforms.webhooks import account_ids, answer_handshake, parse, verify_signature
from app.sandbox.webhooks.payloads import raw_bytes, signatures

SECRET = "f2a1ed52710d4533bde25be6da03b6e3"
PAGE = "112130216863063"
TODAY = {
    "from": {"id": "5281959998600004", "name": "Zo\u00eb O'Neill"},
    "post": {"status_type": "added_photos", "is_published": True, "updated_time": "2026-03-02T08:00:05+0000", "permalink_url": "https://www.facebook.com/112/posts/5", "promotion_status": "inactive", "id": f"{PAGE}_5"},
    "message": "Great \U0001f389 caf\u00e9",
    "post_id": f"{PAGE}_5",
    "comment_id": "5_77",
    "created_time": 1772438405,
    "item": "comment",
    "parent_id": f"{PAGE}_5",
    "verb": "add",
}  # fmt: skip
OLDER = {
    "item": "comment",
    "verb": "add",
    "comment_id": f"{PAGE}_5_77",
    "parent_id": f"{PAGE}_5",
    "sender_id": 5281959998600004,
    "sender_name": "Zoë O'Neill",
    "created_time": 1772438405,
    "message": "Great",
}


def delivery(*values, page=PAGE):
    return raw_bytes({"object": "page", "entry": [{"id": page, "time": 1772438406, "changes": [{"field": "feed", "value": value} for value in values]}]})  # fmt: skip


def sign(raw, secret=SECRET, algorithm=hashlib.sha256):
    return f"{algorithm().name}={hmac.new(secret.encode(), raw, algorithm).hexdigest()}"


def test_comment_is_read_whole():
    (hint,) = parse(delivery(TODAY))
    assert (hint.account_id, hint.verb, hint.comment_id, hint.post_id) == (PAGE, "add", "5_77", f"{PAGE}_5")
    assert (hint.author_id, hint.author_name, hint.text) == ("5281959998600004", "Zoë O'Neill", "Great 🎉 café")
    assert hint.created_at == datetime(2026, 3, 2, 8, 0, 5, tzinfo=UTC)
    assert not hint.is_own


def test_older_form_says_the_same():
    (older,), (today,) = parse(delivery(OLDER)), parse(delivery({**TODAY, "message": "Great"}))
    assert older == today


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"verb": "edited"}, {"verb": "edited"}),
        ({"verb": "remove", "message": None}, {"verb": "remove", "text": None}),
        ({"verb": "hide", "is_hidden": True}, {"verb": "hide"}),
        ({"verb": "unhide"}, {"verb": "unhide"}),
        ({"verb": None}, {"verb": "add"}),
        ({"parent_id": "5_70"}, {"parent_id": "5_70"}),
        ({"from": {"id": PAGE, "name": "School"}}, {"is_own": True, "author_id": PAGE}),
        ({"from": {"id": "9"}}, {"author_id": "9", "author_name": None}),
        ({"from": None}, {"author_id": None, "author_name": None, "is_own": False}),
        ({"message": "", "photo": "https://scontent.xx.fbcdn.net/v/1.jpg"}, {"text": ""}),
        ({"post_id": "5"}, {"post_id": f"{PAGE}_5"}),
        ({"post_id": None}, {"post_id": f"{PAGE}_5"}),
        ({"comment_id": 577}, {"comment_id": "577"}),
        ({"created_time": "1772438405"}, {"created_at": datetime(2026, 3, 2, 8, 0, 5, tzinfo=UTC)}),
        ({"created_time": 1772438405000}, {"created_at": datetime(2026, 3, 2, 8, 0, 5, tzinfo=UTC)}),
        ({"created_time": "2026-03-02T08:00:05+0000"}, {"created_at": datetime(2026, 3, 2, 8, 0, 5, tzinfo=UTC)}),
        ({"created_time": "soon"}, {"created_at": None}),
        ({"message": "nul\x00 and half \ud83d"}, {"text": "nul and half \ufffd"}),
    ],
)
def test_every_form_of_a_change(changed, expected):
    value = {name: kept for name, kept in {**TODAY, **changed}.items() if kept is not None}
    (hint,) = parse(delivery(value))
    assert {name: getattr(hint, name) for name in expected} == expected


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        "comment",
        {**TODAY, "item": "reaction", "reaction_type": "like"},
        {**TODAY, "item": "status"},
        {**TODAY, "item": "photo"},
        {name: kept for name, kept in TODAY.items() if name != "comment_id"},
        {**TODAY, "comment_id": "../../me"},
    ],
)
def test_what_is_no_comment_is_passed_over(value):
    assert [hint.comment_id for hint in parse(delivery(value, TODAY))] == ["5_77"]


def test_change_without_a_value_and_messages_are_passed_over():
    body = {"object": "page", "entry": [
        {"id": PAGE, "time": 1, "messaging": [{"sender": {"id": "1"}, "message": {"text": "Hello"}}]},
        {"id": PAGE, "time": 1, "changes": [{"field": "feed"}, {"field": "mention", "value": {"item": "post"}}]},
    ]}  # fmt: skip
    assert parse(json.dumps(body).encode()) == ()


def test_mention_under_a_post_of_somebody_else_is_passed_over():
    change = {"field": "mention", "value": {**OLDER, "post_id": "900_1"}}
    assert parse(json.dumps({"object": "page", "entry": [{"id": PAGE, "changes": [change]}]}).encode()) == ()


def test_batch_of_several_pages_and_a_thousand_changes():
    values = [{**TODAY, "comment_id": f"5_{number}"} for number in range(1000)]
    entries = [{"id": page, "time": 1, "changes": [{"field": "feed", "value": value} for value in values[start:end]]}
               for page, start, end in ((PAGE, 0, 600), ("2", 600, 1000), (PAGE, 0, 1))]  # fmt: skip
    raw = raw_bytes({"object": "page", "entry": entries})
    assert len(parse(raw)) == 1001
    assert account_ids(raw) == (PAGE, "2")


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b"\xff", b"{", b'{"object":"instagram","entry":[]}', b'{"object":"page"}', b'{"object":"page","entry":{}}', b"[" * 200_000],
)  # fmt: skip
def test_nonsense_is_refused(raw):
    with pytest.raises(Exception, match="The delivery is not"):
        parse(raw)


def test_signature_is_over_the_bytes_as_they_came():
    raw = delivery(TODAY)
    assert b"\\u00e9" in raw
    assert verify_signature(raw, sign(raw), SECRET)
    assert verify_signature(raw, signatures(raw, SECRET)["X-Hub-Signature-256"], SECRET)
    again = json.dumps(json.loads(raw), ensure_ascii=False, separators=(",", ":")).encode()
    assert not verify_signature(again, sign(raw), SECRET)


def test_signature_known_from_elsewhere():
    """The example of the networks' own documentation of this scheme."""
    raw, secret = b"Hello, World!", "It's a Secret to Everybody"
    known = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert verify_signature(raw, known, secret)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        sign(delivery(TODAY), "another secret"),
        sign(delivery(TODAY), algorithm=hashlib.sha1),
        sign(delivery(TODAY)).removeprefix("sha256="),
        sign(delivery(TODAY)).replace("sha256=", "sha1="),
        sign(delivery(TODAY)) + "0",
        sign(delivery(TODAY))[:-1],
        sign(delivery(TODAY)).upper(),
        sign(delivery(OLDER)),
        "sha256=é\udce9",
    ],
)
def test_wrong_signature_is_none(header):
    assert not verify_signature(delivery(TODAY), header, SECRET)


def test_nobody_signs_with_an_empty_secret():
    raw = delivery(TODAY)
    assert not verify_signature(raw, sign(raw, ""), "")


def test_signed_bytes_may_come_again():
    """A replay is no forgery: it is recognised by its bytes, and a hint that comes twice says nothing new."""
    raw = delivery(TODAY, TODAY)
    assert verify_signature(raw, sign(raw), SECRET)
    assert len(set(parse(raw))) == 1


def test_large_body_is_checked_whole():
    raw = delivery(*[{**TODAY, "message": "x" * 7000}] * 1000)
    assert len(raw) > 7_000_000
    assert verify_signature(raw, sign(raw), SECRET)
    assert not verify_signature(raw[:-1] + b" ", sign(raw), SECRET)


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, "1158201444"),
        ({"hub.verify_token": "wrong"}, None),
        ({"hub.verify_token": "RIGHT"}, None),
        ({"hub.verify_token": ""}, None),
        ({"hub.verify_token": "é\ud800"}, None),
        ({"hub.mode": "unsubscribe"}, None),
        ({"hub.challenge": ""}, None),
        ({"hub.challenge": "1" * 1000}, None),
    ],
)
def test_handshake(changed, answer):
    args = {"hub.mode": "subscribe", "hub.verify_token": "right", "hub.challenge": "1158201444", **changed}
    assert answer_handshake(args, "right") == answer
    assert answer_handshake({}, "right") is None
    assert answer_handshake(args, "") is None
