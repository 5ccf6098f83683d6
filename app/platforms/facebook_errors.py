"""What Facebook's error codes mean for us."""

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
from app.platforms.transport import Answer

THROTTLE = {4, 17, 32, 341, 613, *range(80000, 80100)}
PERMISSION = {3, 10, *range(200, 300)}
UNSURE = {1, 2}

_SIGN_IN = (AuthorizationError, "Facebook's sign-in no longer works. Reconnect the Page.")
_RETIRED = (RejectedError, "This version of Facebook's interface has been retired. Tell your administrator.")
KNOWN: dict[int, tuple[type[PlatformError], str]] = {
    102: _SIGN_IN,
    190: _SIGN_IN,
    506: (DuplicateError, "Facebook says it already has this post, so we look for it."),
    803: (GoneError, "It is no longer on Facebook."),
    12: _RETIRED,
    2635: _RETIRED,
    324: (RejectedError, "Facebook could not read one of the photos. Take it out or add it again."),
    368: (RejectedError, "Facebook has blocked this account from posting for now. Sign in to Facebook to see why."),
    1609005: (RejectedError, "Facebook could not open the link. Check the link, or leave it out."),
}


def raise_for(answer: Answer, *, writes: bool) -> NoReturn:
    """Raise the error that an answer without success calls for."""
    error = answer.fields.get("error")
    if not isinstance(error, dict):
        _raise_without_code(answer, writes=writes)
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    raise _sorted(code, subcode, error, answer, writes=writes)


def _raise_without_code(answer: Answer, *, writes: bool) -> NoReturn:
    if writes:
        raise OutcomeUnknownError("Facebook's answer made no sense, so we look whether it arrived.", code=answer.status)
    raise TransientError("Facebook is having trouble. It is tried again by itself.", code=answer.status)


def _sorted(code: int, subcode: int, error: dict[str, Any], answer: Answer, *, writes: bool) -> PlatformError:
    label = f"{code}/{subcode}" if subcode else code
    trace = error.get("fbtrace_id")
    if code in THROTTLE:
        sentence = "Facebook asks us to slow down. It is tried again by itself."
        return TransientError(sentence, retry_at=_regains(answer), code=label, trace=trace)
    if code in UNSURE or (code not in KNOWN and error.get("is_transient")):
        if writes:
            sentence = "Facebook is having trouble, so we look whether it arrived."
            return OutcomeUnknownError(sentence, code=label, trace=trace)
        return TransientError("Facebook is having trouble. It is tried again by itself.", code=label, trace=trace)
    kind, sentence = _meaning(code, subcode, error)
    return kind(sentence, code=label, trace=trace)


def _meaning(code: int, subcode: int, error: dict[str, Any]) -> tuple[type[PlatformError], str]:
    if (code, subcode) == (100, 33):
        return GoneError, "It is no longer on Facebook."
    if code in PERMISSION:
        return PermissionMissingError, f"Facebook says a permission is missing: {str(error.get('message', ''))[:200]}"
    if code in KNOWN:
        return KNOWN[code]
    words = error.get("error_user_msg") or error.get("message") or "no reason given"
    return RejectedError, f"Facebook refused it: {str(words)[:300]}"


def _regains(answer: Answer) -> Any:
    """Read when the throttle ends, in minutes, from the usage header; a quarter of an hour when it does not say."""
    minutes = 15
    usage = answer.headers.get("X-Business-Use-Case-Usage", "")
    for piece in usage.split('"estimated_time_to_regain_access":')[1:]:
        digits = piece.strip().split("}", maxsplit=1)[0].split(",", maxsplit=1)[0].strip()
        if digits.isdigit():
            minutes = max(minutes if digits == "0" else 1, int(digits))
    return clock.now() + timedelta(minutes=minutes)


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
