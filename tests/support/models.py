"""Where the tests keep the converted face networks, so that one run converts them once."""

from pathlib import Path

MODEL_FOLDER = Path(__file__).parents[2] / ".pytest_cache" / "face-networks"
