"""Reads and writes stream-detect's model files (docs/model-format.md)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from .network import Detector, folded_copy
from .priors import mobilenet_priors

METADATA_KEY = "stream_detect"


@dataclass
class Model:
    """A detector and its description, the content of a model file."""

    detector: Detector
    description: dict[str, Any]

    @property
    def labels(self) -> list[str]:
        """Names of the classes; the first is the background."""
        return self.description["labels"]

    def to(self, device: str | torch.device) -> Model:
        """Moves the network to a device. The ranges stay on the CPU, where each node reads them."""
        bounds = self.detector.ranges.bounds
        self.detector.to(device)
        self.detector.ranges.bounds = bounds
        return self


def new_description(
    name: str, labels: list[str], *, width: float = 1.0, side: int = 300
) -> dict[str, Any]:
    """The description of an untrained network; `labels` excludes the background."""
    network = {
        "backbone": "mobilenet_v2",
        "width_multiplier": width,
        "reduced_tail": False,
        "classes": len(labels) + 1,
        "input_height": side,
        "input_width": side,
        "padding": "same",
        "extra_channels": [max(16, int(n * width)) for n in (512, 256, 256, 128)],
        "scoring": "sigmoid",
        "box_coder": {"center_variance": 0.1, "size_variance": 0.2, "order": "xywh"},
        "priors": mobilenet_priors(side),
    }
    return {
        "format": 1,
        "name": name,
        "kind": "detector",
        "network": network,
        "labels": ["background", *labels],
        "normalization": {"order": "rgb", "mean": [127.5] * 3, "scale": [1 / 127.5] * 3},
        "score_threshold": 0.5,
        "iou_threshold": 0.45,
        "maximum_detections": 300,
        "provenance": "trained from scratch",
        "license": "unknown",
    }


def read_model(path: str | Path) -> Model:
    """Reads a detector, and its activation ranges if the file has any."""
    with safe_open(str(path), "pt") as file:
        metadata = file.metadata() or {}
        if METADATA_KEY not in metadata:
            raise ValueError(
                f"{path} is not a stream-detect model file; make one with "
                "'stream-detect models import'."
            )
        description = json.loads(metadata[METADATA_KEY])
        if description.get("kind") != "detector":
            raise ValueError(f"{path} is a {description.get('kind')}; the recipe needs a detector.")
        tensors = {key: file.get_tensor(key).float() for key in sorted(file.keys())}
    detector = Detector(description["network"])
    load_weights(detector, tensors, str(path))
    ranges = description.get("quantization", {}).get("activations")
    if ranges:
        detector.ranges.load(ranges)
    return Model(detector.eval(), description)


def load_weights(detector: Detector, tensors: dict[str, Tensor], path: str) -> None:
    """Copies tensors named as in a model file into a network without batch norm."""
    left = set(tensors)
    with torch.no_grad():
        for name, layer in detector.named_layers():
            assert layer.bias is not None
            for suffix, parameter in (("weight", layer.weight), ("bias", layer.bias)):
                tensor = tensors.get(f"{name}.{suffix}")
                if tensor is None or tensor.shape != parameter.shape:
                    found = "is missing" if tensor is None else f"has shape {list(tensor.shape)}"
                    raise ValueError(f"{path}: {name}.{suffix} {found}.")
                parameter.copy_(tensor)
                left.discard(f"{name}.{suffix}")
    if left:
        raise ValueError(f"{path}: unexpected tensor {min(left)}.")


def stored_weights(detector: Detector, half: bool) -> dict[str, Tensor]:
    """The tensors of a model file: FP32, or FP16 with FP32 biases."""
    tensors = {}
    for name, layer in folded_copy(detector).named_layers():
        weight, bias = layer.folded()
        tensors[f"{name}.weight"] = (weight.half() if half else weight).cpu().contiguous()
        tensors[f"{name}.bias"] = bias.cpu().contiguous()
    for name, tensor in tensors.items():
        if not bool(torch.isfinite(tensor).all()):
            raise ValueError(f"{name} has a value that is not finite; lower the learning rate.")
    return tensors


def write_model(path: str | Path, model: Model, *, half: bool = True, ranges: bool = True) -> None:
    """Writes a model file. It is renamed last, so that no partial file appears under its name."""
    description = dict(model.description)
    description.pop("quantization", None)
    if ranges:
        description["quantization"] = {"activations": model.detector.ranges.dictionary()}
    text = json.dumps(description, sort_keys=True)
    partial = Path(f"{path}.partial")
    partial.parent.mkdir(parents=True, exist_ok=True)
    save_file(stored_weights(model.detector, half), str(partial), metadata={METADATA_KEY: text})
    # The library creates files that only their owner can read.
    os.chmod(partial, 0o644)
    os.replace(partial, path)
