"""Makes the files that a set of cases needs; existing files are kept."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterable

from . import paths
from .cases import Case
from .catalogue import model


def prepare(cases: Iterable[Case]) -> None:
    """Exports the same weights for each engine of the cases."""
    wanted = sorted({(case.model, case.engine.split(":")[0], case.family) for case in cases})
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    paths.GENERATED.mkdir(exist_ok=True)
    # The exporters print a lot, which is useful only when one of them fails.
    with (paths.GENERATED / "prepare.log").open("w") as log:
        for key, engine, family in wanted:
            print(f"preparing {key} for {engine}, {family}", flush=True)
            with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
                _export(key, engine, family)


def _export(key: str, engine: str, family: str) -> None:
    # Imported here because the exporters' packages load slowly and a run may not need them all.
    match engine, family:
        case ("stream-detect", _):
            from .exports import our_files as files
        case ("onnxruntime" | "opencv", _) | ("openvino", "fp32" | "bf16"):
            from .exports import onnx_files as files
        case ("openvino", _):
            from .exports import openvino_files as files
        case ("litert", _):
            from .exports import litert_files as files
        case _:
            from .exports import ncnn_files as files
    if family == "int8":
        files.quantise(model(key))
    else:
        files.export(model(key))
