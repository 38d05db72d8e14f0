"""Simulated INT8, number for number what stream-detect's engine computes.

Weights: symmetric, one scale per output channel. Activations: asymmetric, one scale per tensor,
with ranges from the minimum to the maximum; clipping them at percentiles costs accuracy.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


def weight_scales(weight: Tensor) -> Tensor:
    """Scales `[out]` of a weight `[out, in, kernel, kernel]`: the largest value becomes 127."""
    scales = weight.detach().abs().amax(dim=(1, 2, 3)) / 127
    return torch.where(scales > 0, scales, torch.ones_like(scales))


class _RoundWeight(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, weight: Tensor) -> Tensor:
        scales = weight_scales(weight)[:, None, None, None]
        return (weight / scales).round_().clamp_(-127, 127).mul_(scales)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        # Nothing is clipped, so the straight-through gradient is the identity.
        return gradient


def fake_quantise_weight(weight: Tensor) -> Tensor:
    """The weight rounded to INT8, half to even; the gradient passes straight through."""
    return _RoundWeight.apply(weight)


def activation_scale(minimum: float, maximum: float) -> tuple[float, int]:
    """Scale and zero point of values from `minimum` to `maximum`."""
    low, high = min(0.0, minimum), max(0.0, maximum)
    scale = (high - low) / 255
    return (scale, round(-low / scale)) if scale > 0 else (1.0, 0)


class _RoundActivation(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, scale: float, zero: int) -> Tensor:
        ctx.save_for_backward(x)
        ctx.bounds = (-zero * scale, (255 - zero) * scale)
        # Clamping before adding the zero point gives the same result in one step less.
        return (x / scale).round_().clamp_(-zero, 255 - zero).mul_(scale)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        (x,) = ctx.saved_tensors
        low, high = ctx.bounds
        # Half a step beyond the last code is rounded to it, not clipped.
        slack = (high - low) / 510
        return gradient * ((x >= low - slack) & (x <= high + slack)), None, None


def fake_quantise_activation(x: Tensor, minimum: float, maximum: float) -> Tensor:
    """`x` rounded to 256 values between the bounds; no gradient where it is clipped."""
    scale, zero = activation_scale(minimum, maximum)
    return _RoundActivation.apply(x, scale, zero)


class ActivationRanges(nn.Module):
    """The ranges of a network's quantised nodes; see `Detector.quantise` for the modes."""

    bounds: Tensor

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.names = names
        self.index = {name: row for row, name in enumerate(names)}
        self.mode = "off"
        self.fixed: set[str] = set()
        """Nodes whose ranges are fixed."""
        # Rows of minimum and maximum; before a node has run its range is empty, at 0. On the
        # CPU, because every node reads its row.
        self.register_buffer("bounds", torch.zeros(len(names), 2))

    def forward(self, name: str, x: Tensor) -> Tensor:
        row = self.index.get(name)
        if self.mode == "off" or row is None:
            return x
        bounds = self.bounds[row]
        if self.mode in ("observe", "train") and name not in self.fixed:
            low, high = torch.aminmax(x.detach())
            bounds[0] = torch.minimum(bounds[0], low.to(bounds.device))
            bounds[1] = torch.maximum(bounds[1], high.to(bounds.device))
        if self.mode == "observe":
            return x
        low, high = bounds.tolist()
        return fake_quantise_activation(x, low, high)

    def reset(self) -> None:
        """Resets all ranges."""
        self.bounds.zero_()

    def dictionary(self) -> dict[str, list[float]]:
        """Minimum and maximum by node, in the form of a model file."""
        return {name: self.bounds[row].tolist() for name, row in self.index.items()}

    def load(self, ranges: dict[str, list[float]]) -> None:
        """Sets the ranges from a model file."""
        missing = [name for name in self.names if name not in ranges]
        if missing:
            raise ValueError(f"The model file has no activation range for {missing[0]}.")
        for name, row in self.index.items():
            self.bounds[row] = torch.tensor(ranges[name])
