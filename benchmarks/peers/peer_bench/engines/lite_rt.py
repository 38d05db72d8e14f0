"""LiteRT (formerly TensorFlow Lite) with XNNPACK, its default on CPUs."""

from __future__ import annotations

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from .. import paths
from ..catalogue import Model


def interpreter(model: Model, precision: str, threads: int) -> Interpreter:
    """The network, with its tensors allocated."""
    suffix = "" if precision == "fp32" else f".{precision}"
    path = paths.LITERT / f"{model.key}{suffix}.tflite"
    made = Interpreter(str(path), num_threads=threads)
    made.allocate_tensors()
    return made


def encoded(numbers: np.ndarray, place: dict) -> np.ndarray:
    """Converts values to the type of a tensor, which may be 8-bit."""
    if place["dtype"] != np.float32:
        scale, zero = place["quantization"]
        limits = np.iinfo(place["dtype"])
        numbers = np.clip(np.round(numbers / scale) + zero, limits.min, limits.max)
    return numbers.astype(place["dtype"])


def decoded(numbers: np.ndarray, place: dict) -> np.ndarray:
    """Converts a tensor, which may be 8-bit, to values."""
    if place["dtype"] == np.float32:
        return numbers
    scale, zero = place["quantization"]
    return (numbers.astype(np.float32) - np.float32(zero)) * np.float32(scale)


class LiteRT:
    def __init__(self, model: Model, precision: str, threads: int, image: np.ndarray) -> None:
        self._interpreter = interpreter(model, precision, threads)
        place = self._interpreter.get_input_details()[0]
        pixels = np.ascontiguousarray(image.transpose(0, 2, 3, 1))
        self._interpreter.set_tensor(place["index"], encoded(pixels, place))

    def run(self) -> None:
        self._interpreter.invoke()

    def outputs(self) -> list[np.ndarray]:
        places = self._interpreter.get_output_details()
        return [decoded(self._interpreter.get_tensor(place["index"]), place) for place in places]
