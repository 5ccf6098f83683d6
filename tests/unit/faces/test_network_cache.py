"""Converted once, kept, checked, made anew when damaged; and the library itself when nothing else works."""

import hashlib
import subprocess
import sys

import pytest

from consent.faces import engine as engines
from consent.faces.engine import NetworkEngine, load_engine
from consent.faces.library import LibraryEngine
from consent.faces.networks import cache, convert
from consent.faces.networks.convert import NAMES, ConversionError


def kept_files(folder):
    return {path.name: path for path in folder.glob("faces-*/*.onnx")}


@pytest.fixture(scope="module")
def converted():
    return convert.convert()


@pytest.fixture
def conversions(monkeypatch, converted):
    """Count the conversions, and spare the time of all but the first."""
    made = []

    def again():
        made.append(1)
        return converted

    monkeypatch.setattr(cache, "convert", again)
    return made


def test_networks_are_converted_once_and_kept(tmp_path, conversions):
    first, second = cache.networks(tmp_path), cache.networks(tmp_path)

    assert len(conversions) == 1
    assert first == second
    assert set(kept_files(tmp_path)) == {f"{name}.onnx" for name in NAMES}
    assert cache.notice(tmp_path) is None


@pytest.mark.parametrize("damage", [b"", b"not a network", None])
def test_damaged_file_is_made_anew(tmp_path, conversions, damage):
    whole = cache.networks(tmp_path)
    victim = kept_files(tmp_path)["detector.onnx"]
    if damage is None:
        victim.unlink()
    else:
        victim.write_bytes(damage)

    assert cache.networks(tmp_path) == whole
    assert len(conversions) == 2
    assert victim.read_bytes() == whole["detector"]


def test_nothing_half_written_is_left(tmp_path, conversions, monkeypatch):
    def full_disk(home, made):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "_write", full_disk)

    assert set(cache.networks(tmp_path)) == set(NAMES)
    assert not kept_files(tmp_path)


def test_folder_that_cannot_be_made_does_not_stop_the_engine(tmp_path, conversions):
    (tmp_path / "file").write_text("in the way")

    assert set(cache.networks(tmp_path / "file" / "models")) == set(NAMES)


def test_two_processes_that_start_together_share_one_conversion(tmp_path):
    command = [sys.executable, "-m", "consent.faces.networks", str(tmp_path)]

    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=150) for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert sum("Converting" in errors for _, errors in told) == 1
    kept = cache._read(next(tmp_path.glob("faces-*")))
    assert kept is not None
    assert len(list(tmp_path.glob(".faces-*"))) == 0


def test_network_that_disagrees_with_the_library_is_not_used(converted):
    wrong = converted | {"encoder": other_weights(converted["encoder"])}

    with pytest.raises(ConversionError, match="does not agree"):
        convert.verify(wrong)


def other_weights(network):
    import onnx
    from onnx import numpy_helper

    model = onnx.load_from_string(network)
    first = model.graph.initializer[0]
    first.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(first) * 1.01, first.name))
    return model.SerializeToString()


def test_engine_falls_back_to_the_library_with_a_notice(tmp_path, monkeypatch):
    def fail():
        raise ConversionError("The face encoder, once converted, does not agree with the library.")

    monkeypatch.setattr(cache, "convert", fail)

    assert isinstance(load_engine(tmp_path), LibraryEngine)
    assert "does not agree with the library" in cache.notice(tmp_path)


def test_notice_goes_when_the_conversion_works_again(tmp_path, conversions):
    (tmp_path / cache.NOTICE).write_text("It failed.")

    cache.networks(tmp_path)

    assert cache.notice(tmp_path) is None


def test_conversion_always_gives_the_same_files(converted):
    again = convert.convert()

    assert {name: hashlib.sha256(network).digest() for name, network in again.items()} == {
        name: hashlib.sha256(network).digest() for name, network in converted.items()
    }


def test_usual_engine_is_that_of_the_networks(engine):
    assert isinstance(engine, NetworkEngine)
    assert engines.load_engine is load_engine
