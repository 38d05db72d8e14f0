#!/usr/bin/env python3
"""Writes Tests/Golden/tflite.safetensors: small TensorFlow Lite files, an input, and LiteRT's results.

Needs numpy, flatbuffers, ai-edge-litert and safetensors. Weights are random and seeded. Each file is
`NAME.model`; `NAME.input` is its image as bytes, or as numbers for a float network; every other
tensor is a result, as a real number: the output of the network, or what the last softmax or sigmoid
reads. Quantised results come from LiteRT's reference kernels, whose sums are exact.
"""

import pathlib

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from flatbuffers import flexbuffers
from safetensors.numpy import save_file

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "Tests/Golden/tflite.safetensors"
rng = np.random.default_rng(13)
tensors = {}
TYPES = {np.dtype(np.float32): 0, np.dtype(np.float16): 1, np.dtype(np.int32): 2,
         np.dtype(np.uint8): 3, np.dtype(np.int8): 9}
NONE, RELU, RELU6 = 0, 1, 3
SAME, VALID = 0, 1


class Graph:
    """Collects operators; tensors are indices. `kind` is the type of activations."""

    def __init__(self, name, kind=np.float32, height=9, width=11, per_channel=False):
        self.name, self.kind, self.per_channel = name, np.dtype(kind), per_channel
        self.model, self.graph = schema.ModelT(), schema.SubGraphT()
        self.model.version, self.model.description = 3, "golden"
        self.model.subgraphs, self.model.operatorCodes = [self.graph], []
        self.model.buffers = [schema.BufferT()]
        self.graph.tensors, self.graph.operators = [], []
        self.low = {3: 0, 9: -128}.get(TYPES[self.kind])
        self.image = self.tensor("image", [1, height, width, 3], self.quantized(-1, 0.9921875))
        self.shape = [1, height, width, 3]
        self.graph.inputs = [self.image]

    def quantized(self, low, high):
        """Scale and zero point for a range; nothing for a float network."""
        if self.low is None:
            return None
        scale = np.float32((high - low) / 255)
        return [scale], [int(round(-low / scale)) + self.low], 0

    def tensor(self, name, shape, quantization=None, data=None, kind=None):
        t = schema.TensorT()
        t.name, t.shape = name.encode(), list(shape)
        t.type = TYPES[np.dtype(kind or self.kind)]
        t.buffer = 0
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(np.ascontiguousarray(data).tobytes(), np.uint8)
            self.model.buffers.append(buffer)
            t.buffer = len(self.model.buffers) - 1
        if quantization is not None:
            q = schema.QuantizationParametersT()
            q.scale, q.zeroPoint, q.quantizedDimension = quantization
            t.quantization = q
        self.graph.tensors.append(t)
        return len(self.graph.tensors) - 1

    def integers(self, *values):
        return self.tensor("sizes", np.shape(values), data=np.array(values, np.int32), kind=np.int32)

    def op(self, code, inputs, shape, options=None, range=(-3, 3), quantization=None, custom=None):
        number = getattr(schema.BuiltinOperator, code)
        if not any(c.builtinCode == number for c in self.model.operatorCodes):
            c = schema.OperatorCodeT()
            c.builtinCode, c.deprecatedBuiltinCode, c.version = number, number, 1
            c.customCode = b"TFLite_Detection_PostProcess" if code == "CUSTOM" else None
            if self.kind == np.int8 or code in ("HARD_SWISH", "DEQUANTIZE"):
                c.version = {"CONV_2D": 3, "DEPTHWISE_CONV_2D": 3, "ADD": 2, "MEAN": 2, "DEQUANTIZE": 3,
                             "FULLY_CONNECTED": 4, "SOFTMAX": 2, "AVERAGE_POOL_2D": 2, "LOGISTIC": 2,
                             "CONCATENATION": 2, "RESHAPE": 1, "MAX_POOL_2D": 2}.get(code, 1)
            self.model.operatorCodes.append(c)
        o = schema.OperatorT()
        o.opcodeIndex = [c.builtinCode for c in self.model.operatorCodes].index(number)
        name = f"{code}_{len(self.graph.operators)}"
        result = self.tensor(name, shape, quantization or self.quantized(*range))
        o.inputs, o.outputs = inputs, [result]
        if options is not None:
            o.builtinOptionsType = getattr(schema.BuiltinOptions, type(options).__name__[:-1])
            o.builtinOptions = options
        self.graph.operators.append(o)
        return result

    def sides(self, x):
        return self.graph.tensors[x].shape

    def weights(self, shape, axis, inputs):
        """Random weights and their quantisation; `inputs` are summed for each output."""
        value = rng.normal(0, 1.3 / np.sqrt(inputs), shape).astype(np.float32)
        if self.low is None:
            return self.tensor("weights", shape, data=value), None
        if self.per_channel:
            other = tuple(i for i in range(len(shape)) if i != axis)
            scale = (np.abs(value).max(axis=other) / 127).astype(np.float32)
            view = scale.reshape([-1 if i == axis else 1 for i in range(len(shape))])
            data = np.clip(np.rint(value / view), -127, 127).astype(np.int8)
            return self.tensor("weights", shape, (scale, [0] * len(scale), axis), data,
                               np.int8), scale
        low, high = min(value.min(), 0), max(value.max(), 0)
        scale = np.float32((high - low) / 255)
        zero = int(round(-low / scale))
        data = np.clip(np.rint(value / scale) + zero, 0, 255).astype(np.uint8)
        return self.tensor("weights", shape, ([scale], [zero], 0), data, np.uint8), np.array([scale])

    def bias(self, count, x, scales):
        value = rng.normal(0, 0.3, count).astype(np.float32)
        if scales is None:
            return self.tensor("bias", [count], data=value)
        scale = (np.float32(self.graph.tensors[x].quantization.scale[0]) * scales).astype(np.float32)
        return self.tensor("bias", [count], (scale, [0] * len(scale), 0),
                           np.rint(value / scale).astype(np.int32), np.int32)

    def conv(self, x, outputs, kernel=1, stride=1, padding=SAME, activation=NONE, range=None,
             depthwise=False, multiplier=1, dilation=1):
        _, height, width, inputs = self.sides(x)
        if depthwise:
            outputs = inputs * multiplier
            w, scales = self.weights([1, kernel, kernel, outputs], 3, kernel * kernel)
            options = schema.DepthwiseConv2DOptionsT()
            options.depthMultiplier = multiplier
        else:
            w, scales = self.weights([outputs, kernel, kernel, inputs], 0, kernel**2 * inputs)
            options = schema.Conv2DOptionsT()
        options.padding, options.fusedActivationFunction = padding, activation
        options.strideH = options.strideW = stride
        options.dilationHFactor = options.dilationWFactor = dilation
        reach = (kernel - 1) * dilation + 1
        sides = [-(-s // stride) if padding == SAME else (s - reach) // stride + 1
                 for s in (height, width)]
        range = range or ((0, 6) if activation == RELU6 else (0, 4) if activation == RELU else (-3, 3))
        return self.op("DEPTHWISE_CONV_2D" if depthwise else "CONV_2D", [x, w, self.bias(outputs, x, scales)],
                       [1, *sides, outputs], options, range)

    def pool(self, x, code, kernel, stride, padding):
        options = schema.Pool2DOptionsT()
        options.filterHeight = options.filterWidth = kernel
        options.strideH = options.strideW = stride
        options.padding = padding
        _, height, width, channels = self.sides(x)
        sides = [-(-s // stride) if padding == SAME else (s - kernel) // stride + 1
                 for s in (height, width)]
        return self.op(code, [x], [1, *sides, channels], options, quantization=self.same(x))

    def same(self, x):
        q = self.graph.tensors[x].quantization
        return None if q is None else (list(q.scale), list(q.zeroPoint), 0)

    def reshape(self, x, *shape):
        return self.op("RESHAPE", [x, self.integers(*shape)], shape, schema.ReshapeOptionsT(),
                       quantization=self.same(x))

    def arithmetic(self, code, a, b, activation=NONE, range=(-4, 4)):
        options = getattr(schema, code.capitalize() + "OptionsT")()
        options.fusedActivationFunction = activation
        shape = np.broadcast_shapes(self.sides(a), self.sides(b))
        return self.op(code, [a, b], [int(s) for s in shape], options, range)

    def concatenate(self, parts, axis, range=(-6, 6)):
        options = schema.ConcatenationOptionsT()
        options.axis = axis
        shape = list(self.sides(parts[0]))
        shape[axis] = int(sum(self.sides(p)[axis] for p in parts))
        return self.op("CONCATENATION", parts, shape, options, range)

    def mean(self, x, keeps=False):
        options = schema.ReducerOptionsT()
        options.keepDims = keeps
        channels = self.sides(x)[3]
        return self.op("MEAN", [x, self.integers(1, 2)], [1, 1, 1, channels] if keeps else [1, channels],
                       options, quantization=self.same(x))

    def linear(self, x, outputs):
        w, scales = self.weights([outputs, self.sides(x)[-1]], 0, self.sides(x)[-1])
        return self.op("FULLY_CONNECTED", [x, w, self.bias(outputs, x, scales)], [1, outputs],
                       schema.FullyConnectedOptionsT())

    def probability(self, code):
        return {"quantization": ([np.float32(1 / 256)], [self.low], 0) if self.low is not None else None}

    def softmax(self, x):
        options = schema.SoftmaxOptionsT()
        options.beta = 1.0
        return self.op("SOFTMAX", [x], self.sides(x), options, **self.probability("SOFTMAX"))

    def logistic(self, x):
        return self.op("LOGISTIC", [x], self.sides(x), **self.probability("LOGISTIC"))

    def post_process(self, boxes, scores, classes):
        rows = self.sides(boxes)[1]
        anchors = rng.uniform(0.1, 0.9, (rows, 4)).astype(np.float32)
        tensors[f"{self.name}.anchors"] = anchors
        o = schema.OperatorT()
        c = schema.OperatorCodeT()
        c.builtinCode = c.deprecatedBuiltinCode = schema.BuiltinOperator.CUSTOM
        c.customCode, c.version = b"TFLite_Detection_PostProcess", 1
        self.model.operatorCodes.append(c)
        o.opcodeIndex = len(self.model.operatorCodes) - 1
        o.inputs = [boxes, scores, self.tensor("anchors", [rows, 4], data=anchors, kind=np.float32)]
        o.outputs = [self.tensor(f"result {i}", s, kind=np.float32)
                     for i, s in enumerate(([1, 4, 4], [1, 4], [1, 4], [1]))]
        o.customOptions = np.frombuffer(flexbuffers.Dumps({
            "max_detections": 4, "max_classes_per_detection": 1, "num_classes": classes,
            "nms_score_threshold": 1e-8, "nms_iou_threshold": 0.6, "x_scale": 10.0, "y_scale": 10.0,
            "w_scale": 5.0, "h_scale": 5.0}), np.uint8)
        self.graph.operators.append(o)
        self.graph.outputs = list(o.outputs)

    def write(self, *results, outputs=None):
        """Writes the file; `results` are the tensors to compare."""
        if outputs is None:
            outputs = results
        if not self.graph.outputs:
            self.graph.outputs = list(outputs)
        builder = flatbuffers.Builder(1 << 16)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        data = bytes(builder.Output())
        interpreter = Interpreter(
            model_content=data, experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
            experimental_preserve_all_tensors=True)
        interpreter.allocate_tensors()
        if self.low is None:
            image = rng.uniform(-1, 1, self.shape).astype(np.float32)
        else:
            image = rng.integers(0, 256, self.shape, np.uint8)
        given = (image.astype(int) + self.low).astype(np.int8) if self.low == -128 else image
        interpreter.set_tensor(self.image, given)
        interpreter.invoke()
        tensors[f"{self.name}.model"] = np.frombuffer(data, np.uint8)
        tensors[f"{self.name}.input"] = image
        for index in results:
            value = interpreter.get_tensor(index)
            q = self.graph.tensors[index].quantization
            if q is not None:
                value = ((value.astype(np.float32) - q.zeroPoint[0]) * np.float32(q.scale[0]))
                tensors[f"{self.name}.step.{self.graph.tensors[index].name.decode()}"] = np.array(
                    [q.scale[0]], np.float32)
            tensors[f"{self.name}.{self.graph.tensors[index].name.decode()}"] = value.astype(np.float32)


def classifier(name, **kinds):
    """A MobileNetV2 in small, with a residual."""
    g = Graph(name, height=16, width=16, **kinds)
    x = g.conv(g.image, 16, 3, 2, activation=RELU6)
    x = g.conv(x, 0, 3, depthwise=True, activation=RELU6)
    a = g.conv(x, 8)
    x = g.conv(a, 48, activation=RELU6)
    x = g.conv(x, 0, 3, depthwise=True, activation=RELU6)
    x = g.arithmetic("ADD", g.conv(x, 8), a)
    x = g.conv(x, 48, activation=RELU6)
    x = g.conv(x, 0, 3, 2, depthwise=True, activation=RELU6)
    x = g.conv(x, 32, activation=RELU6)
    x = g.pool(x, "AVERAGE_POOL_2D", 4, 2, VALID)
    x = g.conv(x, 10)
    x = g.reshape(x, 1, 10)
    g.write(x, outputs=[g.softmax(x)])


def detector(name, background=1, **kinds):
    """An SSD with 1x1 heads on two maps."""
    g = Graph(name, height=24, width=24, **kinds)
    x = g.conv(g.image, 16, 3, 2, activation=RELU6)
    first = g.conv(g.conv(x, 0, 3, 2, depthwise=True, activation=RELU6), 24, activation=RELU6)
    second = g.conv(first, 20, 3, 2, activation=RELU6, range=(-5, 6.5))
    codes, logits = [], []
    for x, count in ((first, 3), (second, 6)):
        rows = int(np.prod(g.sides(x)[1:3])) * count
        codes.append(g.reshape(g.conv(x, count * 4, range=(-6, 6)), 1, rows, 1, 4))
        logits.append(g.reshape(g.conv(x, count * (4 + background), range=(-6, 6)), 1, rows, 4 + background))
    boxes = g.concatenate(codes, 1)
    boxes = g.reshape(boxes, 1, g.sides(boxes)[1], 4)
    scores = g.concatenate(logits, 1)
    g.post_process(boxes, g.logistic(scores), 4)
    g.write(boxes, scores)


def operators():
    """Every operator and padding that the other graphs don't have."""
    g = Graph("operators", height=13, width=14)
    x = g.conv(g.image, 16, 3, 2, activation=RELU)
    padded = g.op("PAD", [x, g.tensor("paddings", [4, 2], kind=np.int32, data=np.array(
        [[0, 0], [1, 1], [0, 2], [0, 0]], np.int32))], [1, 9, 9, 16], schema.PadOptionsT())
    a = g.conv(padded, 0, 3, 2, VALID, depthwise=True)
    b = g.pool(x, "MAX_POOL_2D", 3, 2, SAME)
    c = g.pool(x, "AVERAGE_POOL_2D", 3, 2, SAME)
    d = g.conv(x, 16, 3, dilation=2)
    e = g.conv(x, 0, 3, depthwise=True, multiplier=2)
    f = g.op("HARD_SWISH", [d], g.sides(d), schema.HardSwishOptionsT())
    pooled = g.mean(f, keeps=True)
    squeezed = g.conv(g.conv(pooled, 8, activation=RELU), 16)
    three = g.tensor("three", [], data=np.float32(3))
    sixth = g.tensor("sixth", [1, 1, 1, 1], data=np.float32([[[[1 / 6]]]]))
    gate = g.arithmetic("MUL", g.arithmetic("ADD", squeezed, three, RELU6), sixth)
    scaled = g.arithmetic("MUL", f, gate)
    half = rng.normal(0, 0.2, (12, 1, 1, 16)).astype(np.float16)
    stored = g.tensor("half", half.shape, data=half, kind=np.float16)
    wide = g.op("DEQUANTIZE", [stored], half.shape)
    options = schema.Conv2DOptionsT()
    options.padding, options.strideH, options.strideW = VALID, 1, 1
    options.dilationHFactor = options.dilationWFactor = 1
    i = g.op("CONV_2D", [scaled, wide, g.bias(12, x, None)], [*g.sides(scaled)[:3], 12], options)
    halves = g.concatenate([g.arithmetic("SUB", a, b), c], 3)
    flat = g.reshape(halves, 1, int(np.prod(g.sides(halves))))
    m = g.op("SQUEEZE", [pooled], [1, 16], squeeze(1, 2))
    n = g.linear(m, 5)
    o = g.linear(g.mean(e), 6)
    results = [i, flat, n, o, g.op("RELU6", [d], g.sides(d)), g.op("LOGISTIC", [a], g.sides(a))]
    g.write(*results)


def squeeze(*axes):
    options = schema.SqueezeOptionsT()
    options.squeezeDims = list(axes)
    return options


classifier("classifier")
classifier("classifier_uint8", kind=np.uint8)
classifier("classifier_int8", kind=np.int8, per_channel=True)
detector("detector")
detector("detector_uint8", kind=np.uint8)
detector("detector_foreground", background=0)
operators()
save_file(tensors, OUTPUT)
print(f"{OUTPUT}: {OUTPUT.stat().st_size} bytes, {len(tensors)} tensors")
