"""Several files in one run: frames per second over all of them."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from .. import machine, paths
from ..statistics import median
from ..video.clip import clip

FRAMES = 300
COUNTS = (1, 2, 4, 8)


def frames_per_second(count: int, precision: str) -> float:
    """Frames per second over `count` copies of the clip, with the built-in model."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{index}.mp4" for index in range(count)]
        for file in files:
            file.symlink_to(clip(FRAMES))
        command = [str(paths.program()), "detect", *map(str, files), "--quiet"]
        command += ["--precision", precision, "--progress", "none", "--jsonl", f"{folder}/lines"]
        start = time.perf_counter()
        subprocess.run(machine.pinned(machine.BOTH, command), check=True)
        elapsed = time.perf_counter() - start
        with open(f"{folder}/lines") as lines:
            frames = sum(json.loads(line)["type"] == "frame" for line in lines)
    return frames / elapsed


def sweep(precisions: Sequence[str], rounds: int) -> dict[str, list[tuple[float, float]]]:
    """For each precision: pairs of number of sources and frames per second over all of them."""
    samples: dict[tuple[str, int], list[float]] = {}
    for index in range(rounds):
        print(f"round {index + 1}: sources", flush=True)
        for precision in precisions:
            for count in COUNTS:
                samples.setdefault((precision, count), []).append(
                    frames_per_second(count, precision)
                )
    return {
        precision.upper(): [(count, median(samples[precision, count])) for count in COUNTS]
        for precision in precisions
    }
