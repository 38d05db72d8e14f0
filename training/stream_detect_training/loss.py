"""The SSD loss: sigmoid scores with focal weights or hard negatives, smooth L1 for boxes."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .matching import Targets


def focal(logits: Tensor, targets: Targets, *, alpha: float = 0.25, gamma: float = 2.0) -> Tensor:
    """Focal loss (Lin et al. 2017, arXiv:1708.02002) over `[N, P, C]`, for targets in 0...1.

    The distance to the target replaces 1 - p, which defines it for soft targets too (Li et al.
    2020, arXiv:2006.04388); for targets of 0 and 1 it equals the focal loss.
    """
    scores = torch.sigmoid(logits)
    entropy = F.binary_cross_entropy_with_logits(logits, targets.scores, reduction="none")
    balance = torch.where(targets.scores > 0, alpha, 1 - alpha)
    weight = balance * (targets.scores - scores).abs() ** gamma
    return (weight * entropy * targets.counts).sum() / _positives(targets)


def hard_negatives(logits: Tensor, targets: Targets, *, ratio: int = 3) -> Tensor:
    """Cross-entropy of the positives and, in each image, of the `ratio` times as many negatives
    with the largest loss (Liu et al. 2016, section 2.2)."""
    entropy = F.binary_cross_entropy_with_logits(logits, targets.scores, reduction="none")
    entropy = (entropy * targets.counts).sum(-1)
    positive = targets.weights > 0
    with torch.no_grad():
        candidates = torch.where(positive, -1.0, entropy)
        rank = candidates.argsort(dim=1, descending=True).argsort(dim=1)
        # An image without boxes still teaches background.
        wanted = (ratio * positive.sum(1, keepdim=True)).clamp(min=ratio)
        negative = (rank < wanted) & ~positive
    return (entropy * (positive | negative)).sum() / _positives(targets)


def box_loss(codes: Tensor, targets: Targets) -> Tensor:
    """Smooth L1 over the matched priors, weighted by the scores of their boxes."""
    distance = F.smooth_l1_loss(codes, targets.codes, reduction="none").sum(-1)
    return (distance * targets.weights).sum() / _positives(targets)


CLASSIFICATION = {"focal": focal, "hard-negatives": hard_negatives}


def _positives(targets: Targets) -> Tensor:
    return targets.weights.sum().clamp(min=1.0)
