"""Train the model: `python -m moderation.classifier.train PUBLIC.csv.gz SCHOOL…`. Needs the development tools."""

from __future__ import annotations

import csv
import gzip
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from moderation.classifier import HARMLESS, MODEL_FILE
from moderation.classifier.fitting import fit
from moderation.classifier.meaning import BUCKETS, meaning
from moderation.classifier.school import Lesson, labelled_lessons, taught_lessons
from moderation.engine import read as read_comment

_PUBLIC_ROWS, _LONGEST_PUBLIC, _PUBLIC_WEIGHT = 8000, 220, 0.25
_HARMLESS_COUNTS = 0.5
SEEDS = (1, 2, 3, 4)
"""Networks that began elsewhere err elsewhere: their mean is seldom sure of what is wrong."""
_JOINED, _LONGEST_JOINED, _JOINED_WEIGHT = 12_000, 140, 0.5
_STOPS = ".!?"
_LARGEST, _LEAST = 127, 1e-6


def main(public: Path, schools: Sequence[Path]) -> None:
    """Write the model file, the same bytes for the same input."""
    lessons = [*taught_lessons(), *(lesson for school in schools for lesson in labelled_lessons(school))]
    train(lessons, harmless_texts(public))


def train(lessons: Sequence[Lesson], public: list[str]) -> None:
    """The harms of a school, told apart by small networks."""
    kept = [text for text in public if len(text) <= _LONGEST_PUBLIC]
    random.Random(1).shuffle(kept)  # noqa: S311  a sample, not a secret
    every = [*lessons, *joined(lessons), *(Lesson("allow", text, _PUBLIC_WEIGHT) for text in kept[:_PUBLIC_ROWS])]
    rows = matrix([read_comment(lesson.text).masked.text for lesson in every])
    harms = np.array([lesson.harm for lesson in every])
    names = ["allow", *sorted(set(harms) - {"allow"})]
    classes = np.array([names.index(harm) for harm in harms])
    weights = np.array([lesson.weight * (_HARMLESS_COUNTS if lesson.harm == "allow" else 1.0) for lesson in every])
    networks = [fit(rows, classes, weights.astype(np.float32), len(names), seed) for seed in SEEDS]
    scales = [np.maximum(np.abs(each.seen).max(axis=0), np.float32(_LEAST)) / _LARGEST for each in networks]
    np.savez_compressed(
        MODEL_FILE,
        names=np.array(names),
        seen=np.stack(
            [np.round(each.seen / scale).astype(np.int8) for each, scale in zip(networks, scales, strict=True)]
        ),
        scales=np.stack(scales),
        seen_bias=np.stack([each.seen_bias for each in networks]),
        told=np.stack([each.told for each in networks]),
        told_bias=np.stack([each.told_bias for each in networks]),
    )
    print(f"{rows.shape[0]} rows, {len(names)} classes, {MODEL_FILE.stat().st_size / 1e6:.2f} MB")  # noqa: T201  as above


def joined(lessons: Sequence[Lesson]) -> Iterator[Lesson]:
    """Two comments in one: harm stays harm beside kind words or complaints, and two harmless ones stay harmless."""
    chance = random.Random(2)  # noqa: S311  a sample, not a secret
    short = [lesson for lesson in lessons if len(lesson.text) <= _LONGEST_JOINED and lesson.weight == 1.0]
    harmless = [lesson for lesson in short if lesson.harm in HARMLESS]
    for _ in range(_JOINED):
        one, other = chance.choice(short), chance.choice(harmless)
        harm = max(one.harm, other.harm) if one.harm in HARMLESS else one.harm
        first, second = chance.sample((one.text, other.text), 2)
        yield Lesson(harm, f"{first}{'' if first[-1] in _STOPS else '.'} {second}", _JOINED_WEIGHT)


def harmless_texts(path: Path) -> list[str]:
    """Public comments that nobody called abusive."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file) if row["abusive"] == "0"]


def matrix(texts: Sequence[str]) -> csr_matrix:
    """The features of each text as a row, (texts, buckets)."""
    data: list[float] = []
    columns: list[int] = []
    starts = [0]
    for text in texts:
        found = meaning(text)
        columns.extend(found)
        data.extend(found.values())
        starts.append(len(columns))
    return csr_matrix((data, columns, starts), shape=(len(texts), BUCKETS), dtype=np.float32)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
