"""What Facebook's error codes mean for us."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NoReturn

from app.core import clock
from app.platforms.errors import (
    AuthorizationError,
    DuplicateError,
    GoneError,
    OutcomeUnknownError,
    PermissionMissingError,
    PlatformError,
    RejectedError,
    TransientError,
)
from app.platforms.pace import FIRST_GUESS, regain
from app.platforms.parsing import identifier_of, words_for_people
from app.platforms.transport import Answer

THROTTLE = {4, 17, 32, 341, 613, *range(80000, 80100)}
PERMISSION = {3, 10, *range(200, 300)}
BAD_ARGUMENT = 100
NO_SUCH_THING = (BAD_ARGUMENT, 33)
_OF_THE_SIGN_IN = re.compile(r"appsecret_proof|active access token|must provide an app access token|client secret")
_TOO_MUCH = re.compile(r"reduce the amount of data", re.IGNORECASE)

_SIGN_IN = (AuthorizationError, "Facebook's sign-in no longer works. Reconnect the Page.")
_DUPLICATE = (DuplicateError, "Facebook says it already has this post, so we look for it.")
_RETIRED = (RejectedError, "This version of Facebook's interface has been retired. Tell your administrator.")
KNOWN: dict[int, tuple[type[PlatformError], str]] = {
    **dict.fromkeys((101, 102, 104, 190, 458, 459, 460, 463, 464, 467, 492), _SIGN_IN),
    506: _DUPLICATE,
    1455006: _DUPLICATE,
    803: (GoneError, "It is no longer on Facebook."),
    12: _RETIRED,
    2635: _RETIRED,
    324: (RejectedError, "Facebook could not read one of the photos. Take it out or add it again."),
    368: (RejectedError, "Facebook has blocked this account from posting for now. Sign in to Facebook to see why."),
    1609005: (RejectedError, "Facebook could not open the link. Check the link, or leave it out."),
}


class TooMuchAskedError(TransientError):
    """So many rows at once are more than Facebook can gather: it answers when asked for fewer."""


def raise_for(answer: Answer, *, writes: bool, guess: Callable[[], timedelta] = lambda: FIRST_GUESS) -> NoReturn:
    """Raise the error that an answer without success calls for. `guess` says how long a throttle may last."""
    error = answer.fields.get("error")
    if not isinstance(error, dict):
        raise _unsure(answer.status, None, writes=writes)
    raise _sorted(error, answer, writes=writes, guess=guess)


def _sorted(error: dict[str, Any], answer: Answer, *, writes: bool, guess: Callable[[], timedelta]) -> PlatformError:
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    label = f"{code}/{subcode}" if subcode else code
    trace = identifier_of(error.get("fbtrace_id"))
    if code in THROTTLE:
        wait = clock.now() + (regain(answer.headers) or guess())
        sentence = "Facebook asks us to slow down. It is tried again by itself."
        return TransientError(sentence, retry_at=wait, code=label, trace=trace)
    if not writes and _TOO_MUCH.search(str(error.get("message"))):
        return TooMuchAskedError("Facebook is having trouble. It is tried again by itself.", code=label, trace=trace)
    meaning = _meaning(code, subcode, error)
    if meaning is None and _refuses(code, answer.status, error):
        told = (words_for_people(error.get(name)) for name in ("error_user_msg", "error_user_title", "message"))
        meaning = RejectedError, f"Facebook refused it: {next(filter(None, told), 'no reason given')}"
    if meaning is None:
        return _unsure(label, trace, writes=writes)
    kind, sentence = meaning
    return kind(sentence, code=label, trace=trace)


def _meaning(code: int, subcode: int, error: dict[str, Any]) -> tuple[type[PlatformError], str] | None:
    if (code, subcode) == NO_SUCH_THING:
        return GoneError, "It is no longer on Facebook."
    if code in {1, BAD_ARGUMENT, 2500} and _OF_THE_SIGN_IN.search(str(error.get("message"))):
        return _SIGN_IN
    if code in PERMISSION:
        words = words_for_people(error.get("message"), most=200)
        return PermissionMissingError, f"Facebook says a permission is missing: {words}"
    return KNOWN.get(code) or (KNOWN.get(subcode) if code == BAD_ARGUMENT else None)


def _refuses(code: int, status: int, error: dict[str, Any]) -> bool:
    """Tell a plain no from trouble: 1 and 2 are trouble, and so is what has no code or calls itself passing."""
    return code > 2 and not error.get("is_transient") and (code == BAD_ARGUMENT or 400 <= status < 500)


def _unsure(label: int | str, trace: str | None, *, writes: bool) -> PlatformError:
    if writes:
        sentence = "Facebook's answer does not say whether it worked, so we look whether it arrived."
        return OutcomeUnknownError(sentence, code=label, trace=trace)
    return TransientError("Facebook is having trouble. It is tried again by itself.", code=label, trace=trace)


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
