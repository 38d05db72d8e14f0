"""The statistics that the reports use."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter

__all__ = ["median", "percentile", "ratio", "summary", "timed_runs"]


def percentile(numbers: Sequence[float], share: float) -> float:
    """The smallest of `numbers` that a `share` of them doesn't exceed (nearest rank)."""
    if not numbers:
        raise ValueError("percentile of an empty sequence")
    return sorted(numbers)[max(math.ceil(len(numbers) * share), 1) - 1]


def ratio(best_peer: float, ours: float, higher_is_better: bool) -> float:
    """How many times better ours is than the best peer."""
    return ours / best_peer if higher_is_better else best_peer / ours


def timed_runs(run: Callable[[], object], seconds: float) -> list[float]:
    """Repeats `run` for `seconds`, but at least three times; returns the milliseconds of each."""
    times: list[float] = []
    begin = perf_counter()
    while perf_counter() - begin < seconds or len(times) < 3:
        start = perf_counter()
        run()
        times.append((perf_counter() - start) * 1e3)
    return times


def summary(times: Sequence[float]) -> dict[str, float | int]:
    """The figures to keep, from the milliseconds of all runs."""
    return {
        "median_ms": median(times),
        "p95_ms": percentile(times, 0.95),
        "min_ms": min(times),
        "runs": len(times),
    }
