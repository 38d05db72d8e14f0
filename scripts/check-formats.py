#!/usr/bin/env python3
"""Reads what `stream-detect convert` writes with the readers of the programs that it is for.

    python3 scripts/check-formats.py PROGRAM RUN.jsonl

Needs pycocotools, supervision, datumaro, motmetrics, webvtt-py and pysubs2 from PyPI. Each count
must be equal to that of the JSON lines.
"""

import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path


def count_lines(path):
    """Frames, objects and objects with a track of the JSON lines."""
    frames = objects = tracked = 0
    labels = Counter()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record["type"] != "frame":
                continue
            frames += 1
            objects += len(record["objects"])
            tracked += sum("track_id" in entry for entry in record["objects"])
            labels.update(entry["label"] for entry in record["objects"])
    return frames, objects, tracked, labels


class Check:
    def __init__(self, program, run):
        self.program, self.run = program, run
        self.folder = Path(tempfile.mkdtemp())
        self.frames, self.objects, self.tracked, self.labels = count_lines(run)
        self.failures = 0

    def convert(self, form, name):
        path = self.folder / name
        subprocess.run(
            [self.program, "convert", self.run, "--to", form, "-o", path, "-q"], check=True
        )
        return path

    def compare(self, form, reader, found, expected):
        verdict = "ok" if found == expected else "DIFFERENT"
        self.failures += found != expected
        print(f"{form:14} {reader:14} {found} of {expected}: {verdict}")

    def coco(self):
        from pycocotools.coco import COCO

        path = self.convert("coco", "coco.json")
        truth = COCO(str(path))
        self.compare("coco", "pycocotools", (len(truth.imgs), len(truth.anns)),
                     (self.frames, self.objects))
        results = truth.loadRes(str(self.convert("coco-results", "results.json")))
        self.compare("coco-results", "pycocotools", len(results.anns), self.objects)

    def yolo(self):
        import yaml

        path = self.convert("yolo", "yolo")
        names = yaml.safe_load((path / "data.yaml").read_text())["names"]
        labels, frames = Counter(), 0
        for file in (path / "labels").rglob("*.txt"):
            frames += 1
            labels.update(names[int(line.split()[0])] for line in file.read_text().splitlines())
        found = (frames, labels.total())
        self.compare("yolo", "PyYAML", found, (self.frames, self.objects))
        if labels != self.labels:
            self.failures += 1
            print("yolo: the classes are not the same")

    def voc(self):
        from supervision.dataset.formats.pascal_voc import detections_from_xml_obj
        from defusedxml.ElementTree import parse

        path = self.convert("voc", "voc")
        frames = objects = 0
        for file in (path / "Annotations").rglob("*.xml"):
            found, _ = detections_from_xml_obj(parse(file).getroot(), [], (1, 1), False)
            frames += 1
            objects += len(found)
        self.compare("voc", "supervision", (frames, objects), (self.frames, self.objects))

    def mot(self):
        import motmetrics

        rows = 0
        for file in self.convert("mot", "mot").rglob("gt.txt"):
            if file.stat().st_size:
                rows += len(motmetrics.io.loadtxt(str(file), fmt="mot15-2D"))
        self.compare("mot", "motmetrics", rows, self.tracked)
        rows = 0
        for file in self.convert("mot-det", "mot-det").rglob("det.txt"):
            if file.stat().st_size:
                rows += len(file.read_text().splitlines())
        self.compare("mot-det", "lines", rows, self.objects)

    def cvat(self):
        from datumaro import Dataset
        from defusedxml.ElementTree import parse

        file = self.convert("cvat-images", "images.xml")
        # Datumaro wants the pictures to be there, and doesn't open them.
        for image in parse(file).iter("image"):
            picture = self.folder / "images" / image.get("name").lstrip("/")
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.touch()
        dataset = Dataset.import_from(str(file), "cvat")
        found = sum(len(item.annotations) for item in dataset)
        self.compare("cvat-images", "Datumaro", (len(dataset), found), (self.frames, self.objects))

    def cvat_video(self):
        from datumaro import Dataset

        inside = 0
        for file in self.convert("cvat-video", "videos").rglob("*.xml"):
            for item in Dataset.import_from(str(file), "cvat"):
                inside += sum(not box.attributes.get("outside") for box in item.annotations)
        self.compare("cvat-video", "Datumaro", inside, self.objects)

    def label_studio(self):
        tasks = json.loads(self.convert("label-studio", "ls.json").read_text())
        found = 0
        for task in tasks:
            for result in task["predictions"][0]["result"]:
                found += len(result["value"].get("sequence", [None]))
        self.compare("label-studio", "json", found, self.objects)

    def megadetector(self):
        document = json.loads(self.convert("megadetector", "md.json").read_text())
        frames = objects = 0
        for image in document["images"]:
            frames += len(image.get("frames_processed", [0]))
            objects += len(image["detections"])
        self.compare("megadetector", "json", (frames, objects), (self.frames, self.objects))

    def fiftyone(self):
        document = json.loads((self.convert("fiftyone", "fo") / "labels.json").read_text())
        found = sum(len(boxes) for boxes in document["labels"].values())
        self.compare("fiftyone", "json", (len(document["labels"]), found),
                     (self.frames, self.objects))

    def csv(self):
        with open(self.convert("csv", "run.csv"), newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        frames = len({(row["source"], row["frame"]) for row in rows})
        found = sum(row["label"] != "" for row in rows)
        self.compare("csv", "csv", (frames, found), (self.frames, self.objects))

    def subtitles(self):
        import pysubs2
        import webvtt

        cues = dialogues = 0
        for file in self.convert("vtt", "vtt").rglob("*.vtt"):
            cues += len(webvtt.read(str(file)))
        print(f"{'vtt':14} {'webvtt-py':14} {cues} cues")
        for file in self.convert("ass", "ass").rglob("*.ass"):
            dialogues += sum(event.style == "Box" for event in pysubs2.load(str(file)))
        print(f"{'ass':14} {'pysubs2':14} {dialogues} boxes")

    def all(self):
        for check in [self.coco, self.yolo, self.voc, self.mot, self.cvat, self.cvat_video,
                      self.label_studio, self.megadetector, self.fiftyone, self.csv,
                      self.subtitles]:
            check()
        return self.failures


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(1 if Check(sys.argv[1], sys.argv[2]).all() else 0)
