"""Every legal move of an official account."""

from enum import StrEnum

from app.channels.models import Channel
from app.channels.models import ChannelState as S
from app.core.permissions import Permission as P  # noqa: N817  as above
from app.core.state_machine import Workflow, transition


class ChannelAction(StrEnum):
    APPROVE = "approve"
    CONNECT = "connect"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"


A = ChannelAction
workflow = Workflow(
    "channel",
    transition(A.APPROVE, {S.PROPOSED}, S.APPROVED, P.CHANNEL_APPROVE),
    transition(A.CONNECT, {S.APPROVED, S.PAUSED, S.CONNECTED}, S.CONNECTED, P.CHANNEL_CONNECT),
    transition(A.PAUSE, {S.CONNECTED}, S.PAUSED, P.POST_PUBLISH),
    transition(A.RESUME, {S.PAUSED}, S.CONNECTED, P.POST_PUBLISH),
    transition(A.CLOSE, {S.PROPOSED, S.APPROVED, S.CONNECTED, S.PAUSED}, S.CLOSED, P.CHANNEL_CONNECT),
)
workflow.guard(Channel.state)
