"""From raw outputs to objects in fast NumPy: the code that users of the peers must write.

The priors follow the rule of TensorFlow's SSD models, the codes are y, x, height, width, as ours.
"""

from __future__ import annotations

import json

import cv2
import numpy as np

VARIANCES = np.array([0.1, 0.1, 0.2, 0.2], np.float32)
SCORE = 0.5
OVERLAP = 0.6


def priors(side: int = 300) -> np.ndarray:
    """Centre y, centre x, height and width of each prior, in fractions of the input."""
    scales = [0.2 + 0.15 * index for index in range(6)] + [1.0]
    rows = -(-side // 16)
    blocks = []
    for index in range(6):
        ratios = [(scales[index], ratio) for ratio in (1, 2, 1 / 2, 3, 1 / 3)]
        ratios.append(((scales[index] * scales[index + 1]) ** 0.5, 1))
        if index == 0:
            ratios = [(0.1, 1), (scales[0], 2), (scales[0], 1 / 2)]
        centres = (np.arange(rows) + 0.5) / rows
        grid = np.stack(np.meshgrid(centres, centres, indexing="ij"), -1)[:, :, None]
        sizes = np.array([(scale / ratio**0.5, scale * ratio**0.5) for scale, ratio in ratios])
        shape = (rows, rows, len(ratios), 2)
        cells = [np.broadcast_to(grid, shape), np.broadcast_to(sizes, shape)]
        blocks.append(np.concatenate(cells, -1).reshape(-1, 4))
        rows = -(-rows // 2)
    return np.concatenate(blocks).astype(np.float32)


class Postprocessor:
    """Turns raw outputs into objects, for one input size."""

    def __init__(self, side: int = 300) -> None:
        self._priors = priors(side)

    def __call__(self, logits: np.ndarray, codes: np.ndarray) -> list[dict[str, object]]:
        """Objects of `[priors, classes]` logits and `[priors, 4]` codes; class 0 is background."""
        # A softmax score above one half beats the background, so few rows need their exponentials.
        rows = np.nonzero(logits[:, 1:].max(1) > logits[:, 0])[0]
        if not len(rows):
            return []
        powers = np.exp(logits[rows] - logits[rows].max(1, keepdims=True))
        scores = powers / powers.sum(1, keepdims=True)
        found, classes = np.nonzero(scores[:, 1:] > SCORE)
        scores, rows, classes = scores[found, classes + 1], rows[found], classes + 1
        boxes = self._decoded(rows, codes)
        kept = cv2.dnn.NMSBoxesBatched(boxes, scores, classes, SCORE, OVERLAP)
        return [
            {
                "class": int(classes[index]),
                "score": round(float(scores[index]), 4),
                "box": [round(float(number), 5) for number in boxes[index]],
            }
            for index in kept
        ]

    def _decoded(self, rows: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """Left, top, width and height in fractions of the picture, clipped to it."""
        code, prior = codes[rows] * VARIANCES, self._priors[rows]
        centres = code[:, :2] * prior[:, 2:] + prior[:, :2]
        sizes = np.exp(code[:, 2:]) * prior[:, 2:]
        first = np.clip(centres - sizes / 2, 0, 1)
        sizes = np.clip(centres + sizes / 2, 0, 1) - first
        return np.concatenate([first, sizes], 1)[:, [1, 0, 3, 2]].astype(np.float64)


def line(frame: int, objects: list[dict[str, object]]) -> str:
    """The JSON line of a frame."""
    return json.dumps({"frame": frame, "objects": objects}) + "\n"
