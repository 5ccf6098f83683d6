"""On an empty folder, as a newcomer types it: real processes, real pictures, the real face engine."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).parents[3]
PICTURES = HOME / "app" / "demo" / "pictures"
EXPORT = """Admission No,Legal Forename,Legal Surname,Reg Group,Consent: Facebook,Consent: X,Consent: Biometric
P05,Omar,Rahimi,4 Beech,No,No,Protective only
P15,Mei,Tanaka,8 Rowan,Yes,Yes,Granted
P01,Jun,Park,1 Oak,Yes,Yes,
"""


@pytest.fixture
def flask(tmp_path):
    """Run `flask --app wsgi …` in a process of its own, with nothing but a data folder."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SCHOOLGATE_")}
    environment["SCHOOLGATE_DATA_FOLDER"] = str(tmp_path / "data")

    def run(*words: object, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *map(str, words)]
        everything = environment | settings
        return subprocess.run(
            command, cwd=HOME, env=everything, capture_output=True, text=True, check=False, timeout=200
        )

    return run


def test_without_tables_it_says_how_to_make_them(flask):
    ended = flask("school", "create", "Bramley Hill")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "Error: The database has no tables yet. Make them with: flask --app wsgi db upgrade\n"


@pytest.mark.parametrize(
    ("name", "value"), [("SCHOOLGATE_WORKER_THREADS", "many"), ("SCHOOLGATE_DATA_FOLDER", "/dev/null")]
)
def test_setting_that_cannot_be_used_is_named(flask, name, value):
    ended = flask("audit", "verify", **{name: value})
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (1, "", 1)
    assert (name in ended.stderr) or (value in ended.stderr)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_from_nothing_to_a_scanned_picture(flask, tmp_path):
    for words in (("db", "upgrade"), ("school", "create", "Bramley Hill")):
        assert flask(*words).returncode == 0, words
    (tmp_path / "export.csv").write_text(EXPORT)
    assert "3 new" in flask("register", "import", tmp_path / "export.csv", "--apply").stdout
    portraits = tmp_path / "portraits"
    portraits.mkdir()
    for name in ("P05_front", "P15_front", "P01_front"):
        shutil.copy(PICTURES / "portraits" / f"{name}.jpg", portraits)
    shutil.copy(PICTURES / "events" / "ev07_empty_hall.jpg", portraits / "P15_nobody.jpg")
    shutil.copy(PICTURES / "events" / "ev14_two_close_up.jpg", portraits / "P15_two.jpg")
    (portraits / "P15_zero.jpg").write_bytes(b"")
    ended = flask("register", "enrol", portraits)
    assert ended.returncode == 0, ended.stderr
    for line in ("P05_front.jpg: Enrolled for P05, only to keep", "P15_front.jpg: Enrolled for P15.", "P01_front.jpg: P01 has no biometric",
                 "P15_zero.jpg: The file is empty", "Enrolled 2, already enrolled 0, refused 4.", "Face matching was off"):  # fmt: skip
        assert line in ended.stdout
    _scan(flask, tmp_path)


def _scan(flask, tmp_path):
    whole = (PICTURES / "events" / "ev14_two_close_up.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[:20_000])
    (tmp_path / "text.jpg").write_text("no picture")
    photos = (
        PICTURES / "events" / "ev14_two_close_up.jpg",
        PICTURES / "events" / "ev07_empty_hall.jpg",
        tmp_path / "cut.jpg",
        tmp_path / "text.jpg",
    )
    ended = flask("consent", "scan", *photos, "--classes", "4 Beech,8 Rowan", "--json")
    two, hall, cut, text = map(json.loads, ended.stdout.splitlines())
    assert (ended.returncode, two["outcome"], hall["outcome"], hall["faces"]) == (1, "block", "clear", [])
    assert ("P05", "protected") in [(face["pupil"], face["status"]) for face in two["faces"]]
    assert all(isinstance(side, int) for face in two["faces"] for side in face["box"])
    assert "damaged" in cut["error"]
    assert "not a photo" in text["error"]
