"""`python -m consent.faces.evaluate MANIFEST.json`: how well faces are found, compared and obscured."""

import argparse
import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from consent.faces.engine import load_engine
from consent.faces.evaluation.detection import CLEAR, COVERED, HEIGHTS, POSES, TALLEST, Tally
from consent.faces.evaluation.manifest import ManifestError, read_manifest
from consent.faces.evaluation.recognition import Recognised
from consent.faces.evaluation.run import Evaluation, evaluate
from consent.faces.library import LibraryEngine
from consent.faces.matcher import Thresholds


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        manifest = read_manifest(options.manifest)
    except ManifestError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    engine = LibraryEngine() if options.engine == "library" else load_engine(options.models)
    thresholds = Thresholds(options.alarm, options.protected, options.suggestion, options.margin)
    result = evaluate(manifest, engine, thresholds=thresholds, obscuring=not options.no_obscuring)
    if options.json:
        sys.stdout.write(json.dumps(_told(result)) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(result)) + "\n")
    for sentence in result.unreadable:
        sys.stderr.write(f"{sentence}\n")
    return 1 if result.unreadable else 0


def _parser() -> argparse.ArgumentParser:
    usual = Thresholds()
    parser = argparse.ArgumentParser(prog="python -m consent.faces.evaluate", description=__doc__)
    parser.add_argument("manifest", type=Path, help="pictures with their true faces, as in app/demo/pictures")
    parser.add_argument("--models", type=Path, help="folder that keeps the converted networks")
    parser.add_argument("--engine", choices=("networks", "library"), default="networks", help="library: the fallback")
    parser.add_argument("--no-obscuring", action="store_true", help="only find and compare")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    for name in Thresholds.__slots__:
        parser.add_argument(
            f"--{name}", type=float, default=getattr(usual, name), help="the school's, default %(default)s"
        )
    return parser


def _lines(result: Evaluation) -> Iterator[str]:
    yield from _recall_table(result.tally)
    tally = result.tally
    yield f"False detections: {tally.false} in {tally.photos} photos."
    if result.seconds:
        yield f"Seconds a photo: median {statistics.median(result.seconds):.2f}, slowest {max(result.seconds):.2f}."
    if result.recognised is not None and result.recognised.faces:
        yield from _recognition_lines(result.recognised)
    if result.obscured or result.still_there:
        yield f"Obscured and gone: {result.obscured} of {result.obscured + result.still_there} faces."


def _recall_table(tally: Tally) -> Iterator[str]:
    heights = [name for _, name in HEIGHTS] + [TALLEST]
    yield "Found, by height in the published picture and pose:"
    yield " " * 16 + "".join(f"{pose:>12}" for pose in (*POSES, "all"))
    for height in heights:
        cells = [_share(tally, f"{pose}, {height}") for pose in POSES] + [_share(tally, height)]
        yield f"{height:<16}" + "".join(f"{cell:>12}" for cell in cells)
    for kind in (CLEAR, COVERED):
        yield f"{kind}: {_share(tally, kind)}"


def _share(tally: Tally, kind: str) -> str:
    return f"{tally.found[kind]}/{tally.total[kind]}" if tally.total[kind] else "-"


def _recognition_lines(found: Recognised) -> Iterator[str]:
    yield (
        f"Compared with portraits: {found.faces} faces; suggested {found.suggested_right} rightly, "
        f"{found.suggested_wrong} wrongly."
    )
    yield (
        f"If the person is protected: {found.faces - found.missed_alarms} of {found.faces} raise an alarm, "
        f"{found.blocked} of them block; one protected pupil alarms for {found.false_alarms:.0%} of the others' faces."
    )


def _told(result: Evaluation) -> dict[str, Any]:  # JSON
    tally, found = result.tally, result.recognised
    return {
        "photos": tally.photos,
        "found": dict(tally.found),
        "total": dict(tally.total),
        "false_detections": tally.false,
        "seconds": [round(second, 3) for second in result.seconds],
        "recognised": None if found is None else {name: getattr(found, name) for name in Recognised.__slots__},
        "obscured": result.obscured,
        "still_there": result.still_there,
        "unreadable": result.unreadable,
    }


if __name__ == "__main__":
    sys.exit(main())
