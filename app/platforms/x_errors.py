"""What X's answers mean for us."""

import re
from datetime import timedelta
from typing import NoReturn

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
from app.platforms.pace import x_reset
from app.platforms.parsing import fields_of, identifier_of, items_of, text_of, words_for_people
from app.platforms.transport import Answer

_SPENT = re.compile(r"usage-?cap|credits?-?depleted|problems/credits|spend\w*[ -]?(cap|limit)", re.IGNORECASE)
_DUPLICATE = re.compile(r"duplicate", re.IGNORECASE)
_LOCKED = re.compile(r"suspended|\blocked|unlock your account", re.IGNORECASE)
_TOO_MUCH = re.compile(r"daily (status update )?limit|limit for (sending|creating)|over the limit", re.IGNORECASE)
_NOT_ALLOWED = re.compile(
    r"oauth|access level|not-enrolled|client-forbidden|unsupported-authentication|write actions|that is attached to",
    re.IGNORECASE,
)
_OLD_UPLOADS = re.compile(r"media[ _]ids?\b[^.]*\b(invalid|failed|expired)|invalid media id", re.IGNORECASE)
_CLOCK = re.compile(r"timestamp out of bounds", re.IGNORECASE)
_NO_SUCH_POST = re.compile(r"resource-not-found|could not find|no status found", re.IGNORECASE)
NOT_FOUND = "resource-not-found"
"""X's word for a thing that is not there; a bare 404 may come from anything on the way."""
_PASSING = {408, 425}
A_WHILE = timedelta(hours=1)


def raise_for(answer: Answer, *, writes: bool) -> NoReturn:
    """Raise the error that an answer without success calls for."""
    raise _sorted(answer, writes=writes)


def _sorted(answer: Answer, *, writes: bool) -> PlatformError:
    status, trace = answer.status, identifier_of(answer.headers.get("x-transaction-id"))
    if status == 402 or (status in {403, 429} and _SPENT.search(_all_words(answer))):
        return OutOfCreditError("The X account has no credit left. Top it up, or wait.", code=status, trace=trace)
    if status == 401 and _CLOCK.search(_all_words(answer)):
        sentence = "This machine's clock is wrong, so X does not believe it. Tell your administrator."
        return TransientError(sentence, code=status, trace=trace)
    if status == 401:
        return AuthorizationError("X's sign-in no longer works. Reconnect the account.", code=status, trace=trace)
    if status == 429:
        sentence = "X asks us to slow down. It is tried again by itself."
        return TransientError(sentence, retry_at=x_reset(answer.headers), code=status, trace=trace)
    if not isinstance(answer.body, dict) or not 400 <= status < 500 or status in _PASSING:
        return _unsure(answer, trace, writes=writes)
    if status == 403:
        return _forbidden(answer, trace)
    if status in {404, 410}:
        is_told = _NO_SUCH_POST.search(_all_words(answer))
        return GoneError("It is no longer on X.", code=NOT_FOUND if is_told else status, trace=trace)
    if _names_old_uploads(answer):
        sentence = "X no longer has the photos that were uploaded for this post. They are uploaded again."
        return TransientError(sentence, code=status, trace=trace)
    return RejectedError(f"X refused it: {_reason(answer)}", code=status, trace=trace)


def _forbidden(answer: Answer, trace: str | None) -> PlatformError:
    words, reason = _all_words(answer), _reason(answer)
    if _DUPLICATE.search(words):
        return DuplicateError("X says it already has this post, so we look for it.", code=403, trace=trace)
    if _LOCKED.search(words):
        return AuthorizationError(f"X has locked the account: {reason}", code=403, trace=trace)
    if _TOO_MUCH.search(words):
        sentence = "X takes no more posts from this account for now. It is tried again by itself."
        return TransientError(
            sentence, retry_at=x_reset(answer.headers) or clock.now() + A_WHILE, code=403, trace=trace
        )
    if _NOT_ALLOWED.search(words):
        return PermissionMissingError(f"X says a permission is missing: {reason}", code=403, trace=trace)
    return RejectedError(f"X refused it: {reason}", code=403, trace=trace)


def _unsure(answer: Answer, trace: str | None, *, writes: bool) -> PlatformError:
    if writes:
        return OutcomeUnknownError("X did not say whether it worked, so we look.", code=answer.status, trace=trace)
    return TransientError("X is having trouble. It is tried again by itself.", code=answer.status, trace=trace)


def says_gone(answer: Answer) -> bool:
    """Tell whether an answer with status 200 says that the thing asked for is not there; X says so among `errors`."""
    return not answer.fields.get("data") and any(
        NOT_FOUND in text_of(error.get("type")) for error in items_of(answer.fields.get("errors"))
    )


def names_parameter(answer: Answer, name: str) -> bool:
    """Tell whether X refuses a request for the name of a parameter: it renames some of them."""
    return answer.status == 400 and f"[{name}]" in _all_words(answer)


def _names_old_uploads(answer: Answer) -> bool:
    return answer.status == 400 and bool(_OLD_UPLOADS.search(_all_words(answer)))


def _reason(answer: Answer) -> str:
    for told in (*items_of(answer.fields.get("errors")), answer.fields):
        words = words_for_people(told.get("message")) or words_for_people(told.get("detail"))
        if words:
            return words
    return "no reason given"


def _all_words(answer: Answer) -> str:
    """Everything that the answer says, in the form of v2 or of v1.1."""
    told = (answer.fields, *items_of(answer.fields.get("errors")))
    names = ("title", "type", "detail", "message", "reason")
    return " ".join(text_of(fields_of(each).get(name)) for each in told for name in names)
