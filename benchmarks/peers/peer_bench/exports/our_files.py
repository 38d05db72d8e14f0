"""stream-detect's model files, made with the program as its users do."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from safetensors import safe_open

from .. import images, paths
from ..catalogue import Model
from .torch_weights import made


def _run(*arguments: str | Path) -> None:
    outcome = subprocess.run(
        [paths.program(), *arguments], capture_output=True, text=True, check=False
    )
    if outcome.returncode:
        raise SystemExit(f"stream-detect {arguments[0]} {arguments[1]}: {outcome.stderr.strip()}")


def export(model: Model) -> Path:
    path = paths.OURS / f"{model.key}.safetensors"
    if not _is_current(path):
        made(model)
        path.parent.mkdir(parents=True, exist_ok=True)
        weights = paths.WEIGHTS / f"{model.key}.pth"
        _run("models", "import", weights, "--output", path)
        _check_normalisation(model, path)
        _run("models", "verify", path, "--against", paths.case_input(model.key))
    return path


def _is_current(path: Path) -> bool:
    """Whether the file is newer than the program, so that this version made it."""
    return path.exists() and path.stat().st_mtime >= paths.program().stat().st_mtime


def _check_normalisation(model: Model, path: Path) -> None:
    """Checks that the file normalises pictures as all other engines do."""
    with safe_open(path, "np") as file:
        description = json.loads(file.metadata()["stream_detect"])
    found = description["normalization"]
    expected = [*model.mean, *(1 / number for number in model.deviation)]
    same = zip(expected, [*found["mean"], *found["scale"]], strict=True)
    if found["order"] != "rgb" or any(abs(a - b) > 1e-4 * abs(a) for a, b in same):
        raise SystemExit(f"{path}: the normalisation is not the catalogue's: {found}")


def quantise(model: Model) -> None:
    path = paths.OURS / f"{model.key}.int8.safetensors"
    if not _is_current(path):
        folder = images.write_calibration_folder(model.side)
        _run("models", "quantize", export(model), "--calibrate", folder, "--output", path)
