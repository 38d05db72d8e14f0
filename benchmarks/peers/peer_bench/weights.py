"""Seeded random weights with the statistics of a trained network.

Gaussian weights are scaled layer by layer so that each output has a standard deviation of one (the
layer-sequential unit variance of Mishkin and Matas 2015, arXiv:1511.06422), and batch norms are not
the identity. So no value is denormal or infinite, 8-bit ranges are realistic, and a detector finds
about as many objects as a trained one does in a street scene.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

#: How many priors of the timed picture have a class with a softmax score above one half.
FOUND_PRIORS = 20
#: Standard deviation of the class logits: a trained detector is more certain than a deviation of 1.
LOGIT_DEVIATION = 3.0


def randomise(module: nn.Module, image: Tensor, seed: int = 0) -> None:
    """Sets every parameter of `module`; the values depend on `seed` and `image` only."""
    random = torch.Generator().manual_seed(seed)
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            deviation = 1 / math.sqrt(layer.weight[0].numel())
            layer.weight.data = torch.randn(layer.weight.shape, generator=random) * deviation
            if layer.bias is not None:
                layer.bias.data = torch.randn(layer.bias.shape, generator=random) * 0.1
        elif isinstance(layer, nn.BatchNorm2d):
            count = layer.num_features
            layer.weight.data = torch.rand(count, generator=random) + 0.5
            layer.bias.data = torch.randn(count, generator=random) * 0.1
            layer.running_mean.data = torch.randn(count, generator=random) * 0.1
            layer.running_var.data = torch.rand(count, generator=random) + 0.5
    _scale_layers(module, image)


def _scale_layers(module: nn.Module, image: Tensor) -> None:
    def scale(layer: nn.Module, _: tuple[Tensor, ...], output: Tensor) -> Tensor:
        bias = layer.bias
        if bias is None:
            bias = torch.zeros(1)
        elif output.dim() == 4:
            bias = bias.view(1, -1, 1, 1)
        product = output - bias
        deviation = float(product.std()) if product.numel() > 1 else 1.0
        if deviation < 1e-6:
            return output
        layer.weight.data /= deviation
        return product / deviation + bias

    layers = [layer for layer in module.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
    hooks = [layer.register_forward_hook(scale) for layer in layers]
    with torch.no_grad():
        module(image)
    for hook in hooks:
        hook.remove()


def make_detections_rare(detector: nn.Module, image: Tensor, classes: int) -> None:
    """Widens the class logits and raises the background's, so that few priors find an object."""
    predictors = [block[1] for block in detector.head.classification_head.module_list]
    with torch.no_grad():
        for predictor in predictors:
            predictor.weight *= LOGIT_DEVIATION
        logits = detector(image)[0][0]
        objects = torch.logsumexp(logits[:, 1:], 1)
        best = logits[:, 1:].max(1).values
        # The background logit at which the best class gets exactly half of the softmax.
        room = torch.exp(best) - (torch.exp(objects) - torch.exp(best))
        margin = torch.log(room.clamp(min=1e-9)) - logits[:, 0]
        lift = float(margin.sort(descending=True).values[FOUND_PRIORS])
        for predictor in predictors:
            predictor.bias[::classes] += lift
