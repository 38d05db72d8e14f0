"""Trains class rows alone, on a sample of their maps' cells.

The layers below the rows stay, so the rows' inputs are computed once for each view. Most cells show
background that no class takes for an object; a fraction of them, weighted to match, is enough. A
step then costs little, however many views it has cells of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from .features import cut_of
from .fit import Fit, Part, prepared, targets_of, trained_rows
from .model_file import Model
from .network import Layer
from .optimiser import AveragedWeights, RelativeAdam, cosine
from .soft import quality_focal

# A cell where a class has a higher score is always in the sample.
HIGH_SCORE = 0.05
# Target scores are stored as bytes, in steps of 1 / STEPS.
STEPS = 250
NOT_LEARNED = 255


@dataclass(frozen=True)
class Cells:
    """Cells of one map with `P` priors, and what they say about `K` classes."""

    inputs: Tensor
    """Inputs of the class rows `[cells, C]`, FP16."""
    wanted: Tensor
    """Target scores `[cells, P, K]` in steps of 1 / `STEPS`, or `NOT_LEARNED`; bytes."""
    weights: Tensor
    """The number of cells that each one stands for, `[cells]`."""

    def loss(self, rows: nn.Conv2d, chosen: Tensor) -> Tensor:
        """Quality focal loss of the chosen cells."""
        wanted = self.wanted[chosen]
        learned = wanted != NOT_LEARNED
        logits = F.linear(self.inputs[chosen].float(), rows.weight.flatten(1), rows.bias)
        return quality_focal(
            logits.reshape(wanted.shape),
            torch.where(learned, wanted, 0) / STEPS,
            learned * self.weights[chosen, None, None],
        )


def fit_cells(
    model: Model, parts: list[Part], plan: Fit, *, batch: int = 16, progress: bool = False
) -> Model:
    """The model with class rows trained on sampled cells; their biases stay.

    `plan.rows_rate` is the step relative to the rows' size, `plan.batch` the number of views whose
    cells are in a step on average. Rows of zeros have no size and stay, too. The result is the mean
    over the steps.
    """
    detector = model.detector.eval()
    layers = trained_rows(detector, plan)
    classes = torch.tensor([c for c in range(1, detector.classes) if c not in plan.kept])
    maps = sampled(model, parts, plan, layers, classes, batch=batch, progress=progress)
    views = sum(len(part.features.values) * len(part.samples) * part.repeat for part in parts)
    steps = int(sum(len(p.samples) * p.repeat for p in parts) * plan.epochs / plan.batch)
    for number, (layer, cells) in enumerate(zip(layers, maps, strict=True)):
        size = max(1, round(len(cells.inputs) * plan.batch / views))
        rows = layer.weight.data.unflatten(0, (-1, detector.classes))
        biases = layer.bias.data.unflatten(0, (-1, detector.classes))
        start = rows[:, classes].flatten(0, 1), biases[:, classes].flatten()
        trained = []
        for seed in range(plan.seed, plan.seed + plan.runs):
            name = f"rows {number + 1} of {len(layers)}, seed {seed}"
            bar = tqdm(range(steps), desc=name, unit="step", disable=not progress)
            trained.append(_train(cells, *start, replace(plan, seed=seed), size, bar))
        rows[:, classes] = torch.stack(trained).mean(0).unflatten(0, (-1, len(classes)))
    return model


def _train(
    cells: Cells, weight: Tensor, bias: Tensor, plan: Fit, size: int, steps: tqdm
) -> Tensor:
    """The rows' weights after `steps` of `size` cells each."""
    rows = nn.Conv2d(weight.shape[1], len(weight), 1)
    rows.load_state_dict({"weight": weight, "bias": bias})
    optimiser = RelativeAdam([rows.weight], lr=plan.rows_rate)
    averaged = AveragedWeights(rows, plan.averaging)
    random = torch.Generator().manual_seed(plan.seed)
    order = torch.zeros(0, dtype=torch.int64)
    for step in steps:
        while len(order) < size:
            order = torch.cat([order, torch.randperm(len(cells.inputs), generator=random)])
        chosen, order = order[:size], order[size:]
        rows.zero_grad()
        loss = cells.loss(rows, chosen)
        loss.backward()
        optimiser.param_groups[0]["lr"] = plan.rows_rate * cosine(step, len(steps), plan.warmup)
        optimiser.step()
        averaged.update(rows, step)
        steps.set_postfix_str(f"loss {float(loss.detach()):.3f}", refresh=False)
    return averaged.values["weight"]


