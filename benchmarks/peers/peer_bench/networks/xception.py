"""Xception of Chollet 2017, arXiv:1610.02357, figure 5, with PyTorch's padding."""

from __future__ import annotations

from torch import Tensor, nn

#: Output channels of each module's separable convolutions, and whether the module halves the map.
MODULES = (
    ((128, 128), True), ((256, 256), True), ((728, 728), True),
    *([((728, 728, 728), False)] * 8),
    ((728, 1024), True),
)  # fmt: skip


def _pointwise(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs, eps=1e-3)
    )


class Separable(nn.Module):
    """A depthwise and a pointwise convolution with nothing between them.

    The depthwise one has a bias, because stream-detect's importer wants one; every engine adds it.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs)
        self.pointwise = _pointwise(inputs, outputs)

    def forward(self, image: Tensor) -> Tensor:
        return self.pointwise(self.depthwise(image))


class Module(nn.Module):
    """Separable convolutions with ReLU between them, and a shortcut around all of them."""

    def __init__(self, inputs: int, outputs: tuple[int, ...], halves: bool, is_first: bool) -> None:
        super().__init__()
        self.is_first = is_first
        self.count = len(outputs)
        for index, channels in enumerate(outputs, start=1):
            setattr(self, f"sepconv{index}", Separable(inputs if index == 1 else last, channels))
            last = channels
        self.pool = nn.MaxPool2d(3, 2, 1) if halves else nn.Identity()
        self.skip = _pointwise(inputs, last, 2) if halves else nn.Identity()

    def forward(self, image: Tensor) -> Tensor:
        maps = image
        for index in range(1, self.count + 1):
            if index > 1 or not self.is_first:
                maps = maps.relu()
            maps = getattr(self, f"sepconv{index}")(maps)
        return self.pool(maps) + self.skip(image)


class Xception(nn.Module):
    """The classifier."""

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.conv1 = self._unpadded(3, 32, 2)
        self.conv2 = self._unpadded(32, 64, 1)
        channels = 64
        for index, (outputs, halves) in enumerate(MODULES, start=1):
            setattr(self, f"block{index}", Module(channels, outputs, halves, index == 1))
            channels = outputs[-1]
        self.conv3 = Separable(channels, 1536)
        self.conv4 = Separable(1536, 2048)
        self.fc = nn.Linear(2048, classes)

    @staticmethod
    def _unpadded(inputs: int, outputs: int, stride: int) -> nn.Sequential:
        return nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, bias=False),
            nn.BatchNorm2d(outputs, eps=1e-3),
            nn.ReLU(),
        )

    def forward(self, image: Tensor) -> Tensor:
        image = self.conv2(self.conv1(image))
        for index in range(1, len(MODULES) + 1):
            image = getattr(self, f"block{index}")(image)
        image = self.conv4(self.conv3(image).relu()).relu()
        return self.fc(image.mean((2, 3)))
