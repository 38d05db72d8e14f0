"""Writes the default model's data files: default_model_data.py SHARED WORK.

`fit.json` has COCO's images without labels, `others.json` photographs and dash-cam frames,
`held.json` COCO's images with all 80 classes labelled, which choose the recipe and calibrate the
scores, and `coco_eval.json` those that only report.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from stream_detect_training.split import part
from stream_detect_training.teachers import COCO


def main(shared: Path, work: Path) -> None:
    more = json.loads((shared / "data" / "coco_more" / "annotations.json").read_text())
    splits = {
        "unlabelled": [image for image in more["images"] if not image["labelled"]],
        "labelled": [image for image in more["images"] if image["labelled"]],
    }
    for name, images in splits.items():
        document = part(more, images)
        (work / f"coco_more-{name}.json").write_text(json.dumps(document))

    def entry(name: str, annotations: Path) -> dict[str, Any]:
        folder = shared / "data" / name
        return {"images": str(folder / "images"), "annotations": str(annotations)}

    train = entry("coco_train", shared / "data" / "coco_train" / "annotations.json")
    report = entry("coco_eval", shared / "data" / "coco_eval" / "annotations.json")
    # The teachers label these; their own labels lack most classes.
    others = [
        entry(name, shared / "data" / name / "annotations.json") | {"labelled": []}
        for name in ("indoor", "traffic_dash")
    ]
    sets = {
        "fit": [entry("coco_more", work / "coco_more-unlabelled.json")],
        "others": others,
        "held": [entry("coco_more", work / "coco_more-labelled.json"), train],
        "coco_eval": [report],
    }
    for name, entries in sets.items():
        document = {"labels": list(COCO), "sets": entries}
        (work / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
