"""Targets and losses for soft labels: boxes with a teacher's score, possibly of several classes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .augment import Example
from .boxes import corners, coverage, decode, iou


@dataclass(frozen=True)
class SoftTargets:
    """The matches of a batch, and where background is learned.

    A prior matches, for each class, the label of this class that it overlaps most. `image`,
    `prior`, `label` (0 is the first class after the background), `scores` and `boxes` have a row
    for each match.
    """

    image: Tensor
    prior: Tensor
    label: Tensor
    scores: Tensor
    boxes: Tensor
    counts: Tensor
    """`[N, P, C]`, bool: whether a class is learned at a prior."""

    def quality(self, codes: Tensor, priors: Tensor, power: float) -> Tensor:
        """The target scores `[N, P, C]`: the label's score times IoU ** `power` of the box that
        the codes `[N, P, 4]` say with the label's.

        Li et al. 2020 (arXiv:2006.04388): a score then says how good the box is, too.
        """
        wanted = torch.zeros(self.counts.shape)
        if len(self.image) == 0:
            return wanted
        scores = self.scores
        if power:
            found = decode(codes[self.image, self.prior].detach(), priors[self.prior])
            scores = scores * paired_iou(found, self.boxes).clamp(min=0) ** power
        wanted[self.image, self.prior, self.label] = scores
        return wanted


def soft_targets(
    examples: list[Example],
    priors: Tensor,
    classes: int,
    *,
    boxes: Tensor | None = None,
    least: float = 0.5,
    least_negative: float = 0.4,
    least_forced: float = 0.2,
) -> SoftTargets:
    """Matches of a batch; `classes` excludes the background, priors are centre and size.

    As in `matching.targets`, but for each class on its own, so that a prior can be partly a truck
    and partly a car. Between `least_negative` and `least` a class isn't learned, and no class is
    where half of the prior is in an ignore region.

    With `boxes` `[N, P, 4]`, the corners that the network predicts, these are matched in the place
    of the priors. Boxes that fit an object then get its class, as an evaluation would judge them,
    however far the prior is from the object.
    """
    places = corners(priors).expand(len(examples), -1, -1) if boxes is None else boxes
    parts: list[tuple[Tensor, ...]] = []
    counts = torch.ones(len(examples), len(priors), classes, dtype=torch.bool)
    for number, example in enumerate(examples):
        labelled = torch.from_numpy(example.labelled[1:])
        counts[number] &= labelled[None]
        if len(example.ignore):
            hidden = coverage(places[number], torch.from_numpy(example.ignore)).amax(1) >= 0.5
            counts[number, hidden] = False
        if len(example.boxes) == 0:
            continue
        wanted = torch.from_numpy(example.boxes)
        labels = torch.from_numpy(example.classes) - 1
        overlaps = iou(places[number], wanted)
        nearest, first = overlaps.max(dim=0)
        forced = (nearest >= least_forced).nonzero()[:, 0]
        raised = overlaps.clone()
        raised[first[forced], forced] += 1
        for label in labels.unique().tolist():
            rows = (labels == label).nonzero()[:, 0]
            best, owner = raised[:, rows].max(dim=1)
            near = (best >= least_negative) & (best < least)
            counts[number, near, label] = False
            prior = (best >= least).nonzero()[:, 0]
            box = rows[owner[prior]]
            counts[number, prior, label] = True
            parts.append(
                (
                    torch.full_like(prior, number),
                    prior,
                    torch.full_like(prior, label),
                    torch.from_numpy(example.scores)[box],
                    wanted[box],
                )
            )
    if not parts:
        none = torch.zeros(0, dtype=torch.int64)
        return SoftTargets(none, none, none, torch.zeros(0), torch.zeros(0, 4), counts)
    return SoftTargets(*(torch.cat(part) for part in zip(*parts, strict=True)), counts)


def paired_iou(a: Tensor, b: Tensor) -> Tensor:
    """IoU of each row of `a` with the same row of `b`."""
    sides = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0)
    overlap = sides.prod(-1)
    area_a, area_b = ((x[:, 2:] - x[:, :2]).clamp(min=0).prod(-1) for x in (a, b))
    return overlap / (area_a + area_b - overlap).clamp(min=1e-12)


def quality_focal(logits: Tensor, wanted: Tensor, counts: Tensor, gamma: float = 2.0) -> Tensor:
    """Quality focal loss over `[N, P, C]`, per unit of target score."""
    entropy = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    weight = (wanted - torch.sigmoid(logits)).abs() ** gamma
    return (weight * entropy * counts).sum() / wanted.sum().clamp(min=1.0)


def generalised_iou_loss(codes: Tensor, targets: SoftTargets, priors: Tensor) -> Tensor:
    """1 - GIoU (Rezatofighi et al. 2019, arXiv:1902.09630) of the matches, weighted by score."""
    if len(targets.image) == 0:
        return codes.sum() * 0
    a, b = decode(codes[targets.image, targets.prior], priors[targets.prior]), targets.boxes
    overlap = paired_iou(a, b)
    low, high = torch.minimum(a[:, :2], b[:, :2]), torch.maximum(a[:, 2:], b[:, 2:])
    hull = (high - low).prod(-1).clamp(min=1e-12)
    area_a, area_b = ((x[:, 2:] - x[:, :2]).clamp(min=0).prod(-1) for x in (a, b))
    union = (area_a + area_b) / (1 + overlap)
    loss = 1 - overlap + (hull - union) / hull
    return (loss * targets.scores).sum() / targets.scores.sum().clamp(min=1.0)
