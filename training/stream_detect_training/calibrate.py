"""Finds the INT8 activation ranges of a model: the minimum and maximum over some images."""

from __future__ import annotations

import numpy as np
import torch
from tqdm import tqdm

from .data import DataSet, Images
from .inference import normalised, resized
from .model_file import Model


@torch.no_grad()
def calibrate(
    model: Model, data: DataSet, images: Images, *, most: int = 0, progress: bool = False
) -> None:
    """Sets the model's ranges from at most `most` images of `data`, evenly spaced."""
    detector = model.detector.eval()
    detector.ranges.reset()
    detector.quantise("observe")
    count = len(data.samples)
    rows = (
        range(count) if not most or most >= count else np.linspace(0, count - 1, most).astype(int)
    )
    for row in tqdm(rows, desc="calibrate", unit="image", disable=not progress):
        pixels = resized(images[data.samples[row].path], detector.input_size)
        detector(normalised(torch.from_numpy(pixels[None].copy()), model))
    detector.quantise("off")
