"""Writes a teacher's detections as COCO documents with scores: soft targets for `train`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from .boxes import coverage, iou, suppress
from .data import Sample, Source, load_source, read_sources
from .fusion import fuse
from .inference import Detections
from .model_file import Model
from .teachers import COCO, teacher
from .views import WHOLE, View, find_in_views, in_frame

IGNORE = "ignore"
# Weaker boxes are more often wrong than right. They stay in the documents, for another threshold.
LEAST_TAUGHT = 0.25
# Fused scores are means over networks and views, so they are lower.
LEAST_FUSED = 0.1
SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".webp"}


def folder_document(folder: Path) -> dict[str, Any]:
    """A COCO document without boxes for the images of a folder."""
    images = []
    for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES):
        with Image.open(path) as image:
            width, height = image.size
        entry = {"id": len(images) + 1, "file_name": path.name, "width": width, "height": height}
        images.append(entry)
    if not images:
        raise ValueError(f"{folder} contains no images.")
    return {"images": images, "annotations": [], "categories": []}


@dataclass(frozen=True)
class Labeller:
    """What labels images: the classes that it knows, and how it finds them."""

    labels: list[str]
    find: Callable[[Image.Image], Detections]
    least_taught: float = LEAST_TAUGHT
    """Weaker boxes stay in the documents, but don't teach."""


def own_labeller(model: Model, views: list[View], least_score: float) -> Labeller:
    """A detector of ours, which sees each image in many views."""
    return Labeller(
        model.labels[1:], lambda image: find_in_views(model, image, views, least_score=least_score)
    )


def foreign_labeller(
    paths: list[Path], least_score: float, *, distinct: float | None = None, overlap: float = 0.6
) -> Labeller:
    """Detectors from ONNX files, which see each image and its mirror image; all boxes are fused.

    Fused boxes that overlap a better one of their class by more than `distinct` are suppressed:
    most are weak duplicates, which take priors from the better box and teach them a low score.
    """
    teachers = [teacher(path) for path in paths]
    whole, mirror = WHOLE, replace(WHOLE, mirrored=True)

    def find(image: Image.Image) -> Detections:
        found = []
        for view in (whole, mirror):
            shown = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if view.mirrored else image
            found += [in_frame(t.find(shown, least_score), view) for t in teachers]
        merged = fuse(found, overlap)
        if distinct is None:
            return merged
        return merged.take(suppress(merged.boxes, merged.scores, merged.classes, distinct))

    return Labeller(list(COCO), find, LEAST_FUSED)


def label_sets(labeller: Labeller, data: Path, out: Path, *, truth: float) -> Path:
    """Labels every set of a data file; returns the new data file, in the folder `out`.

    `truth` says how far labels are trusted, see `fused`.
    """
    labels, sources = read_sources(data)
    if labels != labeller.labels:
        raise ValueError(f"{data}: the labels are not the teacher's.")
    out.mkdir(parents=True, exist_ok=True)
    entries = []
    for number, source in enumerate(sources):
        stem = f"{number}-{source.annotations.parent.name}-{source.annotations.stem}"
        samples = load_source(source, labels)
        found = _find(labeller, samples, out / f"{stem}.views.jsonl")
        document = _document(
            samples, [fused(f, s, truth) for f, s in zip(found, samples, strict=True)], labels
        )
        target = out / f"{stem}.json"
        target.write_text(json.dumps(document))
        entries.append(_entry(source, target, out, labeller.least_taught))
    path = out / "data.json"
    path.write_text(json.dumps({"labels": labels, "sets": entries}, indent=2) + "\n")
    return path


def _entry(source: Source, target: Path, out: Path, least_taught: float) -> dict[str, Any]:
    entry = {
        "images": os.path.relpath(source.images, out),
        "annotations": target.name,
        "ignore": [IGNORE],
        "least_score": least_taught,
    }
    return entry | ({"repeat": source.repeat} if source.repeat != 1 else {})


