"""Runs one case: starts its processes, pins them to their cores, reads their output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import machine, paths
from .cases import ONE_THREAD, OPENVINO_THROUGHPUT, TWO_STREAMS, TWO_THREADS, Case
from .engines.registry import OURS
from .ours import bench_command, can_split_an_image, lacks

LONGEST = 300.0


class Unavailable(Exception):
    """The engine can't run the case; the message says why."""


def run(case: Case, seconds: float, outputs: Path | None = None) -> dict[str, Any]:
    """Times `case`.

    Raises `Unavailable` if the engine doesn't support the case, or fails.
    """
    cores = cores_of(case)
    if case.engine == OURS:
        if case.mode == TWO_THREADS and not can_split_an_image():
            raise Unavailable("bench has no --latency")
        if lacks(case.precision):
            raise Unavailable(f"no {case.precision}")
        return json_of(bench_command(case, seconds, outputs), cores)
    if case.mode == TWO_STREAMS and case.engine != OPENVINO_THROUGHPUT:
        return _two_streams(case, seconds)
    threads = 2 if case.mode == TWO_THREADS else 1
    command = worker_command(case, seconds, threads)
    if outputs:
        command += ["--outputs", str(outputs)]
    return json_of(command, cores)


def cores_of(case: Case) -> Sequence[int]:
    return machine.ONE if case.mode == ONE_THREAD else machine.BOTH


def worker_command(case: Case, seconds: float, threads: int) -> list[str]:
    command = [sys.executable, "-m", "peer_bench.worker", case.engine, case.model, case.precision]
    return [*command, "--threads", str(threads), "--seconds", str(seconds)]


def json_of(command: Sequence[str], cores: Sequence[int]) -> dict[str, Any]:
    """The last line of JSON that a command pinned to `cores` prints.

    Raises `Unavailable` if it prints none.
    """
    return _finish(_start(command, cores))


def _two_streams(case: Case, seconds: float) -> dict[str, Any]:
    """Two processes, one per core, at the same time; images per second of both together."""
    workers = []
    try:
        for core in machine.BOTH:
            command = [*worker_command(case, seconds, 1), "--barrier"]
            workers.append(_start(command, [core], stdin=subprocess.PIPE))
        for worker in workers:
            if worker.stdout is None or worker.stdout.readline().strip() != "ready":
                _finish(worker)
        for worker in workers:
            if worker.stdin:
                worker.stdin.write("go\n")
                worker.stdin.flush()
        each = [_finish(worker)["images_per_second"] for worker in workers]
    finally:
        for worker in workers:
            if worker.poll() is None:
                worker.kill()
    return {"images_per_second": sum(each), "each": each}


def environment(threads: int) -> dict[str, str]:
    """Limits the threads of every library, and turns telemetry off."""
    count = str(threads)
    return {
        **os.environ,
        "OMP_NUM_THREADS": count,
        "OPENBLAS_NUM_THREADS": count,
        "OPENVINO_TELEMETRY_OPT_OUT": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
    }


def _start(
    command: Sequence[str], cores: Sequence[int], stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        machine.pinned(cores, command),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=paths.HERE,
        env=environment(len(cores)),
    )


def _finish(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The last line of JSON that a process prints."""
    try:
        output, errors = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise Unavailable(f"not done after {LONGEST:.0f} s") from None
    for line in reversed(output.splitlines()):
        if line.startswith("{"):
            return json.loads(line)
    words = errors.strip().splitlines()
    raise Unavailable(words[-1] if words else f"exit code {process.returncode}")
