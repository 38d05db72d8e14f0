"""SSDLite detectors up to their raw outputs: logits `[1, priors, classes]`, codes `[1, priors, 4]`.

Box decoding and suppression are left out, because the peers would do them in Python.
"""

from __future__ import annotations

from functools import partial

from torch import Tensor, nn

from .torchvision_definitions import torchvision

Norm = partial(nn.BatchNorm2d, eps=1e-3, momentum=0.03)
EXTRA_CHANNELS = (512, 256, 256, 128)
PRIORS_PER_CELL = (3, 6, 6, 6, 6, 6)


def _extra(inputs: int, outputs: int) -> nn.Sequential:
    """A block that halves the map: pointwise, depthwise, pointwise."""
    unit = partial(
        torchvision.ops.misc.Conv2dNormActivation, norm_layer=Norm, activation_layer=nn.ReLU6
    )
    middle = outputs // 2
    return nn.Sequential(
        unit(inputs, middle, kernel_size=1),
        unit(middle, middle, kernel_size=3, stride=2, groups=middle),
        unit(middle, outputs, kernel_size=1),
    )


class MobileNetV2Maps(nn.Module):
    """MobileNetV2, cut after the expansion of block 14 as in SSDLite, and the extra blocks."""

    def __init__(self) -> None:
        super().__init__()
        blocks = torchvision.models.mobilenet_v2(weights=None, norm_layer=Norm).features
        cut = blocks[14].conv
        first = nn.Sequential(*blocks[:14], cut[0])
        second = nn.Sequential(cut[1:], *blocks[15:])
        self.features = nn.Sequential(first, second)
        sides = zip((1280, *EXTRA_CHANNELS), EXTRA_CHANNELS, strict=False)
        self.extra = nn.ModuleList([_extra(inputs, outputs) for inputs, outputs in sides])

    def forward(self, image: Tensor) -> list[Tensor]:
        maps = []
        for block in (*self.features, *self.extra):
            image = block(image)
            maps.append(image)
        return maps


class RawDetector(nn.Module):
    """A backbone with several feature maps, and a head that reads them."""

    def __init__(self, backbone: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.backbone = backbone
        self.head = head

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        maps = self.backbone(image)
        outputs = self.head(list(maps.values()) if isinstance(maps, dict) else maps)
        return outputs["cls_logits"], outputs["bbox_regression"]


def mobilenet_v2_detector(classes: int) -> RawDetector:
    """MobileNetV2-SSDLite, with the head of torchvision's detector."""
    head = torchvision.models.detection.ssdlite.SSDLiteHead(
        [576, 1280, *EXTRA_CHANNELS], list(PRIORS_PER_CELL), classes, Norm
    )
    return RawDetector(MobileNetV2Maps(), head)


def mobilenet_v3_detector(classes: int) -> RawDetector:
    """torchvision's ssdlite320_mobilenet_v3_large."""
    detector = torchvision.models.detection.ssdlite320_mobilenet_v3_large(
        weights=None, weights_backbone=None, num_classes=classes
    )
    return RawDetector(detector.backbone, detector.head)
