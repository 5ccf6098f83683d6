"""The three small networks of MTCNN, whose weights the `mtcnn` package carries, as ONNX graphs."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from consent.faces.networks.dlib_file import Convolution, UnreadableNetworkError, Weights
from consent.faces.networks.graph import Graph, reading_bytes

MEAN = np.full(3, 127.5, np.float32)
DIVISOR = 128.0
PROPOSE_PARTS, REFINE_PARTS, FINISH_PARTS = 13, 16, 21
"""How many arrays the package keeps for each network."""
SAME = "SAME_UPPER"


def proposer(parts: Sequence[Weights]) -> bytes:
    """Build the graph from a picture to the probability that each 12-pixel window holds a face, and its shifts."""
    _ensure(parts, PROPOSE_PARTS)
    graph = Graph("proposer")
    step = _activated(graph, graph.pixels(1, "height", "width"), parts[0:3], first=True)
    step = graph.node("MaxPool", step, kernel_shape=(2, 2), strides=(2, 2), auto_pad=SAME)
    step = _activated(graph, step, parts[3:6])
    step = _activated(graph, step, parts[6:9])
    shifts = graph.convolve(step, _convolution(parts[9], parts[10]))
    chances = graph.node("Softmax", graph.convolve(step, _convolution(parts[11], parts[12])), axis=1)
    size = ("rows", "columns")
    return graph.finish(shifts=(shifts, (1, 4, *size)), chances=(chances, (1, 2, *size)))


def refiner(parts: Sequence[Weights]) -> bytes:
    """Build the graph from 24-pixel patches to chances and shifts."""
    _ensure(parts, REFINE_PARTS)
    graph = Graph("refiner")
    step = _activated(graph, graph.pixels("faces", 24, 24), parts[0:3], first=True)
    step = graph.node("MaxPool", step, kernel_shape=(3, 3), strides=(2, 2), auto_pad=SAME)
    step = _activated(graph, step, parts[3:6])
    step = graph.node("MaxPool", step, kernel_shape=(3, 3), strides=(2, 2))
    step = _flat(graph, _activated(graph, step, parts[6:9]), parts[9])
    step = graph.node("PRelu", _dense(graph, step, parts[9:11]), graph.constant(parts[11]))
    shifts = _dense(graph, step, parts[12:14])
    chances = graph.node("Softmax", _dense(graph, step, parts[14:16]), axis=1)
    return graph.finish(shifts=(shifts, ("faces", 4)), chances=(chances, ("faces", 2)))


def finisher(parts: Sequence[Weights]) -> bytes:
    """Build the graph from 48-pixel patches to chances, shifts and five points (all across, then all down)."""
    _ensure(parts, FINISH_PARTS)
    graph = Graph("finisher")
    step = _activated(graph, graph.pixels("faces", 48, 48), parts[0:3], first=True)
    step = graph.node("MaxPool", step, kernel_shape=(3, 3), strides=(2, 2), auto_pad=SAME)
    step = _activated(graph, step, parts[3:6])
    step = graph.node("MaxPool", step, kernel_shape=(3, 3), strides=(2, 2))
    step = _activated(graph, step, parts[6:9])
    step = graph.node("MaxPool", step, kernel_shape=(2, 2), strides=(2, 2), auto_pad=SAME)
    step = _flat(graph, _activated(graph, step, parts[9:12]), parts[12])
    step = graph.node("PRelu", _dense(graph, step, parts[12:14]), graph.constant(parts[14]))
    shifts = _dense(graph, step, parts[15:17])
    points = _dense(graph, step, parts[17:19])
    chances = graph.node("Softmax", _dense(graph, step, parts[19:21]), axis=1)
    return graph.finish(shifts=(shifts, ("faces", 4)), points=(points, ("faces", 10)), chances=(chances, ("faces", 2)))


def _activated(graph: Graph, source: str, parts: Sequence[Weights], *, first: bool = False) -> str:
    """Convolve, then let negative values through by the slope that each channel learnt."""
    weights, bias, slope = parts
    layer = _convolution(weights, bias)
    step = graph.convolve(source, reading_bytes(layer, MEAN, DIVISOR) if first else layer)
    return graph.node("PRelu", step, graph.constant(slope.reshape(-1, 1, 1)))


def _convolution(weights: Weights, bias: Weights) -> Convolution:
    """Turn the package's height × width × channels × filters into ours."""
    return Convolution(weights.transpose(3, 2, 0, 1), bias, stride=1, padding=0)


def _flat(graph: Graph, source: str, following: Weights) -> str:
    """Lay the map out as the package does: across, down, channel."""
    shape: NDArray[np.int64] = np.array((-1, following.shape[0]), np.int64)
    return graph.node("Reshape", graph.node("Transpose", source, perm=(0, 3, 2, 1)), graph.constant(shape))


def _dense(graph: Graph, source: str, parts: Sequence[Weights]) -> str:
    weights, bias = parts
    return graph.node("Gemm", source, graph.constant(weights), graph.constant(bias))


def _ensure(parts: Sequence[Weights], count: int) -> None:
    if len(parts) != count:
        raise UnreadableNetworkError(f"A network of MTCNN has {len(parts)} parts where {count} were expected.")
