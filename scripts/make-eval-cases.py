#!/usr/bin/env python3
"""Writes the metrics of pycocotools for a thousand random cases, for Tests/EvaluationTests.

    scripts/make-eval-cases.py > Tests/Golden/evaluation/pycocotools-cases.txt

The cases themselves are not stored: RandomCase.swift generates them from the same seeds with the
same integer arithmetic. One line per seed: AP AP50 AP75 APs APm APl AR1 AR10 AR100 ARs ARm ARl.
"""

import contextlib
import io

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, limit):
        return self.next() % limit


def shuffle(items, random):
    for place in range(len(items) - 1, 0, -1):
        other = random.below(place + 1)
        items[place], items[other] = items[other], items[place]


def random_box(random):
    """Small, medium or large, in quarters of a pixel."""
    side = [120, 380, 1200][random.below(3)]
    return [random.below(1600) / 4, random.below(1600) / 4,
            (1 + random.below(side)) / 4, (1 + random.below(side)) / 4]


def moved(box, random):
    """A box that overlaps `box` to some degree."""
    reach = [0, 4, 20, 60][random.below(4)]

    def shift():
        return (random.below(2 * reach + 1) - reach) / 128

    return [box[0] + shift() * box[2], box[1] + shift() * box[3],
            box[2] * (1 + shift()), box[3] * (1 + shift())]


def case(seed):
    random = SplitMix64(seed)
    image_ids = []
    for _ in range(1 + random.below(6)):
        image_ids.append((image_ids[-1] if image_ids else random.below(50)) + 1 + random.below(40))
    category_ids = []
    for _ in range(1 + random.below(4)):
        category_ids.append((category_ids[-1] if category_ids else 0) + 1 + random.below(3))
    # Few distinct scores, so that there are many ties.
    scores = [2, 5, 20, 1000, 1000003][random.below(5)]
    annotations = []
    results = []
    for image in image_ids:
        boxes = []
        if random.below(5) > 0:
            for _ in range(random.below(8)):
                box = random_box(random)
                category = category_ids[random.below(len(category_ids))]
                boxes.append((box, category))
                annotations.append({
                    "id": len(annotations) + (0 if seed % 10 == 9 else 1), "image_id": image,
                    "category_id": category, "bbox": box,
                    "area": box[2] * box[3] * [1, 1, 0.75][random.below(3)],
                    "iscrowd": 1 if random.below(7) == 0 else 0,
                    "ignore": 1 if random.below(9) == 0 else 0})
        if random.below(6) > 0:
            for box, category in boxes:
                for _ in range(random.below(4)):
                    other = category_ids[random.below(len(category_ids))]
                    results.append({
                        "image_id": image,
                        "category_id": other if random.below(6) == 0 else category,
                        "bbox": moved(box, random), "score": random.below(scores) / scores})
            # Some images have more detections of a class than the metrics count.
            for _ in range(130 if random.below(60) == 0 else random.below(5)):
                results.append({
                    "image_id": image, "category_id": category_ids[random.below(len(category_ids))],
                    "bbox": random_box(random), "score": random.below(scores) / scores})
    shuffle(annotations, random)
    shuffle(results, random)
    shuffle(image_ids, random)
    return image_ids, category_ids, annotations, results


def figures(seed):
    image_ids, category_ids, annotations, results = case(seed)
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = {
            "info": {}, "images": [{"id": i} for i in image_ids],
            "categories": [{"id": c, "name": f"c{c}"} for c in category_ids],
            "annotations": annotations}
        truth.createIndex()
        if results:
            found = truth.loadRes(results)
        else:
            # loadRes rejects an empty list.
            found = COCO()
            found.dataset = {"images": [], "categories": [], "annotations": []}
            found.createIndex()
        run = COCOeval(truth, found, "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
    return run.stats


def main():
    for seed in range(1000):
        print(" ".join(f"{value:.11g}" for value in figures(seed)))


if __name__ == "__main__":
    main()
