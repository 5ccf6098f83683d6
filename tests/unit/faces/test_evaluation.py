"""`python -m consent.faces.evaluate`: what counts as found, and what is printed."""

import json
import shutil

import numpy as np
import pytest

from consent.faces.evaluate import main
from consent.faces.evaluation.detection import Tally, assign, height_class
from consent.faces.evaluation.manifest import ManifestError, TrueFace, read_manifest
from consent.faces.evaluation.recognition import recognise
from consent.faces.matcher import Thresholds
from consent.model import Box
from tests.support.models import MODEL_FOLDER
from tests.support.pictures import PICTURES


def true_face(left, top, right, bottom, **more):
    box = Box(left, top, right, bottom)
    told = {"person": None, "head": box, "height": box.height, "pose": "frontal", "occluded": 0.0, "in_frame": 1.0}
    return TrueFace(box=box, **(told | more))


@pytest.mark.parametrize(
    ("box", "found"),
    [
        (Box(105, 110, 145, 150), True),
        (Box(95, 95, 155, 165), True),
        (Box(200, 100, 250, 160), False),
        (Box(120, 125, 130, 135), False),  # a nose is no face
        (Box(0, 0, 400, 400), False),
    ],
)
def test_box_is_of_a_face(box, found):
    assert bool(assign([true_face(100, 100, 150, 160)], [box])) == found


def test_each_face_is_found_once_and_the_rest_are_not_false():
    tally = Tally()
    faces = [true_face(100, 100, 150, 160), true_face(300, 100, 350, 160)]

    tally.add(faces, [Box(100, 100, 150, 150), Box(102, 104, 152, 160), Box(500, 500, 550, 550)], 1.0)

    assert (tally.found["40-80 px"], tally.total["40-80 px"], tally.false) == (1, 2, 1)
    assert tally.recall("profile") is None


@pytest.mark.parametrize(
    ("height", "name"),
    [(8, "under 16 px"), (16, "16-24 px"), (24, "24-40 px"), (79.9, "40-80 px"), (80, "80 px and more")],
)
def test_heights_are_sorted(height, name):
    assert height_class(height) == name


def test_height_is_that_of_the_published_picture():
    tally = Tally()

    tally.add([true_face(0, 0, 80, 100)], [], 0.4)

    assert tally.total["40-80 px"] == 1


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"photos": [{}]}', '{"photos": [{"file": "a.jpg", "faces": [{}]}]}']
)
def test_other_files_are_refused_in_words(tmp_path, content, capsys):
    path = tmp_path / "manifest.json"
    path.write_text(content)

    with pytest.raises(ManifestError, match="not a manifest"):
        read_manifest(path)
    assert main([str(path)]) == 1
    assert "not a manifest" in capsys.readouterr().err


def test_recognition_counts_alarms_and_suggestions():
    near, far = np.zeros(128), np.ones(128)
    templates = {"a": [near], "b": [far]}

    told = recognise([near + 0.01, far, near + 0.03], ["a", "b", "b"], templates, Thresholds())

    assert (told.faces, told.suggested_right, told.suggested_wrong) == (3, 2, 1)
    assert told.missed_alarms == 1
    assert told.blocked == 2
    assert told.false_alarms == pytest.approx(1 / 3)


@pytest.fixture(scope="module")
def small_manifest(tmp_path_factory):
    """One photo of two faces, one of nobody, one that is broken."""
    folder = tmp_path_factory.mktemp("pictures")
    whole = json.loads((PICTURES / "manifest.json").read_text())
    names = ("events/ev14_two_close_up.jpg", "events/ev07_empty_hall.jpg")
    photos = [photo for photo in whole["photos"] if photo["file"] in names]
    shown = {face["person"] for photo in photos for face in photo["faces"]}
    people = [person | {"portraits": person["portraits"][:1]} for person in whole["people"] if person["id"] in shown]
    for name in (*names, *(person["portraits"][0]["file"] for person in people)):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(PICTURES / name, folder / name)
    (folder / "broken.jpg").write_bytes((folder / names[0]).read_bytes()[:2000])
    photos.append({"file": "broken.jpg", "faces": []})
    (folder / "manifest.json").write_text(json.dumps({"people": people, "photos": photos}))
    return folder / "manifest.json"


def test_report_of_a_small_manifest(small_manifest, capsys):
    status = main([str(small_manifest), "--models", str(MODEL_FOLDER), "--json"])

    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert status == 1  # one file could not be read, which is said
    assert "broken.jpg" in printed.err
    assert (told["found"]["80 px and more"], told["total"]["80 px and more"]) == (2, 2)
    assert told["recognised"]["suggested_right"] == 2
    assert told["recognised"]["missed_alarms"] == 0
    assert (told["still_there"], told["obscured"] >= 2) == (0, True)


def test_tables_are_readable(small_manifest, capsys):
    main([str(small_manifest), "--models", str(MODEL_FOLDER), "--no-obscuring"])

    out = capsys.readouterr().out
    assert "80 px and more           2/2" in out
    assert "False detections:" in out
    assert "Obscured" not in out
