"""Weighted boxes fusion (Solovyev et al. 2021, arXiv:1910.13302) of several teachers' views."""

from __future__ import annotations

import numpy as np

from .inference import Detections


def fuse(found: list[Detections], overlap: float = 0.6) -> Detections:
    """One set of detections from those of networks that all saw the same.

    Boxes of a class that overlap a cluster's mean box by at least `overlap` join the cluster. Its
    box is their mean, weighted by score; its score is the sum of the best score of each network,
    divided by the number of networks, so that a box which only one of them finds is less certain.
    """
    rows = sorted(
        (-float(score), network, int(label), tuple(map(float, box)))
        for network, part in enumerate(found)
        for box, score, label in zip(part.boxes, part.scores, part.classes, strict=True)
    )
    clusters: dict[int, list[_Cluster]] = {}
    for negative, network, label, box in rows:
        known = clusters.setdefault(label, [])
        best, nearest = overlap, None
        for cluster in known:
            near = cluster.iou(box)
            if near >= best:
                best, nearest = near, cluster
        if nearest is None:
            nearest = _Cluster()
            known.append(nearest)
        nearest.add(box, -negative, network)
    merged = [(c, label) for label, known in clusters.items() for c in known]
    merged.sort(key=lambda pair: -pair[0].score)
    return Detections(
        np.array([c.mean for c, _ in merged], dtype=np.float32).reshape(-1, 4),
        np.array([c.score / len(found) for c, _ in merged], dtype=np.float32),
        np.array([label for _, label in merged], dtype=np.int64),
    )


class _Cluster:
    """Boxes of one object. Plain numbers, because there are few and NumPy's calls cost more."""

    def __init__(self) -> None:
        self.total = [0.0] * 4
        self.weight = 0.0
        self.mean = (0.0,) * 4
        self.best: dict[int, float] = {}

    @property
    def score(self) -> float:
        return sum(self.best.values())

    def add(self, box: tuple[float, ...], score: float, network: int) -> None:
        self.total = [t + score * edge for t, edge in zip(self.total, box, strict=True)]
        self.weight += score
        self.mean = tuple(t / self.weight for t in self.total)
        self.best[network] = max(self.best.get(network, 0.0), score)

    def iou(self, box: tuple[float, ...]) -> float:
        a = self.mean
        width = min(a[2], box[2]) - max(a[0], box[0])
        height = min(a[3], box[3]) - max(a[1], box[1])
        if width <= 0 or height <= 0:
            return 0.0
        inside = width * height
        both = (a[2] - a[0]) * (a[3] - a[1]) + (box[2] - box[0]) * (box[3] - box[1])
        return inside / max(both - inside, 1e-12)
