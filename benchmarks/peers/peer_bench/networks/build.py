"""The PyTorch module of each network, not yet with the weights to compare."""

from __future__ import annotations

from torch import nn

from ..catalogue import Model
from .mobilenet_v1 import MobileNetV1
from .ssdlite import mobilenet_v2_detector, mobilenet_v3_detector
from .torchvision_definitions import torchvision


def build(model: Model) -> nn.Module:
    """The network in evaluation mode."""
    match model.architecture:
        case "ssdlite_mobilenet_v2":
            module = mobilenet_v2_detector(model.classes)
        case "ssdlite320_mobilenet_v3_large":
            module = mobilenet_v3_detector(model.classes)
        case "mobilenet_v1":
            module = MobileNetV1(model.classes)
        case name:
            module = getattr(torchvision.models, name)(weights=None, num_classes=model.classes)
    return module.eval()
