"""Seeded pictures: smooth colours with fine noise, as 8-bit pixels.

All engines are calibrated on the same pictures, and timed on another one of the same kind.
"""

from __future__ import annotations

import numpy as np

from . import paths
from .catalogue import Model

CALIBRATION_COUNT = 32
#: The seed of the picture that is used for timing.
TIMED_SEED = 1
CALIBRATION_SEED = 100


def picture(side: int, seed: int) -> np.ndarray:
    """8-bit pixels `[side, side, 3]`."""
    random = np.random.default_rng(seed)
    coarse = random.random((9, 9, 3))
    position = np.linspace(0, 8, side)
    low = np.minimum(position.astype(int), 7)
    weight = position - low
    rows = coarse[low] * (1 - weight)[:, None, None] + coarse[low + 1] * weight[:, None, None]
    soft = rows[:, low] * (1 - weight)[None, :, None] + rows[:, low + 1] * weight[None, :, None]
    return ((soft * 0.8 + random.random((side, side, 3)) * 0.2) * 255).round().astype(np.uint8)


def calibration_pictures(side: int) -> list[np.ndarray]:
    return [picture(side, CALIBRATION_SEED + index) for index in range(CALIBRATION_COUNT)]


def normalised(model: Model, pixels: np.ndarray) -> np.ndarray:
    """Normalises pixels to the input `[1, 3, side, side]` of `model`."""
    mean = np.array(model.mean, np.float32)
    scaled = (pixels.astype(np.float32) - mean) / np.array(model.deviation, np.float32)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])


def calibration_inputs(model: Model) -> list[np.ndarray]:
    return [normalised(model, pixels) for pixels in calibration_pictures(model.side)]


def write_calibration_folder(side: int) -> str:
    """Writes the calibration pictures as PNG files; returns their folder."""
    import cv2

    folder = paths.IMAGES / str(side)
    if not folder.exists():
        folder.mkdir(parents=True)
        for index, pixels in enumerate(calibration_pictures(side)):
            cv2.imwrite(str(folder / f"{index:02}.png"), pixels[:, :, ::-1])
    return str(folder)
