"""Read the layers of a network from dlib's serialised stream (`.dat`), without dlib.

A whole number is a control byte (low four bits: how many bytes follow, top bit: negative) and those bytes, little end
first. A float is a mantissa and a binary exponent, both whole numbers. A string is its length and its bytes. A tensor
is version 2, four dimensions and raw little-endian float32. Each layer announces itself by a tag and stands in the
stream in the order of computation.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float32]

TAG = re.compile(rb"\x01(?:\x05con_4|\x07bn_con2|\x07affine_|\x04fc_2)")
TENSOR_VERSION = 2
INFINITIES = {32000: math.inf, 32001: -math.inf, 32002: math.nan}


class UnreadableNetworkError(ValueError):
    """The file is not a network of the kind that we know."""


@dataclass(frozen=True, slots=True)
class Convolution:
    weights: Weights
    """Filters × channels × height × width."""
    bias: Weights
    stride: int
    padding: int


@dataclass(frozen=True, slots=True)
class Scaling:
    """What batch normalisation comes down to once the network is trained: one factor and one offset a channel."""

    gamma: Weights
    beta: Weights


@dataclass(frozen=True, slots=True)
class Projection:
    """A fully connected layer without bias: inputs × outputs."""

    weights: Weights


Layer = Convolution | Scaling | Projection


def read_layers(path: Path) -> list[Layer]:
    """Return the layers that hold weights, from the input to the output."""
    data = path.read_bytes()
    layers = [_layer(data, found) for found in TAG.finditer(data)]
    if not layers:
        raise UnreadableNetworkError(f"{path.name} holds no layer that we know.")
    return layers


class _Stream:
    def __init__(self, data: bytes, position: int) -> None:
        self._data = data
        self._position = position

    def whole(self) -> int:
        control = self._take(1)[0]
        size = control & 0x0F
        if not 1 <= size <= 8:
            raise UnreadableNetworkError("A number in the network file is damaged.")
        value = int.from_bytes(self._take(size), "little")
        return -value if control & 0x80 else value

    def real(self) -> float:
        mantissa, exponent = self.whole(), self.whole()
        return INFINITIES.get(exponent) or math.ldexp(mantissa, exponent)

    def shape(self) -> tuple[int, int, int, int]:
        return self.whole(), self.whole(), self.whole(), self.whole()

    def tensor(self) -> Weights:
        if self.whole() != TENSOR_VERSION:
            raise UnreadableNetworkError("The weights in the network file have an unknown form.")
        shape = self.shape()
        return np.frombuffer(self._take(4 * math.prod(shape)), dtype="<f4").reshape(shape)

    def part(self) -> tuple[int, int, int, int]:
        """Read the shape of a piece of a tensor: version and four dimensions, no numbers."""
        self.whole()
        return self.shape()

    def _take(self, size: int) -> bytes:
        taken = self._data[self._position : self._position + size]
        if len(taken) != size:
            raise UnreadableNetworkError("The network file is cut short.")
        self._position += size
        return taken


def _layer(data: bytes, found: re.Match[bytes]) -> Layer:
    stream = _Stream(data, found.end())
    match found.group()[2:]:
        case b"con_4":
            return _convolution(stream)
        case b"bn_con2":
            return _normalisation(stream)
        case b"affine_":
            return _affine(stream)
        case _:
            return _projection(stream)


def _convolution(stream: _Stream) -> Convolution:
    numbers = stream.tensor().ravel()
    for _ in range(3):  # filters, rows and columns: told again by the shapes below
        stream.whole()
    stride, _, padding, _ = (stream.whole() for _ in range(4))  # down before across; both are equal in these networks
    filters, biases = stream.part(), stream.part()
    count = math.prod(filters)
    bias = numbers[count:] if math.prod(biases) else np.zeros(filters[0], np.float32)
    return Convolution(numbers[:count].reshape(filters), bias, stride, padding)


def _normalisation(stream: _Stream) -> Scaling:
    numbers = stream.tensor().ravel()
    count = math.prod(stream.part())
    stream.part()
    for _ in range(2):  # mean and deviation of the last batch that was trained on
        stream.tensor()
    mean, variance = stream.tensor().ravel(), stream.tensor().ravel()
    for _ in range(2):  # how many batches were seen, and the window over which the mean ran
        stream.whole()
    for _ in range(4):  # learning rates and weight decays
        stream.real()
    deviation = np.sqrt(variance + stream.real())
    gamma = numbers[:count] / deviation
    return Scaling(gamma.astype(np.float32), (numbers[count:] - mean * gamma).astype(np.float32))


def _affine(stream: _Stream) -> Scaling:
    numbers = stream.tensor().ravel()
    count = math.prod(stream.part())
    return Scaling(numbers[:count], numbers[count:])


def _projection(stream: _Stream) -> Projection:
    outputs, inputs = stream.whole(), stream.whole()
    numbers = stream.tensor().ravel()
    if numbers.size != inputs * outputs:
        raise UnreadableNetworkError("The last layer of the network has an unexpected size.")
    return Projection(numbers.reshape(inputs, outputs))
