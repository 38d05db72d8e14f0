"""Saves and loads the state of a run, so that it can be resumed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch


def save(path: Path, state: dict[str, Any]) -> None:
    """Writes a temporary file and renames it, so that stopping here loses nothing."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    os.replace(partial, path)


def load(path: Path) -> dict[str, Any]:
    """Loads what `save` wrote. Only tensors, numbers and strings are unpickled."""
    return torch.load(path, map_location="cpu", weights_only=True)