@torch.no_grad()
def sampled(
    model: Model,
    parts: list[Part],
    plan: Fit,
    layers: list[Layer],
    classes: Tensor,
    *,
    batch: int = 16,
    progress: bool = False,
) -> list[Cells]:
    """The sample of each of the class rows `layers`."""
    detector = model.detector
    every = [detector.layer(name) for name in detector.graph.logits]
    inputs: dict[nn.Module, Tensor] = {}
    hooks = [
        layer.register_forward_pre_hook(lambda rows, x: inputs.update({rows: _cells_of(x[0])}))
        for layer in every
    ]
    random = torch.Generator().manual_seed(plan.seed)
    found: dict[nn.Module, list[Cells]] = {layer: [] for layer in layers}
    batches = list(_batches(parts, batch))
    for chosen in tqdm(batches, desc="cells", unit="batch", disable=not progress):
        x, examples = prepared(chosen, plan)
        with torch.autocast("cpu", torch.bfloat16, enabled=plan.bf16):
            logits, codes = detector.resume(x, cut_of(model))
        logits, codes = logits.float(), codes.float()
        targets = targets_of(plan, examples, detector.priors, codes, detector.classes - 1)
        wanted = (targets.quality(codes, detector.priors, plan.power) * STEPS).round().byte()
        wanted[~targets.counts] = NOT_LEARNED
        counts = [inputs[rows].shape[1] * len(rows.weight) // detector.classes for rows in every]
        for rows, labels, said in zip(every, wanted.split(counts, 1), logits.split(counts, 1)):
            if rows in found:
                cells = (*inputs[rows].shape[:2], -1, len(classes))
                labels = labels[..., classes - 1].reshape(cells)
                scores = torch.sigmoid(said[..., classes]).reshape(cells)
                found[rows].append(sample(inputs[rows], labels, scores, plan.cells, random))
    for hook in hooks:
        hook.remove()
    return [Cells(*map(torch.cat, zip(*map(_fields, found[rows])))) for rows in layers]


def _fields(cells: Cells) -> tuple[Tensor, Tensor, Tensor]:
    return cells.inputs, cells.wanted, cells.weights


def _cells_of(x: Tensor) -> Tensor:
    """A map `[N, C, H, W]` as cells `[N, H * W, C]`."""
    return x.permute(0, 2, 3, 1).flatten(1, 2)


def _batches(parts: list[Part], batch: int) -> Iterator[list[tuple[Part, int, int]]]:
    """All views: part, sample and view."""
    for part in parts:
        for view in range(len(part.features.values)):
            rows = [row for row in range(len(part.samples)) for _ in range(part.repeat)]
            for start in range(0, len(rows), batch):
                yield [(part, row, view) for row in rows[start : start + batch]]


def sample(
    inputs: Tensor, wanted: Tensor, scores: Tensor, fraction: float, random: torch.Generator
) -> Cells:
    """The cells with an object or a high score, and a fraction of the others."""
    objects = ((wanted > 0) & (wanted != NOT_LEARNED)).any(-1).any(-1)
    certain = objects | (scores.amax((-2, -1)) > HIGH_SCORE)
    chosen = certain | (torch.rand(certain.shape, generator=random) < fraction)
    weights = torch.where(certain, 1.0, 1 / fraction)
    return Cells(inputs[chosen].half(), wanted[chosen], weights[chosen])
