"""dlib's face encoder (ResNet) and face detector (max-margin CNN) as ONNX graphs."""

from collections.abc import Iterator, Sequence

import numpy as np

from consent.faces.networks.dlib_file import Convolution, Layer, Projection, Scaling, UnreadableNetworkError
from consent.faces.networks.graph import Graph, reading_bytes, scaled

MEAN = np.array((122.782, 117.001, 104.298), np.float32)
"""Average red, green and blue of the pictures that dlib trained on."""
DIVISOR = 256.0
CHIP_SIDE = 150
"""Pixels of a side of the aligned face that the encoder takes."""
BLOCK = 2
"""Convolutions of a residual block."""


def encoder(layers: Sequence[Layer]) -> bytes:
    """Build the graph from aligned faces (`pixels`) to `vectors`."""
    *convolved, last = layers
    if not isinstance(last, Projection):
        raise UnreadableNetworkError("The face encoder does not end in a projection.")
    first, *others = _folded(convolved)
    graph = Graph("encoder")
    step = graph.convolve(graph.pixels("faces", CHIP_SIDE, CHIP_SIDE), first)
    step = graph.node("MaxPool", graph.node("Relu", step), kernel_shape=(3, 3), strides=(2, 2))
    side = _shrunk(_shrunk(CHIP_SIDE, 7), 3)
    for narrow, wide in zip(others[::BLOCK], others[1::BLOCK], strict=True):
        step = _residual(graph, step, side, narrow, wide)
        side = side // 2 if narrow.stride > 1 else side
    step = graph.node("Flatten", graph.node("GlobalAveragePool", step))
    vectors = graph.node("MatMul", step, graph.constant(last.weights))
    return graph.finish(vectors=(vectors, ("faces", last.weights.shape[1])))


def detector(layers: Sequence[Layer]) -> bytes:
    """Build the graph from a picture (`pixels`) to a map of `scores`; a window of 80 pixels belongs to each cell."""
    graph = Graph("detector")
    *hidden, last = _folded(layers)
    step = graph.pixels(1, "height", "width")
    for layer in hidden:
        step = graph.node("Relu", graph.convolve(step, layer))
    scores = graph.convolve(step, last)
    return graph.finish(scores=(scores, (1, 1, "rows", "columns")))


def _folded(layers: Sequence[Layer]) -> list[Convolution]:
    """Merge every scaling into the convolution before it, and the bytes' range into the first."""
    convolutions = list(_merged(layers))
    if len(convolutions) < BLOCK:
        raise UnreadableNetworkError("The network has too few layers.")
    return [reading_bytes(convolutions[0], MEAN, DIVISOR), *convolutions[1:]]


def _merged(layers: Sequence[Layer]) -> Iterator[Convolution]:
    for layer, following in zip(layers, (*layers[1:], None), strict=True):
        if isinstance(layer, Convolution):
            yield scaled(layer, following) if isinstance(following, Scaling) else layer


def _residual(graph: Graph, source: str, side: int, narrow: Convolution, wide: Convolution) -> str:
    """Add a block to its input. Where it halves the picture, the input is averaged and given empty channels."""
    step = graph.convolve(graph.node("Relu", graph.convolve(source, narrow)), wide)
    shortcut = source
    if narrow.stride > 1:
        shortcut = graph.node("AveragePool", source, kernel_shape=(2, 2), strides=(2, 2))
        new_channels = narrow.weights.shape[0] - narrow.weights.shape[1]
        shortcut = _padded(graph, shortcut, channels=new_channels, side=0)
        step = _padded(graph, step, channels=0, side=side // 2 - _shrunk(side, 3))
    return graph.node("Relu", graph.node("Add", step, shortcut))


def _padded(graph: Graph, source: str, *, channels: int, side: int) -> str:
    """Add zeros after the last channel, row and column."""
    if not channels and not side:
        return source
    return graph.node("Pad", source, graph.constant(np.array((0, 0, 0, 0, 0, channels, side, side), np.int64)))


def _shrunk(side: int, kernel: int) -> int:
    return (side - kernel) // 2 + 1
