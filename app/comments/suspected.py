"""What the trained model alone suspects: no rule found it, and the model is not sure enough to act by itself."""

from collections.abc import Iterable

from app.comments.circles import ABOUT_A_CHILD, TELLING
from moderation import Action, Label
from moderation.policy import ROW_OF, Reach

MODEL = "model."
_CHILD = ABOUT_A_CHILD | TELLING


def is_only_suspected(categories: Iterable[str], signals: Iterable[tuple[str, str, float]]) -> bool:
    """Whether nothing but a guess of the model says that a child may be at risk; each signal is rule, label and score.

    What any rule so much as asks about, and what the model is sure of, is no guess. When in doubt it is none either.
    Nor is it one beside something else that people are told of at once, like a plain threat.
    """
    reached = [(rule, Label(label), ROW_OF[Label(label)].reach(score)) for rule, label, score in signals]
    heard = [(rule, reach) for rule, label, reach in reached if label in _CHILD and reach >= Reach.ASKS]
    is_about_child = any(Label(each) in _CHILD for each in categories)
    return (
        is_about_child
        and bool(heard)
        and all(rule.startswith(MODEL) and reach < Reach.ACTS for rule, reach in heard)
        and not any(_is_sure_of_other(*each) for each in reached)
    )


def _is_sure_of_other(rule: str, label: Label, reach: Reach) -> bool:
    """Whether a rule, or the model where it is sure, tells of another harm than a child at risk."""
    least = Reach.ACTS if rule.startswith(MODEL) else Reach.TELLS
    return label not in _CHILD and ROW_OF[label].action is Action.ESCALATE and reach >= least
