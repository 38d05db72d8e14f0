"""MobileNetV1 of Howard et al. 2017, arXiv:1704.04861, table 1, with PyTorch's padding."""

from __future__ import annotations

from torch import Tensor, nn

# Output channels and stride of each depthwise separable block.
BLOCKS = (
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1),
    (512, 1), (512, 1), (1024, 2), (1024, 1),
)  # fmt: skip


def _unit(inputs: int, outputs: int, kernel: int, stride: int, groups: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, eps=1e-3),
        nn.ReLU(),
    )


class MobileNetV1(nn.Module):
    """The classifier at width 1."""

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        blocks = [_unit(3, 32, 3, 2)]
        channels = 32
        for outputs, stride in BLOCKS:
            depthwise = _unit(channels, channels, 3, stride, groups=channels)
            blocks.append(nn.Sequential(depthwise, _unit(channels, outputs, 1, 1)))
            channels = outputs
        self.features = nn.Sequential(*blocks)
        self.classifier = nn.Linear(channels, classes)

    def forward(self, image: Tensor) -> Tensor:
        return self.classifier(self.features(image).mean((2, 3)))
