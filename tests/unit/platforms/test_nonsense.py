"""No answer of a network, however crooked, raises anything but our errors or is taken for more than it says."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.core import clock
from app.platforms import webhooks
from app.platforms.base import CommentPage, Health, OutgoingPhoto, OutgoingPost, Prepared, Published, RemoteComment
from app.platforms.errors import GoneError, OutcomeUnknownError, PlatformError, RejectedError, TransientError
from tests.unit.platforms.scripted import PAGE, facebook, said, x

NAMES = (
    "data meta errors error id text message created_time created_at from name parent paging cursors after next "
    "attachments media_keys entities urls url expanded_url note_tweet referenced_tweets type success hidden deleted code "
    "error_subcode is_transient detail title permalink_url is_valid scopes granular_scopes target_ids expires_at "
    "page_story_id processing_info state check_after_secs expires_after_secs next_token conversation_id author_id "
    "object entry changes value item verb comment_id post_id parent_id sender_id sender_name subattachments target"
).split()
WORDS = ["1", PAGE, f"{PAGE}_5", "42", "PAGE", "comment", "page", "feed", "add", "true", "succeeded", "failed", "in_progress", ""]  # fmt: skip
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(
        ["2026-03-02T08:00:00+0000", "0001-01-01T00:00:00+2359", "9999-12-31T23:59:59-2359", "\ud83d", "a\x00b"]
    )
)
names = st.sampled_from(NAMES)
nonsense = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6), max_leaves=10
)
objects = st.dictionaries(names, nonsense, max_size=7)
statuses = st.sampled_from(
    [200, 200, 200, 201, 202, 204, 301, 302, 400, 401, 402, 403, 404, 408, 413, 429, 500, 502, 503, 599]
)
HEADERS = "x-app-usage x-business-use-case-usage x-rate-limit-reset x-rate-limit-remaining retry-after x-transaction-id"
CROOKED = [
    "0",
    "-1",
    "²",
    "9" * 11,
    "9" * 400,
    "{}",
    '{"call_count": "NaN"}',
    '{"a":[{"call_count":1e999}]}',
    "[" * 3000,
]
headers = st.dictionaries(
    st.sampled_from(HEADERS.split()), st.sampled_from(CROOKED) | nonsense.map(json.dumps), max_size=3
)
items = st.lists(objects | nonsense, max_size=3)
likely = st.fixed_dictionaries(
    {},
    optional={
        "data": items | objects,
        "meta": objects,
        "paging": st.fixed_dictionaries({"cursors": objects}, optional={"next": nonsense}),
        "error": objects,
        "errors": items,
        "id": st.sampled_from(WORDS),
    },
)
"""Answers of the right form with crooked things inside, which get further than plain nonsense."""
answers = st.builds(
    lambda body, status, named: said(body, status, **named), likely | objects | nonsense, statuses, headers
)
generous = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))

PHOTO = OutgoingPhoto(b"\xff\xd8", "image/jpeg", "Children run", "0" * 64)
POST = OutgoingPost("Sports day is on Friday.", (PHOTO,))
ACTS = {
    "prepare": (lambda one: one.prepare(POST), Prepared),
    "send": (lambda one: one.send(POST, Prepared(("1",))), Published),
    "find_published": (lambda one: one.find_published(POST, Prepared(("1",)), since=clock.now()), Published | None),
    "recent_posts": (lambda one: one.recent_posts(since=clock.now() - timedelta(days=9000)), tuple),
    "retract": (lambda one: one.retract("1"), None),
    "is_live": (lambda one: one.is_live("1"), bool),
    "fetch_comments": (lambda one: one.fetch_comments(post_remote_ids=["1"], cursor={"since_id": "x"}), CommentPage),
    "fetch_comment": (lambda one: one.fetch_comment("1"), RemoteComment | None),
    "hide": (lambda one: one.hide("1"), None),
    "unhide": (lambda one: one.unhide("1"), None),
    "delete_comment": (lambda one: one.delete_comment("1"), None),
    "check_health": (lambda one: one.check_health(), Health),
}


def outcome_of(act):
    """Return the result, or our error; any other error goes on its way and fails the test."""
    try:
        return act(), None
    except PlatformError as error:
        return None, error


@pytest.fixture(autouse=True)
def never_waits(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("adapter", [facebook, x])
def test_adapter_answers_in_our_words_or_raises_our_errors(adapter, act):
    call, kind = ACTS[act]

    @generous
    @given(st.lists(answers, min_size=1, max_size=4))
    def holds(given_answers):
        platform, _ = adapter(*given_answers)
        result, error = outcome_of(lambda: call(platform))
        if error is not None:
            assert type(error) is not PlatformError
            assert error.sentence.encode()
        else:
            assert result is None if kind is None else isinstance(result, kind)
        assert repr((result, error)).encode()

    holds()


@pytest.mark.parametrize("adapter", [facebook, x])
def test_uncertain_is_never_called_refused_nor_done(adapter):
    @generous
    @given(answers)
    def holds(answer):
        platform, _ = adapter(answer)
        told = answer.body if isinstance(answer.body, dict) else {}
        published, error = outcome_of(lambda: platform.send(POST, Prepared(("1",))))
        if error is None:
            assert 200 <= answer.status < 300
            assert published.remote_id
        elif isinstance(error, RejectedError | GoneError | TransientError):
            assert isinstance(told.get("error"), dict) if adapter is facebook else 400 <= answer.status < 500
        elif answer.status >= 500 and "error" not in told:
            assert isinstance(error, OutcomeUnknownError)

    holds()


@pytest.mark.parametrize("adapter", [facebook, x])
@pytest.mark.parametrize("act", ["hide", "unhide", "retract"])
def test_only_an_explicit_yes_is_success(adapter, act):
    @generous
    @given(answers)
    def holds(answer):
        platform, _ = adapter(answer)
        told = answer.body if isinstance(answer.body, dict) else {}
        data = told.get("data") if isinstance(told.get("data"), dict) else {}
        assume(not (adapter is facebook and told.get("success") in (True, "true")))
        assume(not (adapter is x and any(isinstance(data.get(name), bool) for name in ("hidden", "deleted"))))
        _, error = outcome_of(lambda: getattr(platform, act)("1"))
        if error is None:  # gone already, which is what was wanted of removing
            assert act == "retract"
            assert isinstance(outcome_of(lambda: platform.hide("1"))[1], GoneError)

    holds()


@generous
@given(st.binary(max_size=300) | nonsense.map(json.dumps).map(str.encode))
def test_bytes_that_are_no_delivery_are_refused(raw):
    for read in (webhooks.parse, webhooks.account_ids):
        result, error = outcome_of(lambda read=read: read(raw))
        assert isinstance(result, tuple) or isinstance(error, RejectedError)


values = st.fixed_dictionaries({"item": st.just("comment"), "comment_id": st.sampled_from([*WORDS, 5]) | nonsense}, optional=dict.fromkeys(("verb", "post_id", "parent_id", "from", "sender_id", "sender_name", "message", "created_time"), nonsense))  # fmt: skip
entries = st.lists(nonsense | st.fixed_dictionaries({"id": st.just(PAGE) | nonsense, "changes": st.lists(nonsense | st.fixed_dictionaries({"value": values | nonsense}), max_size=4) | nonsense}), max_size=4)  # fmt: skip


@generous
@given(entries)
def test_crooked_change_spoils_no_other(changes):
    good = {
        "id": PAGE,
        "changes": [{"field": "feed", "value": {"item": "comment", "comment_id": "5_1", "message": "Hello"}}],
    }
    raw = json.dumps({"object": "page", "entry": [*changes, good]}).encode()
    hints = webhooks.parse(raw)
    assert hints[-1].comment_id == "5_1"
    for hint in hints:
        repr(hint).encode()
        assert all(
            text is None or ("\x00" not in text and text.encode()) for text in (hint.author_name, hint.text) if text
        )
        assert hint.created_at is None or hint.created_at.tzinfo is not None


@generous
@given(st.binary(max_size=60), st.text(max_size=80), st.text(max_size=20))
def test_signature_check_never_stumbles(raw, header, secret):
    assert not webhooks.verify_signature(raw, header, secret)
    assert not webhooks.verify_signature(raw, f"sha256={header}", secret)


@generous
@given(
    st.dictionaries(
        st.sampled_from(["hub.mode", "hub.verify_token", "hub.challenge"]), st.text(st.characters(), max_size=20)
    )
)
def test_handshake_with_the_wrong_token_is_no_handshake(args):
    assume(args.get("hub.verify_token") != "right")
    assert webhooks.answer_handshake(args, "right") is None
