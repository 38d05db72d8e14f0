"""The order of a round."""

import random
import unittest
from itertools import groupby

from peer_bench.cases import plan
from peer_bench.session import in_random_order


class OrderTests(unittest.TestCase):
    def test_the_engines_of_a_network_follow_each_other(self) -> None:
        cases = plan(quick=False)
        order = in_random_order(cases, random.Random(1))
        self.assertCountEqual(order, cases)
        runs = [key for key, _ in groupby(order, lambda case: (case.model, case.family, case.mode))]
        self.assertEqual(len(runs), len(set(runs)))

    def test_every_round_has_another_order(self) -> None:
        cases = plan(quick=False)
        source = random.Random(1)
        first, second = in_random_order(cases, source), in_random_order(cases, source)
        self.assertNotEqual(first, second)
