"""The check of a photo and its steps, side by side with plain face_recognition in one run.

Run with `make benchmark`. Nothing fails for noise: the figures are printed, with their ratios.
"""

import os
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
from PIL import Image

from consent.faces.cascade import Cascade
from consent.faces.cnn import ConvolutionalDetector
from consent.faces.cohort import Cohort
from consent.faces.engine import load_engine
from consent.faces.evaluation.detection import Tally
from consent.faces.evaluation.manifest import read_manifest
from consent.faces.image import open_upright, pixels_of
from consent.faces.isolated import IsolatedEngine
from consent.faces.matcher import Gallery, Thresholds, match
from consent.faces.networks import cache
from consent.faces.networks.convert import session
from consent.faces.scan import Likeness
from consent.faces.sizes import reduced
from tests.support.models import MODEL_FOLDER
from tests.support.pictures import PICTURES

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1800)]
CLASS_PHOTO = PICTURES / "events" / "ev04_class_photo_12mp.jpg"
PHONE_PHOTOS = [path for path in sorted((PICTURES / "events").glob("*.jpg")) if "empty" not in path.name][:8]


@pytest.fixture(scope="module")
def library():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import face_recognition
    return face_recognition


@pytest.fixture(scope="module")
def engine():
    loaded = load_engine(MODEL_FOLDER)
    loaded.find(np.zeros((300, 300, 3), np.uint8))
    return loaded


@pytest.fixture(scope="module")
def class_photo():
    return pixels_of(open_upright(CLASS_PHOTO.read_bytes()))


