"""LiteRT (once TensorFlow Lite) with XNNPACK, its default on CPUs."""

from __future__ import annotations

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from .. import paths
from ..catalogue import Model


class LiteRT:
    def __init__(self, model: Model, precision: str, threads: int, image: np.ndarray) -> None:
        suffix = "" if precision == "fp32" else f".{precision}"
        self._interpreter = Interpreter(
            str(paths.LITERT / f"{model.key}{suffix}.tflite"), num_threads=threads
        )
        self._interpreter.allocate_tensors()
        place = self._interpreter.get_input_details()[0]
        pixels = np.ascontiguousarray(image.transpose(0, 2, 3, 1))
        if place["dtype"] != np.float32:
            scale, zero = place["quantization"]
            limits = np.iinfo(place["dtype"])
            pixels = np.clip(np.round(pixels / scale) + zero, limits.min, limits.max)
        self._interpreter.set_tensor(place["index"], pixels.astype(place["dtype"]))

    def run(self) -> None:
        self._interpreter.invoke()

    def outputs(self) -> list[np.ndarray]:
        return [self._output(place) for place in self._interpreter.get_output_details()]

    def _output(self, place: dict) -> np.ndarray:
        numbers = self._interpreter.get_tensor(place["index"])
        if place["dtype"] == np.float32:
            return numbers.copy()
        scale, zero = place["quantization"]
        return (numbers.astype(np.float32) - zero) * scale
