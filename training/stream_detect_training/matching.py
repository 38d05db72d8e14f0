"""Assigns boxes to priors, and decides where background is learned."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .augment import Example
from .boxes import corners, coverage, encode, iou


@dataclass(frozen=True)
class Targets:
    """The targets of a batch of images, all `[N, priors, …]`."""

    scores: Tensor
    """`[N, P, C]`: target score of each class except the background; 0 where no box is near."""
    counts: Tensor
    """`[N, P, C]`, bool: whether the class is learned at this prior."""
    codes: Tensor
    """`[N, P, 4]`: codes of the matched boxes; 0 elsewhere."""
    weights: Tensor
    """`[N, P]`: score of the matched box, 0 for priors without one."""

    def to(self, device: torch.device) -> Targets:
        """The same targets on a device."""
        parts = (self.scores, self.counts, self.codes, self.weights)
        return Targets(*(part.to(device) for part in parts))


def match(
    boxes: Tensor, prior_corners: Tensor, *, least: float = 0.5, least_forced: float = 0.2
) -> tuple[Tensor, Tensor]:
    """The box of each prior, or -1, and the best overlap of each prior with any box, both `[P]`.

    A prior gets the box that it overlaps most, if by at least `least`. In addition each box gets
    the prior that overlaps it most, if by at least `least_forced` (0 is the rule of the SSD paper).
    """
    count = prior_corners.shape[0]
    if boxes.shape[0] == 0:
        return torch.full((count,), -1), torch.zeros(count)
    overlaps = iou(prior_corners, boxes)
    best, box = overlaps.max(dim=1)
    matched = torch.where(best >= least, box, -1)
    forced, prior = overlaps.max(dim=0)
    # In order of rising overlap, so that of two boxes with the same prior the nearer gets it.
    for index in torch.argsort(forced).tolist():
        if forced[index] > 0 and forced[index] >= least_forced:
            matched[prior[index]] = index
    return matched, best


def targets(
    examples: list[Example],
    priors: Tensor,
    classes: int,
    *,
    least: float = 0.5,
    least_negative: float = 0.4,
    least_forced: float = 0.2,
) -> Targets:
    """Targets of a batch; `classes` excludes the background, priors are centre and size.

    A prior is neither positive nor negative if it overlaps a box by `least_negative` to `least`, or
    if half of it is in an ignore region. Classes that an image's set doesn't label have no
    negatives.
    """
    prior_corners = corners(priors)
    parts = [
        _of_one(example, priors, prior_corners, classes, least, least_negative, least_forced)
        for example in examples
    ]
    scores, counts, codes, weights = (torch.stack(part) for part in zip(*parts, strict=True))
    return Targets(scores, counts, codes, weights)


def _of_one(
    example: Example,
    priors: Tensor,
    prior_corners: Tensor,
    classes: int,
    least: float,
    least_negative: float,
    least_forced: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    boxes = torch.from_numpy(example.boxes)
    matched, best = match(boxes, prior_corners, least=least, least_forced=least_forced)
    positive = matched >= 0
    scores = torch.zeros(len(priors), classes)
    codes = torch.zeros(len(priors), 4)
    weights = torch.zeros(len(priors))
    negative = best < least_negative
    if len(example.ignore):
        negative &= coverage(prior_corners, torch.from_numpy(example.ignore)).amax(1) < 0.5
    counts = negative[:, None] & torch.from_numpy(example.labelled[1:])[None]
    if bool(positive.any()):
        rows = positive.nonzero()[:, 0]
        owners = matched[rows]
        labels = torch.from_numpy(example.classes)[owners] - 1
        weights[rows] = torch.from_numpy(example.scores)[owners]
        scores[rows, labels] = weights[rows]
        codes[rows] = encode(boxes[owners], priors[rows])
        # A matched prior is background for every other class that the set labels.
        counts[rows] = torch.from_numpy(example.labelled[1:])
        counts[rows, labels] = True
    return scores, counts, codes, weights
