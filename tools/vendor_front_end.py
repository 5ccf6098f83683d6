"""Fetch the pinned front-end files, compile the style sheet, and list what was vendored with its hash.

For developers: run `npm ci` and then this after changing package.json or schoolgate.scss. The results are committed.
"""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = ROOT / "node_modules"
STATIC = ROOT / "app" / "static"
VENDOR = STATIC / "vendor"
FONT = "@fontsource/atkinson-hyperlegible-next"

COPIES = {
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": "govuk-frontend.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENCE.txt",
    f"{FONT}/LICENSE": "fonts/LICENCE.txt",
    **{
        f"{FONT}/files/atkinson-hyperlegible-next-{subset}-{weight}-normal.woff2": f"fonts/atkinson-{subset}-{weight}.woff2"
        for subset in ("latin", "latin-ext")
        for weight in (400, 700)
    },
}


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in COPIES.items():
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / source, VENDOR / target)
    sheet = ROOT / "tools" / "front_end" / "schoolgate.scss"
    command = ["--style=compressed", "--no-source-map", "--quiet", f"--load-path={MODULES}", str(sheet)]
    subprocess.run([str(MODULES / ".bin" / "sass"), *command, str(STATIC / "schoolgate.css")], check=True)
    names = ("govuk-frontend", "htmx.org", FONT)
    packages = {name: json.loads((MODULES / name / "package.json").read_text()) for name in names}
    manifest = {
        "packages": {
            name: {"version": found["version"], "licence": found["license"]} for name, found in packages.items()
        },
        "files": {f"vendor/{target}": _sha256(VENDOR / target) for target in sorted(COPIES.values())},
    }
    (STATIC / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
