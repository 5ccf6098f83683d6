"""Every legal move of a decision on face matching and of a calibration."""

from enum import StrEnum

from app.core.permissions import Permission as P  # noqa: N817  the tables below are read by column
from app.core.state_machine import Workflow, transition
from app.register.matching_models import CalibrationRun, CalibrationState, DecisionState, MatchingDecision


class DecisionAction(StrEnum):
    SIGN = "sign"
    DECLINE = "decline"
    TAKE_BACK = "take_back"
    END = "end"


D, DA = DecisionState, DecisionAction
decisions = Workflow(
    "matching-decision",
    transition(DA.SIGN, {D.PROPOSED}, D.IN_FORCE, P.MATCHING_SIGN),
    transition(DA.DECLINE, {D.PROPOSED}, D.DECLINED, P.MATCHING_SIGN),
    transition(DA.TAKE_BACK, {D.PROPOSED}, D.TAKEN_BACK, P.MATCHING_PROPOSE),
    transition(DA.END, {D.IN_FORCE}, D.ENDED, P.MATCHING_PROPOSE),
)
decisions.guard(MatchingDecision.state)


class CalibrationAction(StrEnum):
    FINISH = "finish"
    FAIL = "fail"


C, CA = CalibrationState, CalibrationAction
calibrations = Workflow(
    "calibration",
    transition(CA.FINISH, {C.WAITING}, C.MEASURED, P.CALIBRATION_MEASURE),
    transition(CA.FAIL, {C.WAITING}, C.FAILED, P.CALIBRATION_MEASURE),
)
calibrations.guard(CalibrationRun.state)
