#!/usr/bin/env python3
"""Writes Tests/Golden/onnx.safetensors: small ONNX graphs, an input, and ONNX Runtime's outputs.

Needs numpy, onnx, onnxruntime and safetensors. The graphs cover every operator that the importer
reads, in the forms of its different versions. Weights are random and seeded.
"""

import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "Tests/Golden/onnx.safetensors"
rng = np.random.default_rng(20)
tensors = {}


class Graph:
    """Collects operators; results are named by numbers."""

    def __init__(self, name, opset, height=9, width=11, nhwc=False):
        self.name, self.opset = name, opset
        self.shape = [1, height, width, 3] if nhwc else [1, 3, height, width]
        self.nodes, self.weights, self.outputs, self.count = [], [], [], 0

    def const(self, value, dtype=None, as_node=False):
        array = np.asarray(value)
        if dtype is not None:
            array = array.astype(dtype)
        elif array.dtype == np.float64:
            array = array.astype(np.float32)
        self.count += 1
        name = f"c{self.count}"
        if as_node:
            self.nodes.append(
                helper.make_node("Constant", [], [name], value=numpy_helper.from_array(array)))
        else:
            self.weights.append(numpy_helper.from_array(array, name))
        return name

    def random(self, *shape, scale=None):
        scale = scale or 1.2 / np.sqrt(max(np.prod(shape[1:]), 1))
        return self.const(rng.uniform(-scale, scale, shape).astype(np.float32))

    def op(self, kind, *inputs, **attributes):
        self.count += 1
        name = f"r{self.count}"
        self.nodes.append(
            helper.make_node(kind, list(inputs), [name], name=f"{kind}_{self.count}", **attributes))
        return name

    def conv(self, x, inputs, outputs, kernel=1, groups=1, bias=True, **attributes):
        sides = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        names = [x, self.random(outputs, inputs // groups, *sides)]
        if bias:
            names.append(self.random(outputs, scale=0.5))
        return self.op("Conv", *names, group=groups, kernel_shape=sides, **attributes)

    def norm(self, x, channels):
        scale, offset, mean = (self.random(channels, scale=1.5) for _ in range(3))
        variance = self.const(rng.uniform(0.3, 2, channels))
        return self.op("BatchNormalization", x, scale, offset, mean, variance, epsilon=1e-3)

    def write(self, *outputs):
        graph = helper.make_graph(
            self.nodes, self.name,
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, self.shape)],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
            self.weights)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=8)
        data = model.SerializeToString()
        session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
        image = rng.uniform(-1, 1, self.shape).astype(np.float32)
        results = session.run(list(outputs), {"image": image})
        if self.shape[3] == 3:
            image = np.ascontiguousarray(image.transpose(0, 3, 1, 2))
        tensors[f"{self.name}.model"] = np.frombuffer(data, np.uint8)
        tensors[f"{self.name}.input"] = image
        for name, value in zip(outputs, results):
            tensors[f"{self.name}.{name}"] = value


def convolutions():
    g = Graph("convolutions", 17, 12, 14)
    x = g.op("Relu", g.conv("image", 3, 16, 3, strides=[2, 2], pads=[1, 1, 1, 1]))
    a = g.op("Relu", g.conv(x, 16, 16, 3, groups=16, pads=[1, 1, 1, 1]))
    b = g.conv(x, 16, 24, 3, groups=4, pads=[1, 1, 1, 1], bias=False)
    c = g.conv(x, 16, 8, 3, pads=[2, 2, 2, 2], dilations=[2, 2])
    d = g.conv(x, 16, 16, 3, groups=16, pads=[3, 3, 3, 3], dilations=[3, 3])
    e = g.conv(x, 16, 32, 1, groups=16)
    f = g.conv(x, 16, 5, (1, 3), pads=[0, 1, 0, 1])
    h = g.conv(x, 16, 6, (5, 1), pads=[2, 0, 1, 0], dilations=[1, 1])
    i = g.conv(x, 16, 7, 3, pads=[0, 0, 1, 1], strides=[2, 2])
    j = g.conv(x, 16, 7, 4, auto_pad="SAME_UPPER", strides=[2, 2])
    k = g.conv(x, 16, 7, 4, auto_pad="SAME_LOWER")
    l = g.conv(x, 16, 7, 3, pads=[1, 0, 2, 1])
    m = g.conv(x, 16, 9, 3, groups=1, pads=[4, 4, 4, 4], dilations=[4, 4], strides=[2, 2])
    g.write(a, b, c, d, e, f, h, i, j, k, l, m)


def norms():
    g = Graph("norms", 9)
    x = g.norm(g.conv("image", 3, 8, 3, pads=[1, 1, 1, 1], bias=False), 8)
    y = g.norm(g.op("Relu", x), 8)
    both = g.op("Add", x, y)
    scaled = g.op("Mul", g.conv(both, 8, 8), g.random(8, 1, 1))
    moved = g.op("Sub", g.const(1.5), g.op("Div", scaled, g.const([[[[2.5]]]])))
    normal = g.op("Div", g.op("Sub", "image", g.random(1, 3, 1, 1)), g.const(0.25))
    g.write(y, both, moved, normal)


