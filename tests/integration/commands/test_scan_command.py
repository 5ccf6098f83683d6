"""`consent scan`: one object a line for every picture, with each face's status as the register has it."""

from datetime import date

import numpy as np
import pytest

from app.register.models import Pupil
from consent.faces.isolated import ScanError
from consent.faces.matcher import match
from consent.faces.scan import Scan
from consent.model import Box, Sighting

FACE_KEYS = {"box", "status", "pupil", "distance", "margin"}


class FakeEyes:
    """Sees the faces that a picture's bytes spell: `1 2` shows the pupils with these vectors."""

    def enrol(self, data: bytes):
        return vector(float(data.split(b"_")[0]))

    def scan(self, data: bytes, likeness):
        if data == b"broken":
            raise ScanError("The picture could not be checked.")
        matches = match(
            [vector(float(word)) for word in data.split()], likeness.gallery, protected=likeness.protected, scope=likeness.scope,
            elsewhere=likeness.elsewhere, thresholds=likeness.thresholds,
        )  # fmt: skip
        sightings = [
            Sighting(
                number,
                Box(10 * number, 20, 10 * number + 8, 30),
                found.status,
                found.person_id,
                found.distance,
                found.margin,
            )
            for number, found in enumerate(matches, start=1)
        ]
        return Scan(800, 600, tuple(sightings), 0.25)


def vector(place: float) -> np.ndarray:
    """Faces of different pupils lie 1 apart."""
    return np.array([place] + [0.0] * 127)


@pytest.fixture
def scan(run, school, export, app, monkeypatch, tmp_path):
    """Pupils 1 and 2 may be shown, 3 may not, 4 is only kept out; 5 refused photos and templates alike."""
    monkeypatch.setitem(app.extensions, "schoolgate.engine-of-faces", FakeEyes())
    rows = (
        "1,Ann,Lee,4 Oak,Yes,Yes,Granted", "2,Bo,Moe,4 Oak,Yes,Yes,Granted", "3,Cy,Noe,4 Oak,No,No,Granted",
        "4,Di,Poe,5 Elm,No,No,Protective only", "5,Ed,Roe,5 Elm,No,No,Refused",
    )  # fmt: skip
    run("register", "import", export(*rows), "--apply")
    portraits = tmp_path / "portraits"
    portraits.mkdir()
    for number in "12345":
        (portraits / f"{number}_front.jpg").write_bytes(f"{number}_".encode())
    run("register", "enrol", portraits)

    def typed(*pictures: bytes, words=()):
        paths = []
        for position, content in enumerate(pictures):
            paths.append(tmp_path / f"p{position}.jpg")
            paths[-1].write_bytes(content)
        return run("consent", "scan", *paths, "--json", *words)

    return typed


def test_object_has_the_promised_shape(scan):
    ended = scan(b"1 9")
    (told,) = ended.json_lines
    assert (ended.status, ended.err, set(told)) == (0, "", {"photo", "width", "height", "faces", "outcome", "seconds"})
    assert all(set(face) == FACE_KEYS for face in told["faces"])
    assert told["faces"][0]["box"] == [10, 20, 18, 30]
    assert (told["width"], told["height"], told["seconds"]) == (800, 600, 0.25)


@pytest.mark.parametrize(
    ("faces", "statuses", "pupils", "outcome"),
    [
        (b"", [], [], "clear"),
        (b"1", ["suggested"], ["1"], "hold"),
        (b"1 2", ["suggested", "suggested"], ["1", "2"], "hold"),
        (b"3", ["protected"], ["3"], "block"),
        (b"4", ["protected"], ["4"], "block"),
        (b"1 3", ["suggested", "protected"], ["1", "3"], "block"),
        (b"4.6", ["possible"], ["4"], "hold"),
        (b"9", ["unknown"], [None], "hold"),
        (b"5", ["unknown"], [None], "hold"),
    ],
)
def test_statuses_follow_the_register(scan, faces, statuses, pupils, outcome):
    (told,) = scan(faces).json_lines
    assert ([face["status"] for face in told["faces"]], [face["pupil"] for face in told["faces"]]) == (statuses, pupils)
    assert told["outcome"] == outcome


