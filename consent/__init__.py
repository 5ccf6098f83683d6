"""May these people be shown or named? The front door of the consent engine."""

from consent.checker import CheckSettings, check, check_text
from consent.model import Content, Finding, Outcome, Report, Severity
from consent.ports import Register, TextReader

__all__ = [
    "CheckSettings",
    "Content",
    "Finding",
    "Outcome",
    "Register",
    "Report",
    "Severity",
    "TextReader",
    "check",
    "check_text",
]
