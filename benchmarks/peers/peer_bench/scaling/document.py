"""The tables of `docs/performance.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..tables import number, table, wrapped
from .roofline import Layer, Network, groups

LAYERS_SHOWN = 8


def figures(machine: Mapping[str, Any], networks: Sequence[Network]) -> list[str]:
    """The lines between the marks of the document."""
    peaks = {network.precision: network.limits.compute for network in networks}
    rates = ", ".join(f"{peak:.0f} in {precision.upper()}" for precision, peak in peaks.items())
    limits = networks[0].limits
    lines = wrapped(
        f"{machine['date']}, {machine['processor']}, one core. Multiply-adds, in GFLOP/s: {rates}. "
        f"Memory: {limits.l2:.0f} GB/s from the L2 cache, {limits.l3:.0f} GB/s from the L3 cache."
    )
    for network in networks:
        lines += ["", f"### {network.title}, {network.precision.upper()}", ""]
        lines += [*_groups(network.layers, network.milliseconds), "", *_worst(network.layers)]
    return lines


def _groups(layers: Sequence[Layer], median: float) -> list[str]:
    whole = sum(layer.milliseconds for layer in layers)
    bound = sum(layer.bound for layer in layers)
    rows = [
        [
            group.kind,
            number(group.milliseconds),
            f"{100 * group.milliseconds / whole:.0f} %",
            number(group.bound),
            f"{100 * group.bound / group.milliseconds:.0f} %",
            number(group.left),
        ]
        for group in groups(layers)
    ]
    rows.append(["sum of the layers", number(whole), "100 %", number(bound),
                 f"{100 * bound / whole:.0f} %", number(whole - bound)])  # fmt: skip
    rows.append(["a whole run", number(median), "", number(bound),
                 f"{100 * bound / median:.0f} %", number(median - bound)])  # fmt: skip
    return table(["", "ms", "share", "limit, ms", "limit / measured", "left, ms"], rows)


def _worst(layers: Sequence[Layer]) -> list[str]:
    """The layers with the most time left above their limits."""
    worst = sorted(layers, key=lambda layer: layer.bound - layer.milliseconds)[:LAYERS_SHOWN]
    rows = [
        [
            f"`{layer.name}`",
            layer.kind,
            number(layer.milliseconds, 3),
            number(layer.bound, 3),
            "arithmetic" if layer.compute_bound >= layer.memory_bound else "memory",
            number(layer.milliseconds - layer.bound, 3),
        ]
        for layer in worst
    ]
    head = ["layers with the most to gain", "", "ms", "limit, ms", "limited by", "left, ms"]
    return table(head, rows)