def seconds(work, times=3):
    """Return the best of so many runs, so that other work on the machine weighs least."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def show(step, ours, theirs=None, of="face_recognition"):
    told = f"{step:<58}{ours:9.3f} s"
    if theirs is not None:
        told += f"   {of} {theirs:9.3f} s   {theirs / ours:6.1f} times"
    print(told, flush=True)


def test_steps_of_one_photo(engine, library, class_photo):
    small = reduced(class_photo).pixels
    networks = cache.networks(MODEL_FOLDER)
    cnn = ConvolutionalDetector(session(networks["detector"]))
    cascade = Cascade(*(session(networks[name]) for name in ("proposer", "refiner", "finisher")))
    places = library.face_locations(small)
    squares = np.array([(left, top, right, bottom) for top, right, bottom, left in places], float)
    print(f"\n12 megapixels, {len(places)} faces; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")

    show(
        "detect with the CNN at 2,048 px",
        seconds(lambda: cnn.find(small, threshold=0.0)),
        seconds(lambda: library.face_locations(small, number_of_times_to_upsample=0, model="cnn"), 1),
    )
    show("detect with MTCNN at 2,048 px", seconds(lambda: cascade.find(small, smallest=20.0, threshold=0.5)))
    show(
        f"encode {len(places)} faces",
        seconds(lambda: engine._encoder.encode(small, squares)),
        seconds(lambda: library.face_encodings(small, known_face_locations=places), 1),
    )


def test_whole_photo(engine, library, class_photo):
    def default():
        places = library.face_locations(class_photo)
        library.face_encodings(class_photo, known_face_locations=places)

    def default_reduced():
        small = reduced(class_photo).pixels
        library.face_encodings(small, known_face_locations=library.face_locations(small))

    def convolutional(pixels):
        places = library.face_locations(pixels, number_of_times_to_upsample=0, model="cnn")
        library.face_encodings(pixels, known_face_locations=places)

    ours = seconds(lambda: engine.find(class_photo))
    print()
    show("every face of 12 megapixels, whichever way up", ours, seconds(default, 1), of="its default (HOG)")
    show("", ours, seconds(default_reduced, 1), of="the same at 2,048 px")
    show("", ours, seconds(lambda: convolutional(reduced(class_photo).pixels), 1), of="its CNN at 2,048 px")
    show("", ours, seconds(lambda: convolutional(class_photo), 1), of="its CNN")


@pytest.mark.parametrize("levelled", [False, True], ids=["plain", "levelled"])
def test_matching(library, levelled):
    rng = np.random.default_rng(0)
    templates = {str(pupil): list(rng.normal(0, 0.08, (5, 128))) for pupil in range(1500)}
    faces = list(rng.normal(0, 0.08, (50, 128)))
    protected = frozenset(map(str, range(0, 1500, 10)))
    every = np.concatenate([np.asarray(vectors) for vectors in templates.values()])
    gallery = Gallery(templates, cohort=Cohort.of(templates) if levelled else None)

    print()
    show("the school laid out, once an album", seconds(lambda: replace(gallery).layout, 1))
    show(
        f"50 faces against 1,500 pupils with 5 templates each, {'levelled' if levelled else 'plain'}",
        seconds(lambda: match(faces, gallery, protected=protected, thresholds=Thresholds()), 20),
        seconds(lambda: [library.face_distance(every, face) for face in faces]),
    )


def test_eight_phone_photos():
    nobody = Likeness(Gallery({}), frozenset(), None, Thresholds())
    files = [_from_a_phone(path) for path in PHONE_PHOTOS]
    eyes = IsolatedEngine(MODEL_FOLDER)
    peak = _Peak(eyes)

    def look(data):
        words = eyes.read_words(data) if eyes.scan(data, nobody) else ()
        eyes.render(data, (), 1600)
        return words

    with ThreadPoolExecutor(eyes.at_once) as side_by_side, peak:
        kept = [clean.jpeg for clean in side_by_side.map(lambda data: eyes.sanitise(data, 2048), files)]
        print()
        show("8 photos of 12 megapixels: taken in", seconds(lambda: list(side_by_side.map(_taken_in(eyes), files))))
        show("8 photos: faces, words, and what goes out", seconds(lambda: list(side_by_side.map(look, kept))))
    eyes.close()
    print(f"most memory of the {eyes.at_once} processes that looked: {peak.megabytes:.0f} MB")


def _from_a_phone(path):
    with Image.open(path) as file:
        image = file.convert("RGB")
    scale = 4032 / max(image.size)
    output = BytesIO()
    image.resize((round(image.width * scale), round(image.height * scale))).save(output, "JPEG", quality=88)
    return output.getvalue()


def _taken_in(eyes):
    return lambda data: eyes.sanitise(data, 2048)


class _Peak:
    """Watches how much memory the children of an engine hold together; what they share counts once."""

    def __init__(self, eyes):
        self.megabytes = 0.0
        self._eyes, self._done = eyes, Event()
        self._watch = Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._watch.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._watch.join()

    def _look(self):
        while not self._done.wait(0.03):
            self.megabytes = max(self.megabytes, sum(map(_megabytes, self._eyes.process_ids())))


def _megabytes(process_id):
    try:
        told = Path(f"/proc/{process_id}/smaps_rollup").read_text()
    except OSError:  # it has just ended
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in told.splitlines() if line.startswith("Pss:"))


def test_recall_beside_the_library(engine, library):
    manifest = read_manifest(PICTURES / "manifest.json")
    ours, theirs = Tally(), Tally()
    for photo in manifest.photos:
        pixels = pixels_of(open_upright(photo.path.read_bytes()))
        scale = min(1.0, 1600 / max(pixels.shape))
        copy = reduced(pixels)
        ours.add(photo.faces, [face.box for face in engine.find(pixels)], scale)
        places = library.face_locations(copy.pixels)
        boxes = [_box(place, copy.scale) for place in places]
        theirs.add(photo.faces, boxes, scale)

    print()
    for kind in ("16-24 px", "24-40 px", "40-80 px", "80 px and more", "turned", "profile"):
        told = f"{ours.found[kind]:3} of {ours.total[kind]:3}   face_recognition's default {theirs.found[kind]:3}"
        print(f"found, {kind:<20}{told}")
    print(f"false boxes: {ours.false}, face_recognition's default {theirs.false}")


def _box(place, scale):
    from consent.model import Box

    top, right, bottom, left = (round(edge / scale) for edge in place)
    return Box(left, top, right, bottom)
