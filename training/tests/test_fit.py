"""Training on cached features."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from stream_detect_training.data import load
from stream_detect_training.features import cut_of, features, window_of
from stream_detect_training.fit import Fit, Part, detect_features, fit
from stream_detect_training.inference import detect, resized
from stream_detect_training.widen import widened

from .support import shapes, small_model


class FitTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.data = load(shapes(self.folder))
        self.model = small_model()
        self.views = features(self.model, self.data.samples, self.folder / "cache", views=3)

    def test_features_are_computed_once_and_belong_to_their_images(self) -> None:
        self.assertEqual([len(view) for view in self.views.values], [6, 6, 6])
        path = self.folder / "cache" / "view0.npy"
        before = path.stat().st_mtime_ns
        again = features(self.model, self.data.samples, self.folder / "cache", views=3)
        self.assertEqual(path.stat().st_mtime_ns, before)
        np.testing.assert_array_equal(again.values[2], self.views.values[2])
        with self.assertRaisesRegex(ValueError, "other images"):
            features(self.model, self.data.samples[:3], self.folder / "cache", views=1)

    def test_a_window_depends_on_image_and_view_alone(self) -> None:
        np.testing.assert_array_equal(window_of(4, 2, 1).corners, window_of(4, 2, 1).corners)
        self.assertTrue(window_of(0, 1, 1).mirrored)
        self.assertFalse(np.array_equal(window_of(4, 2, 1).corners, window_of(5, 2, 1).corners))

    def test_detections_from_features_are_those_from_pixels(self) -> None:
        from PIL import Image

        size = self.model.detector.input_size
        pixels = [resized(Image.open(s.path), size) for s in self.data.samples]
        direct = detect(self.model, np.stack(pixels))
        cached = detect_features(self.model, self.views)
        # The cache is FP16, so scores differ a little.
        for a, b in zip(direct, cached, strict=True):
            np.testing.assert_allclose(a.scores[:5], b.scores[:5], atol=0.01)

    def test_kept_rows_stay_and_new_rows_learn(self) -> None:
        names = self.data.labels
        wide = widened(self.model, [*names, "cake"])
        data = [
            type(s)(**{**vars(s), "labelled": np.append(s.labelled, False)})
            for s in self.data.samples
        ]
        part = Part(features(self.model, self.data.samples, self.folder / "cache", views=2), data)
        kept = tuple(range(len(names)))
        plan = Fit(rows_rate=0.05, kept=kept, epochs=4, batch=3, averaging=0.5)
        before = {key: value.clone() for key, value in wide.detector.state_dict().items()}
        result = fit(wide, [part], plan).detector
        moved = set()
        for name, layer in result.named_layers():
            old = before[f"layers.{name.replace('.', '/')}.weight"]
            if name not in result.graph.logits:
                torch.testing.assert_close(layer.weight, old, atol=0, rtol=0, msg=name)
                continue
            rows = layer.weight.detach().unflatten(0, (-1, result.classes))
            change = (rows - old.unflatten(0, rows.shape[:2])).abs().amax(dim=(0, 2, 3, 4))
            moved |= set(change.nonzero()[:, 0].tolist())
        # The last label is learned; the class after it has no labels here.
        self.assertEqual(moved, {len(names)})

    def test_only_the_rows_of_the_chosen_maps_learn(self) -> None:
        plan = Fit(rows_rate=0.05, maps=(1,), matching="halved", epochs=2, batch=3, averaging=0.0)
        names = self.model.detector.graph.logits
        before = [self.model.detector.layer(name).weight.detach().clone() for name in names]
        result = fit(self.model, [Part(self.views, self.data.samples)], plan).detector
        moved = [
            not torch.equal(result.layer(name).weight, old)
            for name, old in zip(names, before, strict=True)
        ]
        self.assertEqual(moved, [number == 1 for number in range(len(names))])

    def test_other_layers_learn_when_asked(self) -> None:
        plan = Fit(layers=("head.regression_head",), rate=1e-2, epochs=2, batch=3)
        part = Part(self.views, self.data.samples)
        name = self.model.detector.graph.codes[0]
        before = self.model.detector.layer(name).weight.detach().clone()
        trunk = self.model.detector.graph.nodes[cut_of(self.model)].inputs[1]
        result = fit(self.model, [part], plan).detector
        self.assertFalse(torch.equal(result.layer(name).weight, before))
        torch.testing.assert_close(
            result.layer(trunk).weight, self.model.detector.layer(trunk).weight, atol=0, rtol=0
        )

    def test_each_prefix_has_its_own_step(self) -> None:
        names = ("head.regression_head.module_list.0", "head.regression_head.module_list.1")
        before = {n: self.model.detector.layer(f"{n}.1").weight.detach().clone() for n in names}
        plan = Fit(
            layers=(f"{names[0]}=1e-6", "head.regression_head"),
            rate=1e-2,
            matching="boxes",
            epochs=2,
            batch=3,
            averaging=0.0,
        )
        result = fit(self.model, [Part(self.views, self.data.samples)], plan).detector
        after = {n: result.layer(f"{n}.1").weight.detach() for n in names}
        moved = [float((after[n] - old).abs().max() / old.abs().max()) for n, old in before.items()]
        self.assertLess(moved[0], 1e-4)
        self.assertGreater(moved[1], 1e-4)


if __name__ == "__main__":
    unittest.main()