def activations():
    g = Graph("activations", 14)
    x = g.conv("image", 3, 8, 3, pads=[1, 1, 1, 1])
    y = g.op("Mul", x, g.const(4.0))
    zero, three, six = g.const(0.0), g.const(3.0, as_node=True), g.const(6.0)
    outputs = [
        g.op("Clip", y, zero, six), g.op("HardSwish", y), g.op("Sigmoid", y), g.op("Exp", x),
        g.op("HardSigmoid", y, alpha=1 / 6, beta=0.5), g.op("HardSigmoid", y),
        g.op("Clip", y, g.const(-1.0)), g.op("Clip", y, "", g.const(0.5)),
        g.op("Clip", y, g.const(-0.5), g.const(2.0)), g.op("Mul", y, g.op("Sigmoid", y)),
    ]
    clip = g.op("Clip", g.op("Add", y, three), zero, six)
    outputs.append(g.op("Mul", y, g.op("Div", clip, six)))
    outputs.append(g.op("Div", g.op("Mul", clip, y), six))
    outputs.append(g.op("Mul", clip, g.const(1 / 6)))
    g.write(*outputs)


def spelled_swish():
    """x * clip(x + 3, 0, 6) / 6 where x has no other reader, with the attributes of version 9."""
    g = Graph("spelled_swish", 9)
    x = g.conv("image", 3, 16, 3, pads=[1, 1, 1, 1])
    clip = g.op("Clip", g.op("Add", x, g.const(3.0)), min=0.0, max=6.0)
    y = g.op("Mul", x, g.op("Mul", clip, g.const(1 / 6)))
    pooled = g.op("GlobalAveragePool", y)
    gate = g.op("Relu", g.conv(pooled, 16, 4))
    gate = g.op("Add", g.conv(gate, 4, 16), g.const(3.0))
    gate = g.op("Div", g.op("Clip", gate, min=0.0, max=6.0), g.const(6.0))
    g.write(g.conv(g.op("Mul", y, gate), 16, 4))


def pools():
    g = Graph("pools", 12, 11, 13)
    x = g.conv("image", 3, 7, 1)
    outputs = [
        g.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2]),
        g.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
        g.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
        g.op("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER"),
        g.op("AveragePool", x, kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1]),
        g.op("AveragePool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1],
             count_include_pad=1),
        g.op("AveragePool", x, kernel_shape=[11, 13]), g.op("GlobalAveragePool", x),
        g.op("ReduceMean", x, axes=[2, 3], keepdims=0), g.op("ReduceMean", x, axes=[1]),
        g.op("ReduceMean", x, axes=[-1], keepdims=0),
    ]
    g.write(*outputs)


def pads():
    g = Graph("pads", 11)
    x = g.conv("image", 3, 8, 1)
    padded = g.op("Pad", x, g.const([0, 0, 1, 2, 0, 0, 0, 1], np.int64))
    again = g.op("Pad", x, g.const([0, 0, 0, 0, 0, 0, 1, 1], np.int64), g.const(0.0))
    conv = g.conv(again, 8, 6, 3, strides=[2, 2])
    old = Graph("pads_old", 9)
    y = old.op("Pad", old.conv("image", 3, 5, 1), pads=[0, 0, 2, 1, 0, 0, 1, 2], mode="constant")
    old.write(old.conv(y, 5, 4, 3))
    new = Graph("pads_new", 18)
    z = new.op("Pad", new.conv("image", 3, 5, 1), new.const([1, 0, 2, 1], np.int64), "",
               new.const([2, -1], np.int64))
    new.write(z)
    g.write(padded, conv)


def resizes():
    g = Graph("resizes", 13, 5, 7)
    x = g.conv("image", 3, 6, 1)
    scales, sizes = g.const([1.0, 1.0, 2.0, 1.5]), g.const([1, 6, 9, 5], np.int64)
    outputs = []
    for mode in ("half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners"):
        for kind in ("nearest", "linear"):
            outputs.append(g.op("Resize", x, "", scales, mode=kind,
                                coordinate_transformation_mode=mode))
            outputs.append(g.op("Resize", x, "", "", sizes, mode=kind,
                                coordinate_transformation_mode=mode))
    for rounding in ("round_prefer_ceil", "floor", "ceil"):
        outputs.append(g.op("Resize", x, "", scales, mode="nearest", nearest_mode=rounding,
                            coordinate_transformation_mode="asymmetric"))
    g.write(*outputs)
    old = Graph("upsample", 9, 5, 7)
    y = old.conv("image", 3, 4, 1)
    factors = old.const([1.0, 1.0, 2.0, 2.0])
    old.write(old.op("Upsample", y, factors, mode="nearest"),
              old.op("Upsample", y, factors, mode="linear"))


