"""`register enrol`: a sentence a picture, matching switched on with a record, nobody enrolled without consent."""

import numpy as np
import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core.db import EVERY_SCHOOL
from app.register.models import FaceTemplate, Pupil
from app.schools.models import BiometricMode, School
from consent.faces.engine import EngineUnavailableError
from consent.faces.image import PictureError
from consent.faces.isolated import ScanError
from consent.faces.scan import EnrolmentError

REFUSALS = {
    b"nobody": EnrolmentError("No face was found."),
    b"two": EnrolmentError("There are several faces."),
    b"text": PictureError("not-a-picture", "This is not a photo."),
    b"hang": ScanError("It took too long."),
    b"broken": EngineUnavailableError(),
}


class FakeEyes:
    """Finds one face in a picture, unless its bytes say otherwise."""

    def enrol(self, data: bytes):
        if data in REFUSALS:
            raise REFUSALS[data]
        return np.full(128, len(data) / 1000)


@pytest.fixture
def folder(tmp_path, app, monkeypatch):
    monkeypatch.setitem(app.extensions, "schoolgate.engine-of-faces", FakeEyes())
    path = tmp_path / "portraits"
    path.mkdir()

    def put(**pictures: bytes):
        for name, content in pictures.items():
            (path / f"{name}.jpg").write_bytes(content)
        return path

    return put


@pytest.fixture
def register(run, school, export):
    rows = (
        "1,Ann,Lee,,Yes,Yes,Granted",
        "2,Bo,Moe,,No,No,Protective only",
        "3,Cy,Noe,,Yes,Yes,Refused",
        "4,Di,Poe,,Yes,Yes,",
        "A_5,Ed,Roe,,,,Granted",
    )
    run("register", "import", export(*rows), "--apply")


@pytest.fixture
def enrolled(database):
    def read() -> dict[str, int]:
        query = (
            sa.select(Pupil.admission_no, sa.func.count())
            .join(FaceTemplate, FaceTemplate.pupil_id == Pupil.id)
            .group_by(Pupil.admission_no)
        )
        with database.reading(EVERY_SCHOOL) as session:
            return dict(session.execute(query).all())

    return read


def mode(database) -> BiometricMode:
    with database.reading(EVERY_SCHOOL) as session:
        return session.scalars(sa.select(School)).one().settings.biometric_mode


def test_each_picture_has_its_sentence(run, register, folder, enrolled):
    path = folder(
        **{
            "1_front": b"a",
            "1_left": b"ab",
            "2_front": b"abc",
            "3_x": b"a3",
            "4_x": b"a4",
            "9_x": b"a9",
            "A_5_front": b"abcd",
            "noname": b"z",
        }
    )
    (path / "notes.txt").write_text("no picture")
    (path / ".DS_Store").write_text("hidden")
    ended = run("register", "enrol", path)
    assert (ended.status, enrolled()) == (0, {"1": 2, "2": 1, "A_5": 1})
    for line in (
        "1_front.jpg: Enrolled for 1.",
        "2_front.jpg: Enrolled for 2, only to keep the pupil out of pictures.",
        "3_x.jpg: 3 has no biometric consent, so no picture may be enrolled.",
        "4_x.jpg: 4 has no biometric consent, so no picture may be enrolled.",
        "9_x.jpg: No pupil has the admission number “9”. Name the file <admission no>_<anything>.jpg.",
        "noname.jpg: No pupil has the admission number “noname”. Name the file <admission no>_<anything>.jpg.",
        "A_5_front.jpg: Enrolled for A_5.",
        "notes.txt: Left alone, as its name is not that of a picture.",
        "Enrolled 4, already enrolled 0, refused 4.",
    ):
        assert line in ended.out.splitlines()
    assert ".DS_Store" not in ended.out


