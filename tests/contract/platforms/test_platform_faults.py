"""Whatever a network does, it becomes one outcome; what is uncertain is never called refused, nor done."""

import time
from datetime import timedelta

import pytest

from app.core import clock
from app.platforms.errors import (
    AuthorizationError,
    DuplicateError,
    GoneError,
    OutcomeUnknownError,
    OutOfCreditError,
    PermissionMissingError,
    PlatformError,
    RejectedError,
    TransientError,
)
from tests.contract.platforms.stages import outgoing

LONG_AGO = timedelta(minutes=2)
BROKEN = "html-502 html-503 html-200 empty-500 redirect drop timeout".split()
"""Answers that say nothing of whether the write took effect."""
OUTCOMES = (
    TransientError,
    OutcomeUnknownError,
    DuplicateError,
    AuthorizationError,
    PermissionMissingError,
    RejectedError,
    OutOfCreditError,
    GoneError,
)
GRAPH_ON_WRITE = {
    AuthorizationError: "190/458 190/459 190/460 190/463 190/464 190/467 190/492 190 102",
    PermissionMissingError: "3 10 200 210 299",
    TransientError: "4 17 32 341 613 80000 80001 80002 80006 80099",
    OutcomeUnknownError: "1 2 1/99",
    RejectedError: "368 100 324 1609005 12 2635",
    DuplicateError: "506",
    GoneError: "100/33 803",
}
X_ON_WRITE = {
    AuthorizationError: "unauthorized suspended",
    RejectedError: "forbidden null-errors",
    DuplicateError: "duplicate-content",
    OutOfCreditError: "credits-depleted payment-required usage-capped",
    TransientError: "rate-limited media-expired",
    OutcomeUnknownError: "service-unavailable only-errors list-body html-502 html-200 empty-500 truncated redirect",
}


def table(outcomes):
    return [(kind, outcome) for outcome, kinds in outcomes.items() for kind in kinds.split()]


def caught(act, *arguments, **named):
    """Return the outcome of a call that must fail."""
    with pytest.raises(PlatformError) as raised:
        act(*arguments, **named)
    assert type(raised.value) in OUTCOMES
    assert raised.value.sentence.endswith((".", "!")) or ": " in raised.value.sentence
    return raised.value


def send(stage, post=None):
    post = post or outgoing()
    platform = stage.platform
    return platform.send(post, platform.prepare(post))


@pytest.mark.parametrize("effect", ["before", "after"])
@pytest.mark.parametrize("kind", BROKEN)
def test_answer_that_says_nothing_leaves_a_post_uncertain(real, kind, effect):
    real.fault(kind, "send", effect=effect, options={"seconds": 1.2})
    assert type(caught(send, real)) is OutcomeUnknownError
    standing = [shown.remote_id for shown in real.wall()]
    found = real.platform.find_published(outgoing(), None, since=clock.now() - LONG_AGO)
    assert len(standing) == (1 if effect == "after" else 0)
    assert [found.remote_id] == standing if standing else found is None


@pytest.mark.parametrize(("kind", "options"), [("truncated", {}), ("slow", {"seconds": 1.2})])
def test_answer_that_breaks_off_or_comes_too_late_leaves_a_post_uncertain(real, kind, options):
    real.fault(kind, "send", options=options)
    assert type(caught(send, real)) is OutcomeUnknownError
    end = time.monotonic() + 10
    while not real.wall():  # the slow answer comes after we stopped waiting for it
        assert time.monotonic() < end, "the post was never made"
        time.sleep(0.1)
    assert len(real.wall()) == 1


def test_answer_without_content_type_is_an_answer(real):
    real.fault("no-content-type", "send")
    assert send(real).remote_id == real.wall()[0].remote_id


def test_redirect_is_not_followed(real):
    elsewhere = f"{real.sandbox.url}/graph/v25.0/me"
    real.fault("redirect", "send", options={"to": elsewhere})
    caught(send, real)
    asked = [row["operation"] for row in real.sandbox.control("GET", "/requests")["data"]]
    assert len(asked) == 1


@pytest.mark.parametrize("kind", [*BROKEN, "truncated"])
@pytest.mark.parametrize("step", ["list", "health", "comment"])
def test_trouble_while_reading_is_tried_again(real, kind, step):
    post_id = send(real).remote_id
    comment_id = real.say(post_id, "Hello")
    real.fault(kind, step, options={"seconds": 1.2})
    read = {
        "list": lambda: real.platform.find_published(outgoing(), None, since=clock.now() - LONG_AGO),
        "health": real.platform.check_health,
        "comment": lambda: real.platform.fetch_comment(comment_id),
    }[step]
    assert type(caught(read)) is TransientError


