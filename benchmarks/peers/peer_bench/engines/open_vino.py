"""OpenVINO's CPU plugin, one stream with the latency hint."""

from __future__ import annotations

import time

import numpy as np
import openvino

from .. import paths
from ..catalogue import Model


def compiled(
    model: Model, precision: str, threads: int, streams: int = 1, **further: object
) -> openvino.CompiledModel:
    """The network, compiled for `threads` threads in `streams` independent streams."""
    path = paths.ONNX / f"{model.key}.onnx"
    if precision == "int8":
        path = paths.OPENVINO / f"{model.key}.int8.xml"
    core = openvino.Core()
    configuration = {
        "PERFORMANCE_HINT": "LATENCY" if streams == 1 else "THROUGHPUT",
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": streams,
        "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32",
        **further,
    }
    return core.compile_model(core.read_model(path), "CPU", configuration)


class OpenVINO:
    def __init__(self, model: Model, precision: str, threads: int, image: np.ndarray) -> None:
        self._model = compiled(model, precision, threads)
        self._request = self._model.create_infer_request()
        self._image = image
        self._request.set_input_tensor(openvino.Tensor(self._image))

    def run(self) -> None:
        self._request.infer()

    def outputs(self) -> list[np.ndarray]:
        count = len(self._model.outputs)
        return [self._request.get_output_tensor(index).data.copy() for index in range(count)]


def throughput(model: Model, precision: str, image: np.ndarray, seconds: float) -> float:
    """Images per second in OpenVINO's own throughput mode: two streams fed from one queue."""
    queue = openvino.AsyncInferQueue(compiled(model, precision, 2, streams=2), 4)
    images = [image.copy() for _ in queue]
    for request, copy in zip(queue, images, strict=True):
        request.set_input_tensor(openvino.Tensor(copy))

    def run(duration: float) -> float:
        count = 0
        start = time.perf_counter()
        while time.perf_counter() - start < duration:
            queue.start_async(share_inputs=True)
            count += 1
        queue.wait_all()
        return count / (time.perf_counter() - start)

    run(seconds / 4)
    return run(seconds)
