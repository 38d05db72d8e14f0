"""OpenVINO's post-training quantisation by NNCF. For FP32 and BF16 OpenVINO reads the ONNX file."""

from __future__ import annotations

from .. import images, paths
from ..catalogue import Model
from .onnx_files import export


def quantise(model: Model) -> None:
    path = paths.OPENVINO / f"{model.key}.int8.xml"
    if path.exists():
        return
    import nncf
    import openvino

    path.parent.mkdir(parents=True, exist_ok=True)
    pictures = images.calibration_inputs(model)
    quantised = nncf.quantize(
        openvino.Core().read_model(export(model)),
        nncf.Dataset(pictures),
        preset=nncf.QuantizationPreset.PERFORMANCE,
        subset_size=len(pictures),
    )
    openvino.save_model(quantised, path, compress_to_fp16=False)
