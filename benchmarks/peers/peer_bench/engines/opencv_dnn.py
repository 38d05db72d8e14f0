"""OpenCV's own network module."""

from __future__ import annotations

import cv2
import numpy as np

from .. import paths
from ..catalogue import Model


class OpenCV:
    def __init__(self, model: Model, precision: str, threads: int, image: np.ndarray) -> None:
        if precision != "fp32":
            raise SystemExit(f"opencv is only run in FP32, not {precision}")
        cv2.setNumThreads(threads)
        self._net = cv2.dnn.readNetFromONNX(str(paths.ONNX / f"{model.key}.onnx"))
        self._names = self._net.getUnconnectedOutLayersNames()
        self._image = image
        self._outputs: list[np.ndarray] = []

    def run(self) -> None:
        self._net.setInput(self._image)
        self._outputs = list(self._net.forward(self._names))

    def outputs(self) -> list[np.ndarray]:
        return self._outputs