def _find(labeller: Labeller, samples: list[Sample], path: Path) -> list[Detections]:
    """The teacher's detections in each image, read from `path` if an earlier run wrote them."""
    lines: dict[str, Any] = {}
    if path.exists():
        for line in path.read_text().splitlines():
            record = json.loads(line)
            lines[record["file"]] = record
    found = []
    with path.open("a") as file:
        for sample in tqdm(samples, desc=path.name.removesuffix(".views.jsonl"), unit="image"):
            record = lines.get(sample.path.name)
            if record is None:
                with Image.open(sample.path) as image:
                    record = _record(sample, labeller.find(image))
                file.write(json.dumps(record) + "\n")
                file.flush()
            found.append(
                Detections(
                    np.array(record["boxes"], dtype=np.float32).reshape(-1, 4),
                    np.array(record["scores"], dtype=np.float32),
                    np.array(record["classes"], dtype=np.int64),
                )
            )
    return found


def _record(sample: Sample, found: Detections) -> dict[str, Any]:
    return {
        "file": sample.path.name,
        "boxes": np.round(found.boxes, 5).tolist(),
        "scores": np.round(found.scores, 5).tolist(),
        "classes": found.classes.tolist(),
    }


def fused(found: Detections, sample: Sample, trust: float, overlap: float = 0.5) -> Detections:
    """The teacher's detections, corrected by the labels as far as they are trusted (0...1).

    A detection that a label confirms takes the label's box, and its score moves towards 1. One of a
    labelled class that no label confirms moves towards 0, except in ignore regions. A label without
    a detection is added with the score `trust`.
    """
    if trust == 0:
        return found
    boxes, scores = found.boxes.copy(), found.scores.copy()
    claimed = np.zeros(len(boxes), dtype=bool)
    added = []
    overlaps = _pairwise(sample.boxes, boxes)
    for row, label in enumerate(sample.classes):
        candidates = np.where((found.classes == label) & ~claimed, overlaps[row], 0)
        best = int(candidates.argmax()) if len(candidates) else -1
        if best >= 0 and candidates[best] >= overlap:
            claimed[best] = True
            boxes[best] = sample.boxes[row]
            scores[best] += (1 - scores[best]) * trust
        else:
            added.append(row)
    refuted = ~claimed & sample.labelled[found.classes] & ~_hidden(boxes, sample.ignore)
    scores[refuted] *= 1 - trust
    return Detections(
        np.concatenate([boxes, sample.boxes[added]]),
        np.concatenate([scores, np.full(len(added), trust, dtype=np.float32)]),
        np.concatenate([found.classes, sample.classes[added]]),
    )


def _pairwise(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return iou(torch.from_numpy(a), torch.from_numpy(b)).numpy()


def _hidden(boxes: np.ndarray, ignore: np.ndarray) -> np.ndarray:
    """Whether at least half of each box is inside an ignore region."""
    if len(boxes) == 0 or len(ignore) == 0:
        return np.zeros(len(boxes), dtype=bool)
    return coverage(torch.from_numpy(boxes), torch.from_numpy(ignore)).amax(1).numpy() >= 0.5


def _document(samples: list[Sample], found: list[Detections], labels: list[str]) -> dict[str, Any]:
    annotations: list[dict[str, Any]] = []
    for sample, detections in zip(samples, found, strict=True):
        for box, score, label in zip(
            detections.boxes, detections.scores, detections.classes, strict=True
        ):
            annotations.append(_annotation(sample, box, int(label), len(annotations) + 1))
            annotations[-1]["score"] = round(float(score), 4)
        for box in sample.ignore:
            annotations.append(_annotation(sample, box, len(labels) + 1, len(annotations) + 1))
    return {
        "images": [
            {
                "id": sample.image_id,
                "file_name": sample.path.name,
                "width": sample.size[1],
                "height": sample.size[0],
            }
            for sample in samples
        ],
        "annotations": annotations,
        "categories": [{"id": i + 1, "name": name} for i, name in enumerate([*labels, IGNORE])],
    }


def _annotation(sample: Sample, box: np.ndarray, category: int, number: int) -> dict[str, Any]:
    height, width = sample.size
    x, y, w, h = (
        float(box[0] * width),
        float(box[1] * height),
        float((box[2] - box[0]) * width),
        float((box[3] - box[1]) * height),
    )
    return {
        "id": number,
        "image_id": sample.image_id,
        "category_id": category,
        "bbox": [round(v, 2) for v in (x, y, w, h)],
        "area": round(w * h, 2),
        "iscrowd": 0,
    }
