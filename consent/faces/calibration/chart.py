"""Draw misses and false alarms by distance as an SVG picture, readable without colour."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from consent.faces.calibration.measure import Row
from consent.faces.calibration.proportions import Proportion
from consent.faces.matcher import Thresholds

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 420, 70, 40, 690, 350
FONT = 'font-family="sans-serif" font-size="14"'
LINES = (("missed", "missed protected faces", "#1d4ed8", ""), ("alarms", "false alarms of one pupil", "#b45309", "8 5"))


def chart(rows: Sequence[Row], title: str, proposed: Thresholds | None = None) -> str:
    """Return a whole SVG file: two lines with their 95 % ranges, and the proposed alarm distance."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="24" font-size="16">{escape(title)}</text>',
        *_axes(rows),
    ]
    for number, (name, label, colour, dashes) in enumerate(LINES):
        points = [(row.distance, getattr(row, name)) for row in rows]
        parts += _line(rows, points, colour, dashes)
        start, foot = LEFT + 20 + number * 260, BOTTOM + 55
        parts.append(
            f'<path d="M{start} {foot - 5}h40" stroke="{colour}" stroke-width="3" stroke-dasharray="{dashes}"/>'
        )
        parts.append(f'<text x="{start + 48}" y="{foot}">{escape(label)}</text>')
    if proposed is not None:
        across = _across(rows, proposed.alarm)
        parts.append(f'<path d="M{across:.1f} {TOP}V{BOTTOM}" stroke="#111" stroke-dasharray="2 3"/>')
        parts.append(f'<text x="{across + 5:.1f}" y="{TOP + 14}">proposed alarm {proposed.alarm:.2f}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _axes(rows: Sequence[Row]) -> list[str]:
    parts = [f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="#111"/>']
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        down = _down(share)
        parts.append(f'<path d="M{LEFT} {down:.1f}H{RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{down + 5:.1f}" text-anchor="end">{share:.0%}</text>')
    for row in rows:
        across = _across(rows, row.distance)
        parts.append(f'<text x="{across:.1f}" y="{BOTTOM + 20}" text-anchor="middle">{row.distance:.2f}</text>')
    return parts


def _line(rows: Sequence[Row], points: Sequence[tuple[float, Proportion]], colour: str, dashes: str) -> list[str]:
    known = [(_across(rows, distance), told) for distance, told in points if told.share is not None]
    if not known:
        return []
    path = " ".join(f"{across:.1f},{_down(told.share or 0.0):.1f}" for across, told in known)
    parts = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="3" stroke-dasharray="{dashes}"/>']
    for across, told in known:
        low, high = told.interval
        parts.append(f'<path d="M{across:.1f} {_down(low):.1f}V{_down(high):.1f}" stroke="{colour}"/>')
    return parts


def _across(rows: Sequence[Row], distance: float) -> float:
    first, last = rows[0].distance, rows[-1].distance
    return LEFT + (distance - first) / (last - first) * (RIGHT - LEFT)


def _down(share: float) -> float:
    return BOTTOM - share * (BOTTOM - TOP)
