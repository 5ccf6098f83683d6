"""Opinions from outside: off unless a school asks for one, bounded in time, and never more than a reason to look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLateError
from dataclasses import replace
from threading import Thread

from moderation.labels import Label
from moderation.model import ExternalClassifier, Signal
from moderation.policy import QUOTED

PATIENCE_SECONDS = 0.5
ASKS = 0.5
"""The most that an opinion from outside can weigh: enough for a person to look, too little to hide or to tell people."""
_SOOTHING = frozenset({*QUOTED, Label.CRITICISM})
"""Labels that would soften what our own rules say: nobody outside may clear a comment."""


RESTS_FOR = 100
"""So many comments a late classifier is not asked about, so that a pile-on does not wait for it a thousand times."""
_resting: dict[str, int] = {}


def outside_signals(
    classifiers: Iterable[ExternalClassifier], text: str, *, patience: float = PATIENCE_SECONDS
) -> Iterator[Signal]:
    """What the outside classifiers say in time; one that is late or fails has said nothing."""
    asked = [(classifier, _asked(classifier, text)) for classifier in classifiers if not _rests(classifier)]
    for classifier, answer in asked:
        try:
            said = answer.result(timeout=patience)
        except (TooLateError, OutsideError):
            _resting[classifier.name] = RESTS_FOR
            continue
        for signal in said:
            if signal.label not in _SOOTHING:
                yield replace(signal, rule=f"outside.{classifier.name}", score=min(signal.score, ASKS))


class OutsideError(RuntimeError):
    """An outside classifier failed; its fault is kept as the cause."""


def _rests(classifier: ExternalClassifier) -> bool:
    left = _resting.get(classifier.name, 0)
    _resting[classifier.name] = max(0, left - 1)
    return left > 0


def _asked(classifier: ExternalClassifier, text: str) -> Future[Sequence[Signal]]:
    """Ask in a thread of its own, which nobody waits for when it hangs."""
    answer: Future[Sequence[Signal]] = Future()

    def ask() -> None:
        try:
            answer.set_result(tuple(classifier.classify(text)))
        except Exception as error:
            fault = OutsideError(f"{classifier.name} failed")
            fault.__cause__ = error
            answer.set_exception(fault)

    Thread(target=ask, name=f"outside-{classifier.name}", daemon=True).start()
    return answer
