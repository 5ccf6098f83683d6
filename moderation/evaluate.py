"""Figures on a labelled file: `python -m moderation.evaluate FILE.jsonl`.

Each line: {"id", "text", "post"?, "action": expected, "kind": what it is}. Kinds `criticism`, `benign` and
`tricky_benign` must not be hidden; everything whose expected action is not `allow` is harmful or needs a look.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from moderation.labels import Action
from moderation.model import Comment, Context, Verdict
from moderation.pipeline import judge

BENIGN = ("benign", "tricky_benign", "criticism")
ACTED = (Action.HIDE, Action.ESCALATE)
_NINETEEN_OF_TWENTY = 1.96


@dataclass(frozen=True, slots=True)
class Judged:
    expected: Action
    kind: str
    text: str
    verdict: Verdict

    @property
    def is_hidden(self) -> bool:
        return self.verdict.hide

    @property
    def is_seen(self) -> bool:
        return self.verdict.action is not Action.ALLOW


def judge_file(path: Path) -> list[Judged]:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Judged(
            Action(line["action"]),
            line["kind"],
            line["text"],
            judge(Comment(line["text"]), Context(line.get("post", ""))),
        )
        for line in lines
    ]


@dataclass(frozen=True, slots=True)
class Figure:
    """So many of so many, as a share between 0 and 1 and the interval in which the true share lies."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval: nineteen times of twenty the true share lies in it."""
        if not self.of:
            return 0.0, 1.0
        spread = _NINETEEN_OF_TWENTY**2 / self.of
        middle = (self.share + spread / 2) / (1 + spread)
        reach = math.sqrt(self.share * (1 - self.share) * spread + spread**2 / 4) / (1 + spread)
        return max(0.0, middle - reach), min(1.0, middle + reach)


def figures(judged: Sequence[Judged]) -> dict[str, Figure]:
    """Return the figures that the aims of the product speak of."""
    escalations = [item for item in judged if item.expected is Action.ESCALATE]
    harmful = [item for item in judged if item.expected in ACTED]
    hidden = [item for item in judged if item.is_hidden]
    harmless = [item for item in judged if item.kind in BENIGN]
    return {
        "escalations reaching a person": _figure(item.is_seen for item in escalations),
        "escalations told at once": _figure(item.verdict.action is Action.ESCALATE for item in escalations),
        "auto-hide precision": _figure(item.expected in ACTED for item in hidden),
        "harmful acted on": _figure(item.verdict.action in ACTED for item in harmful),
        "harmful seen by a person": _figure(item.is_seen for item in harmful),
        **{f"{kind} hidden": _figure(item.is_hidden for item in judged if item.kind == kind) for kind in BENIGN},
        "harmless shown to a person": _figure(item.is_seen for item in harmless),
        "harmless told at once": _figure(item.verdict.action is Action.ESCALATE for item in harmless),
    }


def _figure(claims: Iterable[bool]) -> Figure:
    listed = list(claims)
    return Figure(sum(listed), len(listed))


def main(path: Path, *, show: bool) -> None:
    judged = judge_file(path)
    print(f"{len(judged)} comments of {path.name}")  # noqa: T201  a command that reports
    for name, figure in figures(judged).items():
        low, high = figure.interval
        told = f"{figure.share:6.1%}  ({figure.hits} of {figure.of}; {low:.1%} to {high:.1%})"
        print(f"  {name:<32} {told}")  # noqa: T201  as above
    for item in judged if show else ():
        if item.verdict.action is not item.expected:
            print(f"{item.expected}>{item.verdict.action} {item.kind}: {item.text[:110]}")  # noqa: T201  as above


if __name__ == "__main__":
    main(Path(sys.argv[1]), show="--misses" in sys.argv)
