"""torchvision's Python definitions of networks, whatever PyTorch its compiled part was built for.

That part registers operators, which exporting raw outputs does not need. Where it cannot be loaded
(a wheel for CUDA beside a PyTorch without), torchvision's import fails for their missing names.
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
