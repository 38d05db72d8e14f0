"""Training data: one or more COCO-format folders, which may label different classes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from .names import canonical


@dataclass(frozen=True)
class Sample:
    """An image and its labels.

    Boxes are corners in 0...1. `scores` are 1 for labels and less for a teacher's boxes.
    `labelled[class]` says whether every object of the class has a box; class 0 is the background.
    """

    path: Path
    image_id: int
    size: tuple[int, int]
    boxes: np.ndarray
    classes: np.ndarray
    scores: np.ndarray
    ignore: np.ndarray
    labelled: np.ndarray


@dataclass
class DataSet:
    """Images with their labels; only the classes in `labels` are kept."""

    samples: list[Sample]
    labels: list[str]
    """Class names without the background."""


@dataclass(frozen=True)
class Source:
    """An entry of a data file.

    - `map`: our label for each category that has another name, or null to leave it out. Equal names
      and the synonyms of VOC and COCO need no entry.
    - `ignore`: categories whose boxes are regions where nothing counts as background.
    - `labelled`: the classes of which every object has a box; null for all of the set's categories.
      The other classes have positives only.
    """

    images: Path
    annotations: Path
    map: dict[str, str | None] = field(default_factory=dict)
    ignore: list[str] = field(default_factory=list)
    labelled: list[str] | None = None
    repeat: int = 1
    least_score: float = 0.0
    """Boxes with a lower score are left out."""


def read_sources(path: str | Path) -> tuple[list[str], list[Source]]:
    """Labels (without the background) and sources of a data file; its paths are relative to it."""
    path = Path(path)
    document = json.loads(path.read_text())
    unknown = {key for entry in document["sets"] for key in entry} - {
        "images", "annotations", "map", "ignore", "labelled", "repeat", "least_score",
    }  # fmt: skip
    if unknown:
        raise ValueError(f"{path}: unknown key {min(unknown)} in a set.")
    sources = [
        Source(
            images=path.parent / entry["images"],
            annotations=path.parent / entry["annotations"],
            map=entry.get("map", {}),
            ignore=entry.get("ignore", []),
            labelled=entry.get("labelled"),
            repeat=entry.get("repeat", 1),
            least_score=entry.get("least_score", 0.0),
        )
        for entry in document["sets"]
    ]
    return document["labels"], sources


def load(path: str | Path) -> DataSet:
    """Every sample of the sets that a data file names."""
    labels, sources = read_sources(path)
    samples = [
        sample
        for source in sources
        for sample in load_source(source, labels)
        for _ in range(source.repeat)
    ]
    if not samples:
        raise ValueError(f"{path}: the sets contain no images.")
    return DataSet(samples, labels)


def load_source(source: Source, labels: list[str]) -> list[Sample]:
    """The samples of one COCO document."""
    document = json.loads(source.annotations.read_text())
    classes, ignored = _categories(document, source, labels)
    known = set(classes.values())
    if source.labelled is not None:
        known = {labels.index(name) + 1 for name in source.labelled}
    labelled = np.array([number in known for number in range(len(labels) + 1)])
    by_image: dict[int, list[dict[str, Any]]] = {}
    for annotation in document["annotations"]:
        by_image.setdefault(annotation["image_id"], []).append(annotation)
    nothing = np.zeros_like(labelled)
    return [
        _sample(
            image,
            by_image.get(image["id"], []),
            source,
            classes,
            ignored,
            labelled if image.get("labelled", True) else nothing,
        )
        for image in document["images"]
    ]


def _categories(
    document: dict[str, Any], source: Source, labels: list[str]
) -> tuple[dict[int, int], set[int]]:
    """Our class numbers by category, and the categories of ignore regions."""
    numbers = {canonical(name): index + 1 for index, name in enumerate(labels)}
    renamed = {canonical(name): target for name, target in source.map.items()}
    for target in renamed.values():
        if target is not None and canonical(target) not in numbers:
            raise ValueError(f"{source.annotations}: the map names {target}, which is not a label.")
    ignored_names = {canonical(name) for name in source.ignore}
    classes, ignored = {}, set()
    for category in document["categories"]:
        name = canonical(category["name"])
        if name in ignored_names:
            ignored.add(category["id"])
            continue
        target = renamed.get(name, name)
        if target is not None and canonical(target) in numbers:
            classes[category["id"]] = numbers[canonical(target)]
    return classes, ignored


def _sample(
    image: dict[str, Any],
    annotations: list[dict[str, Any]],
    source: Source,
    classes: dict[int, int],
    ignored: set[int],
    labelled: np.ndarray,
) -> Sample:
    width, height = image["width"], image["height"]
    boxes, numbers, scores, ignore = [], [], [], []
    for annotation in annotations:
        x, y, w, h = annotation["bbox"]
        box = np.clip([x / width, y / height, (x + w) / width, (y + h) / height], 0, 1)
        score = annotation.get("score", 1.0)
        if box[2] <= box[0] or box[3] <= box[1] or score < source.least_score:
            continue
        # A crowd is a region whose individual objects have no boxes.
        category = annotation["category_id"]
        crowd = annotation.get("iscrowd") or annotation.get("ignore")
        if category in ignored or (crowd and category in classes):
            ignore.append(box)
        elif category in classes:
            boxes.append(box)
            numbers.append(classes[category])
            scores.append(score)
    return Sample(
        path=source.images / image["file_name"],
        image_id=image["id"],
        size=(height, width),
        boxes=np.array(boxes, dtype=np.float32).reshape(-1, 4),
        classes=np.array(numbers, dtype=np.int64),
        scores=np.array(scores, dtype=np.float32),
        ignore=np.array(ignore, dtype=np.float32).reshape(-1, 4),
        labelled=labelled,
    )


class Images:
    """Decoded images, kept in memory at no more than `longest` pixels per side."""

    def __init__(self, longest: int = 512) -> None:
        self.longest = longest
        self._cache: dict[Path, np.ndarray] = {}

    def __getitem__(self, path: Path) -> Image.Image:
        pixels = self._cache.get(path)
        if pixels is None:
            with Image.open(path) as file:
                file.draft("RGB", (2 * self.longest, 2 * self.longest))
                image = file.convert("RGB")
            image.thumbnail((self.longest, self.longest), Image.Resampling.LANCZOS)
            pixels = self._cache[path] = np.asarray(image)
        return Image.fromarray(pixels)
