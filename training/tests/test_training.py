"""A resumed run equals one that was never stopped, bit for bit."""

import json
import tempfile
import unittest
from pathlib import Path

import torch

from stream_detect_training.configuration import Configuration
from stream_detect_training.model_file import write_model
from stream_detect_training.optimiser import RelativeAdam, cosine
from stream_detect_training.trainer import Trainer

from .support import shapes, small_model


class TrainingTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.data = str(shapes(self.folder / "shapes"))

    def run_steps(self, name: str, configuration: Configuration, stops: list[int]) -> Trainer:
        for stop in stops:
            trainer = Trainer(configuration, self.folder / name)
            trainer.resume()
            trainer.run(stop_at=stop, progress=False)
        return trainer

    def assert_resumes(self, configuration: Configuration) -> None:
        steps = configuration.steps
        whole = self.run_steps("whole", configuration, [steps])
        parts = self.run_steps("parts", configuration, [steps // 2, steps])
        states = [trainer.model.detector.state_dict() for trainer in (whole, parts)]
        for key, value in states[0].items():
            self.assertTrue(torch.equal(value, states[1][key]), key)
        for key, value in whole.averaged.values.items():
            self.assertTrue(torch.equal(value, parts.averaged.values[key]), key)
        log = (self.folder / "parts" / "log.jsonl").read_text().splitlines()
        self.assertEqual([json.loads(line)["step"] for line in log], list(range(1, steps + 1)))

    def test_a_run_from_scratch_resumes(self) -> None:
        self.assert_resumes(
            Configuration(self.data, width=0.35, side=96, steps=4, batch=2, warmup=1, log_every=1)
        )

    def test_a_quantised_distillation_resumes(self) -> None:
        model = small_model()
        model.detector.quantise("observe")
        with torch.no_grad():
            model.detector(torch.rand(2, 3, 96, 96) * 2 - 1)
        path = str(self.folder / "teacher.safetensors")
        write_model(path, model, half=False)
        self.assert_resumes(
            Configuration(
                self.data,
                initial=path,
                teacher=path,
                teacher_weight=1.0,
                label_weight=0.0,
                quantise=True,
                optimiser="relative",
                steps=4,
                batch=2,
                warmup=1,
                log_every=1,
                views=1,
                freeze=("backbone.features.0",),
                classification="hard-negatives",
            )
        )
        frozen, trained = (
            "layers.backbone/features/0/0/0.weight",
            "layers.backbone/features/1/4/0.weight",
        )
        state = Trainer(
            Configuration(self.data, initial=path), self.folder / "x"
        ).model.detector.state_dict()
        after = torch.load(self.folder / "whole" / "checkpoint.pt", weights_only=True)["detector"]
        self.assertTrue(torch.equal(state[frozen], after[frozen]))
        self.assertFalse(torch.equal(state[trained], after[trained]))

    def test_relative_steps_are_a_fraction_of_each_channel(self) -> None:
        weight = torch.nn.Parameter(torch.tensor([[1000.0], [0.001]])[:, :, None, None])
        optimiser = RelativeAdam([weight], lr=0.01)
        weight.square().sum().backward()
        optimiser.step()
        wanted = torch.tensor([990.0, 0.00099])
        torch.testing.assert_close(weight.detach().flatten(), wanted, rtol=1e-3, atol=0)

    def test_the_rate_rises_and_falls(self) -> None:
        rates = [cosine(step, 100, 10) for step in range(100)]
        self.assertEqual(max(rates), rates[10])
        self.assertLess(rates[0], 0.1)
        self.assertLess(rates[-1], 0.03)

    def test_impossible_configurations_are_refused(self) -> None:
        for fields in ({"teacher_weight": 1.0}, {"label_weight": 0.0}, {"quantise": True}):
            with self.assertRaises(ValueError):
                Configuration(self.data, **fields)


if __name__ == "__main__":
    unittest.main()
