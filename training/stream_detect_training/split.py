"""Splits a COCO document into a training and a validation part."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any


def split_document(
    document: dict[str, Any], fraction: float, *, seed: int, block: int = 1
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The training and the validation document; the latter gets `fraction` of the images.

    Blocks of `block` consecutive images, by name, stay together, because neighbouring frames of a
    video are alike.
    """
    images = sorted(document["images"], key=lambda image: image["file_name"])
    blocks = [images[start : start + block] for start in range(0, len(images), block)]
    random.Random(seed).shuffle(blocks)
    wanted, chosen = fraction * len(images), []
    while blocks and len(chosen) + len(blocks[-1]) / 2 <= wanted:
        chosen += blocks.pop()
    rest = [image for part in blocks for image in part]
    return part(document, rest), part(document, chosen)


def part(document: dict[str, Any], images: list[dict[str, Any]]) -> dict[str, Any]:
    """The document of some of its images."""
    numbers = {image["id"] for image in images}
    return {
        "images": sorted(images, key=lambda image: image["file_name"]),
        "annotations": [a for a in document["annotations"] if a["image_id"] in numbers],
        "categories": document["categories"],
    }


def split_file(
    source: Path, out: Path, fraction: float, *, seed: int, block: int
) -> tuple[int, int]:
    """Writes `NAME-train.json` and `NAME-validation.json`; returns their numbers of images."""
    document = json.loads(source.read_text())
    train, validation = split_document(document, fraction, seed=seed, block=block)
    out.mkdir(parents=True, exist_ok=True)
    name = source.parent.name if source.stem == "annotations" else source.stem
    (out / f"{name}-train.json").write_text(json.dumps(train))
    (out / f"{name}-validation.json").write_text(json.dumps(validation))
    return len(train["images"]), len(validation["images"])
