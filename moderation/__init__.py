"""What is this comment, and what should be done about it? The front door of the moderation engine."""

from moderation.classifier import MODEL_VERSION
from moderation.known_rules import KnownRule, known_rules
from moderation.labels import Action, Advice, Characteristic, Label, PersonRole, Route, Severity
from moderation.model import (
    Candidate,
    Comment,
    Context,
    ExternalClassifier,
    NameFinder,
    NameMention,
    OfficeContacts,
    Shadow,
    Signal,
    Verdict,
)
from moderation.pipeline import hide_order, judge, judge_all
from moderation.policy import POLICY_VERSION


def warm_up() -> None:
    """Load the rules and the model now rather than with the first comment."""
    judge(Comment("Thank you for a lovely afternoon, everyone"))


__all__ = [
    "MODEL_VERSION",
    "POLICY_VERSION",
    "Action",
    "Advice",
    "Candidate",
    "Characteristic",
    "Comment",
    "Context",
    "ExternalClassifier",
    "KnownRule",
    "Label",
    "NameFinder",
    "NameMention",
    "OfficeContacts",
    "PersonRole",
    "Route",
    "Severity",
    "Shadow",
    "Signal",
    "Verdict",
    "hide_order",
    "judge",
    "judge_all",
    "known_rules",
    "warm_up",
]
