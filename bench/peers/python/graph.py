"""Runs an ONNX file in torch, node by node: for Pythons that have torch and no ONNX Runtime."""
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


def pads_of(attributes):
    """Rows and columns of padding, the same on both sides."""
    pads = attributes.get("pads", [0, 0, 0, 0])
    if pads[:2] != pads[2:]:
        raise NotImplementedError(f"pads {pads}")
    return pads[:2]


def conv(attributes, x, weight, bias=None):
    return F.conv2d(x, weight, bias, attributes.get("strides", 1), pads_of(attributes), attributes.get("dilations", 1), attributes.get("group", 1))


def max_pool(attributes, x):
    kernel, strides = attributes["kernel_shape"], attributes.get("strides", [1, 1])
    pads = attributes.get("pads", [0, 0, 0, 0])
    if pads[:2] == pads[2:]:
        return F.max_pool2d(x, kernel, strides, pads[:2], ceil_mode=bool(attributes.get("ceil_mode", 0)))
    # Padding at the end alone is how a window that sticks out is written down; torch's word for it is ceil_mode.
    y = F.max_pool2d(x, kernel, strides, pads[:2], ceil_mode=True)
    wanted = [(x.shape[2 + d] + pads[d] + pads[2 + d] - kernel[d]) // strides[d] + 1 for d in (0, 1)]
    if list(y.shape[2:]) != wanted:
        raise NotImplementedError(f"pads {pads} of {list(x.shape)}")
    return y


def average_pool(attributes, x):
    return F.avg_pool2d(
        x, attributes["kernel_shape"], attributes.get("strides", 1), pads_of(attributes),
        ceil_mode=bool(attributes.get("ceil_mode", 0)), count_include_pad=bool(attributes.get("count_include_pad", 0)))


def gemm(attributes, x, weight, bias=None):
    return F.linear(x, weight if attributes.get("transB", 0) else weight.T, bias)


OPERATORS = {
    "Conv": conv,
    "MaxPool": max_pool,
    "AveragePool": average_pool,
    "Gemm": gemm,
    "Relu": lambda attributes, x: F.relu(x),
    "Add": lambda attributes, x, y: x + y,
    "Concat": lambda attributes, *parts: torch.cat(parts, attributes["axis"]),
    "GlobalAveragePool": lambda attributes, x: F.adaptive_avg_pool2d(x, 1),
    "Flatten": lambda attributes, x: torch.flatten(x, attributes.get("axis", 1)),
    "LRN": lambda attributes, x: F.local_response_norm(
        x, attributes["size"], attributes.get("alpha", 1e-4), attributes.get("beta", 0.75), attributes.get("bias", 1.0)),
    "Softmax": lambda attributes, x: torch.softmax(x, attributes.get("axis", -1)),
}


class TorchGraph:
    """A network with one input and one output."""

    def __init__(self, path):
        graph = onnx.load(path).graph
        self.weights = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
        self.input = next(value.name for value in graph.input if value.name not in self.weights)
        self.output = graph.output[0].name
        self.nodes = [
            (OPERATORS[node.op_type], {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}, node.input, node.output[0])
            for node in graph.node
        ]
        last = {name: at for at, (_, _, inputs, _) in enumerate(self.nodes) for name in inputs}
        self.spent = [[name for name, end in last.items() if end == at and name not in self.weights] for at in range(len(self.nodes))]

    def __call__(self, pixels):
        values = {self.input: pixels}
        for (operator, attributes, inputs, output), spent in zip(self.nodes, self.spent):
            values[output] = operator(attributes, *(self.weights.get(name, values.get(name)) for name in inputs))
            for name in spent:
                del values[name]
        return values[self.output]
