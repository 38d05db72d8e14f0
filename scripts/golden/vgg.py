"""VGG-16 and SSD300 on it; see networks.py."""

import numpy as np

import seeded
from detectors import heads
from networks import make_divisible
from operators import convolution, max_pool_ceil, relu

# Simonyan and Zisserman 2014, arXiv:1409.1556, table 1, configuration D.
STAGES = [(64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512)]


def halve(x, rounds_up=False):
    """The maximum of 2 x 2 pixels; a last row or column counts only if `rounds_up`."""
    if not rounds_up:
        x = x[:, : x.shape[1] // 2 * 2, : x.shape[2] // 2 * 2]
    return max_pool_ceil(x, 2, 2)


def stage(net, x, name, first, channels, width):
    for i, count in enumerate(channels):
        x = net.conv(x, f"{name}.{first + 2 * i}", make_divisible(count * width), 3, 1, relu)
    return x, first + 2 * len(channels)


def vgg16(net, x, width, classes):
    """Configuration D with its linear layers, which read the whole last map."""
    at = 0
    for channels in STAGES:
        x, at = stage(net, x, "features", at, channels, width)
        x = net.keep(f"features.{at}", halve(x))
        at += 1
    x = net.conv(
        x, "classifier.0", make_divisible(4096 * width), x.shape[1], 1, relu, padding="valid")
    x = net.conv(x, "classifier.3", make_divisible(4096 * width), activation=relu)
    net.keep("output", net.conv(x, "classifier.6", classes))


def dilated(net, x, name, out, distance):
    """A 3x3 convolution of pixels at this distance, then ReLU."""
    channels, height, width = x.shape
    weight, bias = seeded.weight(name, [out, channels, 3, 3]), seeded.bias(name, out)
    framed = np.pad(x, ((0, 0), (distance, distance), (distance, distance)))
    parts = [
        framed[:, row : row + height, column : column + width]
        for row in (0, distance, 2 * distance) for column in (0, distance, 2 * distance)
    ]
    flat = weight.reshape(out, channels, 9).transpose(0, 2, 1).reshape(out, 9 * channels, 1, 1)
    return relu(convolution(np.concatenate(parts), flat, bias, 1, "valid"))


def max_pool_in_place(x):
    """The maximum of 3 x 3 pixels around each."""
    _, height, width = x.shape
    framed = np.pad(x, ((0, 0), (1, 1), (1, 1)), constant_values=-np.inf)
    return np.max([
        framed[:, row : row + height, column : column + width]
        for row in range(3) for column in range(3)
    ], axis=0)


def ssd300_vgg16(net, x, classes, width=0.0625):
    """Liu et al. 2016, arXiv:1512.02325, figure 2, as torchvision's ssd300_vgg16."""
    at = 0
    for i, channels in enumerate(STAGES[:4]):
        x, at = stage(net, x, "backbone.features", at, channels, width)
        if i < 3:
            x, at = halve(x, rounds_up=i == 2), at + 1
    # The weights are those of a depthwise layer; its bias is zero in torchvision.
    name = "backbone.scale_weight"
    unit = x / np.maximum(np.sqrt((x**2).sum(axis=0, keepdims=True)), 1e-12)
    scale = seeded.weight(name, [x.shape[0], 1, 1, 1])[:, 0].astype(np.float64)
    maps = [unit * scale + seeded.bias(name, x.shape[0]).astype(np.float64)[:, None, None]]
    x, at = stage(net, halve(x), "backbone.extra.0", 1, STAGES[4], width)
    hidden = make_divisible(1024 * width)
    x = dilated(net, max_pool_in_place(x), f"backbone.extra.0.{at}.1", hidden, 6)
    maps.append(net.conv(x, f"backbone.extra.0.{at}.3", hidden, activation=relu))
    extras = [(256, 512, 2, "even"), (128, 256, 2, "even")] + [(128, 256, 1, "valid")] * 2
    for i, (squeeze, expand, stride, padding) in enumerate(extras, start=1):
        name = f"backbone.extra.{i}"
        x = net.conv(maps[-1], f"{name}.0", make_divisible(squeeze * width), activation=relu)
        x = net.conv(
            x, f"{name}.2", make_divisible(expand * width), 3, stride, relu, padding=padding)
        maps.append(net.keep(name, x))
    heads(net, maps, [4, 6, 6, 6, 4, 4], classes, "ssd")
