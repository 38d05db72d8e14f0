"""Outputs of the trunk for fixed views of images, kept in a file.

The layers before the cut never change, so their outputs are computed once and every later run
reads them. They are stored in FP16: a view takes 70 KB.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

from .augment import Augmentation, Window, recoloured, window
from .data import Sample
from .inference import normalised
from .model_file import Model

CUT = "backbone.features.0.13.add"
"""The last node before the first feature map; everything after it needs only its value."""
CROPS = Augmentation(expand=0.15, largest=1.5, crop=1.0, flip=0.5, colour=0.5)
WHOLE = np.array([0.0, 0.0, 1.0, 1.0])


@dataclass(frozen=True)
class Features:
    """Views of samples: for each view the values of the cut `[samples, C, H, W]`, and for each
    sample what its views show."""

    values: list[np.ndarray]
    windows: list[list[Window]]

    def batch(self, keys: list[tuple[int, int]]) -> Tensor:
        """The values of views, `(sample, view)` each."""
        return torch.from_numpy(np.stack([self.values[view][row] for row, view in keys])).float()


def cut_of(model: Model) -> int:
    """The step of the cut."""
    return [node.name for node in model.detector.graph.nodes].index(CUT)


def window_of(row: int, view: int, seed: int) -> Window:
    """What a view shows: 0 is the whole frame, 1 its mirror image, the others are random."""
    if view < 2:
        return Window(WHOLE, mirrored=view == 1)
    random = np.random.default_rng([seed, view, row])
    corners = window(np.zeros((0, 4)), random, CROPS)
    return Window(corners, bool(random.random() < CROPS.flip))


def features(
    model: Model,
    samples: list[Sample],
    folder: Path,
    *,
    views: int,
    seed: int = 1,
    progress: bool = False,
) -> Features:
    """The features of `views` views of each sample, from `folder` where an earlier run left them.

    The folder belongs to these samples and this trunk.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [sample.path.name for sample in samples]
    index = folder / "images.json"
    if index.exists() and json.loads(index.read_text()) != names:
        raise ValueError(f"{folder} holds the features of other images; remove it.")
    index.write_text(json.dumps(names))
    values = []
    for view in range(views):
        path = folder / f"view{view}.npy"
        if not path.exists():
            _compute(model, samples, view, seed, path, progress)
        values.append(np.load(path, mmap_mode="r"))
    windows = [[window_of(row, view, seed) for view in range(views)] for row in range(len(samples))]
    return Features(values, windows)


@torch.no_grad()
def _compute(
    model: Model,
    samples: list[Sample],
    view: int,
    seed: int,
    path: Path,
    progress: bool,
    batch: int = 16,
) -> None:
    size = model.detector.input_size
    cut = cut_of(model)
    shape = model.detector.run_until(torch.zeros(1, 3, *size), cut).shape[1:]
    # Renamed last, so that a stopped run leaves no partial file under the name.
    partial = path.with_suffix(".partial")
    values = np.lib.format.open_memmap(partial, "w+", np.float16, (len(samples), *shape))
    starts = range(0, len(samples), batch)
    for start in tqdm(starts, desc=f"view {view}", unit="batch", disable=not progress):
        rows = range(start, min(start + batch, len(samples)))
        pixels = np.stack([_pixels(samples[row], row, view, seed, size) for row in rows])
        x = normalised(torch.from_numpy(pixels), model)
        values[start : rows.stop] = model.detector.run_until(x, cut).numpy()
    values.flush()
    partial.rename(path)


def _pixels(sample: Sample, row: int, view: int, seed: int, size: tuple[int, int]) -> np.ndarray:
    with Image.open(sample.path) as image:
        pixels = window_of(row, view, seed).pixels(image.convert("RGB"), size)
    strength = CROPS.colour if view >= 2 else 0.0
    return recoloured(pixels, np.random.default_rng([seed, view, row, 1]), strength)
