"""A decision in words: what was decided before, and what happens now."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.comments.models import CommentState, DecisionAction
from app.web.front_end import plural

DECIDED = {
    DecisionAction.LEAVE_HIDDEN: "left hidden",
    DecisionAction.LEAVE_VISIBLE: "left visible",
    DecisionAction.HIDE: "hidden",
    DecisionAction.RESTORE: "shown again",
    DecisionAction.DELETE: "deleted on the network",
    DecisionAction.ESCALATE: "passed to safeguarding",
    DecisionAction.READ: "marked as read",
}
BY_RULES = {
    DecisionAction.ALLOW: "allowed",
    DecisionAction.REVIEW: "put before a person",
    DecisionAction.LOCK_DOWN: "hidden with the whole post",
    DecisionAction.LIFT: "shown again with the whole post",
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


def decided_words(action: DecisionAction) -> str:
    """Say what was decided, by whomever."""
    return (DECIDED | BY_RULES)[action]


def done_words(action: DecisionAction, count: int | None = None) -> str:
    """Say what happens now to the one comment of a page, or to so many."""
    one, many = _NOW[action]
    if count is None:
        return f"The comment {one}."
    return f"1 comment {one}." if count == 1 else f"{count} comments {many}."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be done to a comment, and to many."""

    about_one: str
    one: str
    many: str


HIDDEN_ALREADY = Refusal("This comment is hidden already.", "is hidden already", "are hidden already")
SEEN_ALREADY = Refusal("This comment can be seen already.", "can be seen already", "can be seen already")
SEEN = Refusal("This comment is not hidden.", "is not hidden", "are not hidden")
HIDDEN = Refusal("This comment is hidden.", "is hidden", "are hidden")
GONE = Refusal(
    "This comment is no longer on the network.", "is no longer on the network", "are no longer on the network"
)
_REFUSALS = (HIDDEN_ALREADY, SEEN_ALREADY, SEEN, HIDDEN, GONE)
_SEEN_STATES = (CommentState.VISIBLE, CommentState.QUEUED)
_HIDDEN_STATES = (CommentState.HIDDEN, CommentState.HIDING)
_CLASHES = {
    DecisionAction.HIDE: (_HIDDEN_STATES, HIDDEN_ALREADY),
    DecisionAction.LEAVE_VISIBLE: (_HIDDEN_STATES, HIDDEN),
    DecisionAction.LEAVE_HIDDEN: (_SEEN_STATES, SEEN),
    DecisionAction.RESTORE: (_SEEN_STATES, SEEN_ALREADY),
}


def refusal_of(action: DecisionAction, state: CommentState) -> Refusal | None:
    """Return why this cannot be done to a comment in this state, where that can be said more plainly than by rule."""
    states, refusal = _CLASHES.get(action, ((), SEEN))
    if state in states:
        return refusal
    return GONE if action in _CLASHES and not state.is_on_network else None


def refused_words(sentences: Iterable[str]) -> list[str]:
    """Say why so many were left as they were: "31 are hidden already."."""
    known = {refusal.about_one: refusal for refusal in _REFUSALS}
    told = []
    for sentence, count in Counter(sentences).items():
        if refusal := known.get(sentence):
            told.append(f"{count} {refusal.one if count == 1 else refusal.many}.")
        else:
            told.append(f"Left as they were, {plural(count, 'comment')}: {sentence}")
    return told
