"""Data files: class names, ignore regions, partly labelled sets."""

import tempfile
import unittest
from pathlib import Path

import numpy as np

from stream_detect_training.augment import KINDS, augmented
from stream_detect_training.data import Images, load
from stream_detect_training.split import split_document

from .support import shapes, write_set

DOCUMENT = {
    "images": [{"id": 7, "file_name": "a.png", "width": 200, "height": 100}],
    "annotations": [
        {"id": 1, "image_id": 7, "category_id": 1, "bbox": [20, 10, 40, 50], "iscrowd": 0},
        {"id": 2, "image_id": 7, "category_id": 2, "bbox": [100, 0, 100, 100], "iscrowd": 0},
        {"id": 3, "image_id": 7, "category_id": 3, "bbox": [0, 0, 50, 50], "iscrowd": 0},
        {"id": 4, "image_id": 7, "category_id": 1, "bbox": [0, 0, 100, 100], "iscrowd": 1},
        {"id": 5, "image_id": 7, "category_id": 4, "bbox": [0, 0, 20, 20], "score": 0.1},
        {"id": 6, "image_id": 7, "category_id": 1, "bbox": [50, 50, 0, 20], "iscrowd": 0},
    ],
    "categories": [
        {"id": 1, "name": "Potted_Plant"},
        {"id": 2, "name": "ignore"},
        {"id": 3, "name": "van"},
        {"id": 4, "name": "dog"},
    ],
}
LABELS = ["pottedplant", "car", "person", "dog"]


class DataTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def read(self, **entry: object):  # noqa: ANN201
        return load(write_set(self.folder, DOCUMENT, entry, LABELS)).samples[0]

    def test_names_regions_and_classes(self) -> None:
        sample = self.read(map={"van": "car"}, ignore=["ignore"])
        self.assertEqual(sample.classes.tolist(), [1, 2, 4])
        np.testing.assert_allclose(sample.boxes[0], [0.1, 0.1, 0.3, 0.6], atol=1e-6)
        # The marked region and the crowd.
        self.assertEqual(len(sample.ignore), 2)
        # This set doesn't label persons, so nothing is a negative for that class.
        self.assertEqual(sample.labelled.tolist(), [False, True, True, False, True])

    def test_a_set_may_have_positives_only(self) -> None:
        sample = self.read(labelled=[])
        self.assertFalse(sample.labelled.any())
        self.assertEqual(sample.classes.tolist(), [1, 4])

    def test_boxes_with_low_scores_are_left_out(self) -> None:
        self.assertEqual(self.read(least_score=0.2).classes.tolist(), [1])

    def test_a_wrong_name_is_an_error(self) -> None:
        with self.assertRaisesRegex(ValueError, "lorry"):
            self.read(map={"van": "lorry"})
        with self.assertRaisesRegex(ValueError, "unknown key labeled"):
            self.read(labeled=[])

    def test_boxes_follow_the_pixels(self) -> None:
        data, images = load(shapes(self.folder / "shapes")), Images()
        sample = data.samples[0]
        for seed in range(20):
            random = np.random.default_rng(seed)
            found = augmented(images[sample.path], sample, (96, 96), random, KINDS["strong"])
            self.assertEqual(found.pixels.shape, (96, 96, 3))
            self.assertTrue(((found.boxes >= 0) & (found.boxes <= 1)).all())
            self.assertEqual(len(found.boxes), len(found.classes))
        random = np.random.default_rng(0)
        same = augmented(images[sample.path], sample, (96, 96), random, KINDS["none"])
        np.testing.assert_array_equal(same.pixels, np.asarray(images[sample.path]))
        np.testing.assert_array_equal(same.boxes, sample.boxes)

    def test_a_split_keeps_neighbours_together(self) -> None:
        images = [{"id": n, "file_name": f"{n:03}.jpg"} for n in range(40)]
        document = {"images": images, "annotations": [], "categories": []}
        train, held = split_document(document, 0.25, seed=1, block=5)
        self.assertEqual((len(train["images"]), len(held["images"])), (30, 10))
        blocks = {image["id"] // 5 for image in held["images"]}
        self.assertEqual(len(blocks), 2)
        self.assertEqual(split_document(document, 0.25, seed=1, block=5), (train, held))


if __name__ == "__main__":
    unittest.main()
