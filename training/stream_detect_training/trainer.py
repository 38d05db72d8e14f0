"""Trains a detector from a configuration, in a folder from which it can be resumed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from . import checkpoint
from .augment import KINDS
from .batches import Batch, Batches
from .configuration import Configuration
from .data import load
from .distil import distillation_loss
from .evaluate import Evaluation
from .loss import CLASSIFICATION, box_loss
from .matching import targets
from .memory import Memory
from .model_file import Model, new_description, read_model, write_model
from .network import Detector, prepare_for_training
from .optimiser import AveragedWeights, RelativeAdam, cosine
from .plots import plot_run


class Trainer:
    """One run. Its folder holds configuration, checkpoint, log, plots, `best` and `last` models."""

    def __init__(self, configuration: Configuration, folder: Path, device: str = "cpu") -> None:
        torch.manual_seed(configuration.seed)
        torch.use_deterministic_algorithms(True, warn_only=device != "cpu")
        folder.mkdir(parents=True, exist_ok=True)
        self.configuration = configuration
        self.folder = folder
        self.data = load(configuration.data)
        self.model = _initial_model(configuration, self.data.labels).to(device)
        self.teacher = (
            read_model(configuration.teacher).to(device) if configuration.teacher else None
        )
        _check_labels(self.data.labels, self.model, self.teacher)
        detector = self.model.detector
        detector.quantise("train" if configuration.quantise else "off")
        self.trained = _thaw(detector, configuration.freeze)
        self.optimiser = _optimiser(self.trained, configuration)
        self.averaged = AveragedWeights(detector, configuration.averaging)
        self.evaluation = (
            Evaluation(load(configuration.validation)) if configuration.validation else None
        )
        self.batches = Batches(
            self.data,
            detector.input_size,
            configuration.batch,
            KINDS[configuration.augmentation],
            configuration.seed,
            views=configuration.views,
        )
        self.memory = _memory(configuration, detector, self.teacher)
        self.priors = detector.priors.cpu()
        self.step = 0
        self.best = -1.0

    def resume(self) -> bool:
        """Resumes from the folder's checkpoint, if there is one."""
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return False
        state = checkpoint.load(path)
        self.model.detector.load_state_dict(state["detector"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.averaged.values = {
            key: value.to(self.averaged.values[key].device)
            for key, value in state["averaged"].items()
        }
        self.step, self.best = state["step"], state["best"]
        self._keep_log_until(self.step)
        return True

    def run(self, *, stop_at: int | None = None, progress: bool = True) -> None:
        """Trains up to the last step, or to `stop_at`; validates and saves on the way."""
        configuration = self.configuration
        configuration.write(self.folder / "configuration.json")
        last = min(stop_at or configuration.steps, configuration.steps)
        if self.step == 0 and self.evaluation and configuration.initial:
            self._validate()
        bar = tqdm(
            initial=self.step, total=last, desc=self.folder.name, unit="step", disable=not progress
        )
        sums: dict[str, float] = {}
        since = 0
        for step, batch in self.batches.steps(self.step, last):
            losses = self._train(step, batch)
            self.step = step + 1
            for key, value in losses.items():
                sums[key] = sums.get(key, 0.0) + value
            since += 1
            bar.update()
            bar.set_postfix_str(f"loss {losses['loss']:.3f}, best AP {max(self.best, 0):.4f}")
            if self.step % configuration.log_every == 0 or self.step == last:
                self._log({key: value / since for key, value in sums.items()})
                sums, since = {}, 0
            if self.step % configuration.validate_every == 0 or self.step == last:
                self._validate()
                self.save()
        bar.close()
        plot_run(self.folder)

    def save(self) -> None:
        """Writes the checkpoint and the averaged weights as a model file."""
        checkpoint.save(
            self.folder / "checkpoint.pt",
            {
                "detector": self.model.detector.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "averaged": self.averaged.values,
                "step": self.step,
                "best": self.best,
            },
        )
        write_model(
            self.folder / "last.safetensors",
            self.averaged_model(),
            ranges=self.configuration.quantise,
        )

    def averaged_model(self) -> Model:
        """The model with the averaged weights."""
        detector = Detector(
            self.model.description["network"], batch_norm=self.configuration.initial is None
        )
        detector.load_state_dict(self.averaged.values)
        return Model(detector.eval(), self.model.description).to(self.priors_device)

    @property
    def priors_device(self) -> torch.device:
        return self.model.detector.priors.device

    def _train(self, step: int, batch: Batch) -> dict[str, float]:
        configuration = self.configuration
        factor = cosine(step, configuration.steps, configuration.warmup)
        for group in self.optimiser.param_groups:
            group["lr"] = configuration.rate * factor
        self.model.detector.train()
        losses = self._losses(batch)
        total = torch.stack(list(losses.values())).sum()
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        norm = nn.utils.clip_grad_norm_(self.trained, 10.0)
        if not bool(torch.isfinite(norm)):
            raise ValueError(f"The loss is not finite at step {step}; lower --rate.")
        self.optimiser.step()
        self.averaged.update(self.model.detector, step)
        numbers = {key: float(value.detach()) for key, value in losses.items()}
        return numbers | {"loss": float(total.detach())}

    def _losses(self, batch: Batch) -> dict[str, Tensor]:
        configuration = self.configuration
        device = self.priors_device
        wanted = targets(batch.examples, self.priors, len(self.data.labels)).to(device)
        found = self.memory.student(self.model, batch)
        losses = {}
        if configuration.label_weight:
            classify = CLASSIFICATION[configuration.classification]
            losses["classes"] = configuration.label_weight * classify(found[0][..., 1:], wanted)
            losses["boxes"] = configuration.label_weight * box_loss(found[1], wanted)
        if self.teacher and configuration.teacher_weight:
            said = self.memory.teacher(self.teacher, batch)
            classes, boxes = distillation_loss(found, said, wanted, configuration.distillation)
            losses["teacher_classes"] = configuration.teacher_weight * classes
            losses["teacher_boxes"] = configuration.teacher_weight * boxes
        return losses

    def _validate(self) -> None:
        """Measures the averaged weights in the precisions that they are trained for."""
        if self.evaluation is None:
            return
        model = self.averaged_model()
        quantised = self.configuration.quantise and self.step > 0
        result = self.evaluation(model)
        record: dict[str, Any] = {"figures": result.figures, "classes": result.classes}
        chosen = result.figures["AP"]
        if quantised:
            model.detector.quantise("frozen")
            record["int8"] = self.evaluation(model).figures
            model.detector.quantise("off")
            # One file is used for both precisions.
            chosen = (chosen + record["int8"]["AP"]) / 2
        self._log(record)
        if chosen > self.best and self.step > 0:
            self.best = chosen
            write_model(self.folder / "best.safetensors", model, ranges=quantised)
        plot_run(self.folder)

    def _log(self, record: dict[str, Any]) -> None:
        with (self.folder / "log.jsonl").open("a") as file:
            file.write(json.dumps({"step": self.step} | record) + "\n")

    def _keep_log_until(self, step: int) -> None:
        """Drops log entries after the checkpoint; those steps will be logged again."""
        path = self.folder / "log.jsonl"
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        path.write_text("".join(line for line in lines if json.loads(line)["step"] <= step))


def _initial_model(configuration: Configuration, labels: list[str]) -> Model:
    if configuration.initial:
        model = read_model(configuration.initial)
    else:
        description = new_description(
            configuration.name, labels, width=configuration.width, side=configuration.side
        )
        model = Model(Detector(description["network"], batch_norm=True), description)
        prepare_for_training(model.detector)
    model.description["name"] = configuration.name
    model.description["license"] = configuration.license
    if configuration.provenance:
        model.description["provenance"] = configuration.provenance
    return model


def _memory(configuration: Configuration, detector: Detector, teacher: Model | None) -> Memory:
    """Creates the caches; if they keep views, the ranges of the frozen layers are fixed."""
    cut = detector.frozen_cut() if configuration.views else -1
    if cut >= 0:
        detector.ranges.fixed = {node.name for node in detector.graph.nodes[: cut + 1]}
        if configuration.quantise and not bool(detector.ranges.bounds.any()):
            raise ValueError(
                f"{configuration.initial} has no activation ranges, which frozen layers need; run "
                "calibrate first."
            )
    return Memory(cut, keeps=configuration.views > 0)


def _check_labels(labels: list[str], *models: Model | None) -> None:
    for model in models:
        if model is not None and model.labels[1:] != labels:
            raise ValueError("The data file's labels are not the model file's.")


def _thaw(detector: Detector, frozen: tuple[str, ...]) -> list[nn.Parameter]:
    """The parameters that are trained."""
    trained = []
    for name, layer in detector.named_layers():
        learns = not any(name.startswith(prefix) for prefix in frozen)
        layer.requires_grad_(learns)
        trained += list(layer.parameters()) if learns else []
    if not trained:
        raise ValueError("Every layer is frozen.")
    return trained


def _optimiser(
    parameters: list[nn.Parameter], configuration: Configuration
) -> torch.optim.Optimizer:
    if configuration.optimiser == "relative":
        return RelativeAdam(parameters, lr=configuration.rate)
    decayed = [p for p in parameters if p.dim() > 1]
    others = [p for p in parameters if p.dim() <= 1]
    groups = [
        {"params": decayed, "weight_decay": configuration.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW([g for g in groups if g["params"]], lr=configuration.rate)
