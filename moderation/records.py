"""A verdict as plain JSON: for the command line and for storage."""

from __future__ import annotations

from typing import Any

from moderation.model import Shadow, Signal, Verdict


def verdict_record(verdict: Verdict) -> dict[str, Any]:
    return {
        "action": verdict.action.value,
        "categories": [label.value for label in verdict.categories],
        "severity": int(verdict.severity),
        "reasons": list(verdict.reasons),
        "score": verdict.score,
        "hide": verdict.hide,
        "routes": [route.value for route in verdict.routes],
        "restricted": verdict.restricted,
        "characteristics": [characteristic.value for characteristic in verdict.characteristics],
        "advice": [advice.value for advice in verdict.advice],
        "language": verdict.language,
        "policy_version": verdict.policy_version,
        "model_version": verdict.model_version,
        "signals": [_signal_record(signal) for signal in verdict.signals],
        "shadow": None if verdict.shadow is None else _shadow_record(verdict.shadow),
    }


def _shadow_record(shadow: Shadow) -> dict[str, Any]:
    return {
        "action": shadow.action.value,
        "hide": shadow.hide,
        "severity": int(shadow.severity),
        "signals": [_signal_record(signal) for signal in shadow.signals],
    }


def _signal_record(signal: Signal) -> dict[str, Any]:
    return {
        "rule": signal.rule,
        "label": signal.label.value,
        "score": round(signal.score, 4),
        "because": signal.because,
        "start": signal.start,
        "end": signal.end,
    }
