"""Failures of a network, sorted by what must be done next."""

from datetime import datetime


class PlatformError(Exception):
    """`sentence` tells staff what happened and what to do; code and trace are for the log and the network's support."""

    def __init__(self, sentence: str, *, code: int | str | None = None, trace: str | None = None) -> None:
        super().__init__(f"{sentence} [{code}]" if code is not None else sentence)
        self.sentence = sentence
        self.code = code
        self.trace = trace


class TransientError(PlatformError):
    """Nothing happened; try again later, not before `retry_at` if the network named a time."""

    def __init__(
        self,
        sentence: str,
        *,
        retry_at: datetime | None = None,
        code: int | str | None = None,
        trace: str | None = None,
    ) -> None:
        super().__init__(sentence, code=code, trace=trace)
        self.retry_at = retry_at


class OutcomeUnknownError(PlatformError):
    """It may or may not have happened: look before trying again."""


class AuthorizationError(PlatformError):
    """The sign-in is broken: a person must reconnect the account."""


class PermissionMissingError(AuthorizationError):
    """The sign-in works, but lacks a permission: a person must grant it."""


class RejectedError(PlatformError):
    """The network will never take this as it is."""


class DuplicateError(OutcomeUnknownError):
    """The network says that it already has this post: probably our own, so look and adopt it."""


class OutOfCreditError(PlatformError):
    """The account's paid budget is used up."""


class GoneError(PlatformError):
    """The thing is no longer on the network."""


class AmbiguousError(PlatformError):
    """Several posts look like ours: a person must say which."""
