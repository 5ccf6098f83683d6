"""face_recognition is the reference: our networks give its vectors and its boxes."""

import warnings

import dlib
import joblib
import numpy as np
import pytest
from PIL import Image

from consent.faces.boxes import overlap
from consent.faces.cnn import ConvolutionalDetector
from consent.faces.encoder import Encoder
from consent.faces.networks import cache, sources
from consent.faces.networks.convert import session
from tests.support.models import MODEL_FOLDER
from tests.support.pictures import PICTURES

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import face_recognition


@pytest.fixture(scope="module")
def networks():
    return cache.networks(MODEL_FOLDER)


def picture(name, longest):
    with Image.open(PICTURES / name) as file:
        image = file.convert("RGB")
    image.thumbnail((longest, longest))
    return np.asarray(image)


@pytest.mark.parametrize("name", ["portraits/P05_front.jpg", "portraits/S02_left.jpg", "events/ev01_hall_assembly.jpg"])
def test_vectors_are_those_of_the_library(networks, name):
    pixels = picture(name, 1600)
    places = face_recognition.face_locations(pixels, number_of_times_to_upsample=1)
    expected = face_recognition.face_encodings(pixels, known_face_locations=places, model="small")
    encoder = Encoder(session(networks["encoder"]), dlib, str(sources.landmarks_file()))

    vectors = encoder.encode(
        pixels, np.array([(left, top, right, bottom) for top, right, bottom, left in places], float)
    )

    assert places
    assert np.abs(np.array(vectors) - np.array(expected)).max() < 1e-3
    assert np.linalg.norm(np.array(vectors) - np.array(expected), axis=1).max() < 1e-3


@pytest.mark.parametrize(
    ("name", "longest"),
    [("events/ev14_two_close_up.jpg", 640), ("portraits/P05_left.jpg", 500), ("portraits/S04_front.jpg", 333)],
)
def test_boxes_are_those_of_the_library(networks, name, longest):
    pixels = picture(name, longest)
    library = dlib.cnn_face_detection_model_v1(str(sources.detector_file()))
    expected = [
        (face.rect.left(), face.rect.top(), face.rect.right(), face.rect.bottom()) for face in library(pixels, 0)
    ]
    scores = [face.confidence for face in library(pixels, 0)]

    boxes, sure = ConvolutionalDetector(session(networks["detector"])).find(pixels, threshold=0.0)

    assert len(boxes) == len(expected) > 0
    nearest = overlap(np.array(expected, float), boxes).argmax(axis=1)
    assert np.abs(boxes[nearest] - expected).max() <= 2.0
    assert np.abs(sure[nearest] - scores).max() < 0.05


def plain_convolution(values, weights, bias):
    """Convolve height × width × channels without any library, as a reference."""
    rows, columns = (size - kernel + 1 for size, kernel in zip(values.shape[:2], weights.shape[:2], strict=True))
    result = np.tile(bias.astype(np.float64), (rows, columns, 1))
    for down in range(weights.shape[0]):
        for across in range(weights.shape[1]):
            result += values[down : down + rows, across : across + columns] @ weights[down, across].astype(np.float64)
    return result


def leaky(values, slope):
    return np.where(values > 0, values, values * slope)


def test_first_network_of_mtcnn_computes_what_its_description_says(networks):
    """TensorFlow, which the package needs, is not installed: its layers are written out here instead."""
    weights = joblib.load(sources.mtcnn_files()[0])
    pixels = picture("portraits/P05_front.jpg", 60)[:50, :40]
    step = leaky(plain_convolution((pixels - 127.5) / 128, weights[0], weights[1]), weights[2])
    step = np.maximum.reduce([step[row::2, column::2] for row in (0, 1) for column in (0, 1)])
    step = leaky(plain_convolution(step, weights[3], weights[4]), weights[5])
    step = leaky(plain_convolution(step, weights[6], weights[7]), weights[8])
    shifts = plain_convolution(step, weights[9], weights[10])
    sums = np.exp(plain_convolution(step, weights[11], weights[12]))

    told, chances = session(networks["proposer"]).run(("shifts", "chances"), {"pixels": pixels[None]})

    assert np.abs(told[0].transpose(1, 2, 0) - shifts).max() < 1e-4
    assert np.abs(chances[0].transpose(1, 2, 0) - sums / sums.sum(axis=2, keepdims=True)).max() < 1e-4
