"""A calibration as rows and programs keep it: counts and ranges by distance, and nothing of a face."""

from collections.abc import Mapping, Sequence
from typing import Any

from consent.faces.calibration.measure import Calibration, Row
from consent.faces.calibration.proportions import Proportion
from consent.faces.matcher import Thresholds

PARTS = ("missed", "alarms", "suggested_wrongly")


def figures_of(measured: Calibration) -> dict[str, Any]:  # JSON
    proposed = measured.proposed
    return {
        "people": measured.people,
        "templates": measured.templates,
        "levelled_by": measured.levelled_by,
        "rows": [_row_told(row) for row in measured.rows],
        "by_group": {name: [_row_told(row) for row in rows] for name, rows in measured.by_group.items()},
        "proposed": None if proposed is None else {name: getattr(proposed, name) for name in Thresholds.__slots__},
    }


def calibration_from(figures: Mapping[str, Any]) -> Calibration:  # JSON
    proposed = figures["proposed"]
    return Calibration(
        people=figures["people"],
        templates=figures["templates"],
        rows=tuple(map(_row_from, figures["rows"])),
        by_group={name: tuple(map(_row_from, rows)) for name, rows in figures["by_group"].items()},
        proposed=None if proposed is None else Thresholds(**proposed),
        levelled_by=figures.get("levelled_by", 0),
    )


def row_at(rows: Sequence[Row], distance: float) -> Row | None:
    """Return the row of a distance, or of the next wider one that was measured."""
    return next((row for row in rows if row.distance >= distance), rows[-1] if rows else None)


def _row_told(row: Row) -> dict[str, Any]:  # JSON
    return {"distance": row.distance} | {name: _proportion_told(getattr(row, name)) for name in PARTS}


def _proportion_told(told: Proportion) -> dict[str, Any]:  # JSON
    low, high = told.interval
    return {"count": told.count, "total": told.total, "low": round(low, 4), "high": round(high, 4)}


def _row_from(told: Mapping[str, Any]) -> Row:  # JSON
    return Row(told["distance"], **{name: Proportion(told[name]["count"], told[name]["total"]) for name in PARTS})
