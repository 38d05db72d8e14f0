"""The PyTorch module of each network, not yet with the weights to compare."""

from __future__ import annotations

from torch import nn

from ..catalogue import Model
from .mobilenet_v1 import MobileNetV1
from .ssdlite import mobilenet_v2_detector, mobilenet_v3_detector
from .torchvision_definitions import torchvision
from .xception import Xception

#: The networks that torchvision calls differently.
TORCHVISION_NAMES = {"shufflenet_v2": "shufflenet_v2_x1_0"}


def build(model: Model) -> nn.Module:
    """The network in evaluation mode."""
    match model.architecture:
        case "ssdlite_mobilenet_v2":
            module = mobilenet_v2_detector(model.classes)
        case "ssdlite320_mobilenet_v3_large":
            module = mobilenet_v3_detector(model.classes)
        case "mobilenet_v1":
            module = MobileNetV1(model.classes)
        case "xception":
            module = Xception(model.classes)
        case name:
            make = getattr(torchvision.models, TORCHVISION_NAMES.get(name, name))
            module = make(weights=None, num_classes=model.classes)
    return module.eval()
