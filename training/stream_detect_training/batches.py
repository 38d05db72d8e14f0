"""The images of each step depend only on seed and step, so that runs can be resumed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .augment import Augmentation, Example, augmented
from .data import DataSet, Images


@dataclass(frozen=True)
class Batch:
    """Bytes `[N, H, W, 3]` and the examples that they belong to."""

    pixels: Tensor
    examples: list[Example]
    keys: list[tuple[int, int]]
    """Sample and view of each image; the same key means the same pixels and boxes."""


class Batches:
    """Batches of augmented samples; each epoch is a permutation of the data set."""

    def __init__(
        self,
        data: DataSet,
        size: tuple[int, int],
        batch: int,
        kind: Augmentation,
        seed: int,
        *,
        views: int = 0,
        longest: int = 512,
    ) -> None:
        """`views` is the number of fixed views per sample; 0 for a new one each time."""
        self.data = data
        self.size = size
        self.batch = batch
        self.kind = kind
        self.seed = seed
        self.views = views
        self.images = Images(longest)

    def __getitem__(self, step: int) -> Batch:
        count = len(self.data.samples)
        examples, keys = [], []
        for place in range(step * self.batch, (step + 1) * self.batch):
            epoch, position = divmod(place, count)
            order = np.random.default_rng([self.seed, epoch]).permutation(count)
            row = int(order[position])
            sample = self.data.samples[row]
            view = epoch % self.views if self.views else epoch
            random = np.random.default_rng([self.seed, view, row])
            keys.append((row, view))
            examples.append(
                augmented(self.images[sample.path], sample, self.size, random, self.kind)
            )
        pixels = torch.from_numpy(np.stack([example.pixels for example in examples]))
        return Batch(pixels, examples, keys)

    def steps(self, first: int, last: int) -> Iterator[tuple[int, Batch]]:
        """Batches of the steps `first` to `last`; the next one is prepared while one is in use."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            following = pool.submit(self.__getitem__, first)
            for step in range(first, last):
                batch = following.result()
                if step + 1 < last:
                    following = pool.submit(self.__getitem__, step + 1)
                yield step, batch
