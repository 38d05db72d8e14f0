"""Shared by several tests."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from smoke.shapes import NAMES, write
from stream_detect_training.augment import Example
from stream_detect_training.model_file import Model, new_description
from stream_detect_training.network import Detector, prepare_for_training

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"


def small_model(seed: int = 0) -> Model:
    """A narrow network for the drawn shapes, with batch norm folded in and varied outputs."""
    torch.manual_seed(seed)
    description = new_description("small", list(NAMES), width=0.35, side=96)
    detector = Detector(description["network"])
    prepare_for_training(detector)
    with torch.no_grad():
        for _, layer in detector.named_layers():
            layer.bias.add_(torch.randn_like(layer.bias) * 0.1)
    return Model(detector.eval(), description)


def shapes(folder: Path, count: int = 6) -> Path:
    """The data file of a few drawn images."""
    write(folder, count, seed=3, side=96)
    return folder / "data.json"


def write_set(folder: Path, document: dict, entry: dict, labels: list[str]) -> Path:
    """A data file of one set with `document` as its labels."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "boxes.json").write_text(json.dumps(document))
    entry = {"images": ".", "annotations": "boxes.json"} | entry
    (folder / "data.json").write_text(json.dumps({"labels": labels, "sets": [entry]}))
    return folder / "data.json"


def example(
    boxes: list[list[float]],
    classes: list[int],
    *,
    ignore: list[list[float]] | None = None,
    labelled: list[bool] | None = None,
    scores: list[float] | None = None,
) -> Example:
    """An example of three classes without pixels."""
    return Example(
        pixels=np.zeros((1, 1, 3), dtype=np.uint8),
        boxes=np.array(boxes, dtype=np.float32).reshape(-1, 4),
        classes=np.array(classes, dtype=np.int64),
        scores=np.array(scores or [1.0] * len(classes), dtype=np.float32),
        ignore=np.array(ignore or [], dtype=np.float32).reshape(-1, 4),
        labelled=np.array(labelled or [False, True, True, True]),
    )
