"""The PyTorch weights, from which all exports are made."""

from __future__ import annotations

import torch
from safetensors.numpy import save_file
from torch import nn

from .. import images, paths
from ..catalogue import Model
from ..networks.build import build
from ..weights import make_detections_rare, randomise


def made(model: Model) -> nn.Module:
    """The network with its weights, which are made once and stored."""
    module = build(model)
    path = paths.WEIGHTS / f"{model.key}.pth"
    if path.exists():
        module.load_state_dict(torch.load(path, weights_only=True))
        return module
    path.parent.mkdir(parents=True, exist_ok=True)
    image = torch.from_numpy(
        images.normalised(model, images.picture(model.side, images.TIMED_SEED))
    )
    randomise(module, image)
    if model.is_detector:
        make_detections_rare(module, image, model.classes)
    with torch.no_grad():
        outputs = module(image)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    tensors = {name: output.numpy() for name, output in zip(model.outputs, outputs, strict=True)}
    save_file({"input": image.numpy(), **tensors}, paths.case_input(model.key))
    torch.save(module.state_dict(), path)
    return module


def timed_input(model: Model) -> torch.Tensor:
    """The image that is used for timing."""
    return torch.from_numpy(images.normalised(model, images.picture(model.side, images.TIMED_SEED)))
