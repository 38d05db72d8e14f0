"""From images to detections, computed as the engine does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from .boxes import decode, suppress
from .model_file import Model


@dataclass(frozen=True)
class Detections:
    """Boxes `[N, 4]` as corners in 0...1, scores `[N]` and classes `[N]` (1 is the first label
    after the background), best first."""

    boxes: np.ndarray
    scores: np.ndarray
    classes: np.ndarray

    def take(self, rows: np.ndarray) -> Detections:
        return Detections(self.boxes[rows], self.scores[rows], self.classes[rows])


def resized(image: Image.Image, size: tuple[int, int]) -> np.ndarray:
    """The image as RGB bytes `[height, width, 3]`: bilinear, averaging where it is reduced."""
    height, width = size
    return np.asarray(image.convert("RGB").resize((width, height), Image.Resampling.BILINEAR))


def normalised(pixels: Tensor, model: Model) -> Tensor:
    """Bytes `[N, H, W, 3]` as the network's input `[N, 3, H, W]`."""
    rule = model.description["normalization"]
    x = pixels.float().to(next(model.detector.parameters()).device)
    if rule["order"] == "bgr":
        x = x.flip(-1)
    mean = torch.tensor(rule["mean"], device=x.device)
    scale = torch.tensor(rule["scale"], device=x.device)
    # permute makes a view: in memory the channels stay last, which is fastest on CPUs.
    return ((x - mean) * scale).permute(0, 3, 1, 2)


@torch.no_grad()
def detect(
    model: Model,
    pixels: np.ndarray,
    *,
    least_score: float = 0.01,
    overlap: float | None = None,
    most: int = 100,
) -> list[Detections]:
    """Detections in a batch of images `[N, H, W, 3]` at the network's size."""
    detector = model.detector
    logits, codes = detector(normalised(torch.tensor(pixels), model))
    scores = torch.sigmoid(logits[..., 1:]).cpu()
    boxes = decode(codes, detector.priors).clamp(0, 1).cpu()
    limit = model.description["iou_threshold"] if overlap is None else overlap
    return [
        select(scores[index], boxes[index], least_score, limit, most)
        for index in range(len(pixels))
    ]


def select(
    scores: Tensor, boxes: Tensor, least_score: float, overlap: float, most: int
) -> Detections:
    prior, label = torch.nonzero(scores >= least_score, as_tuple=True)
    found_scores = scores[prior, label].numpy()
    found_boxes = boxes[prior].numpy()
    whole = np.flatnonzero((found_boxes[:, 2:] > found_boxes[:, :2]).all(1))
    # The engine keeps the best 300 of each class; one limit for all classes keeps the same boxes.
    best = whole[np.argsort(-found_scores[whole], kind="stable")[:1500]]
    found = Detections(found_boxes[best], found_scores[best], label.numpy()[best] + 1)
    return found.take(suppress(found.boxes, found.scores, found.classes, overlap)[:most])
