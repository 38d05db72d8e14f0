"""Matching: positives, priors that are neither, ignore regions, unlabelled classes."""

import unittest

import torch

from stream_detect_training.boxes import corners, decode
from stream_detect_training.matching import match, targets

from .support import example

# Four priors in a row, a small one last.
PRIORS = torch.tensor(
    [[0.2, 0.5, 0.2, 0.2], [0.5, 0.5, 0.2, 0.2], [0.8, 0.5, 0.2, 0.2], [0.8, 0.8, 0.1, 0.1]]
)
MIDDLE = [0.4, 0.4, 0.6, 0.6]


class MatchingTests(unittest.TestCase):
    def test_a_prior_on_a_box_is_positive(self) -> None:
        wanted = targets([example([MIDDLE], [2])], PRIORS, 3)
        self.assertEqual(wanted.weights[0].tolist(), [0, 1, 0, 0])
        self.assertEqual(wanted.scores[0, 1].tolist(), [0, 1, 0])
        self.assertTrue(bool(wanted.counts.all()))
        box = decode(wanted.codes[0, 1:2], PRIORS[1:2])
        torch.testing.assert_close(box, torch.tensor([MIDDLE]), atol=1e-6, rtol=0)

    def test_a_near_miss_is_neither(self) -> None:
        shifted = [0.477, 0.4, 0.677, 0.6]
        wanted = targets([example([shifted], [1])], PRIORS, 3, least_forced=0.9)
        self.assertEqual(wanted.weights[0].tolist(), [0, 0, 0, 0])
        self.assertEqual(wanted.counts[0].any(1).tolist(), [True, False, True, True])

    def test_every_box_gets_its_best_prior(self) -> None:
        small = [0.78, 0.78, 0.84, 0.84]
        matched, _ = match(torch.tensor([small]), corners(PRIORS))
        self.assertEqual(matched.tolist(), [-1, -1, -1, 0])
        matched, _ = match(torch.tensor([small]), corners(PRIORS), least_forced=0.5)
        self.assertEqual(matched.tolist(), [-1, -1, -1, -1])

    def test_the_nearer_of_two_boxes_has_the_prior(self) -> None:
        far = [0.45, 0.4, 0.6, 0.6]
        matched, _ = match(torch.tensor([MIDDLE, far]), corners(PRIORS))
        self.assertEqual(int(matched[1]), 0)

    def test_an_ignore_region_has_no_negatives(self) -> None:
        wanted = targets([example([MIDDLE], [1], ignore=[[0.7, 0.3, 1, 1]])], PRIORS, 3)
        self.assertEqual(wanted.counts[0].any(1).tolist(), [True, True, False, False])

    def test_a_class_without_labels_has_positives_only(self) -> None:
        labelled = [False, True, False, False]
        wanted = targets([example([MIDDLE], [2], labelled=labelled)], PRIORS, 3)
        self.assertEqual(wanted.counts[0, 0].tolist(), [True, False, False])
        self.assertEqual(wanted.counts[0, 1].tolist(), [True, True, False])

    def test_an_empty_image_is_all_background(self) -> None:
        wanted = targets([example([], [])], PRIORS, 3)
        self.assertTrue(bool(wanted.counts.all()))
        self.assertEqual(float(wanted.scores.sum() + wanted.weights.sum()), 0)

    def test_the_target_of_a_soft_box_is_its_score(self) -> None:
        wanted = targets([example([MIDDLE], [3], scores=[0.4])], PRIORS, 3)
        self.assertAlmostEqual(float(wanted.scores[0, 1, 2]), 0.4, places=6)
        self.assertAlmostEqual(float(wanted.weights[0, 1]), 0.4, places=6)


if __name__ == "__main__":
    unittest.main()
