"""Times all pipelines on video, in rounds."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import machine
from ..cases import ONE_THREAD, Case
from ..catalogue import V2_DETECTOR
from ..engines.registry import OURS, PRECISIONS, title
from ..ours import lacks
from ..prepare import prepare
from ..running import Unavailable, json_of
from ..session import QUIET, Pace
from ..statistics import median
from . import decoding, ours
from .clip import FRAMES, clip, facts

#: Decoder, inference engine, workers, threads per worker.
THREADED = (
    ("opencv", "onnxruntime", 2, 1),
    ("opencv", "onnxruntime", 1, 2),
    ("ffmpeg", "onnxruntime", 2, 1),
    ("ffmpeg", "litert", 2, 1),
)
SOURCE_TITLES = {"opencv": "Python OpenCV", "ffmpeg": "FFmpeg process"}
START_UPS = 20
QUICK_START_UPS = 5


@dataclass(frozen=True)
class Pipeline:
    """A pipeline from video to objects."""

    name: str
    precision: str
    run: Callable[[Path, Path], dict[str, Any]]


def _peer(module: str, *further: str) -> Callable[[Path, Path], dict[str, Any]]:
    def run(video: Path, output: Path) -> dict[str, Any]:
        command = [sys.executable, "-m", f"peer_bench.video.{module}", str(video), str(output)]
        return json_of([*command, *further], machine.BOTH)

    return run


def _threaded(precision: str, source: str, engine: str, workers: int, threads: int) -> Pipeline:
    name = f"{SOURCE_TITLES[source]} + {title(engine)}, {workers} x {threads} threads"
    options = ("--precision", precision, "--source", source, "--engine", engine)
    counts = ("--workers", str(workers), "--threads", str(threads))
    return Pipeline(name, precision, _peer("threaded_pipeline", *options, *counts))


def _ours(precision: str) -> Callable[[Path, Path], dict[str, Any]]:
    return lambda video, output: ours.detect(video, output, precision)


def pipelines(frames: int) -> list[Pipeline]:
    """The pipelines to run in each round."""
    found = [
        Pipeline("FFmpeg, decoding only", "", lambda v, _: decoding.limit(v, frames, False)),
        Pipeline("FFmpeg, decoding and scaling", "", lambda v, _: decoding.limit(v, frames, True)),
    ]
    for precision in PRECISIONS[OURS]:
        if not lacks(precision):
            found.append(Pipeline("stream-detect", precision, _ours(precision)))
        named = ("--precision", precision)
        process = "FFmpeg process + OpenVINO, two streams"
        found.append(Pipeline(process, precision, _peer("openvino_pipeline", *named)))
        if precision != "bf16":
            found += [_threaded(precision, *kind) for kind in THREADED]
    return found


def run_videos(folder: Path, files: Sequence[Path], pace: Pace, is_quick: bool) -> None:
    """Times all pipelines on the rendered clip and on `files`; writes `folder/videos.json`."""
    prepare(
        Case(engine, V2_DETECTOR.key, precision, ONE_THREAD)
        for engine in (OURS, "onnxruntime", "openvino", "litert")
        for precision in PRECISIONS[engine]
    )
    records = []
    for video in (clip(FRAMES // 3 if is_quick else FRAMES), *files):
        records.append(_measured(video, pace, is_quick))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "videos.json").write_text(json.dumps(records, indent=1) + "\n")


def _measured(video: Path, pace: Pace, is_quick: bool) -> dict[str, Any]:
    about = facts(video)
    frames = int(str(about["frames"]))
    candidates = pipelines(frames)
    order = random.Random(0)
    runs: dict[Pipeline, list[dict[str, Any]]] = {pipeline: [] for pipeline in candidates}
    with tempfile.TemporaryDirectory() as scratch:
        for index in range(pace.rounds):
            order.shuffle(candidates)
            for pipeline in candidates:
                machine.wait_until_quiet(QUIET, pace.patience)
                try:
                    record = pipeline.run(video, Path(scratch) / "lines.jsonl")
                except Unavailable as error:
                    record = {"error": str(error)}
                runs[pipeline].append(record)
                figure = record.get("error") or f"{record['fps']:.1f} frames/s"
                print(
                    f"round {index + 1}, {pipeline.name} {pipeline.precision}: {figure}", flush=True
                )
    available = [precision for precision in PRECISIONS[OURS] if not lacks(precision)]
    return {
        # Without its folder, because the report is published.
        "file": video.name,
        **about,
        "pipelines": [
            {"name": pipeline.name, "precision": pipeline.precision, "runs": found}
            for pipeline, found in runs.items()
        ],
        "stages": {
            precision: [ours.stages(video, precision, frames) for _ in range(pace.rounds)]
            for precision in available
        },
        "start_up": _start_ups(video, available, is_quick),
    }


def _start_ups(
    video: Path, precisions: list[str], is_quick: bool
) -> dict[str, dict[str, float]]:
    """Median start-up times, with the model as imported and with packed weights.

    The runs of all variants alternate. The median ignores a first run with a cold page cache.
    """
    ways = {precision: (precision, None) for precision in precisions}
    ways |= {f"{each}, packed model": (each, ours.packed_model(each)) for each in precisions}
    times: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    for _ in range(QUICK_START_UPS if is_quick else START_UPS):
        for name, (precision, model) in ways.items():
            times[name].append(ours.start_up(video, precision, model))
    return {
        name: {key: median([time[key] for time in found]) for key in found[0]}
        for name, found in times.items()
    }
