"""Prior boxes by the rule of the Caffe SSD, as stream-detect computes them."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor


def mobilenet_priors(side: int = 300) -> dict[str, Any]:
    """The rule of the MobileNet SSDs: minimum sizes of 60, 105, … 285 pixels of 300."""
    sizes = [size * side / 300 for size in (60, 105, 150, 195, 240, 285, 300)]
    maps = [
        {
            "minimum_sizes": [sizes[index]],
            "maximum_sizes": [sizes[index + 1]] if index else [],
            "aspect_ratios": [2, 3] if index else [2],
            "flips": True,
        }
        for index in range(6)
    ]
    return {"rule": "caffe", "offset": 0.5, "clips": False, "maps": maps}


def _ratios(layer: dict[str, Any]) -> list[float]:
    ratios = []
    for ratio in layer["aspect_ratios"]:
        if ratio != 1:
            ratios += [ratio, 1 / ratio] if layer["flips"] else [ratio]
    return ratios


def priors_per_cell(rule: dict[str, Any]) -> list[int]:
    """Priors per cell of each map."""
    return [
        len(layer["minimum_sizes"]) * (1 + len(_ratios(layer))) + len(layer["maximum_sizes"])
        for layer in rule["maps"]
    ]


def map_sizes(side: int, maps: int) -> list[int]:
    """Sides of the feature maps: the input at stride 16, then halved for each map, rounded up."""
    size = side
    for _ in range(4):
        size = -(-size // 2)
    sizes = [size]
    while len(sizes) < maps:
        sizes.append(-(-sizes[-1] // 2))
    return sizes


def caffe_priors(rule: dict[str, Any], input_size: tuple[int, int]) -> Tensor:
    """Priors `[priors, 4]` as centre and size in 0...1, rows in the order map, y, x, prior."""
    height, width = input_size
    maps = len(rule["maps"])
    blocks = []
    for layer, rows, columns in zip(
        rule["maps"], map_sizes(height, maps), map_sizes(width, maps), strict=True
    ):
        shapes = []
        for index, size in enumerate(layer["minimum_sizes"]):
            shapes.append((size, size))
            if index < len(layer["maximum_sizes"]):
                between = math.sqrt(size * layer["maximum_sizes"][index])
                shapes.append((between, between))
            for ratio in _ratios(layer):
                shapes.append((size * math.sqrt(ratio), size / math.sqrt(ratio)))
        sizes = torch.tensor(shapes, dtype=torch.float64)
        sizes /= torch.tensor([width, height], dtype=torch.float64)
        step = layer.get("step")
        y_step, x_step = (step / height, step / width) if step else (1 / rows, 1 / columns)
        y = (torch.arange(rows, dtype=torch.float64) + rule["offset"]) * y_step
        x = (torch.arange(columns, dtype=torch.float64) + rule["offset"]) * x_step
        cells = len(shapes)
        grid = torch.empty(rows, columns, cells, 4, dtype=torch.float64)
        grid[..., 0] = x[None, :, None]
        grid[..., 1] = y[:, None, None]
        grid[..., 2:] = sizes
        blocks.append(grid.reshape(-1, 4))
    priors = torch.cat(blocks)
    if rule.get("clips"):
        corners = torch.cat(
            [priors[:, :2] - priors[:, 2:] / 2, priors[:, :2] + priors[:, 2:] / 2], 1
        )
        corners = corners.clamp(0, 1)
        priors = torch.cat(
            [(corners[:, :2] + corners[:, 2:]) / 2, corners[:, 2:] - corners[:, :2]], 1
        )
    return priors.float()


def halved(priors: Tensor) -> Tensor:
    """The priors with those of the smallest square size at half their sides.

    TensorFlow's SSDs have these in the first prior's place on the first map. The Caffe port keeps
    60 pixels of 300 there and corrects the codes, so its outputs are the same, but labels of small
    objects match only the smaller prior.
    """
    sides = priors[:, 2:]
    square = (sides[:, 0] - sides[:, 1]).abs() < 1e-6
    smallest = square & ((sides[:, 0] - sides[square, 0].min()).abs() < 1e-6)
    changed = priors.clone()
    changed[smallest, 2:] /= 2
    return changed