def shapes():
    """Heads as exporters write them: sizes computed in the graph, transposed and concatenated."""
    g = Graph("shapes", 9, 8, 8)
    x = g.op("Relu", g.conv("image", 3, 8, 3, strides=[2, 2], pads=[1, 1, 1, 1]))
    y = g.op("Relu", g.conv(x, 8, 8, 3, strides=[2, 2], pads=[1, 1, 1, 1]))
    rows = []
    for source, priors in ((x, 3), (y, 2)):
        t = g.op("Transpose", g.conv(source, 8, priors * 4), perm=[0, 2, 3, 1])
        batch = g.op("Gather", g.op("Shape", t), g.const(0, np.int64), axis=0)
        sides = g.op("Concat", g.op("Unsqueeze", batch, axes=[0]), g.const([-1], np.int64),
                     g.const([4], np.int64), axis=0)
        rows.append(g.op("Reshape", t, sides))
    boxes = g.op("Concat", *rows, axis=1)
    first = g.op("Slice", boxes, axes=[2], starts=[0], ends=[2])
    last = g.op("Slice", boxes, axes=[-1], starts=[2], ends=[9223372036854775807])
    size = g.op("Mul", g.op("Exp", g.op("Mul", last, g.const(0.2))), g.random(1, 56, 2))
    half = g.op("Div", size, g.const(2.0))
    corners = g.op("Concat", g.op("Sub", first, half), g.op("Add", first, half), axis=2)
    scores = g.op("Softmax", boxes, axis=2)
    flat = g.op("Softmax", g.op("Squeeze", g.op("GlobalAveragePool", x), axes=[2]), axis=1)
    every = g.op("Slice", boxes, axes=[1], starts=[-7], ends=[-2])
    one = g.op("Gather", boxes, g.const(-1, np.int64), axis=1)
    g.write(boxes, corners, scores, flat, every, one)


def views():
    """Forms of newer exporters: axes as inputs, five dimensions, steps, a map in a concatenation."""
    g = Graph("views", 17, 6, 7)
    x = g.conv("image", 3, 12, 1)
    y = g.conv("image", 3, 12, 3, pads=[1, 1, 1, 1])
    t = g.op("Reshape", x, g.const([0, 2, 6, 6, -1], np.int64))
    t = g.op("Reshape", g.op("Transpose", t, perm=[0, 3, 4, 1, 2]), g.const([1, -1, 6], np.int64))
    steps = g.op("Slice", t, g.const([1], np.int64), g.const([80], np.int64),
                 g.const([1], np.int64), g.const([3], np.int64))
    flat = g.op("Flatten", x)
    wide = g.op("Unsqueeze", steps, g.const([0, 3], np.int64))
    narrow = g.op("Squeeze", wide, g.const([0], np.int64))
    joined = g.op("Concat", x, y, "image", axis=1)
    tall = g.op("Concat", x, y, axis=2)
    mean = g.op("ReduceMean", t, axes=[1], keepdims=1)
    scores = g.op("Softmax", t)
    turned = g.op("Transpose", g.op("Transpose", y, perm=[0, 2, 3, 1]), perm=[0, 3, 1, 2])
    after = g.conv(turned, 12, 3)
    same = g.op("Cast", g.op("Dropout", g.op("Identity", after)), to=TensorProto.FLOAT)
    wise = g.op("Mul", t, g.random(1, 1, 6))
    g.write(t, steps, flat, narrow, joined, tall, mean, scores, same, wise)


def linear():
    g = Graph("linear", 13, 4, 4)
    x = g.op("Relu", g.conv("image", 3, 8, 3, pads=[1, 1, 1, 1]))
    pooled = g.op("Flatten", g.op("GlobalAveragePool", x))
    a = g.op("Gemm", pooled, g.random(5, 8), g.random(5), transB=1)
    b = g.op("Gemm", g.op("HardSigmoid", a, alpha=1 / 6), g.random(5, 7), alpha=0.5)
    c = g.op("Add", g.op("MatMul", pooled, g.random(8, 6)), g.random(6))
    d = g.op("Gemm", g.op("Flatten", x), g.random(9, 128), g.random(9), transB=1, beta=2.0)
    rows = g.op("Reshape", x, g.const([1, 8, 16], np.int64))
    e = g.op("MatMul", rows, g.random(16, 3))
    f = g.op("MatMul", rows, g.op("Transpose", rows, perm=[0, 2, 1]))
    h = g.op("Gemm", g.op("Reshape", x, g.const([8, 16], np.int64)), g.random(16, 4),
             g.random(1, 4))
    g.write(a, b, c, d, e, f, h)


def pixels():
    """An image with interleaved channels, as in TensorFlow's exports."""
    g = Graph("pixels", 11, 8, 10, nhwc=True)
    x = g.op("Transpose", "image", perm=[0, 3, 1, 2])
    x = g.op("Relu", g.conv(x, 3, 8, 3, strides=[2, 2], auto_pad="SAME_UPPER"))
    g.write(g.op("Transpose", x, perm=[0, 2, 3, 1]))


for build in (convolutions, norms, activations, spelled_swish, pools, pads, resizes, shapes, views,
              linear, pixels):
    build()
save_file(tensors, OUTPUT)
print(f"{OUTPUT}: {OUTPUT.stat().st_size} bytes, {len(tensors)} tensors, onnx {onnx.__version__}, "
      f"ONNX Runtime {onnxruntime.__version__}")
