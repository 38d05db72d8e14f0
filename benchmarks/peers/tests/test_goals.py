"""From rounds to figures and outcomes."""

import unittest

from peer_bench.cases import ONE_THREAD, TWO_STREAMS, Case, plan, selected
from peer_bench.catalogue import V2_DETECTOR, V3_DETECTOR
from peer_bench.engines.registry import OURS
from peer_bench.goals import GOALS, best_peer, figures, standing


def record(engine: str, precision: str, mode: str, **figure: object) -> dict[str, object]:
    case = Case(engine, V2_DETECTOR.key, precision, mode)
    return {**case.record(), **figure}


def one(family: str, mode: str) -> object:
    return next(
        goal
        for goal in GOALS
        if (goal.family, goal.mode, goal.model) == (family, mode, V2_DETECTOR)
    )


class GoalTests(unittest.TestCase):
    def test_a_figure_is_the_median_over_the_rounds(self) -> None:
        rounds = [[record(OURS, "fp32", ONE_THREAD, median_ms=ms)] for ms in (9.0, 5.0, 6.0)]
        self.assertEqual(list(figures(rounds).values()), [6.0])

    def test_a_failed_run_is_ignored(self) -> None:
        rounds = [
            [record("ncnn", "fp32", ONE_THREAD, error="no file")],
            [record("ncnn", "fp32", ONE_THREAD, median_ms=4.0)],
        ]
        self.assertEqual(list(figures(rounds).values()), [4.0])

    def test_the_best_peer_is_the_fastest_of_all_variants(self) -> None:
        found = figures(
            [
                [
                    record(OURS, "int8", ONE_THREAD, median_ms=1.0),
                    record("onnxruntime", "int8", ONE_THREAD, median_ms=4.0),
                    record("onnxruntime", "int8-s8s8", ONE_THREAD, median_ms=3.0),
                    record("openvino", "fp32", ONE_THREAD, median_ms=2.0),
                ]
            ]
        )
        case, figure = best_peer(found, ONE_THREAD, "int8", V2_DETECTOR.key)
        self.assertEqual((case.precision, figure), ("int8-s8s8", 3.0))
        result = standing(one("int8", ONE_THREAD), found)
        self.assertEqual(result.ratio, 3.0)
        self.assertTrue(result.is_reached)

    def test_for_streams_higher_is_better(self) -> None:
        found = figures(
            [
                [
                    record(OURS, "fp32", TWO_STREAMS, images_per_second=250.0),
                    record("litert", "fp32", TWO_STREAMS, images_per_second=200.0),
                    record("ncnn", "fp32", TWO_STREAMS, images_per_second=150.0),
                ]
            ]
        )
        result = standing(one("fp32", TWO_STREAMS), found)
        self.assertEqual(result.best_case.engine, "litert")
        self.assertEqual(result.ratio, 1.25)
        self.assertFalse(result.is_reached)

    def test_without_figures_nothing_is_reached(self) -> None:
        for goal in GOALS:
            result = standing(goal, {})
            self.assertIsNone(result.ratio)
            self.assertFalse(result.is_reached)

    def test_every_goal_is_measured_by_the_whole_plan(self) -> None:
        cases = set(plan(quick=False))
        for goal in GOALS:
            self.assertIn(Case(OURS, goal.model.key, goal.family, goal.mode), cases)
        self.assertEqual(len(cases), len(plan(quick=False)))

    def test_a_selection_keeps_ours(self) -> None:
        chosen = selected(plan(quick=False), {"openvino"}, {V3_DETECTOR.key}, {"bf16"})
        self.assertEqual({case.engine.split(":")[0] for case in chosen}, {OURS, "openvino"})
        self.assertEqual({case.model for case in chosen}, {V3_DETECTOR.key})
        self.assertEqual({case.precision for case in chosen}, {"bf16"})

    def test_a_selection_of_modes_leaves_the_others_out(self) -> None:
        chosen = selected(plan(quick=False), set(), {V3_DETECTOR.key}, {"fp32"}, {"one"})
        self.assertEqual({case.mode for case in chosen}, {ONE_THREAD})
