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

SIGN_IN = {102, 190}
THROTTLE = {4, 17, 32, 341, 613, *range(80000, 80100)}
PERMISSION = {3, 10, *range(200, 300)}
UNSURE = {1, 2}
RETIRED = {12, 2635}

REJECTIONS = {
    324: "Facebook could not read one of the photos. Take it out or add it again.",
    368: "Facebook has blocked this account from posting for now. Sign in to Facebook to see why.",
    1609005: "Facebook could not open the link. Check the link, or leave it out.",
}


def raise_for(answer: Answer, *, writes: bool) -> NoReturn:
    """Raise the error that an answer without success calls for."""
    error = answer.fields.get("error")
    if not isinstance(error, dict):
        _raise_without_code(answer, writes=writes)
    code, subcode, trace = _number(error.get("code")), _number(error.get("error_subcode")), error.get("fbtrace_id")
    raise _sorted(code, subcode, error, answer, writes=writes)(trace)


def _raise_without_code(answer: Answer, *, writes: bool) -> NoReturn:
    if writes:
        raise OutcomeUnknownError("Facebook's answer made no sense, so we look whether it arrived.", code=answer.status)
    raise TransientError("Facebook is having trouble. It is tried again by itself.", code=answer.status)


def _sorted(code: int, subcode: int, error: dict[str, Any], answer: Answer, *, writes: bool) -> Any:
    def make(kind: type[PlatformError], sentence: str, **more: Any) -> Any:  # more: what TransientError adds
        label = f"{code}/{subcode}" if subcode else code
        return lambda trace: kind(sentence, code=label, trace=trace, **more)

    if code in SIGN_IN:
        return make(AuthorizationError, "Facebook's sign-in no longer works. Reconnect the Page.")
    if code in PERMISSION:
        message = str(error.get("message", ""))[:200]
        return make(PermissionMissingError, f"Facebook says a permission is missing: {message}")
    if code in THROTTLE:
        return make(
            TransientError, "Facebook asks us to slow down. It is tried again by itself.", retry_at=_regains(answer)
        )
    if code == 506:
        return make(DuplicateError, "Facebook says it already has this post, so we look for it.")
    if (code, subcode) == (100, 33) or code == 803:
        return make(GoneError, "It is no longer on Facebook.")
    if code in RETIRED:
        return make(RejectedError, "This version of Facebook's interface has been retired. Tell your administrator.")
    if code in REJECTIONS:
        return make(RejectedError, REJECTIONS[code])
    if code in UNSURE or error.get("is_transient"):
        if writes:
            return make(OutcomeUnknownError, "Facebook is having trouble, so we look whether it arrived.")
        return make(TransientError, "Facebook is having trouble. It is tried again by itself.")
    words = error.get("error_user_msg") or error.get("message") or "no reason given"
    return make(RejectedError, f"Facebook refused it: {str(words)[:300]}")


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
