"""Overlap, box code, suppression."""

import unittest

import numpy as np
import torch

from stream_detect_training.boxes import corners, coverage, decode, encode, iou, suppress


class BoxTests(unittest.TestCase):
    def test_a_code_decodes_to_its_box(self) -> None:
        random = torch.Generator().manual_seed(1)
        low = torch.rand(200, 2, generator=random) * 0.7
        boxes = torch.cat([low, low + 0.02 + torch.rand(200, 2, generator=random) * 0.25], dim=1)
        priors = torch.rand(200, 4, generator=random) * 0.4 + 0.1
        torch.testing.assert_close(decode(encode(boxes, priors), priors), boxes, atol=1e-5, rtol=0)

    def test_a_code_has_the_numbers_of_the_paper(self) -> None:
        prior = torch.tensor([[0.5, 0.5, 0.2, 0.4]])
        box = torch.tensor([[0.42, 0.3, 0.62, 0.7]])
        wanted = torch.tensor([[0.02 / 0.2 / 0.1, 0.0, 0.0, 0.0]])
        torch.testing.assert_close(encode(box, prior), wanted, atol=1e-5, rtol=0)

    def test_a_huge_code_stays_finite(self) -> None:
        found = decode(torch.full((1, 4), 1e6), torch.tensor([[0.5, 0.5, 0.2, 0.2]]))
        self.assertTrue(bool(torch.isfinite(found).all()))

    def test_overlap_and_coverage(self) -> None:
        a = torch.tensor([[0.0, 0.0, 0.2, 0.2]])
        b = torch.tensor([[0.1, 0.0, 0.3, 0.2], [0.5, 0.5, 0.6, 0.6]])
        torch.testing.assert_close(iou(a, b), torch.tensor([[1 / 3, 0.0]]))
        torch.testing.assert_close(coverage(a, b), torch.tensor([[0.5, 0.0]]))

    def test_corners(self) -> None:
        box = corners(torch.tensor([[0.5, 0.4, 0.2, 0.4]]))
        torch.testing.assert_close(box, torch.tensor([[0.4, 0.2, 0.6, 0.6]]))

    def test_suppression_keeps_the_best_of_each_class(self) -> None:
        boxes = np.array([[0, 0, 1, 1], [0, 0, 1, 0.9], [0, 0, 1, 0.9], [0, 0, 0.3, 0.3]])
        scores = np.array([0.6, 0.9, 0.5, 0.4])
        kept = suppress(boxes, scores, np.array([1, 1, 2, 1]), limit=0.5)
        self.assertEqual(kept.tolist(), [1, 2, 3])


if __name__ == "__main__":
    unittest.main()
