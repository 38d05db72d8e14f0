"""The limits of layers, and the document with the tables."""

import unittest

from peer_bench.marks import BEGIN, END, replaced
from peer_bench.scaling.roofline import Limits, groups, kind_of, layers, network

LIMITS = Limits(compute=200, l2=100, l3=50)


def layer(
    name: str, operator: str, ms: float, mflop: float, numbers: int, weights: int = 0
) -> dict[str, object]:
    return {
        "name": name,
        "operator": operator,
        "ms": ms,
        "mflop": mflop,
        "map_numbers": numbers,
        "parameters": weights,
    }


class RooflineTests(unittest.TestCase):
    def test_the_slower_limit_counts(self) -> None:
        report = {
            "layers": [
                layer("a", "conv 1x1/1", 1.0, 100, 1000),
                layer("b", "depthwise 3x3/1", 1.0, 1, 250_000),
                layer("c", "conv 1x1/1", 1.0, 0, 0, 250_000),
            ],
        }
        found = layers("fp32", [report], LIMITS)
        self.assertAlmostEqual(found[0].bound, 0.5)
        self.assertAlmostEqual(found[0].gflops, 100)
        # 1 MB of maps at 100 GB/s, and 1 MB of weights at 50.
        self.assertAlmostEqual(found[1].bound, 0.01)
        self.assertAlmostEqual(found[2].bound, 0.02)

    def test_fewer_bits_are_fewer_bytes(self) -> None:
        for precision, size in {"fp32": 4, "bf16": 2, "int8": 1}.items():
            report = {"layers": [layer("a", "add", 1, 0, 100)]}
            self.assertEqual(layers(precision, [report], LIMITS)[0].touched, 100 * size)

    def test_times_are_medians_over_the_runs(self) -> None:
        runs = [
            {"median_ms": whole, "layers": [layer("a", "add", ms, 0, 100)]}
            for whole, ms in ((9, 3), (5, 1), (4, 2))
        ]
        found = network("a network", "fp32", runs, LIMITS)
        self.assertEqual((found.milliseconds, found.layers[0].milliseconds), (5, 2))

    def test_groups_are_sums_sorted_by_what_can_be_gained(self) -> None:
        report = {
            "layers": [
                layer("a", "conv 1x1/1", 1.0, 100, 1000),
                layer("b", "conv 1x1/1", 1.0, 100, 1000),
                layer("c", "depthwise 3x3/2", 3.0, 100, 1000),
            ],
        }
        found = groups(layers("fp32", [report], LIMITS))
        self.assertEqual([group.kind for group in found], ["depthwise", "pointwise"])
        self.assertAlmostEqual(found[0].left, 2.5)
        self.assertAlmostEqual(found[1].milliseconds, 2.0)

    def test_layers_have_a_kind(self) -> None:
        self.assertEqual(kind_of("head.regression_head.0", "conv 1x1/1"), "heads")
        self.assertEqual(kind_of("backbone.features.0", "conv 3x3/2"), "full convolutions")
        self.assertEqual(
            kind_of("backbone.features.3.block.2.fc1", "conv 1x1/1"), "everything else"
        )
        self.assertEqual(kind_of("backbone.features.3.block.2", "scale"), "everything else")


class DocumentTests(unittest.TestCase):
    def test_only_what_is_between_the_marks_changes(self) -> None:
        text = f"words\n\n{BEGIN}\nold\n{END}\n\nmore\n"
        once = replaced(text, ["new"])
        self.assertEqual(once, f"words\n\n{BEGIN}\n\nnew\n\n{END}\n\nmore\n")
        self.assertEqual(replaced(once, ["new"]), once)

    def test_missing_marks_are_an_error(self) -> None:
        with self.assertRaises(ValueError):
            replaced("words", ["new"])
