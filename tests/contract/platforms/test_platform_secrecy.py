"""No key ever stands in an address, a log, an error or its traceback, whatever goes wrong."""

import logging
import traceback
from contextlib import suppress
from datetime import timedelta

import pytest

from app.core import clock
from app.platforms.errors import AuthorizationError, PlatformError
from app.platforms.registry import connect
from tests.contract.platforms.stages import outgoing

LONG_AGO = timedelta(minutes=2)
TROUBLE = "drop timeout html-502 truncated redirect empty-500".split()


def everything(stage):
    """Every call that an adapter knows, one after the other; those that fail leave their errors behind."""
    platform, post, errors = stage.platform, outgoing("Hello", photos=2), []

    def attempt(act, *arguments, **named):
        try:
            return act(*arguments, **named)
        except PlatformError as error:
            errors.append(error)
            return None

    prepared = attempt(platform.prepare, post)
    if prepared:
        attempt(platform.send, post, prepared)
    attempt(platform.find_published, post, prepared, since=clock.now() - LONG_AGO)
    attempt(platform.recent_posts, since=clock.now() - LONG_AGO)
    posts = [shown.remote_id for shown in stage.wall()] or [stage.post_elsewhere("Instead")]
    comment = stage.say(posts[0], "Horrid")
    attempt(platform.fetch_comments, post_remote_ids=posts, cursor={})
    for act in (platform.fetch_comment, platform.hide, platform.unhide, platform.delete_comment):
        attempt(act, comment)
    attempt(platform.check_health)
    attempt(platform.is_live, posts[0])
    attempt(platform.retract, posts[0])
    return platform, errors


def ensure_silent(stage, *told):
    for secret in stage.secrets():
        assert len(secret) > 20
        for text in told:
            assert secret not in text


@pytest.mark.parametrize("trouble", [None, *TROUBLE, "unauthorized", "error:190"])
def test_keys_stay_out_of_sight(real, trouble, addresses, caplog):
    caplog.set_level(logging.DEBUG)
    if trouble:
        real.sandbox.fault(trouble, f"{real.network}.*", count=None, probability=0.5, options={"seconds": 0.7})
    platform, errors = everything(real)
    told = [line for error in errors for line in traceback.format_exception(error)]
    told += [text for error in errors for text in (str(error), repr(error), repr(vars(error)))]
    ensure_silent(real, *told, *addresses, caplog.text, repr(platform), repr(real.credentials()), repr(real.endpoints))
    assert not trouble or trouble.startswith(("unauth", "error")) or errors


def test_sandbox_itself_notices_a_token_in_an_address(facebook, addresses):
    """The check above can fail: a careless client is seen."""
    facebook.sandbox.graph("GET", "me", token="", params={"access_token": facebook.sandbox.page["page_token"]})
    with pytest.raises(AssertionError):
        ensure_silent(facebook, *addresses)


def test_networks_repeating_a_token_are_not_quoted(facebook):
    """Facebook's own sentence about a malformed token holds the token."""
    facebook.credentials = lambda given=facebook.credentials: given(page_token="EAAB" + "x" * 60)
    error = None
    with suppress(PlatformError):
        facebook.platform.send(outgoing(), facebook.platform.prepare(outgoing()))
    with pytest.raises(AuthorizationError) as caught:
        facebook.platform.retract("1_2")
    error = caught.value
    assert "EAAB" not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("spoiled", ["{}\n", "{}\r\nX-Evil: 1", "{} {}", "“{}”", "{}\x00", ""])
def test_keys_with_signs_that_no_key_has(real, spoiled):
    """Somebody pasted a line break with the key: a person must connect again, and nobody reads the key in a log."""
    name = "page_token" if real.network == "facebook" else "access_token"
    good = getattr(real.credentials(), name)
    platform = connect(real.network, real.credentials(**{name: spoiled.format(good, good)}), real.endpoints)
    with pytest.raises(AuthorizationError) as caught:
        platform.retract("1")
    ensure_silent(real, "".join(traceback.format_exception(caught.value)))
    assert not platform.check_health().ok
