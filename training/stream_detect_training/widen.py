"""A detector for more classes: the rows of the known ones are copied, the others start empty.

Also the mean of several detectors that were trained from the same one.
"""

from __future__ import annotations

import copy
import math

import torch

from .model_file import Model
from .names import canonical
from .network import Detector


def widened(model: Model, labels: list[str], *, prior_score: float = 0.01) -> Model:
    """The model with the classes `labels` (without the background), under these names.

    A new class has no weights and, everywhere, the score `prior_score`.
    """
    old = {canonical(name): row for row, name in enumerate(model.labels)}
    rows = [0] + [old.get(canonical(name), -1) for name in labels]
    lost = set(range(len(model.labels))) - set(rows)
    if lost:
        raise ValueError(f"The new classes lack {model.labels[min(lost)]}.")
    description = copy.deepcopy(model.description)
    description["network"]["classes"] = len(rows)
    description["labels"] = [model.labels[0], *labels]
    detector = Detector(description["network"])
    logits = set(detector.graph.logits)
    known = torch.tensor([row >= 0 for row in rows])
    source = torch.tensor(rows).clamp(min=0)
    with torch.no_grad():
        for name, layer in model.detector.named_layers():
            target = detector.layer(name)
            weight, bias = layer.folded()
            if name in logits:
                weight = weight.unflatten(0, (-1, len(model.labels)))[:, source]
                bias = bias.unflatten(0, (-1, len(model.labels)))[:, source]
                weight[:, ~known] = 0
                bias[:, ~known] = -math.log(1 / prior_score - 1)
                weight, bias = weight.flatten(0, 1), bias.flatten()
            assert target.bias is not None
            target.weight.copy_(weight)
            target.bias.copy_(bias)
    ranges = detector.ranges
    ranges.bounds.copy_(model.detector.ranges.bounds)
    return Model(detector.eval(), description)


def known_classes(model: Model, labels: list[str]) -> torch.Tensor:
    """Which of `labels` the model finds, bool `[labels]`."""
    old = {canonical(name) for name in model.labels}
    return torch.tensor([canonical(name) in old for name in labels])


def averaged(models: list[Model]) -> Model:
    """The first model with the mean of all models' weights.

    Wortsman et al. 2022 (arXiv:2203.05482): runs from one start that differ in their settings or in
    the order of images are, on average, better than the best of them.
    """
    first = models[0]
    if any(m.description["network"] != first.description["network"] for m in models):
        raise ValueError("Only models of the same network can be averaged.")
    with torch.no_grad():
        for name, layer in first.detector.named_layers():
            others = [model.detector.layer(name) for model in models]
            layer.weight.copy_(torch.stack([other.weight for other in others]).mean(0))
            assert layer.bias is not None
            layer.bias.copy_(torch.stack([other.bias for other in others]).mean(0))
    return first
