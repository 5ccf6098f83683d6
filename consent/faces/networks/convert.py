"""Convert the installed networks, and hold the result to the library's own output before anybody relies on it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import onnxruntime
from PIL import Image

from consent.faces.boxes import Rows, overlap
from consent.faces.cascade import Cascade
from consent.faces.cnn import ConvolutionalDetector
from consent.faces.image import Pixels
from consent.faces.networks import sources
from consent.faces.networks.dlib_file import Weights, read_layers
from consent.faces.networks.dlib_graphs import CHIP_SIDE, detector, encoder
from consent.faces.networks.mtcnn_graphs import finisher, proposer, refiner

NAMES = ("encoder", "detector", "proposer", "refiner", "finisher")
THREADS = 1
"""Of each network: the CNN runs beside the others, and albums are looked at by several processes."""
SAMPLE = Path(__file__).with_name("sample.jpg")
"""Two computer-rendered faces: nobody real."""
VECTORS_AGREE, BOXES_AGREE, SCORES_AGREE = 1e-3, 2.0, 0.05
SAME_FACE = 0.3


class ConversionError(RuntimeError):
    """The networks cannot be converted, or what came out does not agree with the library."""


def convert() -> dict[str, bytes]:
    """Return the networks by name, as checked ONNX files. Raises ConversionError."""
    try:
        parts = [_mtcnn_weights(path) for path in sources.mtcnn_files()]
        made = {
            "encoder": encoder(read_layers(sources.encoder_file())),
            "detector": detector(read_layers(sources.detector_file())),
            "proposer": proposer(parts[0]),
            "refiner": refiner(parts[1]),
            "finisher": finisher(parts[2]),
        }
    except (ValueError, OSError, KeyError, TypeError, IndexError) as error:
        raise ConversionError("The installed face networks have a form that cannot be converted.") from error
    verify(made)
    return made


def session(network: bytes) -> Any:  # onnxruntime ships no types
    """Open a network."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # pictures differ in size: remembered layouts would only pile up,
    options.enable_cpu_mem_arena = False  # and so would the memory that the largest of them needed
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])


def verify(networks: dict[str, bytes]) -> None:
    """Compare with dlib's own vectors and boxes; MTCNN must find the same faces. Raises ConversionError."""
    dlib = sources.load_dlib()
    picture = np.asarray(Image.open(SAMPLE).convert("RGB"), dtype=np.uint8)
    _verify_encoder(session(networks["encoder"]), dlib, picture)
    boxes = _verify_detector(session(networks["detector"]), dlib, picture)
    cascade = Cascade(*(session(networks[name]) for name in ("proposer", "refiner", "finisher")))
    found = cascade.find(picture, smallest=40.0, threshold=0.9)
    if len(found.boxes) != len(boxes) or not (overlap(boxes, found.boxes) > SAME_FACE).any(axis=1).all():
        raise ConversionError("MTCNN, once converted, does not find the faces of the sample picture.")


def _verify_encoder(converted: Any, dlib: Any, picture: Pixels) -> None:
    chips = _chips(picture)
    library = dlib.face_recognition_model_v1(str(sources.encoder_file()))
    expected = np.array([library.compute_face_descriptor(chip) for chip in chips])
    (vectors,) = converted.run(None, {"pixels": chips})
    if np.linalg.norm(vectors - expected, axis=1).max() > VECTORS_AGREE:
        raise ConversionError("The face encoder, once converted, does not agree with the library.")


def _verify_detector(converted: Any, dlib: Any, picture: Pixels) -> Rows:
    library = dlib.cnn_face_detection_model_v1(str(sources.detector_file()))
    expected = _by_place([_row(each) for each in library(picture, 0)])
    boxes, scores = ConvolutionalDetector(converted).find(picture, threshold=0.0)
    found = _by_place(np.column_stack((boxes, scores)))
    if not len(expected) or expected.shape != found.shape:
        raise ConversionError("The face detector, once converted, does not find the faces that the library finds.")
    apart = np.abs(expected - found).max(axis=0)
    if apart[:4].max() > BOXES_AGREE or apart[4] > SCORES_AGREE:
        raise ConversionError("The face detector, once converted, does not agree with the library.")
    return boxes


def _row(detection: Any) -> tuple[float, ...]:
    place = detection.rect
    return place.left(), place.top(), place.right(), place.bottom(), detection.confidence


def _by_place(rows: Sequence[tuple[float, ...]] | Rows) -> Rows:
    table = np.asarray(rows, dtype=np.float64).reshape(-1, 5)
    return table[np.lexsort((table[:, 1], table[:, 0]))]


def _chips(picture: Pixels) -> Pixels:
    """Return pictures of the size of an aligned face: pieces of the sample, noise and a plain grey."""
    noise = np.random.default_rng(0).integers(0, 256, (CHIP_SIDE, CHIP_SIDE, 3), dtype=np.uint8)
    pieces = [picture[:CHIP_SIDE, :CHIP_SIDE], picture[-CHIP_SIDE:, -CHIP_SIDE:]]
    return np.stack([*pieces, noise, np.full_like(noise, 127)])


def _mtcnn_weights(path: Path) -> list[Weights]:
    return [np.asarray(part, dtype=np.float32) for part in joblib.load(path)]
