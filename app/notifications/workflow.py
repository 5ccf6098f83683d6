"""Every legal move of a notice."""

from enum import StrEnum

from app.core.permissions import Permission as P  # noqa: N817  the table below is read by column
from app.core.state_machine import Workflow, transition
from app.notifications.models import Notice
from app.notifications.models import NoticeState as S


class NoticeAction(StrEnum):
    SEND = "send"
    SHOW_ONLY = "show_only"
    SEND_AGAIN = "send_again"


A = NoticeAction
workflow = Workflow(
    "notice",
    transition(A.SEND, {S.WAITING}, S.SENT, P.NOTICE_SEND),
    transition(A.SHOW_ONLY, {S.WAITING}, S.SHOWN_ONLY, P.NOTICE_SEND),
    transition(A.SEND_AGAIN, {S.SENT, S.SHOWN_ONLY}, S.WAITING, P.NOTICE_SEND),
)
workflow.guard(Notice.state)
