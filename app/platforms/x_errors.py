"""What X's answers mean for us."""

from datetime import UTC, datetime
from typing import NoReturn

from app.platforms.errors import (
    AuthorizationError,
    DuplicateError,
    GoneError,
    OutcomeUnknownError,
    OutOfCreditError,
    PermissionMissingError,
    RejectedError,
    TransientError,
)
from app.platforms.transport import Answer


def raise_for(answer: Answer, *, writes: bool) -> NoReturn:
    """Raise the error that an answer without success calls for."""
    status, detail, kind = answer.status, _text(answer, "detail"), _text(answer, "type")
    trace = answer.headers.get("x-transaction-id")
    if status == 402 or "usage-capped" in kind or kind.endswith("/problems/credits"):
        raise OutOfCreditError("The X account has no credit left. Top it up, or wait.", code=status, trace=trace)
    if status == 401:
        raise AuthorizationError("X's sign-in no longer works. Reconnect the account.", code=status, trace=trace)
    if status == 403:
        _raise_forbidden(detail, trace)
    if status == 404:
        raise GoneError("It is no longer on X.", code=status, trace=trace)
    if status == 429:
        raise TransientError(
            "X asks us to slow down. It is tried again by itself.", retry_at=_reset(answer), code=status, trace=trace
        )
    if status == 400:
        raise RejectedError(f"X refused it: {_reason(answer)}", code=status, trace=trace)
    if 200 <= status < 300 and not writes:
        _raise_for_partial(answer, trace)
    if writes:
        raise OutcomeUnknownError("X did not say whether it worked, so we look.", code=status, trace=trace)
    raise TransientError("X is having trouble. It is tried again by itself.", code=status, trace=trace)


def _raise_forbidden(detail: str, trace: str | None) -> NoReturn:
    if "duplicate" in detail.lower():
        raise DuplicateError("X says it already has this post, so we look for it.", code=403, trace=trace)
    if "oauth" in detail.lower() or "permission" in detail.lower():
        raise PermissionMissingError(f"X says a permission is missing: {detail}", code=403, trace=trace)
    if "suspended" in detail.lower() or "locked" in detail.lower():
        raise AuthorizationError(f"X has locked the account: {detail}", code=403, trace=trace)
    raise RejectedError(f"X refused it: {detail or 'no reason given'}", code=403, trace=trace)


def _raise_for_partial(answer: Answer, trace: str | None) -> None:
    errors = answer.fields.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    if "resource-not-found" in str(first.get("type", "")):
        raise GoneError("It is no longer on X.", code=answer.status, trace=trace)


def _reset(answer: Answer) -> datetime | None:
    stamp = answer.headers.get("x-rate-limit-reset", "")
    return datetime.fromtimestamp(int(stamp), tz=UTC) if stamp.isdigit() else None


def _reason(answer: Answer) -> str:
    errors = answer.fields.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return str(errors[0].get("message") or errors[0].get("detail") or "no reason given")[:300]
    return _text(answer, "detail")[:300] or "no reason given"


def _text(answer: Answer, field: str) -> str:
    return str(answer.fields.get(field) or "")
