"""Write a network as an ONNX graph, one layer after another."""

from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from consent.faces.networks.dlib_file import Convolution, Scaling, Weights

OPSET = 17
IR_VERSION = 8
Size = int | str
"""A number, or the name of a dimension that varies."""


class Graph:
    """A graph in the making. Each method adds one node and returns the name of its output."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []

    def pixels(self, count: Size, height: Size, width: Size) -> str:
        """Take RGB pictures as bytes, count × height × width × 3, and turn them to floats, channels first."""
        shape = (count, height, width, 3)
        self._inputs.append(helper.make_tensor_value_info("pixels", TensorProto.UINT8, shape))
        floats = self.node("Cast", "pixels", to=TensorProto.FLOAT)
        return self.node("Transpose", floats, perm=(0, 3, 1, 2))

    def convolve(self, source: str, layer: Convolution) -> str:
        inputs = (source, self.constant(layer.weights), self.constant(layer.bias))
        return self.node("Conv", *inputs, strides=(layer.stride,) * 2, pads=(layer.padding,) * 4)

    def constant(self, numbers: NDArray[np.float32] | NDArray[np.int64]) -> str:
        name = f"weights{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(numbers), name))
        return name

    def node(self, operator: str, *inputs: str, **attributes: int | float | str | Sequence[int]) -> str:
        output = f"step{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], None, None, None, None, **attributes))
        return output

    def finish(self, **outputs: tuple[str, Sequence[Size]]) -> bytes:
        """Name the outputs (`faces=(step, shape)`), check the graph and return it as a file."""
        infos = []
        for name, (step, shape) in outputs.items():
            self._nodes.append(helper.make_node("Identity", [step], [name]))
            infos.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        graph = helper.make_graph(self._nodes, self._name, self._inputs, infos, initializer=self._constants)
        model = helper.make_model(
            graph, producer_name="schoolgate", opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        onnx.checker.check_model(model, full_check=True)
        written: bytes = model.SerializeToString(deterministic=True)
        return written


def scaled(layer: Convolution, scaling: Scaling) -> Convolution:
    """Fold the factor and offset that follow a convolution into it."""
    weights = layer.weights * scaling.gamma[:, None, None, None]
    return Convolution(weights, layer.bias * scaling.gamma + scaling.beta, layer.stride, layer.padding)


def reading_bytes(layer: Convolution, mean: Weights, divisor: float) -> Convolution:
    """Fold (byte − mean) / divisor, which a network expects as its input, into its unpadded first convolution."""
    weights = layer.weights / np.float32(divisor)
    bias = layer.bias - np.einsum("fchw,c->f", weights.astype(np.float64), mean.astype(np.float64))
    return Convolution(weights, bias.astype(np.float32), layer.stride, layer.padding)
