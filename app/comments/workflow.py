"""Every legal move of a comment. A rule moves only what no person has decided; a person may always move it back."""

from enum import StrEnum

from app.comments.models import Comment, InboxState, WebhookDelivery
from app.comments.models import CommentState as S
from app.core.permissions import Permission as P  # noqa: N817  as above
from app.core.state_machine import Workflow, transition


class CommentAction(StrEnum):
    CLEAR = "clear"
    QUEUE = "queue"
    HIDE_BY_RULE = "hide_by_rule"
    KEEP_HIDDEN = "keep_hidden"
    JUDGE_AGAIN = "judge_again"
    FINISH_HIDE = "finish_hide"
    FAIL_HIDE = "fail_hide"
    FINISH_RESTORE = "finish_restore"
    FAIL_RESTORE = "fail_restore"
    FINISH_DELETE = "finish_delete"
    FAIL_DELETE = "fail_delete"
    FAIL_DELETE_HIDDEN = "fail_delete_hidden"
    FIND_HIDDEN = "find_hidden"
    FIND_SHOWN = "find_shown"
    LOSE = "lose"
    HIDE = "hide"
    LEAVE_VISIBLE = "leave_visible"
    LEAVE_HIDDEN = "leave_hidden"
    RESTORE = "restore"
    DELETE = "delete"


A = CommentAction
workflow = Workflow(
    "comment",
    transition(A.CLEAR, {S.RECEIVED}, S.VISIBLE, P.COMMENT_JUDGE),
    transition(A.QUEUE, {S.RECEIVED}, S.QUEUED, P.COMMENT_JUDGE),
    transition(A.HIDE_BY_RULE, {S.RECEIVED}, S.HIDING, P.COMMENT_JUDGE),
    transition(A.KEEP_HIDDEN, {S.RECEIVED}, S.HIDDEN, P.COMMENT_JUDGE),
    transition(A.JUDGE_AGAIN, {S.VISIBLE, S.QUEUED, S.HIDDEN, S.GONE}, S.RECEIVED, P.COMMENT_JUDGE),
    transition(A.FINISH_HIDE, {S.HIDING}, S.HIDDEN, P.COMMENT_JUDGE),
    transition(A.FAIL_HIDE, {S.HIDING}, S.QUEUED, P.COMMENT_JUDGE),
    transition(A.FINISH_RESTORE, {S.RESTORING}, S.VISIBLE, P.COMMENT_JUDGE),
    transition(A.FAIL_RESTORE, {S.RESTORING}, S.HIDDEN, P.COMMENT_JUDGE),
    transition(A.FINISH_DELETE, {S.DELETING}, S.DELETED, P.COMMENT_JUDGE),
    transition(A.FAIL_DELETE, {S.DELETING}, S.QUEUED, P.COMMENT_JUDGE),
    transition(A.FAIL_DELETE_HIDDEN, {S.DELETING}, S.HIDDEN, P.COMMENT_JUDGE),
    transition(A.FIND_HIDDEN, {S.VISIBLE, S.QUEUED}, S.HIDDEN, P.COMMENT_JUDGE),
    transition(A.FIND_SHOWN, {S.HIDDEN}, S.QUEUED, P.COMMENT_JUDGE),
    transition(A.LOSE, {S.RECEIVED, S.VISIBLE, S.QUEUED, S.HIDING, S.HIDDEN, S.RESTORING}, S.GONE, P.COMMENT_JUDGE),
    transition(A.HIDE, {S.VISIBLE, S.QUEUED}, S.HIDING, P.COMMENT_DECIDE),
    transition(A.LEAVE_VISIBLE, {S.VISIBLE, S.QUEUED}, S.VISIBLE, P.COMMENT_DECIDE),
    transition(A.LEAVE_HIDDEN, {S.HIDDEN}, S.HIDDEN, P.COMMENT_DECIDE),
    transition(A.LEAVE_HIDDEN, {S.HIDING}, S.HIDING, P.COMMENT_DECIDE),
    transition(A.RESTORE, {S.HIDDEN, S.HIDING}, S.RESTORING, P.COMMENT_DECIDE),
    transition(A.DELETE, {S.VISIBLE, S.QUEUED, S.HIDDEN, S.HIDING}, S.DELETING, P.COMMENT_DECIDE),
)
workflow.guard(Comment.state)


class InboxAction(StrEnum):
    FINISH_READING = "finish_reading"


inbox_workflow = Workflow(
    "webhook",
    transition(InboxAction.FINISH_READING, {InboxState.WAITING}, InboxState.READ, P.COMMENT_JUDGE),
)
inbox_workflow.guard(WebhookDelivery.state)
