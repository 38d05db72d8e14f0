"""Medians, percentiles and ratios."""

import unittest

from peer_bench.statistics import percentile, ratio, summary, timed_runs


class StatisticsTests(unittest.TestCase):
    def test_the_percentile_is_a_value_of_the_sample(self) -> None:
        numbers = list(range(1, 101))
        self.assertEqual(percentile(numbers, 0.95), 95)
        self.assertEqual(percentile(numbers, 1), 100)
        self.assertEqual(percentile([7.0], 0.95), 7)
        with self.assertRaises(ValueError):
            percentile([], 0.5)

    def test_a_ratio_above_one_means_that_ours_is_better(self) -> None:
        self.assertAlmostEqual(ratio(10, 8, higher_is_better=False), 1.25)
        self.assertAlmostEqual(ratio(80, 100, higher_is_better=True), 1.25)

    def test_a_summary_has_the_median_and_the_extremes(self) -> None:
        found = summary([3.0, 1.0, 2.0, 10.0])
        self.assertEqual(found, {"median_ms": 2.5, "p95_ms": 10.0, "min_ms": 1.0, "runs": 4})

    def test_a_slow_function_still_runs_three_times(self) -> None:
        calls: list[int] = []
        self.assertEqual(len(timed_runs(lambda: calls.append(1), 0)), 3)
        self.assertEqual(len(calls), 3)
