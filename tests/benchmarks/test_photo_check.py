"""The check of a photo and its steps, side by side with plain face_recognition in one run.

Run with `make benchmark`. Nothing fails for noise: the figures are printed, with their ratios.
"""

import os
import resource
import time
import warnings

import numpy as np
import pytest

from consent.faces.cascade import Cascade
from consent.faces.cnn import ConvolutionalDetector
from consent.faces.engine import load_engine
from consent.faces.evaluation.detection import Tally
from consent.faces.evaluation.manifest import read_manifest
from consent.faces.image import open_upright, pixels_of, sanitise
from consent.faces.matcher import Gallery, Thresholds, match
from consent.faces.networks import cache
from consent.faces.networks.convert import session
from consent.faces.scan import Likeness, scan
from consent.faces.sizes import reduced
from tests.support.models import MODEL_FOLDER
from tests.support.pictures import PICTURES

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1800)]
CLASS_PHOTO = PICTURES / "events" / "ev04_class_photo_12mp.jpg"
PHONE_PHOTOS = sorted((PICTURES / "events").glob("*.jpg"))[:8]


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

    def convolutional():
        small = reduced(class_photo).pixels
        places = library.face_locations(small, number_of_times_to_upsample=0, model="cnn")
        library.face_encodings(small, known_face_locations=places)

    ours = seconds(lambda: engine.find(class_photo))
    print()
    show("every face of 12 megapixels, whichever way up", ours, seconds(default, 1), of="its default (HOG)")
    show("", ours, seconds(default_reduced, 1), of="the same at 2,048 px")
    show("", ours, seconds(convolutional, 1), of="its CNN at 2,048 px")


def test_matching(library):
    rng = np.random.default_rng(0)
    gallery = Gallery({str(pupil): list(rng.normal(0, 0.08, (5, 128))) for pupil in range(1500)})
    faces = list(rng.normal(0, 0.08, (50, 128)))
    protected = frozenset(map(str, range(0, 1500, 10)))
    every = np.concatenate([np.asarray(vectors) for vectors in gallery.templates.values()])

    print()
    show(
        "50 faces against 1,500 pupils with 5 templates each",
        seconds(lambda: match(faces, gallery, protected=protected, thresholds=Thresholds())),
        seconds(lambda: [library.face_distance(every, face) for face in faces]),
    )


def test_eight_phone_photos(engine):
    nobody = Likeness(Gallery({}), frozenset(), None, Thresholds())
    files = [path.read_bytes() for path in PHONE_PHOTOS]
    kept = [sanitise(data, longest_side=2048).jpeg for data in files]

    print()
    show("8 photos: cleaned", seconds(lambda: [sanitise(data, longest_side=2048) for data in files], 1))
    show("8 photos: searched and compared", seconds(lambda: [scan(data, nobody, engine) for data in kept], 1))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory of this whole process so far, the library's own included: {most:.0f} MB")


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
