"""The shortest time that a layer could take, given the limits of the machine.

The roofline of Williams et al. 2009, doi:10.1145/1498765.1498785: a layer can't be faster than its
operations at the peak rate, nor faster than its bytes at the rate of the memory they come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..statistics import median

#: Bytes per value in maps and weights.
NUMBER_BYTES = {"fp32": 4, "bf16": 2, "int8": 1}


@dataclass(frozen=True)
class Limits:
    """Measured rates of one core, in 1e9 per second.

    Maps are assumed to come from the L2 cache, where computing in bands of rows keeps them, and
    weights from the L3 cache, because those of a whole network don't fit into L2.
    """

    compute: float
    l2: float
    l3: float

    def memory_milliseconds(self, maps: float, weights: float) -> float:
        """The time to read these numbers of bytes."""
        return (maps / self.l2 + weights / self.l3) / 1e6


@dataclass(frozen=True)
class Layer:
    """A measured layer and its limit. Times are in milliseconds."""

    name: str
    kind: str
    milliseconds: float
    operations: float
    touched: float
    compute_bound: float
    memory_bound: float

    @property
    def bound(self) -> float:
        return max(self.compute_bound, self.memory_bound)

    @property
    def intensity(self) -> float:
        """Operations per byte."""
        return self.operations / self.touched

    @property
    def gflops(self) -> float:
        return self.operations / self.milliseconds / 1e6


def kind_of(name: str, operator: str) -> str:
    """A layer's group in the table."""
    if name.endswith((".fc1", ".fc2")):
        return "everything else"
    if operator.startswith("conv 1x1"):
        return "heads" if name.startswith("head.") else "pointwise"
    if operator.startswith("conv"):
        return "full convolutions"
    if operator.startswith("depthwise"):
        return "depthwise"
    return "everything else"


@dataclass(frozen=True)
class Network:
    """A network in a precision, with the limits of that precision."""

    title: str
    precision: str
    limits: Limits
    layers: Sequence[Layer]
    #: The time of a whole run.
    milliseconds: float


def network(
    title: str, precision: str, runs: Sequence[Mapping[str, Any]], limits: Limits
) -> Network:
    """Medians over several outputs of `bench --json` for the same network."""
    whole = median([run["median_ms"] for run in runs])
    return Network(title, precision, limits, layers(precision, runs, limits), whole)


def layers(precision: str, runs: Sequence[Mapping[str, Any]], limits: Limits) -> list[Layer]:
    """The layers in the output of `bench --json`; times are medians over the runs."""
    size = NUMBER_BYTES[precision]
    found = []
    for same in zip(*(run["layers"] for run in runs), strict=True):
        layer = same[0]
        operations = layer["mflop"] * 1e6
        maps, weights = size * layer["map_numbers"], size * layer["parameters"]
        found.append(
            Layer(
                layer["name"],
                kind_of(layer["name"], layer["operator"]),
                median([run["ms"] for run in same]),
                operations,
                maps + weights,
                operations / limits.compute / 1e6,
                limits.memory_milliseconds(maps, weights),
            )
        )
    return found


@dataclass(frozen=True)
class Group:
    """All layers of one kind together."""

    kind: str
    milliseconds: float
    bound: float

    @property
    def left(self) -> float:
        """The most time that could be gained."""
        return max(self.milliseconds - self.bound, 0)


def groups(found: Sequence[Layer]) -> list[Group]:
    """The groups, most time to gain first."""
    sums: dict[str, tuple[float, float]] = {}
    for layer in found:
        time, bound = sums.get(layer.kind, (0.0, 0.0))
        sums[layer.kind] = (time + layer.milliseconds, bound + layer.bound)
    made = [Group(kind, *pair) for kind, pair in sums.items()]
    return sorted(made, key=lambda group: -group.left)
