"""MobileNetV2 with SSDLite heads as a PyTorch module."""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .graph import INPUT, Graph, Node, build_graph
from .priors import caffe_priors, priors_per_cell
from .quantise import ActivationRanges, fake_quantise_weight


class Layer(nn.Module):
    """A convolution, batch norm if it is trained from scratch, and ReLU6.

    Maps `[N, in, H, W]` to `[N, out, H / stride, W / stride]` with TensorFlow's SAME padding: an
    odd row or column of zeros is added at the bottom or right.
    """

    def __init__(self, node: Node, *, batch_norm: bool) -> None:
        super().__init__()
        self.node = node
        self.groups = node.channels if node.depthwise else 1
        rows = node.in_channels // self.groups
        self.weight = nn.Parameter(torch.empty(node.channels, rows, node.kernel, node.kernel))
        nn.init.kaiming_normal_(self.weight, mode="fan_out")
        if node.depthwise:
            nn.init.normal_(self.weight, std=math.sqrt(2 / 9))
        self.bias: nn.Parameter | None = None
        self.norm: nn.BatchNorm2d | None = None
        if batch_norm and node.normalized:
            self.norm = nn.BatchNorm2d(node.channels, momentum=0.03, eps=1e-3)
        else:
            self.bias = nn.Parameter(torch.zeros(node.channels))

    def forward(self, x: Tensor, quantise: bool = False) -> Tensor:
        weight = fake_quantise_weight(self.weight) if quantise else self.weight
        if self.node.kernel == 1 and self.groups == 1:
            return self._finish(_pointwise(x, weight, self.bias))
        before = [_same_padding(size, self.node) for size in x.shape[2:]]
        if all(first == second for first, second in before):
            padding = (before[0][0], before[1][0])
        else:
            x = F.pad(x, (*before[1], *before[0]))
            padding = (0, 0)
        return self._finish(
            F.conv2d(x, weight, self.bias, self.node.stride, padding, groups=self.groups)
        )

    def _finish(self, x: Tensor) -> Tensor:
        if self.norm is not None:
            x = self.norm(x)
        return F.relu6(x, inplace=not self.training) if self.node.relu6 else x

    def folded(self) -> tuple[Tensor, Tensor]:
        """Weight and bias with the batch norm folded in."""
        if self.norm is None:
            assert self.bias is not None
            return self.weight.detach().clone(), self.bias.detach().clone()
        scale = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
        bias = self.norm.bias - self.norm.running_mean * scale
        return (self.weight * scale[:, None, None, None]).detach(), bias.detach()


