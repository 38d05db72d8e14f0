"""The ShuffleNets; see networks.py."""

import numpy as np

from operators import (
    average_pool_even, average_pool_same, global_average, linear, max_pool_even, max_pool_same, relu,
)

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
