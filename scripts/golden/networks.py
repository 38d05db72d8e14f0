"""The networks as their papers and torchvision describe them, evaluated layer by layer.

Each class goes through its table once, front to back, and keeps the feature maps to compare. Layer
names are torchvision's; weights come from `seeded` and have batch norm folded in.
"""

import numpy as np

import seeded
from operators import (
    convolution, depthwise, global_average, hard_sigmoid, hard_swish, linear, max_pool_ceil, relu,
    relu6,
)


def make_divisible(value, divisor=8):
    """The nearest multiple of 8 that isn't more than a tenth smaller (torchvision, TF Slim)."""
    rounded = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * value else rounded


class Network:
    """Runs layers by name and records their outputs."""

    def __init__(self, padding="even"):
        self.padding = padding
        self.maps = {}
        self.parameters = 0

    def keep(self, name, x):
        self.maps[name] = x
        return x

    def conv(self, x, name, out, kernel=1, stride=1, activation=linear, padding=None):
        shape = [out, x.shape[0], kernel, kernel]
        self.parameters += int(np.prod(shape)) + out
        weight, bias = seeded.weight(name, shape), seeded.bias(name, out)
        return activation(convolution(x, weight, bias, stride, padding or self.padding))

    def grouped(self, x, name, out, groups, activation=linear):
        """A pointwise convolution of each group of channels by itself."""
        inputs = x.shape[0] // groups
        self.parameters += out * inputs + out
        weight, bias = seeded.weight(name, [out, inputs, 1, 1]), seeded.bias(name, out)
        return activation(np.concatenate([
            convolution(part, part_weight, part_bias, 1, "valid") for part, part_weight, part_bias
            in zip(np.split(x, groups), np.split(weight, groups), np.split(bias, groups))
        ]))

    def depthwise(self, x, name, kernel, stride, activation):
        channels = x.shape[0]
        self.parameters += channels * kernel * kernel + channels
        weight = seeded.weight(name, [channels, 1, kernel, kernel])
        bias = seeded.bias(name, channels)
        return activation(depthwise(x, weight, bias, stride, self.padding))


def mobilenet_v1(net, x, width, classes, activation=relu):
    """Howard et al. 2017, arXiv:1704.04861, table 1: (output channels, stride) of the 13 pairs."""
    pairs = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)]
    pairs += [(512, 1)] * 5 + [(1024, 2), (1024, 1)]
    x = net.conv(x, "features.0.0", int(32 * width), 3, 2, activation)
    net.keep("features.0", x)
    for i, (channels, stride) in enumerate(pairs, start=1):
        x = net.depthwise(x, f"features.{i}.0.0", 3, stride, activation)
        x = net.conv(x, f"features.{i}.1.0", int(channels * width), activation=activation)
        net.keep(f"features.{i}", x)
    net.keep("output", net.conv(global_average(x), "classifier", classes))


def mobilenet_v1_relu6(net, x, width, classes):
    """TensorFlow's release, research/slim/nets/mobilenet_v1.py."""
    mobilenet_v1(net, x, width, classes, relu6)


# Sandler et al. 2018, arXiv:1801.04381, table 2: t, c, n, s.
V2_ROWS = [
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
    (6, 320, 1, 1),
]


def v2_blocks(width):
    """Expansion, output channels and stride of each of the 17 blocks."""
    for t, c, n, s in V2_ROWS:
        for i in range(n):
            yield t, make_divisible(c * width), s if i == 0 else 1


def v2_block(net, x, name, t, channels, stride):
    y, at = x, 0
    if t != 1:
        y = net.conv(y, f"{name}.conv.0.0", x.shape[0] * t, activation=relu6)
        at = 1
    y = net.depthwise(y, f"{name}.conv.{at}.0", 3, stride, relu6)
    y = net.conv(y, f"{name}.conv.{at + 1}", channels)
    return x + y if stride == 1 and x.shape[0] == channels else y


def mobilenet_v2(net, x, width, classes):
    """Table 2; the last convolution never has fewer than 1280 channels."""
    x = net.keep("features.0", net.conv(
        x, "features.0.0", make_divisible(32 * width), 3, 2, relu6))
    for i, (t, channels, stride) in enumerate(v2_blocks(width), start=1):
        x = net.keep(f"features.{i}", v2_block(net, x, f"features.{i}", t, channels, stride))
    last = make_divisible(1280 * max(1.0, width))
    x = net.keep("features.18", net.conv(x, "features.18.0", last, activation=relu6))
    net.keep("output", net.conv(global_average(x), "classifier.1", classes))


# Howard et al. 2019, arXiv:1905.02244, tables 1 and 2: kernel, expansion size, output channels,
# squeeze and excite, hard swish (else ReLU), stride.
V3_LARGE = [
    (3, 16, 16, 0, 0, 1), (3, 64, 24, 0, 0, 2), (3, 72, 24, 0, 0, 1), (5, 72, 40, 1, 0, 2),
    (5, 120, 40, 1, 0, 1), (5, 120, 40, 1, 0, 1), (3, 240, 80, 0, 1, 2), (3, 200, 80, 0, 1, 1),
    (3, 184, 80, 0, 1, 1), (3, 184, 80, 0, 1, 1), (3, 480, 112, 1, 1, 1), (3, 672, 112, 1, 1, 1),
    (5, 672, 160, 1, 1, 2), (5, 960, 160, 1, 1, 1), (5, 960, 160, 1, 1, 1),
]
V3_SMALL = [
    (3, 16, 16, 1, 0, 2), (3, 72, 24, 0, 0, 2), (3, 88, 24, 0, 0, 1), (5, 96, 40, 1, 1, 2),
    (5, 240, 40, 1, 1, 1), (5, 240, 40, 1, 1, 1), (5, 120, 48, 1, 1, 1), (5, 144, 48, 1, 1, 1),
    (5, 288, 96, 1, 1, 2), (5, 576, 96, 1, 1, 1), (5, 576, 96, 1, 1, 1),
]


