"""Saves a run so that it can go on from where it was."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch


def save(path: Path, state: dict[str, Any]) -> None:
    """Writes under another name first: a run that is stopped while it saves loses nothing."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    os.replace(partial, path)


def load(path: Path) -> dict[str, Any]:
    """What `save` wrote; only tensors, numbers and texts are read."""
    return torch.load(path, map_location="cpu", weights_only=True)
