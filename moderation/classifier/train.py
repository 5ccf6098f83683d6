"""Train both heads: `python -m moderation.classifier.train TRAIN.csv.gz TEST.csv.gz SCHOOL…`. Needs the development tools."""

from __future__ import annotations

import csv
import gzip
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report

from moderation.classifier import HARMS_FILE, MODEL_FILE
from moderation.classifier.features import BUCKETS as ABUSE_BUCKETS
from moderation.classifier.features import features
from moderation.classifier.meaning import BUCKETS as HARM_BUCKETS
from moderation.classifier.meaning import meaning
from moderation.classifier.school import Lesson, labelled_lessons, taught_lessons
from moderation.engine import read as read_comment
from moderation.plain import plain_view

SAFE = ("allow", "criticism")
_TOLD = ("report", "counter")
_PUBLIC_ROWS, _LONGEST_PUBLIC, _PUBLIC_WEIGHT = 8000, 220, 0.25
_LESSON_COUNTS = 3.0
_SMALLEST = 0.02


def main(train: Path, test: Path, schools: Sequence[Path]) -> None:
    """Write both model files, the same bytes for the same input."""
    lessons = [*taught_lessons(), *(lesson for school in schools for lesson in labelled_lessons(school))]
    texts, labels = read(train)
    train_harms(lessons, [text for text, label in zip(texts, labels, strict=True) if not label])
    train_abuse(texts, labels, lessons)
    texts, labels = read(test)
    with np.load(MODEL_FILE) as kept:
        sums = matrix([plain_view(text).text for text in texts], features, ABUSE_BUCKETS) @ kept["weights"].astype(
            np.float32
        )
        guessed = (sums * kept["scale"] + kept["bias"] > 0).astype(int)
    print(classification_report(labels, guessed, digits=3))  # noqa: T201  a command that reports


def train_abuse(texts: list[str], labels: list[int], lessons: Sequence[Lesson]) -> None:
    """How much a comment reads like abuse, from public comments and our own."""
    own = [lesson for lesson in lessons if lesson.harm in (*SAFE, *_TOLD, "insult", "prejudice", "threat", "incite")]
    rows = matrix(
        [plain_view(text).text for text in texts] + [lesson.text.lower() for lesson in own], features, ABUSE_BUCKETS
    )
    classes = np.array(labels + [int(lesson.harm not in (*SAFE, *_TOLD)) for lesson in own])
    weights = np.array([1.0] * len(texts) + [lesson.weight * _LESSON_COUNTS for lesson in own])
    model = LogisticRegression(C=8.0, class_weight="balanced", max_iter=60, solver="liblinear", random_state=1)
    model.fit(rows, classes, sample_weight=weights)
    small, scale = _in_bytes(model.coef_[0])
    np.savez_compressed(MODEL_FILE, weights=small, scale=scale, bias=np.float32(model.intercept_[0]))
    print(f"{rows.shape[0]} rows, {MODEL_FILE.stat().st_size / 1e6:.2f} MB")  # noqa: T201  as above


def train_harms(lessons: Sequence[Lesson], public: list[str]) -> None:
    """One head for each harm of a school, and one for any harm at all."""
    kept = [text for text in public if len(text) <= _LONGEST_PUBLIC]
    random.Random(1).shuffle(kept)  # noqa: S311  a sample, not a secret
    every = [*lessons, *(Lesson("allow", text, _PUBLIC_WEIGHT) for text in kept[:_PUBLIC_ROWS])]
    rows = matrix([read_comment(lesson.text).masked.text for lesson in every], meaning, HARM_BUCKETS)
    harms = np.array([lesson.harm for lesson in every])
    weights = np.array([lesson.weight for lesson in every])
    heads = {"any": ~np.isin(harms, SAFE)}
    heads |= {harm: harms == harm for harm in sorted(set(harms) - {"allow"})}
    fitted = [_head(rows, wanted, weights) for wanted in heads.values()]
    small = [_in_bytes(model.coef_[0]) for model in fitted]
    np.savez_compressed(
        HARMS_FILE,
        names=np.array(list(heads)),
        weights=np.stack([weights for weights, _ in small], axis=1),
        scales=np.array([scale for _, scale in small]),
        biases=np.array([model.intercept_[0] for model in fitted], dtype=np.float32),
    )
    print(f"{rows.shape[0]} rows, {len(heads)} heads, {HARMS_FILE.stat().st_size / 1e6:.2f} MB")  # noqa: T201  as above


def _head(rows: csr_matrix, wanted: NDArray[np.bool_], weights: NDArray[np.float64]) -> LogisticRegression:
    balance = min(20.0, 0.5 * weights[~wanted].sum() / weights[wanted].sum())
    model = LogisticRegression(C=2.0, solver="liblinear", max_iter=100, random_state=1)
    return model.fit(rows, wanted, sample_weight=weights * np.where(wanted, balance, 1.0))


def _in_bytes(weights: NDArray[np.float64]) -> tuple[NDArray[np.int8], np.float32]:
    kept = np.where(np.abs(weights) < _SMALLEST * np.abs(weights).max(), 0.0, weights)
    scale = np.float32(np.abs(kept).max() / 127)
    return np.round(kept / scale).astype(np.int8), scale


def read(path: Path) -> tuple[list[str], list[int]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [(row["text"], int(row["abusive"])) for row in csv.DictReader(file)]
    return [text for text, _ in rows], [label for _, label in rows]


def matrix(texts: list[str], counted: Callable[[str], dict[int, float]], buckets: int) -> csr_matrix:
    data: list[float] = []
    columns: list[int] = []
    starts = [0]
    for text in texts:
        found = counted(text)
        columns.extend(found)
        data.extend(found.values())
        starts.append(len(columns))
    return csr_matrix((data, columns, starts), shape=(len(texts), buckets), dtype=np.float32)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
