"""The sweeps: one parameter grows, the others stay."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .. import machine, paths
from ..statistics import median

#: Pairs by sweep and line.
Sweeps = dict[str, dict[str, list[tuple[float, float]]]]

PRECISIONS = ("fp32", "bf16", "int8")
SECONDS = 0.5


@dataclass(frozen=True)
class Architecture:
    """An architecture with random weights at one size."""

    architecture: str
    side: int
    classes: int = 91
    width: float = 1.0

    @property
    def options(self) -> list[str]:
        return [
            "--architecture", self.architecture, "--size", str(self.side),
            "--classes", str(self.classes), "--width", f"{self.width:g}",
        ]  # fmt: skip


V2 = "ssdlite_mobilenet_v2"
V3 = "ssdlite_mobilenet_v3_large"
TITLES = {V2: "MobileNetV2-SSDLite 300", V3: "MobileNetV3-Large-SSDLite 320"}
SIDES = {V2: 300, V3: 320}


@dataclass(frozen=True)
class Point:
    """One measurement of a sweep."""

    sweep: str
    line: str
    x: float
    options: tuple[str, ...] = field(repr=False)
    cores: tuple[int, ...] = machine.ONE
    #: The key of `bench`'s output to plot.
    quantity: str = "median_ms"


def bench(options: Sequence[str], cores: Sequence[int]) -> dict[str, Any]:
    """The JSON that `bench` prints."""
    command = [str(paths.program()), "bench", *options, "--json", "--quiet"]
    command = machine.pinned(cores, [*command, "--seconds", str(SECONDS)])
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise SystemExit(f"bench {' '.join(options)}: {outcome.stderr.strip()}")
    return json.loads(outcome.stdout)


def points(available: Sequence[str], splits_images: bool) -> list[Point]:
    """All points to measure."""
    found = []
    for precision in available:
        for kind in (V2, V3):
            line = f"{TITLES[kind]}, {precision.upper()}"
            for side in (160, 224, 320, 416, 512, 640):
                found.append(_point("resolution", line, side, Architecture(kind, side), precision))
            for width in (0.25, 0.5, 0.75, 1, 1.25, 1.4):
                network = Architecture(kind, SIDES[kind], width=width)
                found.append(_point("width", line, width, network, precision))
            for classes in (2, 21, 91, 181, 366, 601):
                network = Architecture(kind, SIDES[kind], classes)
                found.append(_point("classes", line, classes, network, precision))
    cores = tuple(range(os.cpu_count() or 1))
    for precision in available:
        for threads in range(1, len(cores) + 1):
            options = (*Architecture(V2, SIDES[V2]).options, "--brief", "--precision", precision)
            options += ("--threads", str(threads))
            some = cores[-threads:]
            found.append(Point("threads", f"{precision.upper()}, an image a thread", threads,
                               options, some, "images_per_second"))  # fmt: skip
            if splits_images:
                found.append(Point("threads", f"{precision.upper()}, one image", threads,
                                   (*options, "--latency"), some, "rate"))  # fmt: skip
    return found


def _point(sweep: str, line: str, x: float, network: Architecture, precision: str) -> Point:
    options = (*network.options, "--brief", "--precision", precision, "--threads", "1")
    return Point(sweep, line, x, options)


def measured(points: Sequence[Point], rounds: int) -> Sweeps:
    """Pairs by sweep and line; each is the median over the rounds."""
    samples: dict[Point, list[float]] = {point: [] for point in points}
    for index in range(rounds):
        print(f"round {index + 1}: {len(points)} points", flush=True)
        for point in points:
            result = bench(point.options, point.cores)
            result["rate"] = 1e3 / result["median_ms"]
            samples[point].append(result[point.quantity])
    found: Sweeps = {}
    for point, numbers in samples.items():
        line = found.setdefault(point.sweep, {}).setdefault(point.line, [])
        line.append((point.x, median(numbers)))
    return found
