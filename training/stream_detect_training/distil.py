"""Learning from a teacher: its raw outputs on the same view, and what it found in many views.

The teacher's own output anchors every prior and class; boxes found in many views only move the
score and the box of the priors that match them. So a few hundred images don't pull the network
apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .matching import Targets


@dataclass(frozen=True)
class Distillation:
    """Weights of what the teacher says."""

    move_scores: float = 0.5
    """How far a matched prior's score moves from the teacher's to that of the merged box."""
    lower_scores: float = 0.0
    """How far scores move down where no merged box is near; 0 leaves them to the teacher."""
    move_boxes: float = 0.5
    """How far a matched prior's box moves from the teacher's to the merged one."""
    logit_weight: float = 0.02
    """Weight of the squared distance of the logits, which also holds scores near 0 in place."""
    box_weight: float = 1.0


def distillation_loss(
    student: tuple[Tensor, Tensor],
    teacher: tuple[Tensor, Tensor],
    targets: Targets,
    weights: Distillation,
) -> tuple[Tensor, Tensor]:
    """Loss of the classes and of the boxes.

    Takes logits `[N, P, classes]` with the background and codes `[N, P, 4]` of both networks.
    """
    wanted, codes = blended(teacher, targets, weights)
    logits, found = student[0][..., 1:], student[1]
    amount = wanted.amax(-1)
    total = amount.sum().clamp(min=1.0)
    entropy = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    # Less the targets' own entropy, so that the loss is 0 where the student agrees.
    least = F.binary_cross_entropy(wanted, wanted, reduction="none")
    distance = (logits - teacher[0][..., 1:]).square()
    # Priors that look like nothing at all outnumber the others by hundreds.
    relevance = 0.01 + amount
    anchor = (distance * relevance[..., None]).sum() / total
    classes = (entropy - least).sum() / total + weights.logit_weight * anchor
    boxes = (F.smooth_l1_loss(found, codes, reduction="none").sum(-1) * amount).sum() / total
    return classes, weights.box_weight * boxes


@torch.no_grad()
def blended(
    teacher: tuple[Tensor, Tensor], targets: Targets, weights: Distillation
) -> tuple[Tensor, Tensor]:
    """Scores `[N, P, C]` and codes `[N, P, 4]` that the student should give."""
    scores = torch.sigmoid(teacher[0][..., 1:])
    matched = targets.weights > 0
    # Down as well: where labels refuted a box its score is lower than the teacher's.
    move = (targets.scores - scores) * (targets.scores > 0) * weights.move_scores
    # Counted classes without a matched box are background to the merged boxes.
    refuted = targets.counts & (targets.scores == 0) & ~matched[..., None]
    wanted = (scores + move) * torch.where(refuted, 1 - weights.lower_scores, 1.0)
    part = weights.move_boxes * targets.weights * matched
    return wanted, teacher[1] + part[..., None] * (targets.codes - teacher[1])
