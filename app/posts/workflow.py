"""Every legal move of a post."""

from enum import StrEnum

from app.core.permissions import Permission as P  # noqa: N817  the table below is read by column
from app.core.state_machine import Workflow, transition
from app.posts.models import CheckState, ConsentCheck, Post
from app.posts.models import PostState as S


class PostAction(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    CLEAR = "clear"
    BLOCK = "block"
    RECALL = "recall"
    RETURN = "return"
    REJECT = "reject"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    LAPSE = "lapse"
    EXPIRE = "expire"
    START_SENDING = "start_sending"
    SETTLE_PUBLISHED = "settle_published"
    SETTLE_PARTLY = "settle_partly"
    SETTLE_FAILED = "settle_failed"
    TAKE_DOWN = "take_down"
    SETTLE_TAKEN_DOWN = "settle_taken_down"


A = PostAction
_NOT_YET_SENT = {S.CHECKING, S.SUBMITTED, S.APPROVED, S.SCHEDULED}
_SENT = {S.PUBLISHING, S.PUBLISHED, S.PARTLY_PUBLISHED, S.FAILED}

workflow = Workflow(
    "post",
    transition(A.EDIT, {S.DRAFT, S.BLOCKED, S.RETURNED, S.EXPIRED}, S.DRAFT, P.POST_DRAFT),
    transition(A.SUBMIT, {S.DRAFT, S.BLOCKED, S.RETURNED, S.EXPIRED}, S.CHECKING, P.POST_SUBMIT),
    transition(A.CLEAR, {S.CHECKING}, S.SUBMITTED, P.POST_PUBLISH),
    transition(A.BLOCK, {S.CHECKING}, S.BLOCKED, P.POST_PUBLISH),
    transition(A.RECALL, {S.CHECKING, S.SUBMITTED, S.APPROVED, S.SCHEDULED, S.FAILED}, S.DRAFT, P.POST_DRAFT),
    transition(A.RETURN, {S.SUBMITTED, S.APPROVED, S.SCHEDULED}, S.RETURNED, P.POST_APPROVE),
    transition(A.REJECT, {S.SUBMITTED}, S.REJECTED, P.POST_APPROVE),
    transition(A.APPROVE, {S.SUBMITTED}, S.APPROVED, P.POST_APPROVE),
    transition(A.SCHEDULE, {S.APPROVED}, S.SCHEDULED, P.POST_APPROVE),
    transition(A.LAPSE, _NOT_YET_SENT, S.BLOCKED, P.POST_PUBLISH),
    transition(A.EXPIRE, {S.SUBMITTED, S.APPROVED, S.SCHEDULED}, S.EXPIRED, P.POST_PUBLISH),
    transition(A.START_SENDING, {S.APPROVED, S.SCHEDULED, S.PARTLY_PUBLISHED, S.FAILED}, S.PUBLISHING, P.POST_PUBLISH),
    transition(A.SETTLE_PUBLISHED, {S.PUBLISHING, S.PARTLY_PUBLISHED, S.FAILED}, S.PUBLISHED, P.POST_PUBLISH),
    transition(A.SETTLE_PARTLY, {S.PUBLISHING}, S.PARTLY_PUBLISHED, P.POST_PUBLISH),
    transition(A.SETTLE_FAILED, {S.PUBLISHING}, S.FAILED, P.POST_PUBLISH),
    transition(A.TAKE_DOWN, _SENT, S.TAKING_DOWN, P.POST_TAKE_DOWN),
    transition(A.SETTLE_TAKEN_DOWN, {S.TAKING_DOWN}, S.TAKEN_DOWN, P.POST_PUBLISH),
)
workflow.guard(Post.state)


class CheckAction(StrEnum):
    FINISH = "finish"
    OVERTAKE = "overtake"


check_workflow = Workflow(
    "check",
    transition(CheckAction.FINISH, {CheckState.WAITING}, CheckState.DONE, P.POST_PUBLISH),
    transition(CheckAction.OVERTAKE, {CheckState.WAITING}, CheckState.OVERTAKEN, P.POST_PUBLISH),
)
check_workflow.guard(ConsentCheck.state)
