"""What a person is asked when they decide about comments."""

from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from app.comments.models import DecisionAction
from app.web.forms import SchoolgateForm

CHOICES = [
    DecisionAction.LEAVE_HIDDEN,
    DecisionAction.LEAVE_VISIBLE,
    DecisionAction.HIDE,
    DecisionAction.RESTORE,
    DecisionAction.DELETE,
    DecisionAction.ESCALATE,
    DecisionAction.READ,
]
LABELS = {
    DecisionAction.LEAVE_HIDDEN: "Leave hidden",
    DecisionAction.LEAVE_VISIBLE: "Leave visible",
    DecisionAction.HIDE: "Hide",
    DecisionAction.RESTORE: "Show again",
    DecisionAction.DELETE: "Delete on the network",
    DecisionAction.ESCALATE: "Pass to safeguarding",
    DecisionAction.READ: "Mark as read",
}
NEEDS_REASON = frozenset({DecisionAction.RESTORE, DecisionAction.DELETE, DecisionAction.ESCALATE})


class DecisionForm(SchoolgateForm):
    action = StringField(
        "Decision", [InputRequired("Choose what to do"), AnyOf(CHOICES, "Choose one of the decisions offered")]
    )
    reason = StringField("Reason", [Length(max=2000, message="Keep the reason under 2,000 characters")])
    seen = StringField("Digest of the words that were shown")
    decided = StringField("Decision that was shown")
    sure = BooleanField("I have read it, and it is no threat")


class BulkForm(DecisionForm):
    comment_ids = SelectMultipleField("Comments", validate_choice=False)
    """Each value is a comment's id, the digest of its words and the last decision, as shown, with colons."""
    every = BooleanField("All of them")
