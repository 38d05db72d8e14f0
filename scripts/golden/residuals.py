"""Networks with shortcuts around convolutions: Xception and the ResNets; see networks.py."""

from networks import make_divisible
from operators import (
    global_average, linear, max_pool_even, max_pool_same, relu,
)

# Chollet 2017, arXiv:1610.02357, figure 5: channels of each module's separable convolutions,
# repetitions, and whether the module halves the map.
XCEPTION = [
    ((128, 128), 1, True), ((256, 256), 1, True), ((728, 728), 1, True), ((728, 728, 728), 8, False),
    ((728, 1024), 1, True),
]


def separable(net, x, name, channels):
    y = net.depthwise(x, f"{name}.depthwise", 3, 1, linear)
    return net.conv(y, f"{name}.pointwise.0", channels)


def xception(net, x, width, classes):
    """Figure 5; only the first module doesn't begin with a ReLU."""
    pool = max_pool_even if net.padding == "even" else max_pool_same
    x = net.keep("conv1", net.conv(
        x, "conv1.0", make_divisible(32 * width), 3, 2, relu, padding="valid"))
    x = net.keep("conv2", net.conv(
        x, "conv2.0", make_divisible(64 * width), 3, 1, relu, padding="valid"))
    block = 0
    for channels, repetitions, halves in XCEPTION:
        for _ in range(repetitions):
            block += 1
            y = x
            for i, count in enumerate(channels, start=1):
                y = y if block == 1 and i == 1 else relu(y)
                y = separable(net, y, f"block{block}.sepconv{i}", make_divisible(count * width))
            if halves:
                y = pool(y)
                x = net.conv(x, f"block{block}.skip.0", y.shape[0], 1, 2)
            x = net.keep(f"block{block}", x + y)
    for i, channels in enumerate((1536, 2048), start=3):
        x = net.keep(f"conv{i}", relu(separable(net, x, f"conv{i}", make_divisible(channels * width))))
    net.keep("output", net.conv(global_average(x), "fc", classes))


# He et al. 2015, arXiv:1512.03385, table 1: blocks of conv2_x to conv5_x.
RESNETS = {
    18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3),
}


def residual_block(net, x, name, channels, stride, is_bottleneck):
    if is_bottleneck:
        y = net.conv(x, f"{name}.conv1", channels, activation=relu)
        y = net.conv(y, f"{name}.conv2", channels, 3, stride, relu)
        y = net.conv(y, f"{name}.conv3", 4 * channels)
    else:
        y = net.conv(x, f"{name}.conv1", channels, 3, stride, relu)
        y = net.conv(y, f"{name}.conv2", channels, 3)
    if x.shape != y.shape:
        x = net.conv(x, f"{name}.downsample.0", y.shape[0], 1, stride)
    return relu(x + y)


def resnet(net, x, width, classes, layers):
    """Table 1 with torchvision's places of the strides."""
    pool = max_pool_even if net.padding == "even" else max_pool_same
    x = net.keep("relu", net.conv(x, "conv1", make_divisible(64 * width), 7, 2, relu))
    x = net.keep("maxpool", pool(x))
    for stage, blocks in enumerate(RESNETS[layers]):
        channels = make_divisible((64 << stage) * width)
        for block in range(blocks):
            stride = 2 if block == 0 and stage > 0 else 1
            x = residual_block(
                net, x, f"layer{stage + 1}.{block}", channels, stride, layers >= 50)
        net.keep(f"layer{stage + 1}", x)
    net.keep("output", net.conv(global_average(x), "fc", classes))


def resnet18(net, x, width, classes):
    resnet(net, x, width, classes, 18)


def resnet34(net, x, width, classes):
    resnet(net, x, width, classes, 34)


def resnet50(net, x, width, classes):
    resnet(net, x, width, classes, 50)


def resnet101(net, x, width, classes):
    resnet(net, x, width, classes, 101)


def resnet152(net, x, width, classes):
    resnet(net, x, width, classes, 152)
