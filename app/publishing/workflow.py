"""Every legal move of a delivery."""

from enum import StrEnum

from app.core.permissions import Permission as P  # noqa: N817  the table below is read by column
from app.core.state_machine import Workflow, transition
from app.publishing.models import Delivery
from app.publishing.models import DeliveryState as S


class DeliveryAction(StrEnum):
    ARM = "arm"
    FINISH = "finish"
    RELEASE = "release"
    FAIL = "fail"
    LOSE = "lose"
    ASK = "ask"
    ADOPT = "adopt"
    LEAVE = "leave"
    CONFIRM_SENT = "confirm_sent"
    CONFIRM_GONE = "confirm_gone"
    RETRY = "retry"
    CANCEL = "cancel"
    EXPIRE = "expire"
    RENEW = "renew"
    RETRACT = "retract"
    FINISH_RETRACT = "finish_retract"


A = DeliveryAction
workflow = Workflow(
    "delivery",
    transition(A.ARM, {S.PENDING}, S.SENDING, P.POST_PUBLISH),
    transition(A.FINISH, {S.SENDING, S.UNKNOWN}, S.SENT, P.POST_PUBLISH),
    transition(A.RELEASE, {S.SENDING}, S.PENDING, P.POST_PUBLISH),
    transition(A.FAIL, {S.PENDING, S.SENDING, S.EXPIRED}, S.FAILED, P.POST_PUBLISH),
    transition(A.LOSE, {S.SENDING}, S.UNKNOWN, P.POST_PUBLISH),
    transition(A.ADOPT, {S.PENDING}, S.SENT, P.POST_PUBLISH),
    transition(A.ASK, {S.PENDING, S.UNKNOWN}, S.NEEDS_PERSON, P.POST_PUBLISH),
    transition(A.LEAVE, {S.NEEDS_PERSON}, S.LEFT, P.DELIVERY_SETTLE),
    transition(A.CONFIRM_SENT, {S.NEEDS_PERSON, S.LEFT}, S.SENT, P.DELIVERY_SETTLE),
    transition(A.CONFIRM_GONE, {S.NEEDS_PERSON, S.LEFT, S.RETRACTING}, S.RETRACTED, P.POST_TAKE_DOWN),
    transition(A.RETRY, {S.FAILED, S.NEEDS_PERSON, S.LEFT}, S.PENDING, P.DELIVERY_SETTLE),
    transition(A.CANCEL, {S.PENDING, S.FAILED, S.NEEDS_PERSON}, S.CANCELLED, P.POST_PUBLISH),
    transition(A.EXPIRE, {S.PENDING}, S.EXPIRED, P.POST_PUBLISH),
    transition(A.RENEW, {S.CANCELLED, S.EXPIRED, S.FAILED, S.RETRACTED}, S.PENDING, P.POST_PUBLISH),
    transition(A.RETRACT, {S.SENT}, S.RETRACTING, P.POST_TAKE_DOWN),
    transition(A.FINISH_RETRACT, {S.RETRACTING}, S.RETRACTED, P.POST_PUBLISH),
)
workflow.guard(Delivery.state)
