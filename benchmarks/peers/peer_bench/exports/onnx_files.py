"""ONNX in FP32, and ONNX Runtime's static quantisation of it."""

from __future__ import annotations

from pathlib import Path

import torch
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from .. import images, paths
from ..catalogue import Model
from .torch_weights import made, timed_input

#: Type of the maps by precision; weights are signed with one scale per channel in both.
MAP_TYPES = {"int8": QuantType.QUInt8, "int8-s8s8": QuantType.QInt8}


def export(model: Model) -> Path:
    path = paths.ONNX / f"{model.key}.onnx"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # The tracing exporter keeps the module's operators one to one.
        torch.onnx.export(
            made(model),
            (timed_input(model),),
            path,
            opset_version=17,
            input_names=["input"],
            output_names=list(model.outputs),
            dynamo=False,
        )
    return path


class _Pictures(CalibrationDataReader):
    def __init__(self, model: Model) -> None:
        self.rest = iter(images.calibration_inputs(model))

    def get_next(self) -> dict[str, object] | None:
        image = next(self.rest, None)
        return None if image is None else {"input": image}


def quantise(model: Model) -> None:
    source = export(model)
    prepared = paths.ONNX / f"{model.key}.prepared.onnx"
    for name, maps in MAP_TYPES.items():
        path = paths.ONNX / f"{model.key}.{name}.onnx"
        if path.exists():
            continue
        if not prepared.exists():
            quant_pre_process(str(source), str(prepared))
        quantize_static(
            str(prepared),
            str(path),
            _Pictures(model),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=maps,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