def test_withdrawn_consent_turns_a_suggestion_into_an_alarm(scan, run, export):
    run("register", "import", export("1,Ann,Lee,4 Oak,No,,"), "--apply")
    assert scan(b"1").json_lines[0]["faces"][0]["status"] == "protected"


def test_nothing_is_compared_once_matching_is_off(scan, run):
    run("register", "matching", "off")
    (told,) = scan(b"1 3").json_lines
    assert told["faces"] == [
        {"box": [10, 20, 18, 30], "status": "unknown", "pupil": None, "distance": None, "margin": None},
        {"box": [20, 20, 28, 30], "status": "unknown", "pupil": None, "distance": None, "margin": None},
    ]
    assert told["outcome"] == "hold"


@pytest.mark.parametrize("classes", ["4 Oak", "4 oak", " 4  Oak ,", "4 Oak,4 Oak"])
def test_protected_pupils_of_other_classes_are_looked_for_more_strictly(scan, classes):
    told = scan(b"3 4 4.45", words=("--classes", classes)).json_lines[0]
    assert [(face["status"], face["pupil"]) for face in told["faces"]] == [
        ("protected", "3"),
        ("possible", "4"),
        ("unknown", None),
    ]


def test_nobody_else_of_other_classes_is_compared(scan):
    told = scan(b"1", words=("--classes", "5 Elm")).json_lines[0]
    assert [(face["status"], face["pupil"]) for face in told["faces"]] == [("unknown", None)]


def test_several_classes(scan):
    told = scan(b"3 4", words=("--classes", "4 Oak,5 Elm")).json_lines[0]
    assert [face["pupil"] for face in told["faces"]] == ["3", "4"]


@pytest.mark.parametrize(
    ("classes", "sentence"),
    [("9 Ash", "no class “9 Ash”"), ("4 Oak,9 Ash", "The classes are: 4 Oak, 5 Elm"), (" , ", "at least one class")],
)
def test_unknown_class_scans_nothing(scan, classes, sentence):
    ended = scan(b"1", words=("--classes", classes))
    assert (ended.status, ended.out, sentence in ended.err) == (1, "", True)


def test_one_that_fails_does_not_stop_the_others(scan, run, tmp_path):
    ended = scan(b"1", b"broken", b"")
    first, second, third = ended.json_lines
    assert (ended.status, set(second)) == (1, {"photo", "error"})
    assert (first["outcome"], second["error"], third["outcome"]) == (
        "hold",
        "The picture could not be checked.",
        "clear",
    )


def test_files_that_cannot_be_read_are_told_in_their_place(scan, run, tmp_path):
    ended = run("consent", "scan", tmp_path / "none.jpg", tmp_path, "--json")
    assert ended.status == 1
    assert ["There is no file" in ended.json_lines[0]["error"], "is a folder" in ended.json_lines[1]["error"]] == [
        True,
        True,
    ]
    assert [told["photo"] for told in ended.json_lines] == [str(tmp_path / "none.jpg"), str(tmp_path)]


def test_for_people_it_says_the_same_in_words(scan, run, tmp_path):
    scan(b"1 3 9 9")
    assert (
        run("consent", "scan", tmp_path / "p0.jpg")
        .out.strip()
        .endswith("p0.jpg: block (1 suggested, 1 protected, 2 unknown)")
    )


def test_photos_are_needed(run, school):
    assert run("consent", "scan", "--json").status == 2


def test_pupils_of_another_school_are_never_compared(scan, run, second_school, school, tmp_path):
    scan(b"1 3", words=("--school", school.name))
    ended = run("consent", "scan", tmp_path / "p0.jpg", "--json", "--school", second_school.name)
    assert {face["pupil"] for face in ended.json_lines[0]["faces"]} == {None}


def test_leaver_is_compared_no_more(scan, run, database, school):
    with database.transaction(school.id) as session:
        session.query(Pupil).filter(Pupil.admission_no == "1").one().left_on = date(2020, 1, 1)
    assert scan(b"1").json_lines[0]["faces"][0]["status"] == "unknown"
