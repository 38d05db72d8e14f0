"""ncnn on the CPU; FP16 is off, BF16 is on only for that precision."""

from __future__ import annotations

import ncnn
import numpy as np

from .. import paths
from ..catalogue import Model


class NCNN:
    def __init__(self, model: Model, precision: str, threads: int, image: np.ndarray) -> None:
        self._net = ncnn.Net()
        options = self._net.opt
        options.num_threads = threads
        options.use_vulkan_compute = False
        options.use_fp16_packed = options.use_fp16_storage = options.use_fp16_arithmetic = False
        for name in ("use_bf16_storage", "use_bf16_packed"):
            if hasattr(options, name):
                setattr(options, name, precision == "bf16")
        files = paths.NCNN / model.key / "model.ncnn"
        if self._net.load_param(f"{files}.param") or self._net.load_model(f"{files}.bin"):
            raise SystemExit(f"{files}: ncnn cannot load this file")
        self._input = self._net.input_names()[0]
        self._names = self._net.output_names()
        self._image = ncnn.Mat(image[0]).clone()
        self._outputs: list[ncnn.Mat] = []

    def run(self) -> None:
        extractor = self._net.create_extractor()
        extractor.input(self._input, self._image)
        self._outputs = [extractor.extract(name)[1] for name in self._names]

    def outputs(self) -> list[np.ndarray]:
        return [np.array(output) for output in self._outputs]
