"""The goals, and whether a session reaches them.

A figure is the median over the rounds of each round's median. A ratio is the figure of the best
peer of the same precision divided by ours, or ours divided by theirs where higher is better.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .cases import ONE_THREAD, TWO_STREAMS, TWO_THREADS, Case
from .catalogue import (
    CLASSIFIERS,
    DETECTORS,
    PLAIN_CLASSIFIERS,
    V2_DETECTOR,
    V3_DETECTOR,
    Model,
)
from .engines.registry import OURS
from .statistics import median, ratio

Figures = Mapping[Case, float]


@dataclass(frozen=True)
class Goal:
    """A target for a ratio."""

    title: str
    mode: str
    family: str
    model: Model
    target: float


@dataclass(frozen=True)
class Standing:
    """The outcome for one goal."""

    goal: Goal
    ours: float | None
    best: float | None
    best_case: Case | None

    @property
    def ratio(self) -> float | None:
        if self.ours is None or self.best is None:
            return None
        return ratio(self.best, self.ours, self.goal.mode == TWO_STREAMS)

    @property
    def is_reached(self) -> bool:
        return self.ratio is not None and self.ratio >= self.goal.target


def _goals() -> list[Goal]:
    found = []
    targets = {V2_DETECTOR: 1.3, V3_DETECTOR: 1.35}
    for model, target in targets.items():
        found.append(Goal("FP32, one thread", ONE_THREAD, "fp32", model, target))
    for model in DETECTORS:
        found.append(Goal("FP32, two threads on one image", TWO_THREADS, "fp32", model, 1.3))
    for model in CLASSIFIERS:
        found.append(Goal("FP32, one thread", ONE_THREAD, "fp32", model, 1.15))
    for model in PLAIN_CLASSIFIERS:
        found.append(Goal("FP32, one thread", ONE_THREAD, "fp32", model, 0.5))
    for model in DETECTORS:
        found.append(Goal("BF16, one thread", ONE_THREAD, "bf16", model, 1.3))
    for model, target in {V2_DETECTOR: 1.9, V3_DETECTOR: 2.2}.items():
        found.append(Goal("INT8, one thread", ONE_THREAD, "int8", model, target))
    for family, target in {"fp32": 1.3, "bf16": 1.3, "int8": 1.8}.items():
        for model in DETECTORS:
            title = f"{family.upper()}, two streams"
            found.append(Goal(title, TWO_STREAMS, family, model, target))
    return found


GOALS = _goals()


def figures(rounds: Iterable[Sequence[Mapping[str, Any]]]) -> dict[Case, float]:
    """Each case's median over the rounds; failed runs don't count."""
    found: dict[Case, list[float]] = {}
    for records in rounds:
        for record in records:
            case = Case(*(record[key] for key in ("engine", "model", "precision", "mode")))
            figure = record.get("images_per_second" if case.is_throughput else "median_ms")
            if "error" not in record and figure is not None:
                found.setdefault(case, []).append(figure)
    return {case: median(numbers) for case, numbers in found.items()}


def best_peer(found: Figures, mode: str, family: str, model: str) -> tuple[Case, float] | None:
    """The peer with the best figure in a precision, over all variants of that precision."""
    peers = [
        (case, figure)
        for case, figure in found.items()
        if case.engine != OURS and (case.mode, case.family, case.model) == (mode, family, model)
    ]
    if not peers:
        return None
    choose = max if mode == TWO_STREAMS else min
    return choose(peers, key=lambda peer: peer[1])


def best_ratio(found: Figures, mode: str, family: str, model: str) -> float | None:
    """The ratio to the best peer, where both were measured."""
    ours = found.get(Case(OURS, model, family, mode))
    best = best_peer(found, mode, family, model)
    return None if ours is None or best is None else ratio(best[1], ours, mode == TWO_STREAMS)


def ratios(goal: Goal, rounds: Iterable[Sequence[Mapping[str, Any]]]) -> list[float]:
    """The ratio in each round where both were measured."""
    each = (standing(goal, figures([records])).ratio for records in rounds)
    return [ratio for ratio in each if ratio is not None]


def standing(goal: Goal, found: Figures) -> Standing:
    """The outcome for `goal`, given a session's figures."""
    ours = found.get(Case(OURS, goal.model.key, goal.family, goal.mode))
    best = best_peer(found, goal.mode, goal.family, goal.model.key)
    return Standing(goal, ours, best[1] if best else None, best[0] if best else None)
