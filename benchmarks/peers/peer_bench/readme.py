"""The table of `README.md`: the ratio of each detector to the fastest peer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .cases import FAMILIES, MODES
from .catalogue import DETECTORS, V2_DETECTOR
from .engines.registry import OURS
from .goals import Figures, best_ratio
from .tables import number, table, wrapped
from .video.report import best_peer, rates


def readme_lines(
    about: Mapping[str, Any], rounds: int, found: Figures, videos: Sequence[Mapping[str, Any]]
) -> list[str]:
    """The lines between the marks; rows that were not measured are left out."""
    lines = wrapped(f"{about['date']}, median of {rounds} rounds, {about['machine']['processor']}.")
    rows = []
    for mode in MODES:
        for network in DETECTORS:
            ratios = [best_ratio(found, mode, family, network.key) for family in FAMILIES]
            rows.append((f"{_short(network.title)}, {mode}", ratios))
    for video in videos[:1]:
        name = f"{_short(V2_DETECTOR.title)}, a {video['height']}p file from start to end"
        rows.append((name, [_video_ratio(video, family) for family in FAMILIES]))
    head = ["", *(family.upper() for family in FAMILIES)]
    cells = [[name, *map(number, ratios)] for name, ratios in rows if any(ratios)]
    return [*lines, "", *table(head, cells)]


def _short(title: str) -> str:
    return title.removesuffix(", 91 classes")


def _video_ratio(video: Mapping[str, Any], family: str) -> float | None:
    measured = rates(video)
    ours, best = measured.get((OURS, family)), best_peer(measured, family)
    return None if ours is None or best is None else ours / best[1]
