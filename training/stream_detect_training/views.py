"""The teacher's views of an image: the whole frame, overlapping tiles, mirror images.

Radosavovic et al. 2018 (arXiv:1712.04440): the merged boxes that a network finds in many views of
an image teach it, or another network, to find them in one view.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from .boxes import suppress
from .inference import Detections, detect, resized
from .model_file import Model


@dataclass(frozen=True)
class View:
    """A part of the image as corners in 0...1, mirrored or not."""

    left: float
    top: float
    right: float
    bottom: float
    mirrored: bool = False


WHOLE = View(0.0, 0.0, 1.0, 1.0)
MIRRORS = ("none", "frame", "all")


def tiles(grid: int, overlap: float = 0.25) -> list[View]:
    """`grid` by `grid` tiles that overlap by a fraction of their size."""
    side = 1 / (1 + (grid - 1) * (1 - overlap))
    starts = [index * side * (1 - overlap) for index in range(grid)]
    return [View(x, y, min(x + side, 1), min(y + side, 1)) for y in starts for x in starts]


def teacher_views(grids: list[int], mirror: str) -> list[View]:
    """The whole frame and the tiles of each grid; the frame or all views also mirrored."""
    views = [WHOLE] + [tile for grid in grids for tile in tiles(grid)]
    mirrored = {"none": [], "frame": [WHOLE], "all": views}[mirror]
    return views + [View(v.left, v.top, v.right, v.bottom, mirrored=True) for v in mirrored]


def seen(image: Image.Image, view: View, size: tuple[int, int]) -> np.ndarray:
    """The view as the network's input, bytes `[height, width, 3]`."""
    width, height = image.size
    part = image.crop(
        (
            round(view.left * width),
            round(view.top * height),
            round(view.right * width),
            round(view.bottom * height),
        )
    )
    pixels = resized(part, size)
    return pixels[:, ::-1] if view.mirrored else pixels


def in_frame(found: Detections, view: View, margin: float = 0.015) -> Detections:
    """Detections of a view in the frame's coordinates.

    Boxes at a view's edge inside the frame are dropped, because they are probably cut off.
    """
    boxes = found.boxes.copy()
    if view.mirrored:
        boxes[:, [0, 2]] = 1 - boxes[:, [2, 0]]
    whole = np.ones(len(boxes), dtype=bool)
    whole &= (view.left <= 0) | (boxes[:, 0] > margin)
    whole &= (view.top <= 0) | (boxes[:, 1] > margin)
    whole &= (view.right >= 1) | (boxes[:, 2] < 1 - margin)
    whole &= (view.bottom >= 1) | (boxes[:, 3] < 1 - margin)
    scale = [view.right - view.left, view.bottom - view.top] * 2
    boxes = boxes * scale + [view.left, view.top] * 2
    return Detections(boxes.astype(np.float32), found.scores, found.classes).take(
        np.flatnonzero(whole)
    )


def merged(found: list[Detections], overlap: float, vote: float = 0.65) -> Detections:
    """One set of detections from those of many views.

    The best of each overlapping group is kept. Its box becomes the mean, weighted by score, of the
    boxes that overlap it by at least `vote` (Gidaris and Komodakis 2015, arXiv:1505.01749).
    """
    every = Detections(
        np.concatenate([x.boxes for x in found]),
        np.concatenate([x.scores for x in found]),
        np.concatenate([x.classes for x in found]),
    )
    kept = suppress(every.boxes, every.scores, every.classes, overlap)
    boxes = np.stack([_voted(every, row, vote) for row in kept]) if len(kept) else every.boxes[:0]
    return Detections(boxes, every.scores[kept], every.classes[kept])


def _voted(every: Detections, row: int, vote: float) -> np.ndarray:
    box = every.boxes[row]
    low = np.maximum(box[:2], every.boxes[:, :2])
    high = np.minimum(box[2:], every.boxes[:, 2:])
    inside = np.clip(high - low, 0, None).prod(1)
    areas = (every.boxes[:, 2:] - every.boxes[:, :2]).prod(1)
    iou = inside / np.maximum(areas + areas[row] - inside, 1e-12)
    voters = (iou >= vote) & (every.classes == every.classes[row])
    return np.average(every.boxes[voters], axis=0, weights=every.scores[voters])


def find_in_views(
    model: Model, image: Image.Image, views: list[View], *, least_score: float, batch: int = 8
) -> Detections:
    """The teacher's detections, merged over all views."""
    image = image.convert("RGB")
    found = []
    for start in range(0, len(views), batch):
        part = views[start : start + batch]
        pixels = np.stack([seen(image, view, model.detector.input_size) for view in part])
        for view, detections in zip(
            part, detect(model, pixels, least_score=least_score), strict=True
        ):
            found.append(in_frame(detections, view))
    return merged(found, model.description["iou_threshold"])
