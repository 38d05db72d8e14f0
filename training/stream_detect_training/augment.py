"""SSD's augmentations (Liu et al. 2016, arXiv:1512.02325, section 2.2): expand, crop, flip, colour.

Expanding and cropping only choose a window on the frame, which is resized once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from .data import Sample
from .inference import resized

MEAN_COLOUR = (124, 116, 104)


@dataclass(frozen=True)
class Augmentation:
    """The strength of the augmentations; the defaults suit training from scratch."""

    expand: float = 0.5
    """Probability of a window with sides up to `largest` times the frame's."""
    largest: float = 2.0
    crop: float = 0.85
    """Probability of trying to crop."""
    flip: float = 0.5
    colour: float = 1.0
    """Strength of the colour changes; 0 for none."""


NONE = Augmentation(expand=0, crop=0, flip=0, colour=0)
GENTLE = Augmentation(expand=0.1, largest=1.5, crop=0.4, flip=0.5, colour=0.5)
STRONG = Augmentation()
KINDS = {"none": NONE, "gentle": GENTLE, "strong": STRONG}


@dataclass(frozen=True)
class Example:
    """An input image, bytes `[H, W, 3]`, and what should be found in it."""

    pixels: np.ndarray
    boxes: np.ndarray
    classes: np.ndarray
    scores: np.ndarray
    ignore: np.ndarray
    labelled: np.ndarray


@dataclass(frozen=True)
class Window:
    """What a view shows: corners in units of the frame, outside 0...1 where it is expanded."""

    corners: np.ndarray
    mirrored: bool = False

    def pixels(self, image: Image.Image, size: tuple[int, int]) -> np.ndarray:
        """The view as bytes `[H, W, 3]`."""
        pixels = resized(_cut(image, self.corners), size)
        return pixels[:, ::-1] if self.mirrored else pixels

    def example(self, sample: Sample, pixels: np.ndarray) -> Example:
        """The sample's boxes in the view."""
        boxes, kept, cut = _seen_through(sample.boxes, self.corners)
        ignore, _, _ = _seen_through(sample.ignore, self.corners)
        # A box whose centre is outside the window is neither a target nor background.
        ignore = np.concatenate([ignore[_area(ignore) > 0], boxes[cut]])
        boxes = boxes[kept]
        if self.mirrored:
            boxes, ignore = _mirrored(boxes), _mirrored(ignore)
        return Example(
            np.ascontiguousarray(pixels),
            boxes,
            sample.classes[kept],
            sample.scores[kept],
            ignore,
            sample.labelled,
        )


def augmented(
    image: Image.Image,
    sample: Sample,
    size: tuple[int, int],
    random: np.random.Generator,
    kind: Augmentation,
) -> Example:
    """An augmented view of a sample at the network's size."""
    corners = window(sample.boxes, random, kind)
    shown = Window(corners, bool(random.random() < kind.flip))
    pixels = recoloured(shown.pixels(image, size), random, kind.colour)
    return shown.example(sample, pixels)


def window(boxes: np.ndarray, random: np.random.Generator, kind: Augmentation) -> np.ndarray:
    """Corners in units of the frame, outside 0...1 where the frame is expanded."""
    if random.random() < kind.expand:
        side = random.uniform(1, kind.largest)
        left, top = -random.uniform(0, side - 1), -random.uniform(0, side - 1)
        return np.array([left, top, left + side, top + side])
    if random.random() < kind.crop:
        return _crop(boxes, random)
    return np.array([0.0, 0.0, 1.0, 1.0])


def _crop(boxes: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A window that overlaps a box by a random minimum IoU, or the whole frame if none is found."""
    least = random.choice([0.0, 0.1, 0.3, 0.5, 0.7, 0.9])
    for _ in range(40):
        width, height = random.uniform(0.3, 1, size=2)
        if not 0.5 <= width / height <= 2:
            continue
        left, top = random.uniform(0, 1 - width), random.uniform(0, 1 - height)
        window = np.array([left, top, left + width, top + height])
        if len(boxes) == 0:
            return window
        inside = np.clip(
            np.minimum(boxes[:, 2:], window[2:]) - np.maximum(boxes[:, :2], window[:2]), 0, None
        )
        overlap = inside.prod(1) / (_area(boxes) + width * height - inside.prod(1))
        middle = (boxes[:, :2] + boxes[:, 2:]) / 2
        holds = ((middle > window[:2]) & (middle < window[2:])).all(1).any()
        if overlap.max() >= least and holds:
            return window
    return np.array([0.0, 0.0, 1.0, 1.0])


def _cut(image: Image.Image, window: np.ndarray) -> Image.Image:
    width, height = image.size
    left, top, right, bottom = (
        round(float(value) * side) for value, side in zip(window, [width, height] * 2, strict=True)
    )
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    if left >= 0 and top >= 0 and right <= width and bottom <= height:
        return image.crop((left, top, right, bottom))
    canvas = Image.new("RGB", (right - left, bottom - top), MEAN_COLOUR)
    canvas.paste(image, (-left, -top))
    return canvas


def _seen_through(
    boxes: np.ndarray, window: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Boxes in the window's coordinates, clipped; which of them have their centre in the window,
    and which are only partly visible."""
    sides = window[2:] - window[:2]
    moved = (boxes - np.tile(window[:2], 2)) / np.tile(sides, 2)
    middle = (moved[:, :2] + moved[:, 2:]) / 2
    inside = ((middle > 0) & (middle < 1)).all(1)
    clipped = np.clip(moved, 0, 1).astype(np.float32)
    seen = _area(clipped) > 1e-5
    return clipped, np.flatnonzero(inside & seen), np.flatnonzero(~inside & seen)


def _area(boxes: np.ndarray) -> np.ndarray:
    return np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(1)


def _mirrored(boxes: np.ndarray) -> np.ndarray:
    return np.stack([1 - boxes[:, 2], boxes[:, 1], 1 - boxes[:, 0], boxes[:, 3]], axis=1)


def recoloured(pixels: np.ndarray, random: np.random.Generator, strength: float) -> np.ndarray:
    """Changes brightness, contrast, saturation and hue, each with probability 1/2."""
    if strength <= 0:
        return pixels
    x = pixels.astype(np.float32)
    if random.random() < 0.5:
        x += random.uniform(-32, 32) * strength
    if random.random() < 0.5:
        x = (x - 127.5) * random.uniform(1 - 0.5 * strength, 1 + 0.5 * strength) + 127.5
    if random.random() < 0.5:
        grey = x.mean(-1, keepdims=True)
        x = grey + (x - grey) * random.uniform(1 - 0.5 * strength, 1 + 0.5 * strength)
    if random.random() < 0.5:
        x = x @ _hue_rotation(random.uniform(-0.3, 0.3) * strength)
    return np.clip(np.rint(x), 0, 255).astype(np.uint8)


def _hue_rotation(angle: float) -> np.ndarray:
    """A rotation about the grey axis of the colour cube, by Rodrigues' formula."""
    axis = np.full(3, 1 / np.sqrt(3))
    cross = np.cross(np.eye(3), axis)
    rotation = np.cos(angle) * np.eye(3) + np.sin(angle) * cross
    return (rotation + (1 - np.cos(angle)) * np.outer(axis, axis)).astype(np.float32)
