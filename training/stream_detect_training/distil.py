"""Learning from a teacher: from its raw outputs on the same view, and its boxes from many views.

The targets of all priors and classes are the teacher's own outputs. The boxes merged from many
views only move the score and the box of the priors that match them. This is what keeps training on
a few hundred images from degrading the network.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .matching import Targets


@dataclass(frozen=True)
class Distillation:
    """How the teacher's outputs and boxes are weighted."""

    move_scores: float = 0.5
    """How far a matched prior's score moves from the teacher's to the merged box's, 0...1."""
    lower_scores: float = 0.0
    """How far scores are lowered where no merged box is near; 0 keeps the teacher's."""
    move_boxes: float = 0.5
    """How far a matched prior's box moves from the teacher's to the merged one, 0...1."""
    logit_weight: float = 0.02
    """Weight of the squared difference of the logits, which also constrains scores near 0."""
    box_weight: float = 1.0


def distillation_loss(
    student: tuple[Tensor, Tensor],
    teacher: tuple[Tensor, Tensor],
    targets: Targets,
    weights: Distillation,
) -> tuple[Tensor, Tensor]:
    """The classification loss and the box loss.

    Takes logits `[N, P, classes]`, including the background, and codes `[N, P, 4]` of both
    networks.
    """
    wanted, codes = blended(teacher, targets, weights)
    logits, found = student[0][..., 1:], student[1]
    amount = wanted.amax(-1)
    total = amount.sum().clamp(min=1.0)
    entropy = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    # Minus the targets' entropy, so that the loss is 0 when the student agrees.
    least = F.binary_cross_entropy(wanted, wanted, reduction="none")
    distance = (logits - teacher[0][..., 1:]).square()
    # Priors without any object outnumber the others by hundreds.
    relevance = 0.01 + amount
    anchor = (distance * relevance[..., None]).sum() / total
    classes = (entropy - least).sum() / total + weights.logit_weight * anchor
    boxes = (F.smooth_l1_loss(found, codes, reduction="none").sum(-1) * amount).sum() / total
    return classes, weights.box_weight * boxes


@torch.no_grad()
def blended(
    teacher: tuple[Tensor, Tensor], targets: Targets, weights: Distillation
) -> tuple[Tensor, Tensor]:
    """The student's targets: scores `[N, P, C]` and codes `[N, P, 4]`."""
    scores = torch.sigmoid(teacher[0][..., 1:])
    matched = targets.weights > 0
    # Also down: if the labels contradict a box, its merged score is below the teacher's.
    move = (targets.scores - scores) * (targets.scores > 0) * weights.move_scores
    # A learned class without a matched box is background according to the merged boxes.
    refuted = targets.counts & (targets.scores == 0) & ~matched[..., None]
    wanted = (scores + move) * torch.where(refuted, 1 - weights.lower_scores, 1.0)
    part = weights.move_boxes * targets.weights * matched
    return wanted, teacher[1] + part[..., None] * (targets.codes - teacher[1])