@pytest.mark.parametrize("kind", BROKEN)
def test_trouble_while_looking_is_not_taken_for_gone(real, kind):
    post_id = send(real).remote_id
    real.fault(kind, "read", options={"seconds": 1.2})
    assert type(caught(real.platform.is_live, post_id)) is TransientError


@pytest.mark.parametrize("kind", ["drop", "timeout", "html-502", "empty-500"])
@pytest.mark.parametrize("effect", ["before", "after"])
def test_lost_answer_to_hiding_or_removing_is_uncertain(real, kind, effect):
    post_id = send(real).remote_id
    comment_id = real.say(post_id, "Horrid")
    for step, act in (("hide", real.platform.hide), ("remove", real.platform.retract)):
        real.fault(kind, step, effect=effect, options={"seconds": 1.2})
        assert type(caught(act, comment_id if step == "hide" else post_id)) is OutcomeUnknownError
    real.platform.retract(post_id)
    assert real.wall() == []


@pytest.mark.parametrize("kind", ["success-false"])
@pytest.mark.parametrize("step", ["hide", "remove", "delete"])
def test_facebook_saying_no_success_is_none(facebook, kind, step):
    post_id = send(facebook).remote_id
    comment_id = facebook.say(post_id, "Horrid")
    facebook.fault(kind, step)
    act = {"hide": "hide", "remove": "retract", "delete": "delete_comment"}[step]
    target = post_id if step == "remove" else comment_id
    assert type(caught(getattr(facebook.platform, act), target)) is OutcomeUnknownError


def test_facebook_may_write_success_as_a_word(facebook):
    comment_id = facebook.say(send(facebook).remote_id, "Horrid")
    facebook.fault("success-string", "hide")
    facebook.platform.hide(comment_id)
    assert facebook.platform.fetch_comment(comment_id).is_hidden


@pytest.mark.parametrize("step", ["hide", "remove"])
def test_x_saying_nothing_but_errors_is_no_success(x, step):
    post_id = send(x).remote_id
    comment_id = x.say(post_id, "Horrid")
    x.fault("only-errors", step)
    act, target = (x.platform.hide, comment_id) if step == "hide" else (x.platform.retract, post_id)
    assert type(caught(act, target)) is OutcomeUnknownError


@pytest.mark.parametrize(("kind", "outcome"), table(GRAPH_ON_WRITE))
def test_each_error_of_facebook_has_its_outcome(facebook, kind, outcome):
    facebook.fault(f"error:{kind}", "send")
    error = caught(send, facebook)
    assert type(error) is outcome
    assert str(error.code).startswith(kind)
    assert error.trace
    assert facebook.wall() == []


@pytest.mark.parametrize("kind", ["1", "2", "1/99"])
def test_trouble_of_facebook_while_reading_is_tried_again(facebook, kind):
    facebook.fault(f"error:{kind}", "list")
    assert type(caught(facebook.platform.recent_posts, since=clock.now())) is TransientError


@pytest.mark.parametrize(("kind", "outcome"), table(X_ON_WRITE))
def test_each_problem_of_x_has_its_outcome(x, kind, outcome):
    x.fault(kind, "send")
    assert type(caught(send, x)) is outcome
    assert len(x.wall()) == (1 if kind == "truncated" else 0)


@pytest.mark.parametrize("kind", ["credits-depleted", "payment-required", "usage-capped"])
@pytest.mark.parametrize("step", ["upload", "comments", "hide", "list"])
def test_spent_budget_is_told_from_speed_wherever_it_shows(x, kind, step):
    post_id = send(x).remote_id
    comment_id = x.say(post_id, "Hello")
    x.fault(kind, step)
    act = {
        "upload": lambda: x.platform.prepare(outgoing(photos=1)),
        "comments": lambda: x.platform.fetch_comments(post_remote_ids=[post_id], cursor={}),
        "hide": lambda: x.platform.hide(comment_id),
        "list": lambda: x.platform.recent_posts(since=clock.now()),
    }[step]
    assert type(caught(act)) is OutOfCreditError


def test_limit_of_x_says_when_to_come_back(x):
    x.fault("rate-limited", "send", options={"seconds": 60})
    error = caught(send, x)
    assert timedelta(seconds=50) < error.retry_at - clock.now() < timedelta(seconds=61)


