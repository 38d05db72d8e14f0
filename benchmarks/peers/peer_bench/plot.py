"""The plot: a bar for each goal's ratio, with a mark at the goal."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from .engines.registry import title
from .goals import GOALS, Figures, standing

#: Okabe and Ito's palette, whose colours colour-blind people can tell apart.
COLOURS = {"fp32": "#0072B2", "bf16": "#009E73", "int8": "#D55E00"}
MARK = "#000000"


def draw(found: Figures, path: Path) -> None:
    """Draws the ratio of each measured goal."""
    results = [result for result in (standing(goal, found) for goal in GOALS) if result.ratio]
    figure, axes = plt.subplots(figsize=(9, 0.34 * len(results) + 1.3))
    labels = []
    for row, result in enumerate(results):
        goal, ratio = result.goal, result.ratio or 0
        axes.barh(row, ratio, color=COLOURS[goal.family], height=0.7)
        axes.plot([goal.target] * 2, [row - 0.42, row + 0.42], color=MARK, linewidth=2)
        peer = title(result.best_case.engine) if result.best_case else ""
        axes.text(
            max(ratio, goal.target) + 0.03, row, f"{ratio:.2f}  {peer}", va="center", fontsize=8
        )
        labels.append(f"{goal.title}: {goal.model.title.removesuffix(', 91 classes')}")
    axes.axvline(1, color="#777777", linewidth=1, linestyle="--")
    axes.set_yticks(range(len(results)), labels, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, max([2.0, *(max(r.ratio or 0, r.goal.target) for r in results)]) + 0.6)
    axes.set_xlabel("best peer's time over ours (1: as fast; black mark: the goal)")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    save(figure, path)


def save(figure: Figure, path: Path) -> None:
    """Writes an SVG file without a date and with fixed identifiers."""
    with plt.rc_context({"svg.hashsalt": "stream-detect"}):
        figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
