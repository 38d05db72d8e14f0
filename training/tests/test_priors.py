"""The priors equal the engine's."""

import unittest

import torch

from stream_detect_training.priors import caffe_priors, halved, mobilenet_priors, priors_per_cell

from .support import SHARED

REFERENCE = SHARED / "models" / "ssdlite_mobilenet_v2_voc20" / "io.safetensors"


class PriorTests(unittest.TestCase):
    def test_the_mobilenet_rule_at_300_pixels(self) -> None:
        priors = caffe_priors(mobilenet_priors(), (300, 300))
        self.assertEqual(list(priors.shape), [1917, 4])
        self.assertEqual(priors_per_cell(mobilenet_priors()), [3, 6, 6, 6, 6, 6])
        half = 0.5 / 19
        first = torch.tensor([[half, half, 0.2, 0.2], [half, half, 0.2 * 2**0.5, 0.2 / 2**0.5]])
        torch.testing.assert_close(priors[:2], first)
        # The second map's second square lies between its size and the next one's.
        side = (105 * 150) ** 0.5 / 300
        row = torch.tensor([0.05, 0.05, side, side])
        torch.testing.assert_close(priors[19 * 19 * 3 + 1], row)

    def test_rows_go_by_y_then_x(self) -> None:
        priors = caffe_priors(mobilenet_priors(), (300, 300))
        self.assertAlmostEqual(float(priors[3, 0]), 1.5 / 19, places=6)
        self.assertAlmostEqual(float(priors[19 * 3, 1]), 1.5 / 19, places=6)

    def test_halved_changes_the_first_prior_of_the_first_map_alone(self) -> None:
        priors = caffe_priors(mobilenet_priors(), (300, 300))
        changed = halved(priors)
        rows = (changed != priors).any(1).nonzero()[:, 0]
        self.assertEqual(rows.tolist(), list(range(0, 19 * 19 * 3, 3)))
        torch.testing.assert_close(changed[rows, 2:], torch.full((361, 2), 0.1))

    @unittest.skipUnless(REFERENCE.exists(), "no reference data beside the checkout")
    def test_they_equal_the_reference(self) -> None:
        from safetensors.torch import load_file

        wanted = load_file(str(REFERENCE))["anchors_cxcywh"]
        torch.testing.assert_close(
            caffe_priors(mobilenet_priors(), (300, 300)), wanted, atol=1e-7, rtol=0
        )


if __name__ == "__main__":
    unittest.main()
