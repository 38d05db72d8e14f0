"""Boxes: overlap, the SSD box code, suppression. Corners are x1, y1, x2, y2 in 0...1."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

CENTER_VARIANCE = 0.1
SIZE_VARIANCE = 0.2
# log(1000 / 16): the engine's limit, which keeps the exponential finite.
LARGEST_LOG_RATIO = 4.135166556742356


def corners(boxes: Tensor) -> Tensor:
    """Corners `[..., 4]` of boxes given as centre and size."""
    half = boxes[..., 2:] / 2
    return torch.cat([boxes[..., :2] - half, boxes[..., :2] + half], dim=-1)


def iou(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union `[A, B]` of corners `[A, 4]` and `[B, 4]`."""
    sides = (
        torch.minimum(a[:, None, 2:], b[:, 2:]) - torch.maximum(a[:, None, :2], b[:, :2])
    ).clamp(min=0)
    overlap = sides.prod(-1)
    area_a, area_b = ((x[:, 2:] - x[:, :2]).clamp(min=0).prod(-1) for x in (a, b))
    return overlap / (area_a[:, None] + area_b - overlap).clamp(min=1e-12)


def coverage(a: Tensor, b: Tensor) -> Tensor:
    """The fraction of each box of `a` that is inside each box of `b`, `[A, B]`."""
    sides = (
        torch.minimum(a[:, None, 2:], b[:, 2:]) - torch.maximum(a[:, None, :2], b[:, :2])
    ).clamp(min=0)
    return sides.prod(-1) / (a[:, 2:] - a[:, :2]).clamp(min=0).prod(-1)[:, None].clamp(min=1e-12)


def encode(boxes: Tensor, priors: Tensor) -> Tensor:
    """Codes `[..., 4]` of corners relative to priors (centre and size)."""
    size = (boxes[..., 2:] - boxes[..., :2]).clamp(min=1e-6)
    center = (boxes[..., :2] + boxes[..., 2:]) / 2
    offset = (center - priors[..., :2]) / priors[..., 2:] / CENTER_VARIANCE
    return torch.cat([offset, torch.log(size / priors[..., 2:]) / SIZE_VARIANCE], dim=-1)


def decode(codes: Tensor, priors: Tensor) -> Tensor:
    """Decodes codes relative to priors into corners `[..., 4]`, which are not clipped."""
    center = priors[..., :2] + codes[..., :2] * CENTER_VARIANCE * priors[..., 2:]
    ratio = (codes[..., 2:] * SIZE_VARIANCE).clamp(max=LARGEST_LOG_RATIO).exp()
    return corners(torch.cat([center, priors[..., 2:] * ratio], dim=-1))


def suppress(
    boxes: np.ndarray, scores: np.ndarray, classes: np.ndarray, limit: float
) -> np.ndarray:
    """Greedy suppression within each class, as the engine does it.

    Takes corners `[N, 4]`, scores and classes `[N]`; returns the kept positions, best first.
    """
    kept = []
    for label in np.unique(classes):
        order = np.flatnonzero(classes == label)
        order = order[np.argsort(-scores[order], kind="stable")]
        while order.size:
            best, order = order[0], order[1:]
            kept.append(best)
            order = order[_iou_with(boxes[best], boxes[order]) <= limit]
    positions = np.array(kept, dtype=np.int64)
    return positions[np.argsort(-scores[positions], kind="stable")]


def _iou_with(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[2:], others[:, 2:])
    overlap = np.clip(high - low, 0, None).prod(1)
    area = (box[2:] - box[:2]).prod()
    areas = (others[:, 2:] - others[:, :2]).prod(1)
    return overlap / np.maximum(area + areas - overlap, 1e-12)
