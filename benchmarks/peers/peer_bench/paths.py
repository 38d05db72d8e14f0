"""Where everything is. Only the reports are written outside `generated`."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
REPOSITORY = HERE.parent.parent
GENERATED = HERE / "generated"
WEIGHTS = GENERATED / "weights"
IMAGES = GENERATED / "images"
OURS = GENERATED / "stream-detect"
ONNX = GENERATED / "onnx"
OPENVINO = GENERATED / "openvino"
NCNN = GENERATED / "ncnn"
LITERT = GENERATED / "litert"
RESULTS = GENERATED / "results"
PROBE = GENERATED / "probe"
DOCUMENTS = REPOSITORY / "docs"
PICTURES = DOCUMENTS / "pictures"
README = REPOSITORY / "README.md"


def program() -> Path:
    """The program to compare: a release build, or the one that `STREAM_DETECT` names."""
    return Path(os.environ.get("STREAM_DETECT", REPOSITORY / ".build/release/stream-detect"))


def case_input(key: str) -> Path:
    """The input of a model, and the outputs that PyTorch computes from it."""
    return WEIGHTS / f"{key}-io.safetensors"
