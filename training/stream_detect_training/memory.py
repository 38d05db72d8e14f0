"""Caches the outputs of frozen layers and of the teacher for views that are used repeatedly."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from .batches import Batch
from .inference import normalised
from .model_file import Model

Key = tuple[int, int]


class Memory:
    """Outputs by view. If `keeps` is false, nothing is cached and everything is computed again."""

    def __init__(self, cut: int, *, keeps: bool) -> None:
        self.cut = cut
        self.keeps = keeps
        self._features: dict[Key, tuple[Tensor, ...]] = {}
        self._answers: dict[Key, tuple[Tensor, ...]] = {}

    def student(self, model: Model, batch: Batch) -> tuple[Tensor, Tensor]:
        """The student's output; the layers after the cut are computed with gradients."""
        detector = model.detector
        if self.cut < 0:
            return detector(normalised(batch.pixels, model))

        def features(pixels: Tensor) -> tuple[Tensor, ...]:
            return (detector.run_until(normalised(pixels, model), self.cut),)

        (value,) = self._recall(self._features, batch, features)
        return detector.resume(value, self.cut)

    @torch.no_grad()
    def teacher(self, model: Model, batch: Batch) -> tuple[Tensor, Tensor]:
        """The teacher's logits and codes."""

        def answers(pixels: Tensor) -> tuple[Tensor, ...]:
            return model.detector(normalised(pixels, model))

        logits, codes = self._recall(self._answers, batch, answers)
        return logits, codes

    def _recall(
        self,
        known: dict[Key, tuple[Tensor, ...]],
        batch: Batch,
        compute: Callable[[Tensor], tuple[Tensor, ...]],
    ) -> tuple[Tensor, ...]:
        if not self.keeps:
            return compute(batch.pixels)
        # One at a time, so that a view's outputs don't depend on the rest of its batch.
        for index, key in enumerate(batch.keys):
            if key not in known:
                known[key] = compute(batch.pixels[index : index + 1])
        rows = [known[key] for key in batch.keys]
        return tuple(torch.cat(parts) for parts in zip(*rows, strict=True))
