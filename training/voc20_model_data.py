"""Writes the data files of the model of twenty classes: voc20_model_data.py SHARED WORK."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from stream_detect_training.label import folder_document

# The box of a motorcyclist covers a person and a motorbike, so it is an ignore region.
# Trucks are not labelled as cars, so the teacher's "car" on a truck counts as wrong.
TRAFFIC = {
    "ignore": ["ignore", "motorcyclist", "cyclist", "tricyclelist"],
    "labelled": ["person", "car", "bus"],
}
# In this set bystanders have no boxes.
STREET: dict[str, Any] = {"labelled": []}
LABELLED: dict[str, dict[str, Any]] = {
    "coco_train": {},
    "traffic_dash": TRAFFIC,
    "indoor": {},
    "person_street": STREET,
}
CLIPS = ("vtest", "car-detection", "one-by-one-person-detection")


def main(shared: Path, work: Path) -> None:
    path = shared / "models" / "ssdlite_mobilenet_v2_voc20" / "labels.json"
    labels = json.loads(path.read_text())[1:]
    sets: dict[str, list[dict[str, Any]]] = {"train": [], "validation": []}
    for part, entries in sets.items():
        for name, options in LABELLED.items():
            if part == "validation" and options is STREET:
                continue
            images = str(shared / "data" / name / "images")
            annotations = f"splits/{name}-{part}.json"
            entries.append({"images": images, "annotations": annotations} | options)
    folders = [work / "frames" / name for name in CLIPS]
    folders += [shared / "media" / name for name in ("images", "faces")]
    for folder in folders:
        annotations = f"splits/{folder.parent.name}-{folder.name}.json"
        (work / annotations).write_text(json.dumps(folder_document(folder)))
        sets["train"].append({"images": str(folder), "annotations": annotations})
    evaluation = shared / "data" / "coco_eval"
    sets["coco_eval"] = [
        {"images": str(evaluation / "images"), "annotations": str(evaluation / "annotations.json")}
    ]
    for part, entries in sets.items():
        document = {"labels": labels, "sets": entries}
        (work / f"{part}.json").write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