def squeeze_excite(net, x, name):
    """A quarter of the expanded channels, rounded to 8."""
    factors = net.conv(
        global_average(x), f"{name}.fc1", make_divisible(x.shape[0] // 4), activation=relu)
    return x * net.conv(factors, f"{name}.fc2", x.shape[0], activation=hard_sigmoid)


def v3_tail(net, y, name, at, kernel, channels, excites, activation, stride):
    """After the expansion: depthwise, squeeze and excite, linear projection."""
    y = net.depthwise(y, f"{name}.{at}.0", kernel, stride, activation)
    if excites:
        at += 1
        y = squeeze_excite(net, y, f"{name}.{at}")
    return net.conv(y, f"{name}.{at + 1}.0", channels)


def v3_block(net, x, name, row, width):
    kernel, expanded, channels, excites, swishes, stride = row
    expanded, channels = make_divisible(expanded * width), make_divisible(channels * width)
    activation = hard_swish if swishes else relu
    y, at = x, 0
    if expanded != x.shape[0]:
        y = net.conv(y, f"{name}.block.0.0", expanded, activation=activation)
        at = 1
    y = v3_tail(net, y, f"{name}.block", at, kernel, channels, excites, activation, stride)
    return x + y if stride == 1 and x.shape[0] == channels else y


def mobilenet_v3(net, x, width, classes, rows, hidden):
    """Tables 1 and 2; `hidden` is the width of the layer before the classifier."""
    x = net.keep("features.0", net.conv(
        x, "features.0.0", make_divisible(16 * width), 3, 2, hard_swish))
    for i, row in enumerate(rows, start=1):
        x = net.keep(f"features.{i}", v3_block(net, x, f"features.{i}", row, width))
    last = len(rows) + 1
    x = net.conv(x, f"features.{last}.0", 6 * x.shape[0], activation=hard_swish)
    net.keep(f"features.{last}", x)
    x = net.conv(
        global_average(x), "classifier.0", make_divisible(hidden * width), activation=hard_swish)
    net.keep("output", net.conv(x, "classifier.3", classes))


def mobilenet_v3_large(net, x, width, classes):
    mobilenet_v3(net, x, width, classes, V3_LARGE, 1280)


def mobilenet_v3_small(net, x, width, classes):
    mobilenet_v3(net, x, width, classes, V3_SMALL, 1024)


def fire(net, x, name, squeeze, expand):
    x = net.conv(x, f"{name}.squeeze", squeeze, activation=relu)
    return np.concatenate([
        net.conv(x, f"{name}.expand1x1", expand, activation=relu),
        net.conv(x, f"{name}.expand3x3", expand, 3, activation=relu),
    ])


def squeezenet(net, x, classes, stem, layers, bypass="none"):
    """Iandola et al. 2016, arXiv:1602.07360: (squeeze, expand) of a fire module, or a pooling."""
    channels, kernel = stem
    x = net.conv(x, "features.0", channels, kernel, 2, relu, padding="valid")
    for i, layer in enumerate(layers, start=2):
        name = f"features.{i}"
        if layer == "pool":
            x = max_pool_ceil(x, 3, 2)
        else:
            y = fire(net, x, name, *layer)
            if bypass != "none" and y.shape == x.shape:
                y = y + x
            elif bypass == "complex":
                y = y + net.conv(x, f"{name}.bypass", y.shape[0])
            x = y
        net.keep(name, x)
    x = net.conv(x, "classifier.1", classes, activation=relu)
    net.keep("output", global_average(x))


SQUEEZENET_1_0 = [
    "pool", (16, 64), (16, 64), (32, 128), "pool", (32, 128), (48, 192), (48, 192), (64, 256),
    "pool", (64, 256),
]


def squeezenet1_0(net, x, width, classes):
    """Table 1 of the paper."""
    squeezenet(net, x, classes, (96, 7), SQUEEZENET_1_0)


def squeezenet1_0_simple_bypass(net, x, width, classes):
    """Figure 2 in the middle: a wire around fire modules 3, 5, 7 and 9."""
    squeezenet(net, x, classes, (96, 7), SQUEEZENET_1_0, "simple")


def squeezenet1_0_complex_bypass(net, x, width, classes):
    """Figure 2 on the right: a 1x1 convolution around the others, too."""
    squeezenet(net, x, classes, (96, 7), SQUEEZENET_1_0, "complex")


def squeezenet1_1(net, x, width, classes):
    """The authors' cheaper release: smaller stem, earlier pooling."""
    squeezenet(net, x, classes, (64, 3), [
        "pool", (16, 64), (16, 64), "pool", (32, 128), (32, 128), "pool", (48, 192), (48, 192),
        (64, 256), (64, 256),
    ])
