"""Draws a data set: circles, squares and triangles on noise, with boxes in COCO format."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

NAMES = ("circle", "square", "triangle")


def draw(
    random: np.random.Generator, side: int
) -> tuple[Image.Image, list[tuple[int, list[float]]]]:
    """An image and its boxes: class (from 1), and x, y, width, height in pixels."""
    coarse = random.integers(90, 166, size=(side // 16, side // 16, 3), dtype=np.uint8)
    image = Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC)
    canvas = ImageDraw.Draw(image)
    boxes = []
    for _ in range(int(random.integers(1, 4))):
        size = int(random.integers(side // 5, side // 2))
        x, y = (int(v) for v in random.integers(0, side - size, size=2))
        label = int(random.integers(1, 4))
        colour = tuple(int(v) for v in random.choice([0, 255], size=3))
        corners = (x, y, x + size, y + size)
        if label == 1:
            canvas.ellipse(corners, fill=colour)
        elif label == 2:
            canvas.rectangle(corners, fill=colour)
        else:
            canvas.polygon([(x, y + size), (x + size, y + size), (x + size // 2, y)], fill=colour)
        boxes.append((label, [float(v) for v in (x, y, size, size)]))
    return image, boxes


def write(folder: Path, count: int, seed: int, side: int = 192) -> None:
    """Writes `images/`, `annotations.json` and the data file `data.json`."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    images, annotations = [], []
    for number in range(1, count + 1):
        image, boxes = draw(random, side)
        name = f"{number:04}.png"
        image.save(folder / "images" / name)
        images.append({"id": number, "file_name": name, "width": side, "height": side})
        for label, box in boxes:
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": label,
                    "bbox": box,
                    "area": box[2] * box[3],
                    "iscrowd": 0,
                }
            )
    categories = [{"id": index + 1, "name": name} for index, name in enumerate(NAMES)]
    document = {"images": images, "annotations": annotations, "categories": categories}
    (folder / "annotations.json").write_text(json.dumps(document))
    sets = [{"images": "images", "annotations": "annotations.json"}]
    (folder / "data.json").write_text(json.dumps({"labels": NAMES, "sets": sets}))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
