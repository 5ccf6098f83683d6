"""Errors that a person may see: each carries a status and a sentence that says what to do."""


class AppError(Exception):
    """Something the person can act on. `sentence` is shown as it stands."""

    status = 400

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class InvalidInputError(AppError):
    status = 422


class NotPermittedError(AppError):
    """Wrong person: the action exists, but not for this actor."""

    status = 403


class WrongStateError(AppError):
    """Wrong moment: the action was right, but the thing has moved on."""

    status = 409


class NotFoundError(AppError):
    status = 404

    def __init__(self, sentence: str = "We could not find that. It may have been removed.") -> None:
        super().__init__(sentence)


class UnscopedQueryError(RuntimeError):
    """A query for a school's rows was sent without saying which school: a mistake in the code."""
