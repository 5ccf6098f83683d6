"""May these people be shown or named? The front door of the consent engine."""

from consent.checker import CheckSettings, check, check_text
from consent.codes import MEANINGS, Code
from consent.jigsaw import Neighbour, judge_jigsaw
from consent.model import Content, Finding, Outcome, Report, Severity
from consent.ports import Register, TextReader

__all__ = [
    "MEANINGS",
    "CheckSettings",
    "Code",
    "Content",
    "Finding",
    "Neighbour",
    "Outcome",
    "Register",
    "Report",
    "Severity",
    "TextReader",
    "check",
    "check_text",
    "judge_jigsaw",
]
