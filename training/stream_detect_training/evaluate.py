"""Mean average precision as COCO defines it, by pycocotools."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from tqdm import tqdm

from .data import DataSet, Sample
from .inference import Detections, detect, resized
from .model_file import Model

FIGURES = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl")


@dataclass(frozen=True)
class Result:
    """COCO's twelve metrics, and the AP and the number of boxes of each class that has any."""

    figures: dict[str, float]
    classes: dict[str, tuple[float, int]]

    def lines(self) -> Iterator[str]:
        for name, value in self.figures.items():
            yield f"{name:16} {value:.4f}"
        for name, (value, boxes) in self.classes.items():
            yield f"{name:16} {value:.4f}  {boxes} boxes"


class Evaluation:
    """Measures models on one data set; decoded and resized images stay in memory."""

    def __init__(self, data: DataSet, *, progress: bool = False) -> None:
        self.data = data
        self.progress = progress
        self._pixels: dict[tuple[int, int], np.ndarray] = {}

    def pixels(self, size: tuple[int, int]) -> np.ndarray:
        """Every image as bytes `[N, height, width, 3]`."""
        if size not in self._pixels:
            images = []
            for sample in self.data.samples:
                with Image.open(sample.path) as image:
                    images.append(resized(image, size))
            self._pixels[size] = np.stack(images)
        return self._pixels[size]

    def detections(self, model: Model, batch: int = 8) -> list[Detections]:
        """The model's detections, in the order of the samples."""
        model.detector.eval()
        pixels = self.pixels(model.detector.input_size)
        found = []
        starts = range(0, len(pixels), batch)
        for start in tqdm(starts, desc="evaluate", unit="batch", disable=not self.progress):
            found += detect(model, pixels[start : start + batch])
        return found

    def __call__(self, model: Model) -> Result:
        return score(self.data, self.detections(model))


def score(data: DataSet, found: list[Detections]) -> Result:
    """Compares detections with the labels.

    Detections in an ignore region don't count, nor do those of a class of which the image's set
    doesn't label every object.
    """
    truth, results = [], []
    for number, (sample, detections) in enumerate(zip(data.samples, found, strict=True), start=1):
        truth += _truth(sample, number)
        results += _results(sample, number, detections)
    images = [{"id": number + 1} for number in range(len(data.samples))]
    categories = [{"id": number + 1, "name": name} for number, name in enumerate(data.labels)]
    with contextlib.redirect_stdout(io.StringIO()):
        evaluation = COCOeval(
            _coco(images, categories, truth), _coco(images, categories, results), "bbox"
        )
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    precision = evaluation.eval["precision"][:, :, :, 0, -1]
    classes = {}
    for index, name in enumerate(data.labels):
        boxes = sum(1 for t in truth if t["category_id"] == index + 1 and not t["iscrowd"])
        if boxes:
            classes[name] = (float(precision[:, :, index].mean()), boxes)
    return Result(dict(zip(FIGURES, map(float, evaluation.stats), strict=True)), classes)


def _coco(images: list[dict], categories: list[dict], annotations: list[dict]) -> COCO:
    coco = COCO()
    for number, annotation in enumerate(annotations, start=1):
        annotation["id"] = number
    coco.dataset = {"images": images, "categories": categories, "annotations": annotations}
    coco.createIndex()
    return coco


def _box(sample: Sample, box: np.ndarray) -> list[float]:
    height, width = sample.size
    x, y = float(box[0]) * width, float(box[1]) * height
    return [x, y, float(box[2]) * width - x, float(box[3]) * height - y]


def _truth(sample: Sample, image: int) -> list[dict]:
    annotations = []
    for box, label in zip(sample.boxes, sample.classes, strict=True):
        if sample.labelled[label]:
            annotations.append({"category_id": int(label), "bbox": _box(sample, box), "iscrowd": 0})
    for box in sample.ignore:
        for label in np.flatnonzero(sample.labelled):
            annotations.append({"category_id": int(label), "bbox": _box(sample, box), "iscrowd": 1})
    for annotation in annotations:
        annotation["image_id"] = image
        annotation["area"] = annotation["bbox"][2] * annotation["bbox"][3]
    return annotations


def _results(sample: Sample, image: int, found: Detections) -> list[dict]:
    results = []
    for box, value, label in zip(found.boxes, found.scores, found.classes, strict=True):
        if sample.labelled[label]:
            bbox = _box(sample, box)
            results.append(
                {
                    "image_id": image,
                    "category_id": int(label),
                    "bbox": bbox,
                    "area": bbox[2] * bbox[3],
                    "iscrowd": 0,
                    "score": float(value),
                }
            )
    return results
