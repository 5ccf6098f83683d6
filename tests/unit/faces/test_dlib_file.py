"""dlib's stream, written here by hand after its description and read back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.faces.networks.dlib_file import Convolution, Projection, Scaling, UnreadableNetworkError, read_layers


def whole(value):
    size = max(1, (abs(value).bit_length() + 7) // 8)
    return bytes([size | (0x80 if value < 0 else 0)]) + abs(value).to_bytes(size, "little")


def real(mantissa, exponent):
    return whole(mantissa) + whole(exponent)


def tag(name):
    return whole(len(name)) + name.encode()


def tensor(numbers, shape):
    return whole(2) + b"".join(map(whole, shape)) + np.asarray(numbers, "<f4").tobytes()


def part(shape):
    return whole(1) + b"".join(map(whole, shape))


def convolution(weights, bias):
    filters, _, rows, columns = weights.shape
    numbers = np.concatenate((weights.ravel(), bias))
    header = tag("con_4") + tensor(numbers, (len(numbers), 1, 1, 1)) + whole(filters) + whole(rows) + whole(columns)
    steps = whole(2) + whole(2) + whole(0) + whole(0)
    return header + steps + part(weights.shape) + part((1, filters, 1, 1)) + real(1, 0) * 4


def normalisation(gamma, beta, mean, variance):
    count = len(gamma)
    shape = (1, count, 1, 1)
    numbers = tensor([*gamma, *beta], (2 * count, 1, 1, 1))
    running = tensor(mean, shape) + tensor(variance, shape)
    last_batch = tensor([9] * count, shape) * 2
    rates = whole(100) + whole(100) + real(1, 0) + real(0, 0) + real(1, 0) + real(1, 0)
    return tag("bn_con2") + numbers + part(shape) + part(shape) + last_batch + running + rates + real(1, -2)


def test_layers_are_read_in_order(tmp_path):
    weights, bias = np.arange(24, dtype=np.float32).reshape(2, 3, 2, 2), np.array([0.5, -0.5], np.float32)
    matrix = np.arange(6, dtype=np.float32)
    stream = (
        tag("loss_metric_2")
        + convolution(weights, bias)
        + normalisation([1, 2], [0, 1], [3, 4], [0.75, 3.75])
        + (tag("affine_") + tensor([5, 6, 7, 8], (4, 1, 1, 1)) + part((1, 2, 1, 1)) * 2)
        + (tag("fc_2") + whole(3) + whole(2) + tensor(matrix, (6, 1, 1, 1)))
    )
    (tmp_path / "net.dat").write_bytes(stream)

    first, second, third, fourth = read_layers(tmp_path / "net.dat")

    assert isinstance(first, Convolution)
    assert np.array_equal(first.weights, weights)
    assert (first.bias.tolist(), first.stride, first.padding) == ([0.5, -0.5], 2, 0)
    assert isinstance(second, Scaling)
    assert second.gamma.tolist() == [1.0, 1.0]  # over the root of variance + ¼: 1 / 1 and 2 / 2
    assert second.beta.tolist() == [-3.0, -3.0]
    assert isinstance(third, Scaling)
    assert (third.gamma.tolist(), third.beta.tolist()) == ([5, 6], [7, 8])
    assert isinstance(fourth, Projection)
    assert np.array_equal(fourth.weights, matrix.reshape(2, 3))


@pytest.mark.parametrize("kept", [40, 60, 100])
def test_file_cut_short_is_refused(tmp_path, kept):
    weights = np.ones((2, 3, 2, 2), np.float32)
    (tmp_path / "net.dat").write_bytes(convolution(weights, np.zeros(2, np.float32))[:kept])

    with pytest.raises(UnreadableNetworkError):
        read_layers(tmp_path / "net.dat")


@given(st.binary(max_size=300))
def test_nonsense_is_refused_in_words(tmp_path_factory, junk):
    path = tmp_path_factory.mktemp("junk") / "net.dat"
    path.write_bytes(junk)

    with pytest.raises(UnreadableNetworkError):
        read_layers(path)
