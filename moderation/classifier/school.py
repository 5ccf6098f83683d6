"""The comments that teach what harms look like under a school's posts, as (harm, text, weight)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

LESSONS = Path(__file__).parent / "lessons"
_STAFF = ("mr brown", "the ta", "miss kaur", "that teacher", "the head", "the deputy")
_GROUPS = (
    ("muslims", "muslim"), ("gay people", "gay"), ("black people", "black person"), ("women", "woman"), ("trans people", "trans person"),
    ("disabled people", "disabled person"), ("immigrants", "immigrant"), ("jews", "jew"), ("travellers", "gypsy"), ("asians", "asian"),
)  # fmt: skip
_EACH_GROUP, _EACH_STAFF, _EACH_SENTENCE = 0.4, 0.4, 1.5
_HARM_OF_KIND = {
    "benign": "allow",
    "tricky_benign": "allow",
    "criticism": "criticism",
    "counter_speech": "counter",
    "report": "report",
    "threat": "threat",
    "disclosure": "disclosure",
    "missing_child": "missing",
    "contact_seeking": "contact",
    "sexual": "sexual",
    "allegation_staff": "allegation",
    "allegation_head": "allegation",
    "doxxing": "doxxing",
    "extremism": "extremism",
    "drugs": "drugs",
    "weapons": "weapons",
    "insult": "insult",
    "prejudice": "prejudice",
    "spam": "spam",
    "personal_data": "private",
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """One comment with what it is, and how much it counts."""

    harm: str
    text: str
    weight: float = 1.0


def taught_lessons() -> Iterator[Lesson]:
    """The comments written for teaching, with the gaps filled in."""
    files = [file.read_text(encoding="utf-8").splitlines() for file in sorted(LESSONS.glob("*.txt"))]
    for line in chain.from_iterable(files):
        if not line or line.startswith("#"):
            continue
        harm, text = line.split("|", 1)
        if "{G}" in text or "{g}" in text:
            for many, one in _GROUPS:
                yield Lesson(harm, text.replace("{G}", many).replace("{g}", one), _EACH_GROUP)
        elif "{T}" in text:
            for who in _STAFF:
                yield Lesson(harm, text.replace("{T}", who), _EACH_STAFF)
        else:
            yield Lesson(harm, text)


def labelled_lessons(path: Path) -> Iterator[Lesson]:
    """The comments of a labelled file whose kind says what they are; a plain list of sentences is harmless."""
    if path.suffix == ".txt":
        lines = path.read_text(encoding="utf-8").splitlines()
        yield from (Lesson("allow", line, _EACH_SENTENCE) for line in lines if line and not line.startswith("#"))
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if harm := _HARM_OF_KIND.get(row["kind"]):
            yield Lesson(harm, row["text"])
