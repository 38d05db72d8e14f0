"""Runs stream-detect, with the program and options that its users have."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from . import paths
from .cases import TWO_STREAMS, TWO_THREADS, Case
from .catalogue import model


def model_file(key: str, precision: str) -> Path:
    return paths.OURS / f"{key}{'.int8' if precision == 'int8' else ''}.safetensors"


def bench_command(case: Case, seconds: float, outputs: Path | None = None) -> list[str]:
    """The command that times `case` and prints JSON."""
    command = [
        str(paths.program()),
        "bench",
        "--model",
        str(model_file(case.model, case.precision)),
    ]
    command += ["--precision", case.precision, "--seconds", str(seconds), "--brief", "--json"]
    command += ["--input", str(paths.case_input(model(case.model).key)), "--quiet"]
    command += ["--threads", "2" if case.mode in (TWO_THREADS, TWO_STREAMS) else "1"]
    if case.mode == TWO_THREADS:
        command.append("--latency")
    if outputs:
        command += ["--outputs", str(outputs)]
    return command


@cache
def can_split_an_image() -> bool:
    """Whether the program can share one image among several threads."""
    command = [str(paths.program()), "bench", "--help"]
    return "--latency" in subprocess.run(command, capture_output=True, text=True).stdout


@cache
def lacks(precision: str) -> bool:
    """Whether the program would fall back to another precision."""
    command = [str(paths.program()), "bench", "--architecture", "mobilenet_v3_small", "--brief"]
    command += ["--size", "64", "--frames", "1", "--precision", precision, "--json"]
    outcome = subprocess.run(command, capture_output=True, text=True)
    return outcome.returncode != 0 or f'"precision":"{precision}"' not in outcome.stdout


def version() -> str:
    command = [str(paths.program()), "--version"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