def test_throttle_of_facebook_says_when_to_come_back(facebook):
    facebook.fault("error:32", "send")
    assert timedelta(seconds=50) < caught(send, facebook).retry_at - clock.now() < timedelta(minutes=20)


@pytest.mark.parametrize(
    "state", "expired password-changed unconfirmed checkpointed deauthorised revoked role-lost".split()
)
def test_dead_facebook_token_stops_everything(facebook, state):
    post_id = send(facebook).remote_id
    facebook.break_sign_in(state)
    platform = facebook.platform
    for act in (
        lambda: send(facebook, outgoing("Another")),
        lambda: platform.prepare(outgoing(photos=1)),
        lambda: platform.fetch_comments(post_remote_ids=[post_id], cursor={}),
        lambda: platform.retract(post_id),
        lambda: platform.is_live(post_id),
    ):
        assert type(caught(act)) is AuthorizationError
    assert not platform.check_health().ok


@pytest.mark.parametrize(
    ("scope", "act"),
    [("pages_manage_posts", "send"), ("pages_manage_engagement", "hide"), ("pages_read_user_content", "fetch")],
)
def test_missing_permission_is_named(facebook, scope, act):
    post_id = send(facebook).remote_id
    comment_id = facebook.say(post_id, "Hello")
    kept = [each for each in facebook.sandbox.page["scopes"] if each != scope]
    address = f"/facebook/pages/{facebook.sandbox.page_id}/tokens"
    token = facebook.sandbox.control("POST", address, {"scopes": kept})["token"]
    facebook.credentials = lambda given=facebook.credentials: given(page_token=token)
    acts = {
        "send": lambda: send(facebook, outgoing("Another")),
        "hide": lambda: facebook.platform.hide(comment_id),
        "fetch": lambda: facebook.platform.fetch_comments(post_remote_ids=[post_id], cursor={}),
    }
    error = caught(acts[act])
    assert type(error) is PermissionMissingError
    assert scope in error.sentence
    assert scope in facebook.platform.check_health().problem


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("revoked", AuthorizationError),
        ("suspended", AuthorizationError),
        ("locked", AuthorizationError),
        ("read-only", PermissionMissingError),
    ],
)
def test_x_account_that_may_not_write(x, state, outcome):
    x.break_sign_in(state)
    assert type(caught(send, x)) is outcome


def test_wrong_app_secret_is_a_broken_sign_in(facebook):
    facebook.credentials = lambda given=facebook.credentials: given(app_secret="0" * 32)
    assert type(caught(send, facebook)) is AuthorizationError
    assert not facebook.platform.check_health().ok


@pytest.mark.parametrize("network", ["facebook", "x"])
def test_same_words_again_lead_to_the_post_that_stands(request, network):
    stage = request.getfixturevalue(network)
    first = send(stage)
    assert type(caught(send, stage)) is DuplicateError
    assert stage.platform.find_published(outgoing(), None, since=clock.now() - LONG_AGO) == first


def test_five_photos_are_refused_by_x_itself_too(x):
    assert type(caught(send, x, outgoing(photos=5))) is RejectedError
    assert x.wall() == []


@pytest.mark.parametrize(("length", "taken"), [(280, True), (281, False)])
def test_x_and_we_count_alike(x, length, taken):
    post = outgoing("é" * length)
    if taken:
        assert send(x, post)
    else:
        assert type(caught(send, x, post)) is RejectedError


def test_picture_that_is_none_is_refused(real):
    post = outgoing(photos=1)
    broken = type(post)(post.text, (type(post.photos[0])(b"no picture", "image/jpeg", "None", "0"),))
    assert type(caught(real.platform.prepare, broken)) is RejectedError


def test_usage_near_its_limit_holds_routine_reading_but_not_hiding(facebook):
    post_id = send(facebook).remote_id
    comment_id = facebook.say(post_id, "Horrid")
    facebook.fault("usage", "read", options={"call_count": 97})
    facebook.platform.is_live(post_id)
    error = caught(facebook.platform.fetch_comments, post_remote_ids=[post_id], cursor={})
    assert type(error) is TransientError
    assert error.retry_at > clock.now()
    facebook.platform.hide(comment_id)
    assert facebook.wall()[0].hidden == {comment_id}


def test_usage_of_one_account_holds_no_other(facebook, x):
    post_id = send(facebook).remote_id
    facebook.fault("usage", "read", options={"call_count": 97})
    facebook.platform.is_live(post_id)
    x.endpoints = facebook.endpoints
    assert x.platform.fetch_comments(post_remote_ids=[], cursor={}).comments == ()
