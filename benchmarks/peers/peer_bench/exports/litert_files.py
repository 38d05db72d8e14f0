"""LiteRT's flat buffer, channels last for its kernels, and its 8-bit version."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from torch import Tensor, nn

from .. import images, paths
from ..catalogue import Model
from .torch_weights import made, timed_input


class _ChannelsLast(nn.Module):
    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor, ...]:
        return self.module(image.permute(0, 3, 1, 2))


def export(model: Model) -> Path:
    path = paths.LITERT / f"{model.key}.tflite"
    if not path.exists():
        import litert_torch

        path.parent.mkdir(parents=True, exist_ok=True)
        image = timed_input(model).permute(0, 2, 3, 1).contiguous()
        litert_torch.convert(_ChannelsLast(made(model)).eval(), (image,)).export(str(path))
    return path


def quantise(model: Model) -> None:
    """Full integer quantisation, calibrated: signed maps, signed weights, one scale per channel."""
    path = paths.LITERT / f"{model.key}.int8.tflite"
    if path.exists():
        return
    from ai_edge_quantizer import quantizer, recipe

    worker = quantizer.Quantizer(str(export(model)))
    worker.load_quantization_recipe(recipe.static_wi8_ai8())
    pictures = [
        {"args_0": np.ascontiguousarray(image.transpose(0, 2, 3, 1))}
        for image in images.calibration_inputs(model)
    ]
    ranges = worker.calibrate({"serving_default": pictures})
    worker.quantize(ranges).export_model(str(path))
