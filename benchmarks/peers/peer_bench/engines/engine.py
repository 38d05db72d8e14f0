"""What every peer has to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..catalogue import Model

if TYPE_CHECKING:
    import numpy as np


class Engine(Protocol):
    """A network that is loaded and has its input."""

    def __init__(self, model: Model, precision: str, threads: int, image: np.ndarray) -> None: ...

    def run(self) -> None:
        """Computes the outputs once."""
        ...

    def outputs(self) -> list[np.ndarray]:
        """What the last run computed."""
        ...
