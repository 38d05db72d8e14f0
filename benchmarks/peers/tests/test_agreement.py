"""Comparing outputs."""

import unittest

import numpy as np

from peer_bench.agreement import LARGEST_DIFFERENCE, compare

RANDOM = np.random.default_rng(1)
REFERENCE = {
    "scores": RANDOM.standard_normal((1, 7, 5)),
    "boxes": RANDOM.standard_normal((1, 7, 4)),
}


class AgreementTests(unittest.TestCase):
    def test_order_and_shape_do_not_matter(self) -> None:
        found = [REFERENCE["boxes"].reshape(-1), REFERENCE["scores"][0]]
        self.assertEqual(compare(REFERENCE, found, "fp32").measure, 0)

    def test_one_wrong_number_is_found_in_fp32(self) -> None:
        wrong = REFERENCE["boxes"].copy()
        wrong[0, 3, 2] += 2 * LARGEST_DIFFERENCE * np.abs(wrong).max()
        self.assertFalse(compare(REFERENCE, [REFERENCE["scores"], wrong], "fp32").is_within)
        self.assertTrue(compare(REFERENCE, [REFERENCE["scores"], wrong], "int8").is_within)

    def test_unrelated_numbers_do_not_pass_for_rounding(self) -> None:
        other = [RANDOM.standard_normal(output.shape) for output in REFERENCE.values()]
        for family in ("fp32", "bf16", "int8"):
            self.assertFalse(compare(REFERENCE, other, family).is_within, family)

    def test_a_missing_or_infinite_output_is_an_error(self) -> None:
        with self.assertRaises(ValueError):
            compare(REFERENCE, [REFERENCE["scores"]], "fp32")
        broken = REFERENCE["boxes"].copy()
        broken[0, 0, 0] = np.inf
        with self.assertRaises(ValueError):
            compare(REFERENCE, [REFERENCE["scores"], broken], "int8")
