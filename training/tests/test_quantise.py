"""Simulated INT8 equals its definition, value for value."""

import unittest

import torch

from stream_detect_training.quantise import (
    activation_scale,
    fake_quantise_activation,
    fake_quantise_weight,
)

from .support import small_model


class QuantisationTests(unittest.TestCase):
    def test_weights_have_a_scale_for_each_channel(self) -> None:
        weight = torch.tensor([[127.0, 0.4, -1.5], [0.5, -1.27, 0.0125], [0.0, 0.0, 0.0]])
        found = fake_quantise_weight(weight[:, :, None, None])[:, :, 0, 0]
        # The second channel's step is 0.01; half steps round to even.
        wanted = torch.tensor([[127.0, 0.0, -2.0], [0.5, -1.27, 0.01], [0.0, 0.0, 0.0]])
        torch.testing.assert_close(found, wanted, atol=1e-6, rtol=0)

    def test_a_range_always_holds_zero(self) -> None:
        self.assertEqual(activation_scale(2.0, 5.1), (5.1 / 255, 0))
        scale, zero = activation_scale(-2.55, -1.0)
        self.assertAlmostEqual(scale, 0.01)
        self.assertEqual(zero, 255)
        self.assertEqual(activation_scale(0.0, 0.0), (1.0, 0))

    def test_activations_by_the_definition(self) -> None:
        x = torch.linspace(-3, 9, 4001)
        low, high = -1.0, 6.0
        scale = (high - low) / 255
        zero = round(-low / scale)
        wanted = (torch.clamp(torch.round(x / scale) + zero, 0, 255) - zero) * scale
        found = fake_quantise_activation(x, low, high)
        torch.testing.assert_close(found, wanted, atol=1e-6, rtol=0)
        self.assertEqual(found.unique().numel(), 256)

    def test_the_gradient_passes_through_what_is_not_clipped(self) -> None:
        x = torch.tensor([-5.0, -0.5, 0.3, 5.9, 8.0], requires_grad=True)
        fake_quantise_activation(x, -1.0, 6.0).sum().backward()
        self.assertEqual(x.grad.tolist(), [0, 1, 1, 1, 0])

    def test_nodes_that_are_quantised(self) -> None:
        graph = small_model().detector.graph
        names = graph.quantised()
        self.assertIn("backbone.features.0.3.add", names)
        # Read by an expansion and an addition.
        self.assertIn("backbone.features.0.2.conv.2", names)
        # Read by an addition alone, which adds it in FP32.
        self.assertNotIn("backbone.features.0.3.conv.2", names)
        self.assertIn("backbone.features.0.14.0", names)
        for output in graph.logits + graph.codes:
            self.assertNotIn(output, names)

    def test_ranges_bound_the_observed_values(self) -> None:
        detector = small_model().detector
        images = torch.rand(2, 3, 96, 96) * 2 - 1
        detector.quantise("observe")
        with torch.no_grad():
            exact = detector(images)
            detector.quantise("frozen")
            rounded = detector(images)
            detector.quantise("off")
            again = detector(images)
        ranges = detector.ranges.dictionary()
        self.assertEqual(set(ranges), set(detector.graph.quantised()))
        low, high = ranges["backbone.features.0.0.0"]
        self.assertEqual(low, 0)
        self.assertTrue(0 < high <= 6)
        self.assertTrue(torch.equal(exact[0], again[0]))
        distance = float((exact[0] - rounded[0]).square().mean().sqrt())
        self.assertGreater(distance, 0)
        self.assertLess(distance, 0.3 * float(exact[0].std()))


if __name__ == "__main__":
    unittest.main()
