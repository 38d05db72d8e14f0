"""One worker's network: RGB bytes in, logits and codes out."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from ..catalogue import V2_DETECTOR as MODEL


class Inference(Protocol):
    """A network that one thread at a time may call."""

    def __init__(self, precision: str, threads: int) -> None: ...

    def __call__(self, frame: np.ndarray) -> tuple[np.ndarray, np.ndarray]: ...


class ONNXRuntimeInference:
    def __init__(self, precision: str, threads: int) -> None:
        from ..engines.onnx_runtime import session

        self._session = session(MODEL, precision, threads, spins=False)

    def __call__(self, frame: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        import cv2

        image = cv2.dnn.blobFromImage(frame, 1 / 127.5, mean=(127.5,) * 3)
        logits, codes = self._session.run(None, {"input": image})
        return logits[0], codes[0]


class LiteRTInference:
    def __init__(self, precision: str, threads: int) -> None:
        from ..engines.lite_rt import decoded, encoded, interpreter

        self._interpreter = interpreter(MODEL, precision, threads)
        self._input = self._interpreter.get_input_details()[0]
        # One table look-up per byte instead of arithmetic on every pixel.
        self._table = encoded((np.arange(256) - 127.5) / 127.5, self._input)
        self._decoded = decoded
        # The names are lost, so outputs are told apart by their columns.
        places = self._interpreter.get_output_details()
        self._outputs = [
            next(place for place in places if place["shape"][-1] == columns)
            for columns in (MODEL.classes, 4)
        ]

    def __call__(self, frame: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self._interpreter.set_tensor(self._input["index"], self._table[frame][None])
        self._interpreter.invoke()
        logits, codes = (
            self._decoded(self._interpreter.get_tensor(place["index"])[0], place)
            for place in self._outputs
        )
        return logits, codes


ENGINES: dict[str, type[Inference]] = {
    "onnxruntime": ONNXRuntimeInference,
    "litert": LiteRTInference,
}
