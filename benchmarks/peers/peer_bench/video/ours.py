"""Runs stream-detect on a video, and measures its time, processor time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from .. import machine, paths
from ..catalogue import V2_DETECTOR
from ..ours import model_file

#: The maximum of `bench --frames`.
MOST_FRAMES = 100_000


def _command(
    video: Path, precision: str, *further: str, model: Path | None = None
) -> list[str]:
    model = model or model_file(V2_DETECTOR.key, precision)
    command = [str(paths.program()), "detect", str(video), "--model", str(model), "--quiet"]
    command += ["--precision", precision, "--progress", "none", *further]
    return machine.pinned(machine.BOTH, command)


def detect(video: Path, output: Path, precision: str) -> dict[str, Any]:
    """Frames per second including start-up, processor time and peak resident memory."""
    start = time.perf_counter()
    command = _command(video, precision, "--jsonl", str(output))
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    peak = _peak_while_running(process.pid)
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{video}: stream-detect ended with {process.returncode}")
    end = next(record for record in _records(output) if record["type"] == "end")
    frames = end["frames"]["processed"]
    processor = usage.ru_utime + usage.ru_stime
    return {
        "fps": frames / elapsed,
        "frames": frames,
        "objects": end["objects"],
        "elapsed": elapsed,
        "processor_seconds": processor,
        # The share of the elapsed time in which the cores were busy.
        "efficiency": processor / len(machine.BOTH) / elapsed,
        "peak_mb": peak / 1e6,
    }


def _peak_while_running(pid: int) -> int:
    """Waits for a child to end; returns its peak resident bytes.

    `ru_maxrss` would be wrong: before `exec` the child has this process's memory, which counts.
    """
    peak = 0
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                peak = max(peak, int(line.split()[1]) * 1024)
        time.sleep(0.01)
    return peak


def _records(path: Path) -> list[dict[str, Any]]:
    with path.open() as file:
        return [json.loads(line) for line in file]


def packed_model(precision: str) -> Path:
    """Packs the model's weights for this machine; returns the file."""
    model = model_file(V2_DETECTOR.key, precision)
    path = model.with_suffix(f".{precision}-packed.safetensors")
    command = [str(paths.program()), "models", "pack", str(model), "-o", str(path)]
    subprocess.run([*command, "--precision", precision], check=True, stdout=subprocess.DEVNULL)
    return path


def start_up(video: Path, precision: str, model: Path | None = None) -> dict[str, float]:
    """Milliseconds from the start of the process to its first line and to its first frame line."""
    command = _command(video, precision, "--limit", "1", "--jsonl", "-", model=model)
    start = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        times: dict[str, float] = {}
        for line in process.stdout or ():
            elapsed = (time.perf_counter() - start) * 1e3
            times.setdefault("first_line_ms", elapsed)
            if b'"type":"frame"' in line:
                times.setdefault("first_frame_ms", elapsed)
    return times


def stages(video: Path, precision: str, frames: int) -> dict[str, Any]:
    """The time of each stage in a run, and the run's time / (sum of the stages / cores)."""
    command = [str(paths.program()), "bench", str(video), "--precision", precision, "--json"]
    command += ["--model", str(model_file(V2_DETECTOR.key, precision)), "--brief", "--quiet"]
    command += ["--threads", str(len(machine.BOTH)), "--seconds", "0.1"]
    command += ["--frames", str(min(frames, MOST_FRAMES))]
    command = machine.pinned(machine.BOTH, command)
    outcome = subprocess.run(command, capture_output=True, text=True, check=True)
    pipeline = json.loads(outcome.stdout)["pipeline"]
    total = sum(stage["total_ms"] for stage in pipeline["stages"]) / 1e3
    return {
        "elapsed": pipeline["elapsed"],
        "stages": {stage["name"]: stage["total_ms"] for stage in pipeline["stages"]},
        "over_sum": pipeline["elapsed"] / (total / len(machine.BOTH)),
    }
