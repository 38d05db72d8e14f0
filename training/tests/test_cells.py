"""Class rows trained on sampled cells."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from torch import nn

from stream_detect_training.arguments import parser
from stream_detect_training.cells import NOT_LEARNED, STEPS, Cells, fit_cells, sample, sampled
from stream_detect_training.data import load
from stream_detect_training.features import cut_of, features
from stream_detect_training.fit import Fit, Part, prepared, targets_of, trained_rows
from stream_detect_training.soft import quality_focal

from .support import shapes, small_model


class SampleTests(unittest.TestCase):
    def test_objects_and_high_scores_are_kept_and_a_fraction_of_the_others(self) -> None:
        wanted = torch.zeros(1, 10_000, 3, 2, dtype=torch.uint8)
        wanted[0, 7, 1, 0] = 90
        wanted[0, 8, 2, 1] = NOT_LEARNED
        scores = torch.full((1, 10_000, 3, 2), 0.01)
        scores[0, 9, 0, 1] = 0.3
        inputs = torch.zeros(1, 10_000, 1)
        inputs[0, [7, 9]] = 1
        found = sample(inputs, wanted, scores, 0.1, torch.Generator().manual_seed(1))
        self.assertEqual(found.weights[found.inputs[:, 0] == 1].tolist(), [1, 1])
        self.assertEqual(found.weights.unique().tolist(), [1, 10])
        # They stand for all cells.
        self.assertAlmostEqual(float(found.weights.sum()), 10_000, delta=700)

    def test_a_class_that_is_not_learned_makes_no_object(self) -> None:
        wanted = torch.full((1, 50, 1, 1), NOT_LEARNED, dtype=torch.uint8)
        found = sample(torch.zeros(1, 50, 4), wanted, torch.zeros(1, 50, 1, 1), 0.5,
                       torch.Generator().manual_seed(1))  # fmt: skip
        self.assertLess(len(found.inputs), 50)
        rows = nn.Conv2d(4, 1, 1)
        self.assertEqual(float(found.loss(rows, torch.arange(5)).detach()), 0)


class FitCellsTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = load(shapes(Path(folder.name)))
        self.model = small_model()
        cached = features(self.model, self.data.samples, Path(folder.name) / "cache", views=2)
        self.part = Part(cached, self.data.samples)

    def test_the_loss_over_all_cells_is_that_over_all_priors(self) -> None:
        detector = self.model.detector.eval()
        plan = Fit(rows_rate=1.0, cells=1.0)
        classes = torch.arange(1, detector.classes)
        layers = trained_rows(detector, plan)
        maps = sampled(self.model, [self.part], plan, layers, classes)
        keys = [(self.part, row, view) for view in range(2) for row in range(6)]
        x, examples = prepared(keys, plan)
        with torch.no_grad():
            logits, codes = detector.resume(x, cut_of(self.model))
        targets = targets_of(plan, examples, detector.priors, codes, len(classes))
        wanted = targets.quality(codes, detector.priors, 1.0)
        whole = float(quality_focal(logits[..., 1:], wanted, targets.counts) * wanted.sum())
        parts = 0.0
        for layer, cells in zip(layers, maps, strict=True):
            rows = nn.Conv2d(layer.weight.shape[1], cells.wanted[0].numel(), 1)
            for values, target in ((layer.weight, rows.weight), (layer.bias, rows.bias)):
                chosen = values.detach().unflatten(0, (-1, detector.classes))[:, classes]
                target.data = chosen.flatten(0, 1)
            every = torch.arange(len(cells.inputs))
            share = torch.where(cells.wanted == NOT_LEARNED, 0, cells.wanted).sum() / STEPS
            parts += float(cells.loss(rows, every).detach() * share.clamp(min=1))
        self.assertGreater(len(targets.image), 5)
        self.assertAlmostEqual(parts / whole, 1, delta=0.01)

    def test_rows_learn_on_the_chosen_maps_and_kept_rows_and_biases_stay(self) -> None:
        names = self.model.detector.graph.logits
        before = {key: value.clone() for key, value in self.model.detector.state_dict().items()}
        plan = Fit(
            rows_rate=0.02, cells=0.2, maps=(1, 2), kept=(0, 2), epochs=4, batch=3, averaging=0.0
        )
        result = fit_cells(self.model, [self.part], plan, batch=4).detector
        moved = {}
        for key, value in result.state_dict().items():
            if not torch.equal(value, before[key]):
                change = (value - before[key]).unflatten(0, (-1, result.classes)).abs()
                moved[key] = change.amax((0, 2, 3, 4)).nonzero()[:, 0].tolist()
        wanted = {f"layers.{names[n].replace('.', '/')}.weight": [1, 3] for n in (1, 2)}
        self.assertEqual(moved, wanted)

    def test_several_runs_are_averaged(self) -> None:
        name = self.model.detector.graph.logits[0]
        start = self.model.detector.layer(name).weight.detach().clone()

        def trained(seed: int, runs: int) -> torch.Tensor:
            plan = Fit(rows_rate=0.02, cells=1.0, maps=(0,), batch=3, seed=seed, runs=runs)
            self.model.detector.layer(name).weight.data = start.clone()
            result = fit_cells(self.model, [self.part], plan).detector
            return result.layer(name).weight.detach().clone()

        one, two, both = trained(1, 1), trained(2, 1), trained(1, 2)
        self.assertFalse(torch.equal(one, two))
        torch.testing.assert_close(both, (one + two) / 2, atol=1e-6, rtol=1e-5)

    def test_the_loss_falls(self) -> None:
        detector = self.model.detector.eval()
        plan = Fit(rows_rate=0.02, cells=1.0, epochs=40, batch=6, maps=(0,), averaging=0.0)
        classes = torch.arange(1, detector.classes)
        layer = trained_rows(detector, plan)[0]
        cells = sampled(self.model, [self.part], plan, [layer], classes)[0]
        before = self._loss(cells, layer)
        after = self._loss(cells, fit_cells(self.model, [self.part], plan).detector.layer(
            detector.graph.logits[0]))  # fmt: skip
        self.assertLess(after, 0.8 * before)

    def _loss(self, cells: Cells, layer: nn.Module) -> float:
        rows = nn.Conv2d(layer.weight.shape[1], cells.wanted[0].numel(), 1)
        count = self.model.detector.classes
        rows.weight.data = layer.weight.detach().unflatten(0, (-1, count))[:, 1:].flatten(0, 1)
        rows.bias.data = layer.bias.detach().unflatten(0, (-1, count))[:, 1:].flatten()
        return float(cells.loss(rows, torch.arange(len(cells.inputs))).detach())

    def test_the_command_has_the_option(self) -> None:
        words = "fit a -o b --data c --features d --rows-rate 4e-3 --cells 0.08 --runs 3 --maps 0"
        options = parser().parse_args(words.split())
        self.assertEqual((options.cells, options.rows_rate, options.maps), (0.08, 4e-3, [0]))
        self.assertEqual(options.runs, 3)


if __name__ == "__main__":
    unittest.main()
