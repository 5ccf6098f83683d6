"""The engine and the made-up pictures, looked at once a run."""

import json
from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageOps

from consent.faces.engine import load_engine
from tests.support.models import MODEL_FOLDER
from tests.support.pictures import PICTURES


@pytest.fixture(scope="session")
def engine():
    return load_engine(MODEL_FOLDER)


@pytest.fixture(scope="session")
def manifest():
    return json.loads((PICTURES / "manifest.json").read_text())


@pytest.fixture(scope="session")
def picture():
    """Return the upright pixels of a picture of the project: `picture("events/ev01_hall_assembly.jpg")`."""

    @cache
    def opened(name):
        with Image.open(PICTURES / name) as file:
            return np.asarray(ImageOps.exif_transpose(file).convert("RGB"))

    return opened


@pytest.fixture(scope="session")
def faces_in(engine, picture):
    """Return what the engine finds in a picture of the project, looking only once."""

    @cache
    def found(name):
        return engine.find(picture(name))

    return found
