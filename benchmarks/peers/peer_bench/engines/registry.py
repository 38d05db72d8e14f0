"""The engines and their precisions. An engine's module is imported only when it is run."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from .engine import Engine

OURS = "stream-detect"

#: Title, module and class of each peer.
PEERS = {
    "onnxruntime": ("ONNX Runtime", "onnx_runtime", "ONNXRuntime"),
    "openvino": ("OpenVINO", "open_vino", "OpenVINO"),
    "litert": ("LiteRT (XNNPACK)", "lite_rt", "LiteRT"),
    "ncnn": ("ncnn", "ncnn_engine", "NCNN"),
    "opencv": ("OpenCV DNN", "opencv_dnn", "OpenCV"),
}
#: The pip package of each peer.
PACKAGES = {
    "onnxruntime": "onnxruntime",
    "openvino": "openvino",
    "litert": "ai-edge-litert",
    "ncnn": "ncnn",
    "opencv": "opencv-python-headless",
}
#: The precisions of each engine, by separate files or by a hint.
PRECISIONS = {
    OURS: ("fp32", "bf16", "int8"),
    "onnxruntime": ("fp32", "int8", "int8-s8s8"),
    "openvino": ("fp32", "bf16", "int8"),
    "litert": ("fp32", "int8"),
    "ncnn": ("fp32", "bf16"),
    "opencv": ("fp32",),
}


def engine_class(name: str) -> type[Engine]:
    """The class of the peer called `name`."""
    _, module, kind = PEERS[name]
    return getattr(import_module(f"{__package__}.{module}"), kind)


def title(name: str) -> str:
    """The engine's name in tables."""
    name, _, variant = name.partition(":")
    words = PEERS[name][0] if name in PEERS else name
    return f"{words}, {variant}" if variant else words


def versions() -> dict[str, str]:
    """The version of each peer that is installed, by title."""
    found = {}
    for name, package in PACKAGES.items():
        with suppress(PackageNotFoundError):
            found[PEERS[name][0]] = version(package)
    return found
