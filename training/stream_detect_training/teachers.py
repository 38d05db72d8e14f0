"""Detectors with COCO's 80 classes in ONNX files, whose boxes teach ours.

ONNX Runtime runs them; no weight of theirs ends up in a model file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from .boxes import suppress
from .inference import Detections

COCO = (
    "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat",
    "traffic light", "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog",
    "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "backpack", "umbrella",
    "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball", "kite",
    "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle",
    "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich", "orange",
    "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch", "potted plant",
    "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard", "cell phone",
    "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors",
    "teddy bear", "hair drier", "toothbrush",
)  # fmt: skip
"""COCO's names in the order of its ids, which is that of the teachers' outputs."""

SIDE = 416


class Teacher(Protocol):
    """Finds COCO's classes in a picture; class 1 is `COCO[0]`."""

    def find(self, image: Image.Image, least_score: float) -> Detections: ...


def teacher(path: Path, threads: int = 1) -> Teacher:
    """The teacher in a file, recognised by its inputs."""
    # Only `label` needs it, so the other commands run without.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = {value.name for value in session.get_inputs()}
    if {"images", "orig_target_sizes"} <= names:
        return DEIM(session)
    if "image" in names and len(session.get_outputs()) == 8:
        return PicoDet(session)
    raise ValueError(f"{path} is neither a DEIM nor a PicoDet network: its inputs are {names}.")


class DEIM:
    """Huang et al. 2024 (arXiv:2412.04234): one box per object, so nothing is suppressed."""

    def __init__(self, session) -> None:
        self.session = session

    def find(self, image: Image.Image, least_score: float) -> Detections:
        pixels = _stretched(image, Image.Resampling.BILINEAR) / 255
        feed = {
            "images": pixels.transpose(2, 0, 1)[None].astype(np.float32),
            "orig_target_sizes": np.ones((1, 2), dtype=np.int64),
        }
        labels, boxes, scores = self.session.run(["labels", "boxes", "scores"], feed)
        return _sorted(boxes[0], scores[0], labels[0] + 1, least_score)


class PicoDet:
    """Yu et al. 2021 (arXiv:2111.00902): each side's distance is the mean of eight bins."""

    MEAN = np.array([103.53, 116.28, 123.675])
    DEVIATION = np.array([57.375, 57.12, 58.395])
    STRIDES = (8, 16, 32, 64)
    OVERLAP = 0.6

    def __init__(self, session) -> None:
        self.session = session

    def find(self, image: Image.Image, least_score: float) -> Detections:
        pixels = (_stretched(image, Image.Resampling.BICUBIC) - self.MEAN) / self.DEVIATION
        feed = {"image": pixels.transpose(2, 0, 1)[None].astype(np.float32)}
        outputs = self.session.run(None, feed)
        parts = [
            _of_stride(scores[0], bins[0], stride, least_score)
            for scores, bins, stride in zip(outputs[:4], outputs[4:], self.STRIDES, strict=True)
        ]
        boxes, scores, labels = (np.concatenate(part) for part in zip(*parts, strict=True))
        found = _sorted(boxes, scores, labels, least_score)
        return found.take(suppress(found.boxes, found.scores, found.classes, self.OVERLAP))


def _stretched(image: Image.Image, method: Image.Resampling) -> np.ndarray:
    return np.asarray(image.convert("RGB").resize((SIDE, SIDE), method), dtype=np.float64)


def _of_stride(
    scores: np.ndarray, bins: np.ndarray, stride: int, least_score: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Boxes, scores and classes of one map from `[cells, classes]` and `[cells, 4 * bins]`."""
    cells, labels = np.nonzero(scores >= least_score)
    chosen = bins[cells].reshape(len(cells), 4, bins.shape[-1] // 4)
    weights = np.exp(chosen - chosen.max(-1, keepdims=True))
    distances = (weights * np.arange(chosen.shape[-1])).sum(-1) / weights.sum(-1) * stride
    columns = -(-SIDE // stride)
    centres = (np.stack([cells % columns, cells // columns], axis=1) + 0.5) * stride
    boxes = np.concatenate([centres - distances[:, :2], centres + distances[:, 2:]], axis=1)
    return boxes / SIDE, scores[cells, labels], labels + 1


def _sorted(
    boxes: np.ndarray, scores: np.ndarray, labels: np.ndarray, least_score: float
) -> Detections:
    boxes = np.clip(boxes, 0, 1).astype(np.float32)
    good = (scores >= least_score) & (boxes[:, 2:] > boxes[:, :2]).all(1)
    rows = np.flatnonzero(good)
    rows = rows[np.argsort(-scores[rows], kind="stable")]
    return Detections(boxes[rows], scores[rows].astype(np.float32), labels[rows].astype(np.int64))
