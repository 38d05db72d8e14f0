"""The plots of `docs/performance.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from ..plot import COLOURS, save
from .roofline import Limits, Network

Lines = Mapping[str, Sequence[tuple[float, float]]]

AXES = {
    "resolution": ("side of the input, pixels", "ms a frame, one core"),
    "width": ("width multiplier", "ms a frame, one core"),
    "classes": ("classes", "ms a frame, one core"),
    "threads": ("threads", "frames a second"),
    "sources": ("720p files at the same time, two cores", "frames a second in all"),
}
MARKERS = {"pointwise": "o", "depthwise": "^", "heads": "s", "full convolutions": "D"}
KIND_COLOURS = {
    "pointwise": "#0072B2",
    "depthwise": "#D55E00",
    "heads": "#009E73",
    "full convolutions": "#CC79A7",
}


def draw_sweeps(sweeps: Mapping[str, Lines], path: Path) -> None:
    """Draws one panel per sweep."""
    names = [name for name in AXES if name in sweeps]
    rows = (len(names) + 1) // 2
    figure, grid = plt.subplots(rows, 2, figsize=(9, 3.1 * rows), squeeze=False)
    panels = list(grid.flat)
    for name, axes in zip(names, panels, strict=False):
        _sweep(axes, name, sweeps[name])
    for axes in panels[len(names) :]:
        axes.set_visible(False)
    figure.tight_layout()
    save(figure, path)


def _sweep(axes: Axes, name: str, lines: Lines) -> None:
    for label, pairs in lines.items():
        precision = next(key for key in COLOURS if key.upper() in label)
        dashed = "V3" in label or "one image" in label
        axes.plot(
            *zip(*pairs, strict=True),
            label=label,
            color=COLOURS[precision],
            marker="s" if dashed else "o",
            markersize=4,
            linestyle="--" if dashed else "-",
        )
    axes.set(xlabel=AXES[name][0], ylabel=AXES[name][1])
    # Leaves room for the legend above the lines.
    axes.set_ylim(0, 1.35 * max(y for pairs in lines.values() for _, y in pairs))
    axes.legend(fontsize=6.5, frameon=False, loc="upper left")
    if name in ("threads", "sources"):
        axes.set_xticks([x for x, _ in next(iter(lines.values()))])
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def draw_roofline(networks: Sequence[Network], path: Path) -> None:
    """Draws what each layer reaches below the limits of the core and its caches.

    One panel per network, one row per precision.
    """
    precisions = list(dict.fromkeys(network.precision for network in networks))
    rows, columns = len(precisions), len(networks) // len(precisions)
    figure, grid = plt.subplots(rows, columns, figsize=(9, 3.8 * rows), sharey="row", squeeze=False)
    for network, axes in zip(networks, grid.flat, strict=True):
        _roofs(axes, network.limits)
        for kind, marker in MARKERS.items():
            chosen = [layer for layer in network.layers if layer.kind == kind and layer.operations]
            axes.scatter(
                [layer.intensity for layer in chosen],
                [layer.gflops for layer in chosen],
                s=[8 + 60 * layer.milliseconds for layer in chosen],
                marker=marker,
                color=KIND_COLOURS[kind],
                alpha=0.75,
                linewidths=0,
                label=kind,
            )
        axes.set_title(f"{network.title}, {network.precision.upper()}", fontsize=10)
        axes.set_xlabel("operations a byte")
    for row in grid:
        row[0].set_ylabel("GFLOP/s, one core")
    grid.flat[-1].legend(fontsize=8, frameon=False, loc="lower right")
    figure.tight_layout()
    save(figure, path)


def _roofs(axes: Axes, limits: Limits) -> None:
    span = (0.5, 200.0)
    axes.set(xscale="log", yscale="log", xlim=span, ylim=(5, limits.compute * 1.4))
    axes.axhline(limits.compute, color="#000000", linewidth=1.2)
    axes.text(
        span[1], limits.compute * 1.05, f"{limits.compute:.0f} GFLOP/s ", ha="right", fontsize=8
    )
    for name, style in (("l2", "-"), ("l3", "--")):
        rate = getattr(limits, name)
        top = min(limits.compute / rate, span[1])
        axes.plot(
            [span[0], top], [span[0] * rate, top * rate], color="#555555", linewidth=1,
            linestyle=style, label=f"{name.upper()} {rate:.0f} GB/s",
        )  # fmt: skip
