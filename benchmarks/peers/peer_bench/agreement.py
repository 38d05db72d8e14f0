"""Whether two engines computed the same thing.

The reference is stream-detect in FP32, which is itself compared with PyTorch. In FP32 the measure
is the largest difference divided by the largest value; in fewer bits it is the root mean square of
the difference divided by the standard deviation of the reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

#: FP32 rounding differs by a few millionths, a wrong padding or epsilon by per cents.
LARGEST_DIFFERENCE = 2e-5
#: Random networks amplify rounding more than trained ones; unrelated outputs are at about 1.4.
DEVIATION = {"bf16": 0.1, "int8": 0.5}


@dataclass(frozen=True)
class Agreement:
    """How far an engine's numbers are from the reference."""

    largest: float
    deviation: float
    family: str

    @property
    def tolerance(self) -> float:
        return DEVIATION.get(self.family, LARGEST_DIFFERENCE)

    @property
    def measure(self) -> float:
        """The figure that must be within the tolerance."""
        return self.deviation if self.family in DEVIATION else self.largest

    @property
    def is_within(self) -> bool:
        return bool(self.measure <= self.tolerance)


def compare(
    reference: Mapping[str, np.ndarray], found: Iterable[np.ndarray], family: str
) -> Agreement:
    """Compares outputs, matched by size: some engines lose names and dimensions of 1.

    Raises `ValueError` if an output is missing or not finite.
    """
    rest = list(found)
    largest = deviation = 0.0
    for name, expected in reference.items():
        match = next((output for output in rest if output.size == expected.size), None)
        if match is None:
            sizes = [output.size for output in rest]
            raise ValueError(f"no output has the {expected.size} values of {name}; sizes: {sizes}")
        difference = match.reshape(expected.shape).astype(np.float64) - expected
        if not np.isfinite(difference).all():
            raise ValueError(f"{name} is not finite")
        largest = max(largest, float(np.abs(difference).max() / np.abs(expected).max()))
        deviation = max(deviation, float(np.sqrt(np.mean(difference**2)) / expected.std()))
    return Agreement(largest, deviation, family)
