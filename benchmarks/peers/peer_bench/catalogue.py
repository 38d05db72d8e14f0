"""The networks that are compared."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Model:
    """A network with seeded random weights."""

    key: str
    title: str
    #: Its name in `stream-detect models import`.
    architecture: str
    #: Height and width of the input.
    side: int
    #: For a detector this includes the background.
    classes: int

    @property
    def is_detector(self) -> bool:
        return self.architecture.startswith("ssdlite")

    @property
    def is_centred(self) -> bool:
        """Whether pixels become -1 to 1; otherwise they are normalised as torchvision does."""
        return self.is_detector or self.architecture == "xception"

    @property
    def outputs(self) -> tuple[str, ...]:
        return ("cls_logits", "bbox_regression") if self.is_detector else ("output",)

    @property
    def mean(self) -> tuple[float, float, float]:
        """Subtracted from red, green and blue in 0...255."""
        return (127.5, 127.5, 127.5) if self.is_centred else (123.675, 116.28, 103.53)

    @property
    def deviation(self) -> tuple[float, float, float]:
        """Red, green and blue are divided by this afterwards."""
        return (127.5, 127.5, 127.5) if self.is_centred else (58.395, 57.12, 57.375)


V2_DETECTOR = Model(
    "ssdlite_mobilenet_v2_91",
    "MobileNetV2-SSDLite 300, 91 classes",
    "ssdlite_mobilenet_v2",
    300,
    91,
)
V3_DETECTOR = Model(
    "ssdlite320_mobilenet_v3_large",
    "ssdlite320_mobilenet_v3_large",
    "ssdlite320_mobilenet_v3_large",
    320,
    91,
)
SMALL_V2_DETECTOR = Model(
    "ssdlite_mobilenet_v2_21",
    "MobileNetV2-SSDLite 300, 21 classes",
    "ssdlite_mobilenet_v2",
    300,
    21,
)
CLASSIFIERS = (
    Model("mobilenet_v1", "MobileNetV1 224", "mobilenet_v1", 224, 1000),
    Model("mobilenet_v2", "MobileNetV2 224", "mobilenet_v2", 224, 1000),
    Model("mobilenet_v3_large", "MobileNetV3-Large 224", "mobilenet_v3_large", 224, 1000),
    Model("mobilenet_v3_small", "MobileNetV3-Small 224", "mobilenet_v3_small", 224, 1000),
    Model("squeezenet1_1", "SqueezeNet 1.1 224", "squeezenet1_1", 224, 1000),
    Model("shufflenet_v2", "ShuffleNetV2 1.0 224", "shufflenet_v2", 224, 1000),
    Model("xception", "Xception 299", "xception", 299, 1000),
)
#: Networks of plain convolutions.
PLAIN_CLASSIFIERS = (
    Model("resnet18", "ResNet-18 224", "resnet18", 224, 1000),
    Model("resnet50", "ResNet-50 224", "resnet50", 224, 1000),
    Model("vgg16", "VGG-16 224", "vgg16", 224, 1000),
)
#: The detectors that the goals name.
DETECTORS = (V2_DETECTOR, V3_DETECTOR)
MODELS = (*DETECTORS, SMALL_V2_DETECTOR, *CLASSIFIERS, *PLAIN_CLASSIFIERS)
#: The networks that are also run in BF16 and INT8.
REDUCED = (*DETECTORS, SMALL_V2_DETECTOR, CLASSIFIERS[1])


def model(key: str) -> Model:
    """The network called `key`."""
    found = {model.key: model for model in MODELS}.get(key)
    if found is None:
        raise SystemExit(f"{key}: no such model; known models: {', '.join(m.key for m in MODELS)}")
    return found
