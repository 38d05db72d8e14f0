"""Priors by three rules, the box coder and suppression, in double precision."""

import numpy as np


def grid(shapes, sizes, offset=0.5):
    """One prior of each size in every cell: rows (cx, cy, w, h) in the order map, y, x, size."""
    rows = []
    for (height, width), cell in zip(shapes, sizes):
        for y in range(height):
            for x in range(width):
                rows += [((x + offset) / width, (y + offset) / height, w, h) for w, h in cell]
    return np.array(rows)


def torchvision_sizes(maps=6, smallest=0.2, largest=0.95, ratios=(2, 3)):
    """DefaultBoxGenerator: two squares, then each ratio and its inverse; clipped."""
    scales = [smallest + (largest - smallest) * k / (maps - 1) for k in range(maps)] + [1.0]
    sizes = []
    for scale, following in zip(scales, scales[1:]):
        between = np.sqrt(scale * following)
        cell = [(scale, scale), (between, between)]
        for ratio in ratios:
            root = np.sqrt(ratio)
            cell += [(scale * root, scale / root), (scale / root, scale * root)]
        sizes.append([(min(w, 1.0), min(h, 1.0)) for w, h in cell])
    return sizes


VGG_SCALES = (0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05)
VGG_RATIOS = ((2,), (2, 3), (2, 3), (2, 3), (2,), (2,))
VGG_STEPS = (8, 16, 32, 64, 100, 300)


def vgg_priors(shapes, height, width):
    """DefaultBoxGenerator with the scales, ratios and steps of ssd300_vgg16."""
    rows = []
    for k, ((map_height, map_width), ratios) in enumerate(zip(shapes, VGG_RATIOS)):
        scale, between = VGG_SCALES[k], np.sqrt(VGG_SCALES[k] * VGG_SCALES[k + 1])
        cell = [(scale, scale), (between, between)]
        for ratio in ratios:
            root = np.sqrt(ratio)
            cell += [(scale * root, scale / root), (scale / root, scale * root)]
        for y in range(map_height):
            for x in range(map_width):
                cx, cy = (x + 0.5) * VGG_STEPS[k] / width, (y + 0.5) * VGG_STEPS[k] / height
                rows += [(cx, cy, min(w, 1.0), min(h, 1.0)) for w, h in cell]
    return np.array(rows)


def tensorflow_sizes(height, width, maps=6, smallest=0.2, largest=0.95):
    """create_ssd_anchors with its lowest layer reduced to three priors, the first of scale 0.1.

    Scales are fractions of the image's shorter side.
    """
    side = min(height, width)
    scales = [smallest + (largest - smallest) * k / (maps - 1) for k in range(maps)] + [1.0]
    sizes = []
    for i, (scale, following) in enumerate(zip(scales, scales[1:])):
        if i == 0:
            pairs = [(0.1, 1.0), (scale, 2.0), (scale, 0.5)]
        else:
            pairs = [(scale, ratio) for ratio in (1.0, 2.0, 0.5, 3.0, 1 / 3)]
            pairs.append((np.sqrt(scale * following), 1.0))
        sizes.append([
            (s * np.sqrt(ratio) * side / width, s / np.sqrt(ratio) * side / height)
            for s, ratio in pairs
        ])
    return sizes


def caffe_sizes(height, width, smallest, largest, ratios):
    """PriorBox with flipped ratios: sizes in pixels of the image. A maximum size may be None."""
    sizes = []
    for low, high, extra in zip(smallest, largest, ratios):
        cell = [(low, low)]
        if high is not None:
            cell.append((np.sqrt(low * high),) * 2)
        for ratio in extra:
            root = np.sqrt(ratio)
            cell += [(low * root, low / root), (low / root, low * root)]
        sizes.append([(w / width, h / height) for w, h in cell])
    return sizes


def decode(codes, priors, center_variance=0.1, size_variance=0.2):
    """Decodes codes relative to priors (x, y, w, h) into corners (xmin, ymin, xmax, ymax).

    Liu et al. 2016, arXiv:1512.02325, section 2.2.
    """
    center = priors[:, :2] + codes[:, :2] * center_variance * priors[:, 2:]
    size = priors[:, 2:] * np.exp(codes[:, 2:] * size_variance)
    return np.concatenate([center - size / 2, center + size / 2], axis=1)


def overlap(a, b):
    """Intersection over union of two boxes given as corners."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def suppress(boxes, scores, labels, threshold):
    """Greedy suppression among boxes of one label: the kept rows, by descending score.

    Of equal scores the earlier row comes first. A box with an overlap of exactly the threshold is
    kept.
    """
    kept = []
    for candidate in np.argsort(-scores, kind="stable"):
        if all(
            labels[candidate] != labels[better]
            or overlap(boxes[candidate], boxes[better]) <= threshold
            for better in kept
        ):
            kept.append(int(candidate))
    return kept
