"""ncnn's pair of files, converted from a traced module by pnnx; weights stay FP32."""

from __future__ import annotations

import subprocess
from pathlib import Path

import torch

from .. import paths
from ..catalogue import Model
from .torch_weights import made, timed_input


def export(model: Model) -> None:
    folder = paths.NCNN / model.key
    if (folder / "model.ncnn.bin").exists():
        return
    import pnnx

    folder.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        torch.jit.trace(made(model), timed_input(model)).save(str(folder / "model.pt"))
    shape = f"inputshape=[1,3,{model.side},{model.side}]"
    converter = Path(pnnx.__file__).parent / "pnnx"
    subprocess.run(
        [converter, "model.pt", shape, "fp16=0"], cwd=folder, check=True, capture_output=True
    )
