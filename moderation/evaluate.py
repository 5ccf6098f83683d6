"""Figures on a labelled file: `python -m moderation.evaluate FILE.jsonl`.

Each line: {"id", "text", "post"?, "action": expected, "kind": what it is}. Kinds `criticism`, `benign` and
`tricky_benign` must not be hidden; everything whose expected action is not `allow` is harmful or needs a look.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from moderation.labels import Action
from moderation.model import Comment, Context, Verdict
from moderation.pipeline import judge

BENIGN = ("benign", "tricky_benign", "criticism")


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


def figures(judged: Sequence[Judged]) -> dict[str, float]:
    """Return shares between 0 and 1."""
    escalations = [item for item in judged if item.expected is Action.ESCALATE]
    harmful = [item for item in judged if item.expected in (Action.ESCALATE, Action.HIDE)]
    hidden = [item for item in judged if item.is_hidden]
    acted = (Action.HIDE, Action.ESCALATE)
    return {
        "escalations reaching a person": _share(
            item.verdict.action is Action.ESCALATE or item.is_seen for item in escalations
        ),
        "escalations escalated": _share(item.verdict.action is Action.ESCALATE for item in escalations),
        "auto-hide precision": _share(item.expected in acted for item in hidden),
        "harmful acted on": _share(item.verdict.action in acted for item in harmful),
        "harmful seen by a person": _share(item.is_seen for item in harmful),
        **{f"{kind} hidden": _share(item.is_hidden for item in judged if item.kind == kind) for kind in BENIGN},
        "harmless shown to a person": _share(item.is_seen for item in judged if item.kind in BENIGN),
        "harmless told at once": _share(
            item.verdict.action is Action.ESCALATE for item in judged if item.kind in BENIGN
        ),
    }


def _share(claims: Iterable[bool]) -> float:
    listed = list(claims)
    return sum(listed) / len(listed) if listed else 0.0


def main(path: Path, *, show: bool) -> None:
    judged = judge_file(path)
    print(f"{len(judged)} comments of {path.name}")  # noqa: T201  a command that reports
    for name, share in figures(judged).items():
        print(f"  {name:<32} {share:6.1%}")  # noqa: T201  as above
    for item in judged if show else ():
        if item.verdict.action is not item.expected:
            print(f"{item.expected}>{item.verdict.action} {item.kind}: {item.text[:110]}")  # noqa: T201  as above


if __name__ == "__main__":
    main(Path(sys.argv[1]), show="--misses" in sys.argv)
