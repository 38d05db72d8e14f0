#!/usr/bin/env python3
"""Compares `stream-detect eval` with pycocotools on the detections of a real model.

    scripts/check-eval.py PROGRAM MODEL TRUTH.json IMAGES

Runs the model once over the images, and evaluates the same JSON lines with both. Exits with 1 if
one of the twelve metrics differs by more than 0.0005.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

NAMES = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"]
SYNONYMS = {"aeroplane": "airplane", "motorbike": "motorcycle", "sofa": "couch", "tvmonitor": "tv"}


def canonical(name):
    plain = name.lower().replace(" ", "").replace("_", "").replace("-", "")
    return SYNONYMS.get(plain, plain)


def reference(truth_path, lines, classes):
    """The metrics of pycocotools, over all classes and per class."""
    truth = json.load(open(truth_path))
    category = {canonical(c["name"]): c["id"] for c in truth["categories"]}
    image = {i["file_name"]: i["id"] for i in truth["images"]}
    shared = sorted(category[canonical(c)] for c in classes if canonical(c) in category)
    results = []
    for line in lines:
        for found in line["objects"]:
            if canonical(found["label"]) in category:
                results.append({
                    "image_id": image[os.path.basename(line["source"])],
                    "category_id": category[canonical(found["label"])],
                    "bbox": found["bbox"], "score": found["confidence"]})
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(truth_path)
        found = coco.loadRes(results)

        def figures(categories):
            run = COCOeval(coco, found, "bbox")
            run.params.catIds = categories
            run.evaluate()
            run.accumulate()
            run.summarize()
            return run.stats.tolist()

        names = {category[canonical(c)]: c for c in classes if canonical(c) in category}
        return figures(shared), {names[c]: figures([c]) for c in shared}


def main():
    program, model, truth, images = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        run = os.path.join(folder, "run.jsonl")
        subprocess.run(
            [program, "detect", images, "--model", model, "--conf", "0.001", "--max-det", "1000",
             "--jsonl", run, "--quiet"], check=True)
        lines = [json.loads(line) for line in open(run)]
        frames = [line for line in lines if line["type"] == "frame"]
        output = subprocess.run(
            [program, "eval", "--truth", truth, "--pred", run, "--model", model, "--format", "json",
             "--quiet"], check=True, stdout=subprocess.PIPE).stdout
        direct = subprocess.run(
            [program, "eval", "--truth", truth, "--images", images, "--model", model, "--format",
             "json", "--quiet"], check=True, stdout=subprocess.PIPE).stdout
    ours = json.loads(output)
    direct = json.loads(direct)
    expected, per_class = reference(truth, frames, list(ours["per_class"]))
    print(f"{'':6} {'pycocotools':>12} {'eval --pred':>12} {'eval --images':>14}")
    for name, value in zip(NAMES, expected):
        print(f"{name:6} {value:12.6f} {ours[name]:12.6f} {direct[name]:14.6f}")
    worst = max(abs(ours[name] - value) for name, value in zip(NAMES, expected))
    worst_class = max(
        abs(ours["per_class"][c][name] - value)
        for c, values in per_class.items() for name, value in zip(NAMES, values))
    print(f"largest difference: {worst:.3g} over all classes, {worst_class:.3g} in a class")
    sys.exit(worst > 0.0005 or worst_class > 0.0005)


if __name__ == "__main__":
    main()
