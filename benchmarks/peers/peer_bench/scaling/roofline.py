"""How long a layer would take if one limit of the machine were all that held it back.

The roofline of Williams et al. 2009, doi:10.1145/1498765.1498785: a layer cannot be quicker than
its operations at the peak rate, nor than its bytes at the rate of the memory they come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Bytes of a number in maps and weights.
NUMBER_BYTES = {"fp32": 4, "bf16": 2, "int8": 1}
#: Caches by the most bytes that a layer may touch to be served from them.
LEVELS = (("l2", 1 << 20), ("l3", 16 << 20))


@dataclass(frozen=True)
class Limits:
    """Measured rates of one core, in 1e9 a second."""

    compute: float
    l2: float
    l3: float
    dram: float

    def bandwidth(self, touched: float) -> float:
        """Bytes a second, in 1e9, for a layer that touches so many bytes."""
        for name, most in LEVELS:
            if touched <= most:
                return getattr(self, name)
        return self.dram


@dataclass(frozen=True)
class Layer:
    """A layer as it was measured, beside its limit. Times are milliseconds."""

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
        """Operations for each byte."""
        return self.operations / self.touched

    @property
    def gflops(self) -> float:
        return self.operations / self.milliseconds / 1e6


def kind_of(name: str, operator: str) -> str:
    """A layer's group in the table."""
    if operator.startswith("conv 1x1"):
        return "heads" if name.startswith("head.") else "pointwise"
    if operator.startswith("conv"):
        return "full convolutions"
    if operator.startswith("depthwise"):
        return "depthwise"
    return "everything else"


def layers(report: Mapping[str, Any], limits: Limits) -> list[Layer]:
    """The layers of what `bench --json` printed."""
    size = NUMBER_BYTES[report["precision"]]
    found = []
    for layer in report["layers"]:
        operations = layer["mflop"] * 1e6
        touched = size * (layer["map_numbers"] + layer["parameters"])
        found.append(
            Layer(
                layer["name"],
                kind_of(layer["name"], layer["operator"]),
                layer["ms"],
                operations,
                touched,
                operations / limits.compute / 1e6,
                touched / limits.bandwidth(touched) / 1e6,
            )
        )
    return found


@dataclass(frozen=True)
class Group:
    """Layers of a kind together."""

    kind: str
    milliseconds: float
    bound: float

    @property
    def left(self) -> float:
        """What could be gained at most."""
        return max(self.milliseconds - self.bound, 0)


def groups(found: Sequence[Layer]) -> list[Group]:
    """The kinds, the one with the most to gain first."""
    sums: dict[str, tuple[float, float]] = {}
    for layer in found:
        time, bound = sums.get(layer.kind, (0.0, 0.0))
        sums[layer.kind] = (time + layer.milliseconds, bound + layer.bound)
    made = [Group(kind, *pair) for kind, pair in sums.items()]
    return sorted(made, key=lambda group: -group.left)
