"""Make the fonts of the PDFs from the pinned web fonts: one file a weight, and the list of letters that they have.

For developers: run after `npm ci` when the font in package.json changes. The results are committed.
"""

import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "node_modules" / "@fontsource" / "atkinson-hyperlegible-next"
TARGET = ROOT / "app" / "incidents" / "fonts"
WEIGHTS, SUBSETS = (400, 700), ("latin", "latin-ext")


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    for weight in WEIGHTS:
        with tempfile.TemporaryDirectory() as folder:
            parts = [_unpacked(weight, subset, Path(folder)) for subset in SUBSETS]
            merged = Merger().merge([str(part) for part in parts])
        merged.save(TARGET / f"atkinson-{weight}.ttf")
    letters = set.intersection(*(set(TTFont(TARGET / f"atkinson-{weight}.ttf").getBestCmap()) for weight in WEIGHTS))
    (TARGET / "letters.txt").write_text("".join(sorted(map(chr, letters))), encoding="utf-8")
    (TARGET / "LICENCE.txt").write_text((SOURCE / "LICENSE").read_text(encoding="utf-8"), encoding="utf-8")


def _unpacked(weight: int, subset: str, folder: Path) -> Path:
    font = TTFont(SOURCE / "files" / f"atkinson-hyperlegible-next-{subset}-{weight}-normal.woff")
    font.flavor = None
    path = folder / f"{subset}.ttf"
    font.save(path)
    return path


if __name__ == "__main__":
    main()
