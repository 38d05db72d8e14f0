"""Draws a run's log: losses and validation over the steps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot


def plot_run(folder: Path) -> None:
    """Writes `losses.png` and, if the run was validated, `validation.png`."""
    path = folder / "log.jsonl"
    if not path.exists():
        return
    records = [json.loads(line) for line in path.read_text().splitlines()]
    losses = [record for record in records if "loss" in record]
    if losses:
        steps = [record["step"] for record in losses]
        keys = [key for key in losses[-1] if key != "step"]
        curves = {key: (steps, [record.get(key) for record in losses]) for key in keys}
        _plot(folder / "losses.png", curves, "loss")
    validations = [record for record in records if "figures" in record]
    if validations:
        curves = {
            f"{kind} {figure}": _curve(validations, key, figure)
            for kind, key in (("FP32", "figures"), ("INT8", "int8"))
            for figure in ("AP", "AP50")
        }
        _plot(folder / "validation.png", curves, "average precision")


def _curve(records: list[dict[str, Any]], key: str, figure: str) -> tuple[list[int], list[float]]:
    chosen = [record for record in records if key in record]
    return [r["step"] for r in chosen], [r[key][figure] for r in chosen]


def _plot(path: Path, curves: dict[str, tuple[list[int], list[float]]], label: str) -> None:
    figure, axes = pyplot.subplots(figsize=(8, 5))
    for name, (steps, values) in curves.items():
        if steps:
            axes.plot(steps, values, marker="o" if len(steps) < 40 else None, label=name)
    axes.set_xlabel("step")
    axes.set_ylabel(label)
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=100)
    pyplot.close(figure)


def plot_reliability(path: Path, curves: dict[str, list[tuple[float, float, int]]]) -> None:
    """Draws mean scores against the share of right detections; see `scores.reliability`."""
    figure, axes = pyplot.subplots(figsize=(5, 4.5))
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    for name, rows in curves.items():
        scores, shares, _ = zip(*rows, strict=True)
        axes.plot(scores, shares, marker="o", label=name)
    axes.set(xlabel="score", ylabel="share of right detections", xlim=(0, 1), ylim=(0, 1))
    axes.legend()
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
