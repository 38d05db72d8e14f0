"""Class names: VOC and COCO call the same things differently."""

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
    """Lower case, blanks for underscores, VOC's name where there are two."""
    plain = name.strip().lower().replace("_", " ")
    return SYNONYMS.get(plain, plain)