def test_second_run_enrols_nothing_twice(run, register, folder, enrolled):
    path = folder(**{"1_front": b"a", "2_front": b"ab"})
    run("register", "enrol", path)
    ended = run("register", "enrol", path)
    assert (ended.status, enrolled()) == (0, {"1": 1, "2": 1})
    assert "Enrolled 0, already enrolled 2, refused 0." in ended.out


def test_pictures_that_cannot_serve_are_refused_in_words(run, register, folder, enrolled):
    ended = run("register", "enrol", folder(**{f"1_{name.decode()}": name for name in REFUSALS}))
    assert (ended.status, enrolled()) == (1, {})
    for error in REFUSALS.values():
        assert str(error) in ended.out


def test_first_enrolment_switches_matching_on_and_says_so(run, register, folder, database):
    ended = run("register", "enrol", folder(**{"1_front": b"a", "1_left": b"ab"}))
    assert (mode(database), ended.out.count("Face matching was off")) == (BiometricMode.TRANSIENT, 1)
    with database.reading(EVERY_SCHOOL) as session:
        (event,) = session.scalars(sa.select(AuditEvent).where(AuditEvent.tag == "school:settings-changed"))
    assert event.details["changed"]["biometric_mode"] == ["off", "transient"]
    assert "command line" in event.details["changed"]["biometric_decision"][1]["because"]


def test_nothing_to_enrol_switches_nothing_on(run, register, folder, database):
    assert run("register", "enrol", folder(**{"3_x": b"a", "4_x": b"b", "1_x": b"two"})).status == 1
    assert mode(database) is BiometricMode.OFF


def test_school_that_decided_on_off_is_not_overruled(run, register, folder, enrolled, database):
    run("register", "matching", "off", "--because", "The governors said no.")
    ended = run("register", "enrol", folder(**{"1_front": b"a"}))
    assert (ended.status, enrolled(), mode(database)) == (1, {}, BiometricMode.OFF)
    assert "switched off" in ended.out


def test_switching_off_deletes_and_is_told(run, register, folder, enrolled):
    run("register", "enrol", folder(**{"1_front": b"a"}))
    assert "Face matching is off" in run("register", "matching", "off").out
    assert enrolled() == {}
    assert "decided on" in run("register", "matching").out


@pytest.mark.parametrize(
    ("words", "status"), [(["transient"], 1), (["strict", "--because", "The governors agreed."], 1), (["sometimes"], 2)]
)
def test_switching_on_needs_the_checklist_of_the_page(run, register, database, words, status):
    assert (run("register", "matching", *words).status, mode(database)) == (status, BiometricMode.OFF)


def test_picture_of_one_child_is_not_enrolled_as_another(run, register, folder, enrolled):
    ended = run("register", "enrol", folder(**{"1_front": b"same", "2_front": b"same"}))
    assert enrolled() == {"1": 1}
    assert "2_front.jpg: The same picture is already enrolled as 1." in ended.out


def test_leaver_is_not_enrolled(run, register, folder, enrolled, export):
    headings = "Admission No,Legal Forename,Legal Surname,Date of Leaving"
    run("register", "import", export("1,Ann,Lee,01/09/2026", headings=headings), "--apply")
    assert "1 has left" in run("register", "enrol", folder(**{"1_front": b"a"})).out
    assert enrolled() == {}


def test_folder_that_is_none(run, register, folder, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.jpg").write_bytes(b"a")
    for name, sentence in (("none", "no folder"), ("file.jpg", "no folder"), ("empty", "no pictures")):
        ended = run("register", "enrol", tmp_path / name)
        assert (ended.status, ended.out, sentence in ended.err) == (1, "", True)


def test_picture_that_may_not_be_read(run, register, folder, enrolled):
    path = folder(**{"1_front": b"a"})
    (path / "1_link.jpg").symlink_to("/nowhere")
    ended = run("register", "enrol", path)
    assert (enrolled(), "1_link.jpg: There is no file" in ended.out) == ({"1": 1}, True)
