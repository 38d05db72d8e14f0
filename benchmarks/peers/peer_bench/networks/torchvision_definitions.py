"""Imports torchvision's network definitions even if its compiled extension can't be loaded.

That happens when a torchvision wheel for CUDA meets a PyTorch without CUDA: importing torchvision
fails because its operators are not registered. Exporting raw outputs doesn't use those operators,
so declaring their names is enough.
"""

from __future__ import annotations

import torch

try:
    import torchvision
except RuntimeError:
    _library = torch.library.Library("torchvision", "DEF")
    for _name in ("nms", "qnms"):
        _library.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision

__all__ = ["torchvision"]
