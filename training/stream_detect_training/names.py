"""Class names: VOC and COCO have different names for the same things."""

from __future__ import annotations

SYNONYMS = {
    "airplane": "aeroplane",
    "motorcycle": "motorbike",
    "couch": "sofa",
    "tv": "tvmonitor",
    "tv monitor": "tvmonitor",
    "dining table": "diningtable",
    "potted plant": "pottedplant",
}


def canonical(name: str) -> str:
    """Lower case, spaces for underscores, and VOC's name where COCO's differs."""
    plain = name.strip().lower().replace("_", " ")
    return SYNONYMS.get(plain, plain)
