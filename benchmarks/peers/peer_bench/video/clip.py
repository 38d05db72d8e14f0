"""The clip: 720p H.264 of a moving test picture, with noise so that decoding takes some work."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from .. import paths

FRAMES = 900
SIZE = (1280, 720)


def clip(frames: int = FRAMES) -> Path:
    """Renders the clip if it doesn't exist: High profile, 30 frames/s, about 2.4 Mbit/s."""
    path = paths.GENERATED / f"clip-{frames}.mp4"
    if not path.exists():
        partial = path.with_suffix(".partial.mp4")
        source = f"testsrc2=size={SIZE[0]}x{SIZE[1]}:rate=30"
        command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "lavfi", "-i", source]
        command += ["-vf", "noise=alls=8:allf=t:all_seed=1", "-frames:v", str(frames)]
        command += ["-c:v", "libx264", "-preset", "medium", "-crf", "26", "-pix_fmt", "yuv420p"]
        subprocess.run([*command, str(partial)], check=True)
        partial.rename(path)
    return path


def facts(path: Path) -> dict[str, object]:
    """Size, codec, bit rate and frame count of a file's video."""
    entries = "stream=codec_name,profile,width,height,bit_rate,nb_read_packets"
    command = ["ffprobe", "-v", "error", "-count_packets", "-select_streams", "v:0"]
    command += ["-show_entries", entries, "-of", "json", str(path)]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    streams = json.loads(outcome.stdout or "{}").get("streams", [])
    if outcome.returncode or not streams:
        raise SystemExit(f"{path}: FFmpeg finds no video")
    stream = streams[0]
    return {
        "codec": stream.get("codec_name", ""),
        "profile": stream.get("profile", ""),
        "width": stream["width"],
        "height": stream["height"],
        "frames": int(stream["nb_read_packets"]),
        "megabits": round(int(stream.get("bit_rate", 0)) / 1e6, 2),
    }
