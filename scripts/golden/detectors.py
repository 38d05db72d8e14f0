"""SSDLite detectors: two backbones cut as in MobileNetV2's section 6.2, extra blocks and heads."""

import numpy as np

from networks import V3_LARGE, make_divisible, v2_block, v2_blocks, v3_block, v3_tail
from operators import hard_swish, relu6


def features_v2(net, x):
    """MobileNetV2; the first map is the expansion of the block that leaves stride 16."""
    x = net.conv(x, "backbone.features.0.0.0", 32, 3, 2, relu6)
    blocks = list(v2_blocks(1.0))
    for i, (t, channels, stride) in enumerate(blocks[:13], start=1):
        x = v2_block(net, x, f"backbone.features.0.{i}", t, channels, stride)
        if i in (2, 4):
            net.keep(f"backbone.features.0.{i}", x)
    first = net.conv(x, "backbone.features.0.14.0", 6 * x.shape[0], activation=relu6)
    _, channels, stride = blocks[13]
    x = net.depthwise(first, "backbone.features.1.0.1.0", 3, stride, relu6)
    x = net.conv(x, "backbone.features.1.0.2", channels)
    for i, (t, channels, stride) in enumerate(blocks[14:], start=1):
        x = v2_block(net, x, f"backbone.features.1.{i}", t, channels, stride)
    return first, net.conv(x, "backbone.features.1.4.0", 1280, activation=relu6)


def features_v3_large_reduced(net, x):
    """torchvision's reduced tail: channels are halved from stride 32 on."""
    rows = [list(row) for row in V3_LARGE]
    for row in rows[12:]:
        row[2] //= 2
    for row in rows[13:]:
        row[1] //= 2
    x = net.conv(x, "backbone.features.0.0.0", 16, 3, 2, hard_swish)
    for i, row in enumerate(rows[:12], start=1):
        x = v3_block(net, x, f"backbone.features.0.{i}", row, 1.0)
        if i in (2, 4):
            net.keep(f"backbone.features.0.{i}", x)
    kernel, expanded, channels, excites, _, stride = rows[12]
    first = net.conv(x, "backbone.features.0.13.0", expanded, activation=hard_swish)
    x = v3_tail(
        net, first, "backbone.features.1.0", 1, kernel, channels, excites, hard_swish, stride)
    for i, row in enumerate(rows[13:], start=1):
        x = v3_block(net, x, f"backbone.features.1.{i}", row, 1.0)
    return first, net.conv(x, "backbone.features.1.3.0", 6 * x.shape[0], activation=hard_swish)


def extra(net, x, name, channels, style):
    """Liu et al. 2016, figure 2, with separable convolutions in SSDLite."""
    x = net.conv(x, f"{name}.0.0", channels // 2, activation=relu6)
    if style.startswith("ssdlite"):
        x = net.depthwise(x, f"{name}.1.0", 3, 2, relu6)
        return net.conv(x, f"{name}.2.0", channels, activation=relu6)
    return net.conv(x, f"{name}.1.0", channels, 3, 2, relu6)


def predictions(net, maps, head, per_cell, columns, style):
    """Rows of `columns` numbers in the order map, y, x, prior."""
    rows = []
    for i, (x, priors) in enumerate(zip(maps, per_cell)):
        name = f"head.{head}.module_list.{i}"
        if style == "ssdlite":
            y = net.depthwise(x, f"{name}.0.0", 3, 1, relu6)
            y = net.conv(y, f"{name}.1", priors * columns)
        else:
            y = net.conv(x, name, priors * columns, 3 if style == "ssd" else 1)
        rows.append(y.transpose(1, 2, 0).reshape(-1, columns))
    return np.concatenate(rows)


def heads(net, maps, per_cell, classes, style):
    net.keep(
        "cls_logits", predictions(net, maps, "classification_head", per_cell, classes, style))
    net.keep("bbox_regression", predictions(net, maps, "regression_head", per_cell, 4, style))


def ssdlite(net, x, features, per_cell, classes, style="ssdlite"):
    """`classes` includes the background."""
    maps = list(features(net, x))
    net.keep("backbone.features.0", maps[0])
    net.keep("backbone.features.1", maps[1])
    for i, channels in enumerate([512, 256, 256, 128]):
        name = f"backbone.extra.{i}"
        maps.append(net.keep(name, extra(net, maps[-1], name, channels, style)))
    heads(net, maps, per_cell, classes, style)


def ssdlite_mobilenet_v2(net, x, classes):
    """Sandler et al. 2018, section 6.2, as TensorFlow builds it: three priors on the first map."""
    return ssdlite(net, x, features_v2, [3, 6, 6, 6, 6, 6], classes)


def ssdlite_mobilenet_v3_large(net, x, classes):
    """torchvision's ssdlite320_mobilenet_v3_large."""
    return ssdlite(net, x, features_v3_large_reduced, [6] * 6, classes)


def features_v1(net, x):
    """MobileNetV1 at a quarter of the width with ReLU6; the first map is that of layer 11."""
    x = net.conv(x, "backbone.features.0.0.0", 8, 3, 2, relu6)
    pairs = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)]
    pairs += [(512, 1)] * 5 + [(1024, 2), (1024, 1)]
    for i, (channels, stride) in enumerate(pairs, start=1):
        name = f"backbone.features.0.{i}" if i < 12 else f"backbone.features.1.{i - 12}"
        x = net.depthwise(x, f"{name}.0.0", 3, stride, relu6)
        x = net.conv(x, f"{name}.1.0", channels // 4, activation=relu6)
        if i == 11:
            first = x
    return first, x


def ssd_mobilenet_v1(net, x, classes):
    """Full 3x3 convolutions in extra blocks and heads."""
    ssdlite(net, x, features_v1, [3, 6, 6, 6, 6, 6], classes, "ssd")


def ssd_1x1_mobilenet_v1(net, x, classes):
    """TensorFlow's ssd_mobilenet_v1_coco: full extra blocks, 1x1 heads."""
    ssdlite(net, x, features_v1, [3, 6, 6, 6, 6, 6], classes, "ssd_1x1")


def ssdlite_1x1_mobilenet_v1(net, x, classes):
    """Separable extra blocks, 1x1 heads."""
    ssdlite(net, x, features_v1, [3, 6, 6, 6, 6, 6], classes, "ssdlite_1x1")