def _pointwise(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """A 1x1 convolution as one matrix product, several times faster on CPUs."""
    if x.device.type != "cpu":
        return F.conv2d(x, weight, bias)
    return F.linear(x.permute(0, 2, 3, 1), weight.flatten(1), bias).permute(0, 3, 1, 2)


def _same_padding(size: int, node: Node) -> tuple[int, int]:
    outputs = -(-size // node.stride)
    total = max((outputs - 1) * node.stride + node.kernel - size, 0)
    return total // 2, total - total // 2


class Detector(nn.Module):
    """The detector that the `network` part of a model file's description declares.

    Maps images `[N, 3, H, W]`, normalised, to class logits `[N, priors, classes]` and regression
    codes `[N, priors, 4]`, rows in the order map, y, x, prior.
    """

    priors: Tensor

    def __init__(self, network: dict[str, Any], *, batch_norm: bool = False) -> None:
        super().__init__()
        _check(network)
        self.description = network
        self.classes: int = network["classes"]
        self.graph: Graph = build_graph(
            network["width_multiplier"],
            self.classes,
            network["extra_channels"],
            priors_per_cell(network["priors"]),
        )
        self.layers = nn.ModuleDict(
            {
                _key(node.name): Layer(node, batch_norm=batch_norm)
                for node in self.graph.nodes
                if not node.is_addition
            }
        )
        self.ranges = ActivationRanges(self.graph.quantised())
        self.quantises = False
        self.register_buffer("priors", caffe_priors(network["priors"], self.input_size))
        self._last_use = _last_uses(self.graph)

    @property
    def input_size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.description["input_height"], self.description["input_width"]

    def layer(self, name: str) -> Layer:
        layer = self.layers[_key(name)]
        assert isinstance(layer, Layer)
        return layer

    def named_layers(self) -> list[tuple[str, Layer]]:
        """The layers by their names in a model file, in order of execution."""
        names = [node.name for node in self.graph.nodes if not node.is_addition]
        return [(name, self.layer(name)) for name in names]

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        return self.resume(images, -1)

    @torch.no_grad()
    def run_until(self, images: Tensor, last: int) -> Tensor:
        """The output of the node `last`, after which no earlier value is needed."""
        return self._run({INPUT: _channels_last(images)}, 0, last + 1)[self.graph.nodes[last].name]

    def resume(self, value: Tensor, after: int) -> tuple[Tensor, Tensor]:
        """Logits and codes from the output of the node `after`; -1 for the images."""
        name = self.graph.nodes[after].name if after >= 0 else INPUT
        values = self._run({name: _channels_last(value)}, after + 1, len(self.graph.nodes))
        return (
            self._rows([values[name] for name in self.graph.logits], self.classes),
            self._rows([values[name] for name in self.graph.codes], 4),
        )

    def frozen_cut(self) -> int:
        """The last node up to which nothing is trained and after which only its value is needed.

        -1 if there is none.
        """
        cut = -1
        for step, node in enumerate(self.graph.nodes):
            if not node.is_addition and self.layer(node.name).weight.requires_grad:
                break
            before = {INPUT} | {n.name for n in self.graph.nodes[:step]}
            passed = {x for n in self.graph.nodes[step + 1 :] for x in n.inputs} & before
            cut = step if not passed else cut
        return cut

    def _run(self, values: dict[str, Tensor], first: int, end: int) -> dict[str, Tensor]:
        for step in range(first, end):
            node = self.graph.nodes[step]
            inputs = [values[name] for name in node.inputs]
            if node.is_addition:
                value = inputs[0] + inputs[1]
            else:
                value = self.layer(node.name)(inputs[0], self.quantises)
            values[node.name] = self.ranges(node.name, value)
            for name in self._last_use.get(step, ()):
                del values[name]
        return values

    @staticmethod
    def _rows(maps: list[Tensor], columns: int) -> Tensor:
        """Concatenates maps `[N, priors * columns, H, W]` to `[N, H * W * priors, columns]`."""
        rows = [x.permute(0, 2, 3, 1).reshape(x.shape[0], -1, columns) for x in maps]
        return torch.cat(rows, dim=1)

    def quantise(self, mode: str) -> None:
        """Sets the quantisation mode.

        "off": FP32. "observe": FP32, and values widen the ranges. "train": INT8, and values widen
        the ranges. "frozen": INT8 with fixed ranges.
        """
        self.quantises = mode in ("train", "frozen")
        self.ranges.mode = mode


def folded_copy(network: Detector) -> Detector:
    """The same detector with batch norm folded in, as in a model file."""
    copy = Detector(network.description)
    with torch.no_grad():
        for name, layer in network.named_layers():
            weight, bias = layer.folded()
            target = copy.layer(name)
            assert target.bias is not None
            target.weight.copy_(weight)
            target.bias.copy_(bias)
    return copy.to(next(network.parameters()).device)


def prepare_for_training(network: Detector, prior_score: float = 0.01) -> None:
    """Sets the initial score of every class to `prior_score`, so that background doesn't dominate
    the first steps.

    Lin et al. 2017 (arXiv:1708.02002), section 3.3.
    """
    for name, layer in network.named_layers():
        if layer.node.normalized:
            continue
        nn.init.normal_(layer.weight, std=0.01)
        assert layer.bias is not None
        is_logits = name in network.graph.logits
        nn.init.constant_(layer.bias, -math.log(1 / prior_score - 1) if is_logits else 0.0)


def _channels_last(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)


def _key(name: str) -> str:
    # PyTorch doesn't allow a dot in a module's name.
    return name.replace(".", "/")


def _last_uses(graph: Graph) -> dict[int, list[str]]:
    last: dict[str, int] = {}
    for step, node in enumerate(graph.nodes):
        for name in node.inputs:
            last[name] = step
    uses: dict[int, list[str]] = {}
    for name, step in last.items():
        uses.setdefault(step, []).append(name)
    return uses


def _check(network: dict[str, Any]) -> None:
    wanted = {"backbone": "mobilenet_v2", "padding": "same", "scoring": "sigmoid"}
    for key, value in wanted.items():
        if network.get(key) != value:
            raise ValueError(
                f"The recipe only trains networks whose {key} is {value}; this one's is "
                f"{network.get(key)}."
            )
    if network["priors"].get("rule") != "caffe":
        raise ValueError("The recipe only trains networks whose priors follow the rule caffe.")
    if network["box_coder"].get("order", "xywh") != "xywh":
        raise ValueError("The recipe only trains networks whose box codes are in the order xywh.")
    if len(network["priors"]["maps"]) != len(network["extra_channels"]) + 2:
        raise ValueError("There must be priors for two more maps than there are extra blocks.")
