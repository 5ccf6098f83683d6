"""The engine in its own process: whatever happens there, the caller gets a result or a sentence."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from consent.faces import isolated
from consent.faces.image import PictureError
from consent.faces.isolated import IsolatedEngine, ScanError
from consent.faces.matcher import Gallery, Thresholds
from consent.faces.scan import EnrolmentError, Likeness
from consent.model import MatchStatus, Outcome
from tests.support.models import MODEL_FOLDER
from tests.support.pictures import PICTURES, PORTRAIT, as_file, portrait

NOBODY = Likeness(Gallery({}), frozenset(), None, Thresholds())


@pytest.fixture(scope="module")
def child():
    opened = IsolatedEngine(MODEL_FOLDER)
    yield opened
    opened.close()


def crash(data):
    os._exit(11)


def hang(data):
    time.sleep(60)


def hunger(data):
    return np.ones(isolated.MEMORY_BYTES, np.uint8).sum()


def who(seconds):
    time.sleep(seconds)
    return os.getpid()


def give_up(data):
    raise SystemExit  # as the library does when its models are missing


@pytest.mark.parametrize("work", [crash, hunger, give_up])
def test_whatever_breaks_the_child_is_a_sentence_and_the_next_picture_works(child, work):
    with pytest.raises(ScanError, match="another copy"):
        child._run(work, b"")

    assert child.sanitise(as_file(portrait((100, 100)), "PNG"), 50).width == 50


def test_picture_that_kills_its_process_costs_no_other_picture(child):
    whole = as_file(portrait((100, 100)), "PNG")
    with ThreadPoolExecutor(3) as side_by_side:
        fine = [side_by_side.submit(child.sanitise, whole, 50) for _ in range(6)]
        broken = [side_by_side.submit(child._run, crash, b"") for _ in range(2)]

    assert [future.result().width for future in fine] == [50] * 6
    assert {type(future.exception()) for future in broken} == {ScanError}


def test_two_pictures_are_looked_at_at_once_and_no_more(child):
    with ThreadPoolExecutor(4) as side_by_side:
        looking = [side_by_side.submit(child._run, who, 0.5) for _ in range(4)]

    assert child.at_once == 2
    assert len({future.result() for future in looking}) == 2
    assert len(child.process_ids()) == 2


def test_picture_that_takes_too_long_is_stopped():
    impatient = IsolatedEngine(MODEL_FOLDER, patience=1.0)

    with pytest.raises(ScanError, match="too long"):
        impatient._run(hang, b"")

    impatient.close()


def test_enrolled_pupil_is_recognised_and_a_protected_one_blocks(child):
    template = child.enrol(PORTRAIT.read_bytes())
    other = (PICTURES / "portraits" / "P05_left.jpg").read_bytes()
    open_ = Likeness(Gallery({"P05": [template]}), frozenset(), None, Thresholds())
    guarded = Likeness(Gallery({"P05": [template]}), frozenset({"P05"}), None, Thresholds())

    suggested, blocked = child.scan(other, open_), child.scan(other, guarded)

    assert suggested.outcome is Outcome.HOLD
    assert MatchStatus.SUGGESTED in {face.status for face in suggested.sightings}
    assert blocked.outcome is Outcome.BLOCK
    assert [face.number for face in blocked.sightings] == list(range(1, len(blocked.sightings) + 1))


@pytest.mark.parametrize("data", [b"", b"no picture", PORTRAIT.read_bytes()[:9000]])
def test_file_that_is_no_picture_is_said_to_be_none(child, data):
    with pytest.raises(PictureError):
        child.scan(data, NOBODY)


def test_several_people_cannot_be_enrolled_at_once(child):
    both = Image.new("RGB", (1200, 800))
    both.paste(portrait(), (0, 0))
    both.paste(portrait(), (600, 0))

    with pytest.raises(EnrolmentError, match="several faces"):
        child.enrol(as_file(both, "JPEG"))


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (Image.new("RGB", (600, 800), "white"), "No face"),
        (portrait((180, 240)), "too small"),
        (portrait((60, 80)).resize((600, 800)), "blurred|No face"),
    ],
)
def test_poor_portrait_is_refused_with_the_reason(child, image, words):
    with pytest.raises(EnrolmentError, match=words):
        child.enrol(as_file(image, "PNG"))


def test_everything_is_well_unless_a_notice_says_otherwise(child, tmp_path):
    (tmp_path / "notice.txt").write_text("The face encoder does not agree.")

    assert child.notice() is None
    assert "does not agree" in IsolatedEngine(tmp_path).notice()
    assert IsolatedEngine().notice() is None
