"""Frames of a video as RGB bytes at the network's size, decoded by OpenCV or FFmpeg."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import numpy as np


def opencv_frames(path: str, side: int) -> Iterator[np.ndarray]:
    """OpenCV decodes (using FFmpeg), converts and scales in this process."""
    import cv2

    capture = cv2.VideoCapture(path, cv2.CAP_FFMPEG)
    if not capture.isOpened():
        raise SystemExit(f"{path}: OpenCV cannot open it")
    while True:
        found, frame = capture.read()
        if not found:
            return
        yield cv2.cvtColor(cv2.resize(frame, (side, side)), cv2.COLOR_BGR2RGB)


def ffmpeg_frames(path: str, side: int) -> Iterator[np.ndarray]:
    """The ffmpeg program decodes, scales and converts; the scaled frames arrive through a pipe."""
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", path, "-an", "-fps_mode"]
    command += ["passthrough", "-vf", f"scale={side}:{side}:flags=bilinear"]
    command += ["-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
    size = side * side * 3
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=4 * size) as decoder:
        while decoder.stdout and (pixels := decoder.stdout.read(size)):
            yield np.frombuffer(pixels, np.uint8).reshape(side, side, 3)
    if decoder.returncode:
        raise SystemExit(f"{path}: FFmpeg failed")


SOURCES = {"opencv": opencv_frames, "ffmpeg": ffmpeg_frames}
