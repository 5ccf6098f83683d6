"""A decision in words: what was decided before, and what happens now."""

from app.comments.models import DecisionAction

DECIDED = {
    DecisionAction.LEAVE_HIDDEN: "left hidden",
    DecisionAction.LEAVE_VISIBLE: "left visible",
    DecisionAction.HIDE: "hidden",
    DecisionAction.RESTORE: "shown again",
    DecisionAction.DELETE: "deleted on the network",
    DecisionAction.ESCALATE: "passed to safeguarding",
    DecisionAction.READ: "marked as read",
}
_NOW = {
    DecisionAction.LEAVE_HIDDEN: ("stays hidden", "stay hidden"),
    DecisionAction.LEAVE_VISIBLE: ("stays visible", "stay visible"),
    DecisionAction.HIDE: ("is being hidden", "are being hidden"),
    DecisionAction.RESTORE: ("is being shown again", "are being shown again"),
    DecisionAction.DELETE: ("is being deleted on the network", "are being deleted on the network"),
    DecisionAction.ESCALATE: ("is with the designated persons now", "are with the designated persons now"),
    DecisionAction.READ: ("is marked as read", "are marked as read"),
}


def done_words(action: DecisionAction, count: int | None = None) -> str:
    """Say what happens now to the one comment of a page, or to so many."""
    one, many = _NOW[action]
    if count is None:
        return f"The comment {one}."
    return f"1 comment {one}." if count == 1 else f"{count} comments {many}."
