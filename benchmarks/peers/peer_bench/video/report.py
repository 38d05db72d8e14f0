"""The part of the report about video."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..engines.registry import OURS
from ..statistics import median
from ..tables import number, table, wrapped

#: Ratio to the best peer pipeline of the same precision.
GOALS = {"fp32": 1.5, "bf16": None, "int8": 2.0}
OVER_SUM = 1.15
START_UP_MS = 80
PEAK_MB = 120

Video = Mapping[str, Any]


def _median(runs: Sequence[Mapping[str, Any]], key: str) -> float | None:
    found = [run[key] for run in runs if key in run]
    return median(found) if found else None


def rates(video: Video) -> dict[tuple[str, str], float]:
    """Frames per second of each pipeline by name and precision."""
    found = {}
    for pipeline in video["pipelines"]:
        rate = _median(pipeline["runs"], "fps")
        if rate is not None:
            found[pipeline["name"], pipeline["precision"]] = rate
    return found


def best_peer(found: Mapping[tuple[str, str], float], precision: str) -> tuple[str, float] | None:
    """Name and frames per second of the fastest peer of that precision."""
    peers = [
        (name, rate) for (name, kind), rate in found.items() if kind == precision and name != OURS
    ]
    return max(peers, key=lambda peer: peer[1]) if peers else None


def video_goals(video: Video) -> list[list[str]]:
    """Rows: case, fastest peer or detail, ours, ratio, goal."""
    found = rates(video)
    rows = []
    for precision, goal in GOALS.items():
        ours, best = found.get((OURS, precision)), best_peer(found, precision)
        if ours is None or best is None:
            continue
        figure, wanted = number(ours / best[1]), "–" if goal is None else f"{goal:g}"
        if goal is not None and ours / best[1] >= goal:
            figure = f"**{figure}**"
        name = f"End to end, {video['height']}p {video['codec']}, {precision.upper()}"
        peer = f"{best[0]}: {number(best[1], 1)} frames/s"
        rows.append([name, peer, f"{number(ours, 1)} frames/s", figure, wanted])
    for precision, runs in video["stages"].items():
        over = _median(runs, "over_sum")
        rows.append(
            [
                f"Elapsed time / (sum of stage times / cores), {precision.upper()}",
                "–", "–", _bold(over, OVER_SUM), f"≤ {OVER_SUM:g}",
            ]
        )  # fmt: skip
    for way, times in video["start_up"].items():
        first = times["first_line_ms"]
        frame = f"first frame's line: {number(times['first_frame_ms'], 0)} ms"
        precision, comma, model = way.partition(",")
        name = f"Time to the first JSON line, {precision.upper()}{comma}{model}"
        rows.append([name, frame, _bold(first, START_UP_MS, 0) + " ms", "–", f"≤ {START_UP_MS} ms"])
    for pipeline in video["pipelines"]:
        peak = _median(pipeline["runs"], "peak_mb")
        if pipeline["name"] == OURS and peak is not None:
            wanted = f"≤ {PEAK_MB} MB" if pipeline["precision"] == "fp32" else "–"
            name = f"Peak resident memory, {pipeline['precision'].upper()}"
            rows.append([name, "–", _bold(peak, PEAK_MB, 0) + " MB", "–", wanted])
    return rows


def _bold(value: float | None, most: float, places: int = 2) -> str:
    words = number(value, places)
    return f"**{words}**" if value is not None and value <= most else words


def video_lines(video: Video) -> list[str]:
    """A section with every pipeline."""
    lines = [
        f"## End to end: {video['file']}",
        "",
        *wrapped(
            f"{video['width']} x {video['height']}, {video['codec']} {video['profile']}, "
            f"{video['frames']} frames, {video['megabits']:g} Mbit/s; MobileNetV2-SSDLite 300 with "
            "91 classes; both cores; objects above 0.5 after non-maximum suppression, written to a "
            "file as JSON lines. stream-detect is timed from the start of its process to its end, "
            "the peers without imports and loading."
        ),
        "",
        *wrapped(
            "The number of objects depends on the colours: the weights are random, so many scores "
            "are close to the threshold. For a clip without colour tags OpenCV and the ffmpeg "
            "program assume the colour matrix of standard definition; stream-detect assumes that "
            "of high definition from 577 lines up, as players do."
        ),
        "",
    ]
    rows = []
    order = sorted(video["pipelines"], key=lambda p: (p["precision"], p["name"] != OURS, p["name"]))
    for pipeline in order:
        runs = pipeline["runs"]
        objects = _median(runs, "objects")
        rows.append(
            [
                f"{pipeline['precision'].upper()} {pipeline['name']}".strip(),
                number(_median(runs, "fps"), 1),
                number(objects / video["frames"] if objects is not None else None, 1),
                number(_median(runs, "processor_seconds")),
            ]
        )
    return [*lines, *table(["", "frames/s", "objects per frame", "CPU seconds"], rows), ""]
