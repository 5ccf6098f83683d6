"""Where the installed packages keep the networks that we convert, and their landmarks."""

import hashlib
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MTCNN_WEIGHTS = ("pnet.lz4", "rnet.lz4", "onet.lz4")


class EngineUnavailableError(RuntimeError):
    """The face models cannot be loaded: nothing can be checked, so nothing may go out."""

    def __init__(self) -> None:
        super().__init__("The face models are not installed. Tell your administrator.")


def dlib_folder() -> Path:
    return _package("face_recognition_models") / "models"


def encoder_file() -> Path:
    return dlib_folder() / "dlib_face_recognition_resnet_model_v1.dat"


def detector_file() -> Path:
    return dlib_folder() / "mmod_human_face_detector.dat"


def landmarks_file() -> Path:
    return dlib_folder() / "shape_predictor_5_face_landmarks.dat"


def mtcnn_files() -> list[Path]:
    folder = _package("mtcnn") / "assets" / "weights"
    return [folder / name for name in MTCNN_WEIGHTS]


def _package(name: str) -> Path:
    """Find an installed package without importing it: MTCNN's would need TensorFlow, the other an old setuptools."""
    found = find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise EngineUnavailableError
    return Path(found.submodule_search_locations[0])


def digest(*, version: int) -> str:
    """Name what a conversion rests on: another package or another converter gives another name."""
    total = hashlib.sha256(str(version).encode())
    for path in (encoder_file(), detector_file(), *mtcnn_files()):
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def load_dlib() -> Any:  # dlib ships no types
    try:
        import dlib
    except ImportError as error:
        raise EngineUnavailableError from error
    return dlib


def load_library() -> Any:  # face_recognition ships no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import face_recognition
        except (ImportError, SystemExit) as error:  # the library calls quit() when its models are missing
            raise EngineUnavailableError from error
    return face_recognition
