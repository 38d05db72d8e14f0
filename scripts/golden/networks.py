"""The networks as their papers and torchvision describe them, evaluated layer by layer.

Each class goes through its table once, front to back, and keeps the feature maps to compare. Layer
names are torchvision's; weights come from `seeded` and have batch norm folded in.
"""

import numpy as np

import seeded
from operators import (
    average_pool_even, average_pool_same, convolution, depthwise, global_average, hard_sigmoid,
    hard_swish, linear, max_pool_ceil, max_pool_even, max_pool_same, relu, relu6,
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


# Ma et al. 2018, arXiv:1807.11164, table 5: channels of stages 2 to 4 and of the last convolution.
SHUFFLE_V2 = {
    0.5: (48, 96, 192, 1024), 1.0: (116, 232, 464, 1024), 1.5: (176, 352, 704, 1024),
    2.0: (244, 488, 976, 2048),
}


def channel_shuffle(x, groups):
    """Reshape to [groups, channels / groups], transpose, and flatten."""
    channels, height, width = x.shape
    parts = x.reshape(groups, channels // groups, height, width)
    return parts.transpose(1, 0, 2, 3).reshape(channels, height, width)


def shuffle_branch(net, x, name, channels, stride):
    x = net.conv(x, f"{name}.0", channels, activation=relu)
    x = net.depthwise(x, f"{name}.3", 3, stride, linear)
    return net.conv(x, f"{name}.5", channels, activation=relu)


def shufflenet_v2(net, x, width, classes):
    """Table 5; figures 3c and 3d are the units."""
    *stages, last = SHUFFLE_V2[width]
    x = net.keep("conv1", net.conv(x, "conv1.0", 24, 3, 2, relu))
    x = net.keep("maxpool", max_pool_even(x))
    for stage, (channels, units) in enumerate(zip(stages, (4, 8, 4)), start=2):
        for unit in range(units):
            name = f"stage{stage}.{unit}"
            if unit == 0:
                left = net.depthwise(x, f"{name}.branch1.0", 3, 2, linear)
                left = net.conv(left, f"{name}.branch1.2", channels // 2, activation=relu)
                right = shuffle_branch(net, x, f"{name}.branch2", channels // 2, 2)
            else:
                left, right = x[:channels // 2], x[channels // 2:]
                right = shuffle_branch(net, right, f"{name}.branch2", channels // 2, 1)
            x = channel_shuffle(np.concatenate([left, right]), 2)
        net.keep(f"stage{stage}", x)
    x = net.keep("conv5", net.conv(x, "conv5.0", last, activation=relu))
    net.keep("output", net.conv(global_average(x), "fc", classes))


# Zhang et al. 2017, arXiv:1707.01083, table 1: output channels of stages 2 to 4 by the number of
# groups, and (github.com/megvii-model/ShuffleNet-Series) of the stem by width.
SHUFFLE_V1 = {
    1: (144, 288, 576), 2: (200, 400, 800), 3: (240, 480, 960), 4: (272, 544, 1088),
    8: (384, 768, 1536),
}
SHUFFLE_V1_STEMS = {0.5: 12, 1.0: 24, 1.5: 24, 2.0: 48}


def release_shuffle(x, groups):
    """The shuffle of the authors' release: reshape to [channels / groups, groups], and so on."""
    return channel_shuffle(x, x.shape[0] // groups)


def shuffle_v1_unit(net, x, name, channels, stride, groups, first):
    bottleneck = -(-(channels // 4) // groups) * groups
    y = net.grouped(x, f"{name}.branch_main_1.0", bottleneck, 1 if first else groups, relu)
    y = net.depthwise(y, f"{name}.branch_main_1.3", 3, stride, linear)
    y = release_shuffle(y, groups)
    if stride == 1:
        return relu(x + net.grouped(y, f"{name}.branch_main_2.0", channels, groups))
    rest = channels - x.shape[0]
    y = net.grouped(y, f"{name}.branch_main_2.0", rest, groups, relu)
    pooled = average_pool_even(x) if net.padding == "even" else average_pool_same(x)
    return np.concatenate([pooled, y])


def shufflenet_v1(net, x, width, classes, groups):
    """Table 1; figures 2b and 2c are the units."""
    stem = 16 if groups == 8 and width == 0.5 else SHUFFLE_V1_STEMS[width]
    x = net.conv(x, "first_conv.0", stem, 3, 2, relu)
    x = net.keep("maxpool", max_pool_even(x) if net.padding == "even" else max_pool_same(x))
    index = 0
    for channels, units in zip(SHUFFLE_V1[groups], (4, 8, 4)):
        for unit in range(units):
            name = f"features.{index}"
            x = net.keep(name, shuffle_v1_unit(
                net, x, name, int(channels * width), 2 if unit == 0 else 1, groups, index == 0))
            index += 1
    net.keep("output", net.conv(global_average(x), "classifier.0", classes))


def shufflenet_v1_g1(net, x, width, classes):
    shufflenet_v1(net, x, width, classes, 1)


def shufflenet_v1_g2(net, x, width, classes):
    shufflenet_v1(net, x, width, classes, 2)


def shufflenet_v1_g3(net, x, width, classes):
    shufflenet_v1(net, x, width, classes, 3)


def shufflenet_v1_g4(net, x, width, classes):
    shufflenet_v1(net, x, width, classes, 4)


def shufflenet_v1_g8(net, x, width, classes):
    shufflenet_v1(net, x, width, classes, 8)
