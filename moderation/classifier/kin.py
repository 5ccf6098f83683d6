"""Words of a kind: which words stand in the same company, learnt once from many public comments.

The classifier meets "batter" in few of our own comments; that it keeps the company of "beat" and "smash" tells it more.
`python -m moderation.classifier.kin TRAIN.csv.gz` finds the kinds anew. Needs the development tools.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

KIN_FILE = Path(__file__).parent / "kin.txt"
WORD = re.compile(r"[a-z0-9][a-z0-9'’\-]*")
_WORDS, _KINDS, _DIMENSIONS, _NEIGHBOURS, _RAREST = 14_000, 600, 128, 4, 4
_LONGEST = 1000


@cache
def kinds() -> dict[str, int]:
    """Return word → number of its kind."""
    lines = KIN_FILE.read_text(encoding="utf-8").splitlines()
    return {word: number for number, line in enumerate(lines) for word in line.split()}


def main(train: Path) -> None:
    """Write the kinds, one a line, the same for the same input."""
    from sklearn.cluster import KMeans

    with gzip.open(train, "rt", encoding="utf-8", newline="") as file:
        comments = [WORD.findall(row["text"].lower()[:_LONGEST]) for row in csv.DictReader(file)]
    counts = Counter(word for comment in comments for word in comment)
    listed = [word for word, count in counts.most_common(_WORDS) if count >= _RAREST]
    places = _places(comments, listed)
    numbers = KMeans(_KINDS, n_init=1, random_state=1).fit_predict(places)
    grouped: dict[int, list[str]] = defaultdict(list)
    for word, number in zip(listed, numbers, strict=True):
        grouped[int(number)].append(word)
    KIN_FILE.write_text("\n".join(" ".join(sorted(words)) for words in grouped.values()) + "\n", encoding="utf-8")
    print(f"{len(listed)} words in {len(grouped)} kinds")  # noqa: T201  a command that reports


def _places(comments: list[list[str]], listed: list[str]) -> Any:  # scipy ships no precise types
    """Give each word a place near the words with which it shares neighbours."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from scipy.sparse.linalg import svds

    number = {word: place for place, word in enumerate(listed)}
    beside: Counter[tuple[int, int]] = Counter()
    for comment in comments:
        known = [number.get(word, -1) for word in comment]
        for at, first in enumerate(known):
            for distance, later in enumerate(known[at + 1 : at + 1 + _NEIGHBOURS], start=1):
                if first >= 0 and later >= 0:
                    beside[min(first, later), max(first, later)] += 12 // distance
    pairs = np.array(list(beside), dtype=np.int32)
    shared = csr_matrix((list(beside.values()), (pairs[:, 0], pairs[:, 1])), shape=(len(listed),) * 2, dtype=np.float32)
    shared = shared + shared.T
    seen = np.asarray(shared.sum(axis=1)).ravel()
    expected = seen**0.75 / (seen**0.75).sum()
    found = shared.tocoo()
    surprise = np.log(found.data / seen[found.row] / expected[found.col])
    kept = surprise > 0
    company = csr_matrix((surprise[kept], (found.row[kept], found.col[kept])), shape=shared.shape, dtype=np.float32)
    vectors, strengths, _ = svds(company, k=_DIMENSIONS, random_state=1)
    places = vectors * np.sqrt(strengths)
    return places / (np.linalg.norm(places, axis=1, keepdims=True) + 1e-9)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
