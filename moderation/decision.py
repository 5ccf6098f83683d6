"""From signals to a verdict: the table decides, the highest severity wins, and a cry for help is not hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from moderation.classifier import MODEL_VERSION
from moderation.labels import Action, Advice, Characteristic, Label, Route, Severity
from moderation.model import Shadow, Signal, Verdict
from moderation.policy import (
    EXPOSING,
    KEPT_IN_SIGHT,
    POLICY_VERSION,
    QUOTED,
    RETOLD,
    ROW_OF,
    SOFTENED,
    TABLE,
    Reach,
    Row,
    loudness,
)


def verdict_on(signals: Sequence[Signal], language: str) -> Verdict:
    """Return the verdict that the table gives on these signals."""
    rows = _rows(signals)
    action = max((_action(row, reach) for row, reach in rows), key=lambda item: item.rank, default=Action.ALLOW)
    acting = _acting(rows)
    ordered = sorted(signals, key=lambda signal: (-_rank(signal), -signal.score))
    return Verdict(
        action=action,
        hide=_hides(rows),
        severity=max((_severity(row, reach) for row, reach in rows), default=Severity.NONE),
        categories=tuple(dict.fromkeys(signal.label for signal in ordered)),
        characteristics=_characteristics(ordered),
        routes=_routes(acting),
        restricted=any(row.restricted for row in acting),
        advice=_advice(acting),
        signals=tuple(ordered),
        reasons=tuple(dict.fromkeys(f"It {signal.because}." for signal in ordered)) or ("Nothing was found.",),
        score=round(max((signal.score for signal in signals if signal.label is not Label.CRITICISM), default=0.0), 4),
        language=language,
        policy_version=POLICY_VERSION,
        model_version=MODEL_VERSION,
    )


def with_shadow(verdict: Verdict, beside: Sequence[Signal]) -> Verdict:
    """The same verdict, with what it would have been had the signals beside it counted."""
    if not beside:
        return verdict
    would = verdict_on([*verdict.signals, *beside], verdict.language)
    return replace(verdict, shadow=Shadow(would.action, would.hide, would.severity, tuple(beside)))


def held_back(verdict: Verdict) -> Verdict:
    """The same verdict where nothing may be hidden by itself: what would be hidden waits for a person."""
    action = Action.REVIEW if verdict.action is Action.HIDE else verdict.action
    return replace(verdict, hide=False, action=action)


def _rows(signals: Sequence[Signal]) -> list[tuple[Row, Reach]]:
    """Return the rows that signals reach, each with how far."""
    told = bool({signal.label for signal in signals} & set(QUOTED))
    best: dict[Label, float] = {}
    for signal in signals:
        best[signal.label] = max(best.get(signal.label, 0.0), signal.score)
    rows = []
    for row in TABLE:
        if row.label not in best or row.action is Action.ALLOW:
            continue
        reach = row.reach(best[row.label])
        if reach is Reach.NOTHING:
            continue
        if told and row.label in SOFTENED:
            reach = Reach.ASKS
        elif told and row.label in RETOLD:
            reach = min(reach, Reach.TELLS)
        rows.append((row, reach))
    return rows


def _action(row: Row, reach: Reach) -> Action:
    return row.action if reach >= Reach.TELLS else Action.REVIEW


def _severity(row: Row, reach: Reach) -> Severity:
    if reach is Reach.ACTS:
        return row.severity
    return min(row.severity, Severity.HIGH) if reach is Reach.TELLS else Severity.LOW


def _acting(rows: Sequence[tuple[Row, Reach]]) -> list[Row]:
    """The rows that decide who is told: the acting ones, or all when none acts. A doubtful cry for help is always heard."""
    loud = loudness(rows)
    return [row for row, reach in rows if reach >= loud or row.label in KEPT_IN_SIGHT]


def _hides(rows: Sequence[tuple[Row, Reach]]) -> bool:
    """A cry for help stays in sight of those who can help unless it also threatens, accuses or exposes somebody."""
    acting = [row for row, reach in rows if reach is Reach.ACTS]
    if any(row.label in KEPT_IN_SIGHT for row in acting):
        return any(row.label in EXPOSING or row.restricted for row in acting)
    return any(row.hide for row in acting)


def _routes(rows: Sequence[Row]) -> tuple[Route, ...]:
    if any(row.label is Label.ALLEGATION_HEAD for row in rows):
        return (Route.CHAIR_OF_GOVERNORS,)
    return tuple(dict.fromkeys(route for row in rows for route in row.routes))


def _advice(rows: Sequence[Row]) -> tuple[Advice, ...]:
    return tuple(dict.fromkeys(advice for row in rows for advice in row.advice))


def _characteristics(signals: Sequence[Signal]) -> tuple[Characteristic, ...]:
    found = dict.fromkeys(signal.characteristic for signal in signals if signal.characteristic is not None)
    if not found and any(signal.label is Label.PREJUDICE for signal in signals):
        return (Characteristic.OTHER,)
    return tuple(found)


def _rank(signal: Signal) -> int:
    row = ROW_OF[signal.label]
    return row.action.rank * 10 + int(row.severity)
