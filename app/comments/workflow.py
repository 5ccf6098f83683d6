"""Every legal move of a comment. A rule moves only what no person has decided; a person may always move it back."""

from enum import StrEnum

from app.comments.models import Appeal, AppealState, Comment, InboxState, WebhookDelivery
from app.comments.models import CommentState as S
from app.comments.pile_on_models import PileOn, PileOnState
from app.comments.reply_models import PreparedText, Reply, ReplyState, TextState
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
    LOCK_DOWN = "lock_down"
    LIFT = "lift"
    HIDE = "hide"
    LEAVE_VISIBLE = "leave_visible"
    LEAVE_HIDDEN = "leave_hidden"
    RESTORE = "restore"
    DELETE = "delete"
    NOTE_READ = "note_read"


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
    transition(A.LOCK_DOWN, {S.RECEIVED, S.VISIBLE, S.QUEUED, S.RESTORING}, S.HIDING, P.COMMENT_JUDGE),
    transition(A.LIFT, {S.HIDDEN, S.HIDING}, S.RESTORING, P.COMMENT_JUDGE),
    transition(A.HIDE, {S.VISIBLE, S.QUEUED, S.RESTORING}, S.HIDING, P.COMMENT_DECIDE),
    transition(A.LEAVE_VISIBLE, {S.VISIBLE, S.QUEUED}, S.VISIBLE, P.COMMENT_DECIDE),
    transition(A.LEAVE_HIDDEN, {S.HIDDEN}, S.HIDDEN, P.COMMENT_DECIDE),
    transition(A.LEAVE_HIDDEN, {S.HIDING}, S.HIDING, P.COMMENT_DECIDE),
    transition(A.RESTORE, {S.HIDDEN, S.HIDING}, S.RESTORING, P.COMMENT_DECIDE),
    transition(A.NOTE_READ, {S.GONE}, S.GONE, P.COMMENT_DECIDE),
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


class PileOnAction(StrEnum):
    LOCK = "lock"
    LIFT = "lift"
    FINISH_LIFTING = "finish_lifting"
    CLOSE = "close"


pile_on_workflow = Workflow(
    "pile-on",
    transition(PileOnAction.LOCK, {PileOnState.NOTICED, PileOnState.LIFTING}, PileOnState.LOCKED, P.COMMENT_DECIDE),
    transition(PileOnAction.LIFT, {PileOnState.LOCKED}, PileOnState.LIFTING, P.COMMENT_DECIDE),
    transition(PileOnAction.FINISH_LIFTING, {PileOnState.LIFTING}, PileOnState.OVER, P.COMMENT_JUDGE),
    transition(PileOnAction.CLOSE, {PileOnState.NOTICED}, PileOnState.OVER, P.COMMENT_DECIDE),
)
pile_on_workflow.guard(PileOn.state)


class TextAction(StrEnum):
    APPROVE = "approve"
    RETIRE = "retire"


text_workflow = Workflow(
    "prepared text",
    transition(TextAction.APPROVE, {TextState.WAITING}, TextState.APPROVED, P.POST_APPROVE),
    transition(TextAction.RETIRE, {TextState.WAITING, TextState.APPROVED}, TextState.RETIRED, P.POST_APPROVE),
)
text_workflow.guard(PreparedText.state)


class ReplyAction(StrEnum):
    APPROVE = "approve"
    TURN_DOWN = "turn_down"
    ARM = "arm"
    RELEASE = "release"
    FINISH = "finish"
    FAIL = "fail"
    ASK = "ask"
    CONFIRM_SENT = "confirm_sent"
    CONFIRM_ABSENT = "confirm_absent"


R = ReplyState
reply_workflow = Workflow(
    "reply",
    transition(ReplyAction.APPROVE, {R.WAITING}, R.APPROVED, P.POST_APPROVE),
    transition(ReplyAction.TURN_DOWN, {R.WAITING}, R.TURNED_DOWN, P.POST_APPROVE),
    transition(ReplyAction.ARM, {R.APPROVED}, R.SENDING, P.POST_PUBLISH),
    transition(ReplyAction.RELEASE, {R.SENDING}, R.APPROVED, P.POST_PUBLISH),
    transition(ReplyAction.FINISH, {R.SENDING}, R.SENT, P.POST_PUBLISH),
    transition(ReplyAction.FAIL, {R.APPROVED, R.SENDING}, R.FAILED, P.POST_PUBLISH),
    transition(ReplyAction.ASK, {R.SENDING}, R.NEEDS_PERSON, P.POST_PUBLISH),
    transition(ReplyAction.CONFIRM_SENT, {R.NEEDS_PERSON}, R.SENT, P.POST_APPROVE),
    transition(ReplyAction.CONFIRM_ABSENT, {R.NEEDS_PERSON}, R.FAILED, P.POST_APPROVE),
)
reply_workflow.guard(Reply.state)


class AppealAction(StrEnum):
    UPHOLD = "uphold"
    TURN_DOWN = "turn_down"


appeal_workflow = Workflow(
    "appeal",
    transition(AppealAction.UPHOLD, {AppealState.OPEN}, AppealState.UPHELD, P.COMMENT_READ),
    transition(AppealAction.TURN_DOWN, {AppealState.OPEN}, AppealState.TURNED_DOWN, P.COMMENT_READ),
)
appeal_workflow.guard(Appeal.state)
