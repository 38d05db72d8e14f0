"""The interface of a peer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..catalogue import Model

if TYPE_CHECKING:
    import numpy as np


class Engine(Protocol):
    """A loaded network with its input."""

    def __init__(self, model: Model, precision: str, threads: int, image: np.ndarray) -> None: ...

    def run(self) -> None:
        """Computes the outputs once."""
        ...

    def outputs(self) -> list[np.ndarray]:
        """The outputs of the last run."""
        ...
