"""The detector as a list of operators, named as in stream-detect's model files.

Sandler et al. 2018 (arXiv:1801.04381), table 2 and section 6.2: the first map is the expansion of
the first block of stride 32, the second is the last convolution, and four extra blocks follow.
"""

from __future__ import annotations

from dataclasses import dataclass

# Expansion, output channels, repetitions, stride: table 2 of the paper.
BOTTLENECKS = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
# The block whose expansion is the first feature map.
CUT = 14


@dataclass(frozen=True)
class Node:
    """A convolution (with one input) or an addition (with two)."""

    name: str
    inputs: tuple[str, ...]
    channels: int
    in_channels: int = 0
    kernel: int = 1
    stride: int = 1
    depthwise: bool = False
    relu6: bool = False
    normalized: bool = True
    """Whether batch norm follows when the network is trained from scratch."""

    @property
    def is_addition(self) -> bool:
        return len(self.inputs) == 2


@dataclass(frozen=True)
class Graph:
    """Nodes in order of execution, and the nodes whose outputs are the heads' rows."""

    nodes: tuple[Node, ...]
    logits: tuple[str, ...]
    codes: tuple[str, ...]
    maps: tuple[str, ...]

    def readers(self, name: str) -> list[Node]:
        return [node for node in self.nodes if name in node.inputs]

    def quantised(self) -> list[str]:
        """Nodes whose output the INT8 engine stores in 8 bits.

        All nodes that another node reads, except a convolution that is read only by an addition:
        the engine does that addition in FP32, inside the convolution.
        """
        names = []
        for node in self.nodes:
            readers = self.readers(node.name)
            only_added = len(readers) == 1 and readers[0].is_addition and not node.is_addition
            if readers and not (only_added and readers[0].inputs[1] == node.name):
                names.append(node.name)
        return names


INPUT = "input"


class _Builder:
    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.channels = {INPUT: 3}
        self.x = INPUT

    def add(self, node: Node) -> str:
        self.nodes.append(node)
        self.channels[node.name] = node.channels
        self.x = node.name
        return node.name

    def convolution(self, name: str, channels: int, **options: int | bool) -> str:
        return self.add(Node(name, (self.x,), channels, self.channels[self.x], **options))

    def depthwise(self, name: str, stride: int = 1) -> str:
        channels = self.channels[self.x]
        return self.convolution(name, channels, kernel=3, stride=stride, depthwise=True, relu6=True)


def rounded_channels(channels: float, divisor: int = 8) -> int:
    """The multiple of `divisor` nearest to `channels`, never more than a tenth below."""
    rounded = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * channels else rounded


def build_graph(
    width: float, classes: int, extra_channels: list[int], priors_per_cell: list[int]
) -> Graph:
    """The operators of a detector; `classes` counts the background."""
    builder = _Builder()
    builder.convolution(
        "backbone.features.0.0.0", rounded_channels(32 * width), kernel=3, stride=2, relu6=True
    )
    first_map = _append_blocks(builder, width)
    builder.convolution(
        "backbone.features.1.4.0", rounded_channels(1280 * max(1.0, width)), relu6=True
    )
    maps = [first_map, builder.x]
    for index, channels in enumerate(extra_channels):
        path = f"backbone.extra.{index}"
        builder.convolution(f"{path}.0.0", channels // 2, relu6=True)
        builder.depthwise(f"{path}.1.0", stride=2)
        maps.append(builder.convolution(f"{path}.2.0", channels, relu6=True))
    logits = _append_heads(builder, "classification", maps, [n * classes for n in priors_per_cell])
    codes = _append_heads(builder, "regression", maps, [n * 4 for n in priors_per_cell])
    return Graph(tuple(builder.nodes), tuple(logits), tuple(codes), tuple(maps))


def _append_blocks(builder: _Builder, width: float) -> str:
    index, first_map = 1, ""
    for expansion, paper_channels, repetitions, first_stride in BOTTLENECKS:
        for repetition in range(repetitions):
            channels = rounded_channels(paper_channels * width)
            stride = first_stride if repetition == 0 else 1
            expanded = _append_block(builder, index, expansion, channels, stride)
            first_map = expanded if index == CUT else first_map
            index += 1
    return first_map


def _append_block(builder: _Builder, index: int, expansion: int, channels: int, stride: int) -> str:
    """Appends an inverted residual; returns the name of its expansion."""
    module = f"backbone.features.0.{index}" if index < CUT else f"backbone.features.1.{index - CUT}"
    path = module if index == CUT else f"{module}.conv"
    expanded_name = f"backbone.features.0.{CUT}.0" if index == CUT else f"{path}.0.0"
    shortcut = builder.x
    layer, expanded = 0, ""
    if expansion != 1:
        hidden = builder.channels[shortcut] * expansion
        expanded = builder.convolution(expanded_name, hidden, relu6=True)
        layer = 1
    builder.depthwise(f"{path}.{layer}.0", stride=stride)
    builder.convolution(f"{path}.{layer + 1}", channels)
    if stride == 1 and builder.channels[shortcut] == channels:
        builder.add(Node(f"{module}.add", (shortcut, builder.x), channels))
    return expanded


def _append_heads(builder: _Builder, kind: str, maps: list[str], channels: list[int]) -> list[str]:
    outputs = []
    for index, (feature_map, count) in enumerate(zip(maps, channels, strict=True)):
        path = f"head.{kind}_head.module_list.{index}"
        builder.x = feature_map
        builder.depthwise(f"{path}.0.0")
        outputs.append(builder.convolution(f"{path}.1", count, normalized=False))
    return outputs
