"""Trains heads, and the last blocks if wanted, on cached features and soft labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from .augment import Example
from .boxes import decode
from .data import Sample
from .features import Features, cut_of
from .inference import Detections, select
from .model_file import Model
from .network import Detector, Layer
from .optimiser import AveragedWeights, RelativeAdam, cosine
from .priors import halved
from .soft import SoftTargets, generalised_iou_loss, quality_focal, soft_targets

# A predicted box that fits an object worse than this isn't its own.
LEAST_FORCED = 0.3
NO_PIXELS = np.zeros((1, 1, 3), dtype=np.uint8)


@dataclass(frozen=True)
class Part:
    """Samples with their features; `repeat` times in an epoch."""

    features: Features
    samples: list[Sample]
    repeat: int = 1


@dataclass(frozen=True)
class Fit:
    """What is trained, and how."""

    layers: tuple[str, ...] = ()
    """Prefixes of the layers that are trained, by steps relative to their size; `PREFIX=RATE` has a
    step of its own. A layer follows the first prefix that suits it."""
    rate: float = 1e-3
    """Relative step of the others."""
    rows_rate: float = 0.0
    """Adam's rate for the class rows, the last layers of the classification heads; 0 if they are
    in `layers` or stay."""
    kept: tuple[int, ...] = ()
    """Classes (0 is the background) whose rows stay as they are."""
    epochs: float = 3.0
    batch: int = 16
    power: float = 1.0
    """Exponent of the IoU in the target scores, see `SoftTargets.quality`."""
    matching: str = "priors"
    """What is matched with labels: "priors"; "halved", which has the first prior at half its size;
    or the "boxes" that the network predicts at the priors."""
    maps: tuple[int, ...] = ()
    """The maps (0 is the finest) whose class rows `rows_rate` trains; all if empty."""
    cells: float = 0.0
    """If not 0, the class rows alone are trained (`fit_cells`), on the cells with an object or a high
    score and on this fraction of the others."""
    runs: int = 1
    """With `cells`, the result is the mean of so many runs, which take the cells in other orders."""
    least_score: float = 0.1
    """Labels with a lower score are neither learned nor background."""
    box_weight: float = 1.0
    old_weight: float = 0.0
    """Weight of staying near the original scores and codes, see `_staying`."""
    averaging: float = 0.998
    warmup: int = 50
    bf16: bool = False
    """Whether convolutions are computed in BF16, where the processor is faster at it."""
    seed: int = 1


def fit(
    model: Model,
    parts: list[Part],
    plan: Fit,
    *,
    original: Model | None = None,
    validate: Callable[[Model], str] | None = None,
    every: int = 0,
    progress: bool = False,
) -> Model:
    """The model with averaged weights after the last step."""
    torch.manual_seed(plan.seed)
    detector = model.detector.train()
    classes = detector.classes - 1
    rows = trained_rows(detector, plan)
    moved = _thaw(model, _rates(plan), rows)
    optimisers: list[tuple[torch.optim.Optimizer, float]] = [
        (RelativeAdam(group, lr=rate), rate) for rate, group in moved.items()
    ]
    if rows:
        values = [p for layer in rows for p in (layer.weight, layer.bias)]
        optimisers.append((torch.optim.Adam(values, lr=plan.rows_rate), plan.rows_rate))
    keys = [
        (number, row)
        for number, part in enumerate(parts)
        for row in range(len(part.samples))
        for _ in range(part.repeat)
    ]
    steps = int(len(keys) * plan.epochs / plan.batch)
    averaged = AveragedWeights(detector, plan.averaging)
    heads = [detector.layer(name) for name in detector.graph.codes]
    moves_boxes = any(p.requires_grad for layer in heads for p in layer.parameters())
    cut = cut_of(model)
    bar = tqdm(total=steps, desc="fit", unit="step", disable=not progress)
    for step, (x, examples) in _steps(parts, keys, steps, plan):
        for optimiser, rate in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate * cosine(step, steps, plan.warmup)
            optimiser.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=plan.bf16):
            logits, codes = detector.resume(x, cut)
        logits, codes = logits.float(), codes.float()
        targets = targets_of(plan, examples, detector.priors, codes, classes)
        wanted = targets.quality(codes, detector.priors, plan.power)
        loss = quality_focal(logits[..., 1:], wanted, targets.counts)
        if moves_boxes:
            loss = loss + plan.box_weight * generalised_iou_loss(codes, targets, detector.priors)
        if original is not None and plan.old_weight:
            loss = loss + plan.old_weight * _staying(original, x, cut, logits, codes)
        loss.backward()
        _keep_rows(rows or [detector.layer(n) for n in detector.graph.logits], classes, plan.kept)
        for group in moved.values():
            nn.utils.clip_grad_norm_(group, 10.0)
        for optimiser, _ in optimisers:
            optimiser.step()
        averaged.update(detector, step)
        bar.update()
        bar.set_postfix_str(f"loss {float(loss.detach()):.3f}", refresh=False)
        if validate and every and (step + 1) % every == 0 and step + 1 < steps:
            print(f"step {step + 1}: {validate(_with(model, averaged))}", flush=True)
            detector.train()
    bar.close()
    result = _with(model, averaged)
    if validate:
        print(f"step {steps}: {validate(result)}", flush=True)
    return result


def trained_rows(detector: Detector, plan: Fit) -> list[Layer]:
    """The class rows that `plan.rows_rate` trains."""
    if not plan.rows_rate:
        return []
    names = detector.graph.logits
    return [detector.layer(names[number]) for number in plan.maps or range(len(names))]


def _rates(plan: Fit) -> list[tuple[str, float]]:
    """Prefixes with their steps."""
    pairs = [entry.partition("=") for entry in plan.layers]
    return [(prefix, float(rate) if mark else plan.rate) for prefix, mark, rate in pairs]


def _thaw(
    model: Model, rates: list[tuple[str, float]], rows: list[nn.Module]
) -> dict[float, list[nn.Parameter]]:
    """Lets layers be trained; returns their parameters, without those of `rows`, by step."""
    moved: dict[float, list[nn.Parameter]] = {}
    for name, layer in model.detector.named_layers():
        rate = next((rate for prefix, rate in rates if name.startswith(prefix)), None)
        layer.requires_grad_(rate is not None or layer in rows)
        if rate is not None and layer not in rows:
            moved.setdefault(rate, []).extend(layer.parameters())
    return moved


def targets_of(
    plan: Fit, examples: list[Example], priors: Tensor, codes: Tensor, classes: int
) -> SoftTargets:
    """The matches of examples for which the network predicts `codes`."""
    if plan.matching == "priors":
        return soft_targets(examples, priors, classes)
    if plan.matching == "halved":
        return soft_targets(examples, halved(priors), classes)
    boxes = decode(codes.detach(), priors).clamp(0, 1)
    return soft_targets(examples, priors, classes, boxes=boxes, least_forced=LEAST_FORCED)


def _steps(
    parts: list[Part], keys: list[tuple[int, int]], steps: int, plan: Fit
) -> Iterator[tuple[int, tuple[Tensor, list[Example]]]]:
    """Batches; the next one is prepared while one is in use."""
    random = np.random.default_rng(plan.seed)
    order: list[int] = []

    def following() -> list[tuple[int, int, int]]:
        nonlocal order
        chosen = []
        while len(chosen) < plan.batch:
            if not order:
                order = random.permutation(len(keys)).tolist()
            number, row = keys[order.pop()]
            views = len(parts[number].features.values)
            chosen.append((number, row, int(random.integers(views))))
        return chosen

    def prepare(chosen: list[tuple[int, int, int]]) -> tuple[Tensor, list[Example]]:
        return prepared([(parts[n], row, view) for n, row, view in chosen], plan)

    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = pool.submit(prepare, following())
        for step in range(steps):
            ready = waiting.result()
            waiting = pool.submit(prepare, following())
            yield step, ready


def prepared(
    chosen: list[tuple[Part, int, int]], plan: Fit
) -> tuple[Tensor, list[Example]]:
    """The features of views (part, sample and view each) and what they show."""
    values = [part.features.values[view][row] for part, row, view in chosen]
    examples = [_example(part, row, view, plan.least_score) for part, row, view in chosen]
    return torch.from_numpy(np.stack(values)).float(), examples


def _example(part: Part, row: int, view: int, least_score: float) -> Example:
    example = part.features.windows[row][view].example(part.samples[row], NO_PIXELS)
    strong = example.scores >= least_score
    return Example(
        example.pixels,
        example.boxes[strong],
        example.classes[strong],
        example.scores[strong],
        example.ignore,
        example.labelled,
    )


def _keep_rows(layers: list, classes: int, kept: tuple[int, ...]) -> None:
    if not kept:
        return
    rows = list(kept)
    for layer in layers:
        for parameter in (layer.weight, layer.bias):
            if parameter.grad is not None:
                parameter.grad.unflatten(0, (-1, classes + 1))[:, rows] = 0


def _staying(original: Model, x: Tensor, cut: int, logits: Tensor, codes: Tensor) -> Tensor:
    """How far codes moved from the original's, where it sees something."""
    with torch.no_grad():
        said, where = original.detector.resume(x, cut)
        amount = torch.sigmoid(said[..., 1:]).amax(-1)
    distance = nn.functional.smooth_l1_loss(codes, where, reduction="none").sum(-1)
    return (distance * amount).sum() / amount.sum().clamp(min=1.0)


def _with(model: Model, averaged: AveragedWeights) -> Model:
    detector = Detector(model.description["network"])
    detector.load_state_dict(averaged.values)
    return Model(detector.eval(), model.description)


@torch.no_grad()
def detect_features(
    model: Model, features: Features, *, least_score: float = 0.01, batch: int = 16
) -> list[Detections]:
    """Detections in the first view of each sample."""
    detector = model.detector.eval()
    found = []
    values = features.values[0]
    for start in range(0, len(values), batch):
        x = torch.from_numpy(np.asarray(values[start : start + batch])).float()
        logits, codes = detector.resume(x, cut_of(model))
        scores = torch.sigmoid(logits[..., 1:])
        boxes = decode(codes, detector.priors).clamp(0, 1)
        limit = model.description["iou_threshold"]
        found += [select(s, b, least_score, limit, 100) for s, b in zip(scores, boxes, strict=True)]
    return found
