"""Adam with steps relative to each channel's size, a cosine schedule, and averaged weights."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn


class RelativeAdam(torch.optim.Optimizer):
    """Adam with steps proportional to the initial size of each output channel's weights.

    With batch norm folded in, the weights of channels differ by orders of magnitude, and one
    learning rate for all destroys the small ones. Here the second moment and the step size are per
    output channel: an `lr` of 0.001 moves each channel by a thousandth of its root mean square.
    """

    def __init__(
        self,
        parameters: list[nn.Parameter],
        lr: float,
        betas: tuple[float, float] = (0.9, 0.99),
        eps: float = 1e-12,
    ) -> None:
        super().__init__(parameters, {"lr": lr, "betas": betas, "eps": eps})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:
        assert closure is None
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._move(parameter, parameter.grad, group)

    def _move(self, parameter: Tensor, gradient: Tensor, group: dict) -> None:
        state = self.state[parameter]
        if not state:
            state["step"] = 0
            state["size"] = channel_size(parameter)
            state["first"] = torch.zeros_like(parameter)
            state["second"] = torch.zeros_like(state["size"])
        state["step"] += 1
        first_decay, second_decay = group["betas"]
        state["first"].lerp_(gradient, 1 - first_decay)
        state["second"].lerp_(_channel_mean(gradient.square()), 1 - second_decay)
        first = 1 - first_decay ** state["step"]
        second = 1 - second_decay ** state["step"]
        rate = group["lr"] * state["size"] / first
        spread = (state["second"] / second).sqrt() + group["eps"]
        parameter.sub_(rate * state["first"] / spread)


def _channel_mean(x: Tensor) -> Tensor:
    return x if x.dim() == 1 else x.mean(dim=(1, 2, 3), keepdim=True)


def channel_size(parameter: Tensor) -> Tensor:
    """Root mean square of each output channel, or of the whole tensor for a bias."""
    if parameter.dim() == 1:
        return (
            parameter.detach()
            .square()
            .mean()
            .sqrt()
            .clamp(min=1e-3)
            .expand(parameter.shape)
            .clone()
        )
    return _channel_mean(parameter.detach().square()).sqrt()


def cosine(step: int, steps: int, warmup: int, last: float = 0.02) -> float:
    """Factor on the learning rate: rises over `warmup` steps, then falls along half a cosine."""
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / max(steps - warmup, 1)
    return last + (1 - last) * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))


class AveragedWeights:
    """An exponential mean of a module's parameters and buffers."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.values = {key: value.detach().clone() for key, value in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Adds a step's weights. Early steps weigh more, so that the start is forgotten."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for key, value in module.state_dict().items():
            mean = self.values[key]
            # Activation ranges are bounds: averaging them makes no sense.
            if value.is_floating_point() and not key.startswith("ranges."):
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)
