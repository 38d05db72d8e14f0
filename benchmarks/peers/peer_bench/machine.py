"""The machine: its description, its load, and pinning programs to its cores."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from . import paths


def physical_cores() -> tuple[int, ...]:
    """One processor number per physical core that this process may use."""
    if not hasattr(os, "sched_getaffinity"):
        return tuple(range(os.cpu_count() or 1))
    found: dict[str, int] = {}
    for number in sorted(os.sched_getaffinity(0)):
        siblings = Path(f"/sys/devices/system/cpu/cpu{number}/topology/thread_siblings_list")
        found.setdefault(siblings.read_text() if siblings.exists() else str(number), number)
    return tuple(found.values())


#: The cores of a run with two threads or streams.
BOTH = physical_cores()[:2]
#: The core of a run with one thread. Not the first, which tends to get the kernel's own work.
ONE = BOTH[-1:]


def pinned(cores: Sequence[int], command: Sequence[str]) -> list[str]:
    """`command`, pinned to `cores` where the system supports it."""
    if shutil.which("taskset") is None:
        return list(command)
    return ["taskset", "--cpu-list", ",".join(map(str, cores)), *command]


def _busy_and_total() -> tuple[int, int] | None:
    try:
        line = Path("/proc/stat").read_text().splitlines()[0]
    except OSError:
        return None
    ticks = [int(word) for word in line.split()[1:]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


def busy_cores(seconds: float = 0.3) -> float:
    """How many cores other programs keep busy; 0 if the system doesn't report it."""
    before = _busy_and_total()
    time.sleep(seconds)
    after = _busy_and_total()
    if before is None or after is None or after[1] == before[1]:
        return 0.0
    return (after[0] - before[0]) / (after[1] - before[1]) * (os.cpu_count() or 1)


def wait_until_quiet(limit: float, longest: float) -> float:
    """Waits up to `longest` seconds for a quiet machine; returns the cores still busy."""
    end = time.monotonic() + longest
    busy = busy_cores()
    while busy > limit and time.monotonic() < end:
        time.sleep(0.5)
        busy = busy_cores()
    return busy


def probe(cores: Sequence[int], kinds: Sequence[str] = ("fp32",)) -> dict[str, float]:
    """Peak rates of all `cores` together right now, in 1e9 per second; see `probe.c`."""
    command = [str(paths.PROBE), ",".join(map(str, cores)), *kinds]
    outcome = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = (line.split() for line in outcome.stdout.splitlines())
    return {name: float(number) for name, number in lines}


def description() -> dict[str, str | int | float]:
    """Processor, cores, memory and system, without the host's name."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release().split('-')[0]}, {_distribution()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    fields = {key.strip(): value.strip() for key, value in fields.items()}
    name = fields.get("model name", platform.machine())
    flags = fields.get("flags", "").split()
    known = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile")
    found = [flag.upper().replace("_", "-") for flag in known if flag in flags]
    family = f", family {fields['cpu family']}" if "cpu family" in fields else ""
    return f"{name}{family} ({', '.join(found)})" if found else name


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.machine()
