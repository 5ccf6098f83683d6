"""Train the classifier: `python -m moderation.classifier.train TRAIN.csv.gz [TEST.csv.gz]`. Needs the development tools."""

from __future__ import annotations

import csv
import gzip
import sys
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report

from moderation.classifier import MODEL_FILE
from moderation.classifier.features import BUCKETS, features
from moderation.plain import plain_view


def main(train: Path, test: Path | None) -> None:
    texts, labels = read(train)
    model = LogisticRegression(C=8.0, class_weight="balanced", max_iter=60, solver="liblinear")
    model.fit(matrix(texts), labels)
    weights = model.coef_[0].astype(np.float32)
    scale = float(np.abs(weights).max()) / 127
    small = np.round(weights / scale).astype(np.int8)
    np.savez_compressed(MODEL_FILE, weights=small, scale=np.float32(scale), bias=np.float32(model.intercept_[0]))
    print(f"{len(texts)} rows, {MODEL_FILE.stat().st_size / 1e6:.2f} MB")  # noqa: T201  a command that reports
    if test is not None:
        texts, labels = read(test)
        print(classification_report(labels, model.predict(matrix(texts)), digits=3))  # noqa: T201  as above


def read(path: Path) -> tuple[list[str], list[int]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [(row["text"], int(row["abusive"])) for row in csv.DictReader(file)]
    return [text for text, _ in rows], [label for _, label in rows]


def matrix(texts: list[str]) -> csr_matrix:
    data: list[float] = []
    columns: list[int] = []
    starts = [0]
    for text in texts:
        found = features(plain_view(text).text)
        columns.extend(found)
        data.extend(found.values())
        starts.append(len(columns))
    return csr_matrix((data, columns, starts), shape=(len(texts), BUCKETS), dtype=np.float32)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
