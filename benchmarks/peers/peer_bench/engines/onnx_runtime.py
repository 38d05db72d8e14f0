"""ONNX Runtime with its CPU provider and all graph optimisations."""

from __future__ import annotations

import numpy as np
import onnxruntime

from .. import paths
from ..catalogue import Model


def session(
    model: Model, precision: str, threads: int, spins: bool = True
) -> onnxruntime.InferenceSession:
    """A session. Without `spins` idle threads sleep, which leaves the core to other work."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    if not spins:
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    suffix = "" if precision == "fp32" else f".{precision}"
    return onnxruntime.InferenceSession(
        str(paths.ONNX / f"{model.key}{suffix}.onnx"), options, providers=["CPUExecutionProvider"]
    )


class ONNXRuntime:
    def __init__(self, model: Model, precision: str, threads: int, image: np.ndarray) -> None:
        self._session = session(model, precision, threads)
        # Bound once, so that runs don't include Python's conversions.
        self._binding = self._session.io_binding()
        self._binding.bind_cpu_input("input", image)
        for name in model.outputs:
            self._binding.bind_output(name)

    def run(self) -> None:
        self._session.run_with_iobinding(self._binding)

    def outputs(self) -> list[np.ndarray]:
        return self._binding.copy_outputs_to_cpu()
