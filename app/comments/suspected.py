"""What the trained model alone suspects: no rule found it, and the model is not sure enough to act by itself."""

from collections.abc import Iterable

from app.comments.circles import ABOUT_A_CHILD, TELLING
from moderation import Label
from moderation.policy import ROW_OF, Reach

MODEL = "model."
_CHILD = ABOUT_A_CHILD | TELLING


def is_only_suspected(categories: Iterable[str], signals: Iterable[tuple[str, str, float]]) -> bool:
    """Whether nothing but a guess of the model says that a child may be at risk; each signal is rule, label and score.

    What any rule so much as asks about, and what the model is sure of, is no guess. When in doubt it is none either.
    """
    child = [(rule, Label(label), score) for rule, label, score in signals if Label(label) in _CHILD]
    heard = [(rule, ROW_OF[label].reach(score)) for rule, label, score in child]
    heard = [(rule, reach) for rule, reach in heard if reach >= Reach.ASKS]
    is_about_child = any(Label(each) in _CHILD for each in categories)
    return (
        is_about_child and bool(heard) and all(rule.startswith(MODEL) and reach < Reach.ACTS for rule, reach in heard)
    )
