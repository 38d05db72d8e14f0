"""Makes scores mean the same for every class: the share of detections that are right.

Platt 1999: a score's logit is scaled and shifted. A class's scale and shift stay near the common
ones unless the class has many detections. Both go into the class rows, so the order of a class's
detections, and with it its AP, stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .boxes import coverage, iou
from .data import Sample
from .inference import Detections
from .model_file import Model


@dataclass(frozen=True)
class Judged:
    """Detections of many images: scores, classes (from 1), and whether they are right."""

    scores: np.ndarray
    classes: np.ndarray
    right: np.ndarray


def judged(samples: list[Sample], found: list[Detections], overlap: float = 0.5) -> Judged:
    """Compares detections with labels: each label confirms the best detection that overlaps it.

    Detections of classes that an image doesn't label, and in ignore regions, are left out.
    """
    scores, classes, right = [], [], []
    for sample, detections in zip(samples, found, strict=True):
        overlaps = iou(torch.from_numpy(detections.boxes), torch.from_numpy(sample.boxes)).numpy()
        hidden = coverage(torch.from_numpy(detections.boxes), torch.from_numpy(sample.ignore)).numpy()
        claimed = np.zeros(len(sample.boxes), dtype=bool)
        for row in np.argsort(-detections.scores, kind="stable"):
            label = detections.classes[row]
            if not sample.labelled[label]:
                continue
            near = np.where((sample.classes == label) & ~claimed, overlaps[row], 0)
            best = int(near.argmax()) if len(near) else -1
            matches = best >= 0 and near[best] >= overlap
            if matches:
                claimed[best] = True
            elif len(sample.ignore) and hidden[row].max() >= 0.5:
                continue
            scores.append(detections.scores[row])
            classes.append(label)
            right.append(matches)
    return Judged(np.array(scores), np.array(classes), np.array(right, dtype=bool))


def platt(
    judgements: Judged, classes: int, spread: float = 0.5, stretch: float = 0.25
) -> tuple[Tensor, Tensor]:
    """Scale and shift of each class, both `[classes]`.

    `spread` is how far the shifts of classes usually differ, `stretch` the same for the logarithms
    of the scales.
    """
    score = torch.from_numpy(judgements.scores).double().clamp(1e-6, 1 - 1e-6)
    logit = torch.log(score / (1 - score))
    label = torch.from_numpy(judgements.classes) - 1
    right = torch.from_numpy(judgements.right).double()
    common = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    own = torch.zeros(2, classes, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([common, own], max_iter=200, line_search_fn="strong_wolfe")

    def both() -> tuple[Tensor, Tensor]:
        return torch.exp(common[0] + stretch * own[0]), common[1] + spread * own[1]

    def loss() -> Tensor:
        optimiser.zero_grad()
        scales, shifts = both()
        value = F.binary_cross_entropy_with_logits(
            scales[label] * logit + shifts[label], right, reduction="sum"
        )
        value = value + own.square().sum() / 2
        value.backward()
        return value

    optimiser.step(loss)
    scales, shifts = both()
    return scales.detach().float(), shifts.detach().float()


@torch.no_grad()
def rescale(model: Model, scales: Tensor, shifts: Tensor) -> None:
    """Scales and shifts the logits of the model's classes, without the background."""
    detector = model.detector
    for name in detector.graph.logits:
        layer = detector.layer(name)
        assert layer.bias is not None
        layer.weight.unflatten(0, (-1, detector.classes))[:, 1:] *= scales[:, None, None, None]
        bias = layer.bias.unflatten(0, (-1, detector.classes))
        bias[:, 1:] = bias[:, 1:] * scales + shifts


def reliability(judgements: Judged, bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean score, share of right ones and number of detections, by score."""
    place = np.minimum((judgements.scores * bins).astype(int), bins - 1)
    rows = []
    for number in range(bins):
        chosen = place == number
        if chosen.any():
            rows.append(
                (
                    float(judgements.scores[chosen].mean()),
                    float(judgements.right[chosen].mean()),
                    int(chosen.sum()),
                )
            )
    return rows


def best_threshold(
    judgements: Judged, samples: list[Sample]
) -> tuple[float, float, float, float]:
    """The score threshold with the best F1 over all classes; precision, recall and F1 there."""
    labels = sum(int(sample.labelled[sample.classes].sum()) for sample in samples)
    order = np.argsort(-judgements.scores, kind="stable")
    right = judgements.right[order].cumsum()
    precision, recall = right / np.arange(1, len(order) + 1), right / labels
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    best = int(f1.argmax())
    threshold = float(judgements.scores[order][best])
    return threshold, float(precision[best]), float(recall[best]), float(f1[best])
