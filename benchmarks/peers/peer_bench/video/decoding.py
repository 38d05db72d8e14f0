"""The upper limit for any pipeline: decoding alone, with the ffmpeg program."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from .. import machine

SCALED = ["-vf", "scale=300:300:flags=bilinear,format=rgb24"]


def limit(video: Path, frames: int, scales: bool) -> dict[str, float]:
    """Frames per second of the ffmpeg program, with or without scaling to the network's input."""
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-benchmark", "-i", str(video), "-an"]
    command += ["-fps_mode", "passthrough", *(SCALED if scales else []), "-f", "null", "-"]
    command = machine.pinned(machine.BOTH, command)
    outcome = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"utime=([\d.]+)s stime=([\d.]+)s rtime=([\d.]+)s", outcome.stderr)
    if found is None:
        raise SystemExit("ffmpeg -benchmark printed no times")
    user, system, elapsed = map(float, found.groups())
    return {"fps": frames / elapsed, "elapsed": elapsed, "processor_seconds": user + system}
