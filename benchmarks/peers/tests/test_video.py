"""The peers' post-processing and the video part of the report."""

import unittest

import numpy as np

from peer_bench.engines.registry import OURS
from peer_bench.video.boxes import Postprocessor, priors
from peer_bench.video.report import best_peer, rates, video_goals


def pipeline(name: str, precision: str, *rates: float) -> dict[str, object]:
    return {"name": name, "precision": precision, "runs": [{"fps": rate} for rate in rates]}


VIDEO = {
    "height": 720,
    "codec": "h264",
    "pipelines": [
        pipeline(OURS, "fp32", 100, 300, 200),
        pipeline("a", "fp32", 90, 110),
        pipeline("b", "fp32", 50),
        pipeline("a", "int8", 400),
        {"name": "b", "precision": "int8", "runs": [{"error": "none"}]},
    ],
    "stages": {"fp32": [{"over_sum": 1.2}]},
    "start_up": {"fp32": {"first_line_ms": 50.0, "first_frame_ms": 70.0}},
}


class VideoTests(unittest.TestCase):
    def test_priors_are_counted_and_centred(self) -> None:
        found = priors(300)
        self.assertEqual(found.shape, (1917, 4))
        np.testing.assert_allclose(found[0], [0.5 / 19, 0.5 / 19, 0.1, 0.1], rtol=1e-6)

    def test_overlapping_boxes_of_a_class_become_one(self) -> None:
        logits = np.zeros((1917, 3), np.float32)
        logits[:, 0] = 9
        codes = np.zeros((1917, 4), np.float32)
        logits[1083 + 2, 1] = 20
        logits[1083 + 5, 1] = 15
        logits[1083 + 5, 2] = 16
        self.assertEqual(Postprocessor()(logits * 0 + [9, 0, 0], codes), [])
        objects = Postprocessor()(logits, codes)
        self.assertEqual(sorted(found["class"] for found in objects), [1, 2])

    def test_boxes_end_at_the_edges_of_the_picture(self) -> None:
        logits = np.full((1917, 2), 9, np.float32) * [1, 0]
        logits[1083, 1] = 20
        codes = np.zeros((1917, 4), np.float32)
        codes[1083, 2:] = 20
        [found] = Postprocessor()(logits, codes)
        self.assertEqual(found["box"], [0, 0, 1, 1])

    def test_the_best_pipeline_has_the_best_median(self) -> None:
        found = rates(VIDEO)
        self.assertEqual(found[OURS, "fp32"], 200)
        self.assertEqual(best_peer(found, "fp32"), ("a", 100))
        self.assertIsNone(best_peer(found, "bf16"))

    def test_missed_goals_stay_in_the_table(self) -> None:
        rows = video_goals(VIDEO)
        self.assertEqual(rows[0][3:], ["**2.00**", "1.5"])
        self.assertEqual(rows[1][3], "1.20")
        self.assertEqual(len(rows), 3)
        self.assertIn("**50** ms", rows[2][2])
