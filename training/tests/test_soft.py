"""Soft labels: fusing teachers, targets for several classes, and calibrated scores."""

import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from PIL import Image

from stream_detect_training.boxes import encode
from stream_detect_training.data import Sample
from stream_detect_training.fusion import fuse
from stream_detect_training.inference import Detections
from stream_detect_training.label import foreign_labeller
from stream_detect_training.scores import Judged, judged, platt, rescale
from stream_detect_training.soft import generalised_iou_loss, quality_focal, soft_targets
from stream_detect_training.teachers import COCO, _of_stride
from stream_detect_training.widen import averaged, known_classes, widened

from .support import example, small_model
from .test_matching import MIDDLE, PRIORS
from .test_views import found


class FusionTests(unittest.TestCase):
    def test_boxes_of_two_networks_become_their_weighted_mean(self) -> None:
        both = fuse(
            [
                found(([0, 0, 0.5, 0.5], 0.6, 1), ([0, 0, 0.5, 0.5], 0.4, 2)),
                found(([0, 0, 0.5, 0.6], 0.2, 1)),
            ]
        )
        self.assertEqual(both.classes.tolist(), [1, 2])
        np.testing.assert_allclose(both.boxes[0], [0, 0, 0.5, 0.525], atol=1e-6)
        # What only one of two networks finds is half as certain.
        np.testing.assert_allclose(both.scores, [0.4, 0.2], atol=1e-6)

    def test_a_network_counts_once_and_distant_boxes_stay_apart(self) -> None:
        both = fuse([found(([0, 0, 0.5, 0.5], 0.6, 1), ([0, 0, 0.5, 0.49], 0.5, 1),
                           ([0.2, 0.2, 0.7, 0.7], 0.3, 1))])  # fmt: skip
        np.testing.assert_allclose(both.scores, [0.6, 0.3], atol=1e-6)

    def test_weak_duplicates_are_suppressed_when_asked(self) -> None:
        class Fixed:
            def find(self, image: Image.Image, least_score: float) -> Detections:
                return found(([0.2, 0, 0.8, 1], 0.8, 1), ([0.2, 0, 0.8, 0.55], 0.2, 1))

        picture, files = Image.new("RGB", (8, 8)), [Path("any.onnx")]
        with mock.patch("stream_detect_training.label.teacher", return_value=Fixed()):
            both, best = (
                foreign_labeller(files, 0.1, distinct=limit).find(picture)
                for limit in (None, 0.45)
            )
        np.testing.assert_allclose(both.scores, [0.8, 0.2], atol=1e-6)
        np.testing.assert_allclose(best.scores, [0.8], atol=1e-6)

    def test_bins_are_distances_from_the_middle_of_a_cell(self) -> None:
        bins = np.full((4, 4, 8), -50.0)
        for side, distance in enumerate((1, 2, 3, 0)):
            bins[3, side, distance] = 50
        scores = np.zeros((4, 80))
        scores[3, 7] = 0.9
        # Stride 208 has two columns: cell 3 is the last of the second row.
        boxes, values, classes = _of_stride(scores, bins.reshape(4, 32), 208, 0.5)
        self.assertEqual((values.tolist(), classes.tolist()), ([0.9], [8]))
        np.testing.assert_allclose(boxes[0] * 2, [1.5 - 1, 1.5 - 2, 1.5 + 3, 1.5], atol=1e-6)
        self.assertEqual(len(_of_stride(scores, bins.reshape(4, 32), 208, 0.95)[0]), 0)


class SoftTargetTests(unittest.TestCase):
    def test_predicted_boxes_match_in_the_place_of_priors(self) -> None:
        # Only the first prior's box is at the label, wherever the priors themselves are.
        boxes = torch.zeros(1, len(PRIORS), 4)
        boxes[0, 0] = torch.tensor(MIDDLE)
        matched = soft_targets([example([MIDDLE], [2])], PRIORS, 3, boxes=boxes)
        self.assertEqual((matched.prior.tolist(), matched.label.tolist()), ([0], [1]))

    def test_a_box_that_fits_badly_is_not_forced(self) -> None:
        low, top, right, bottom = MIDDLE
        half = torch.tensor([low, top, (low + right) / 2, bottom])
        quarter = torch.tensor([low, top, (low + right) / 2, (top + bottom) / 2])
        boxes = torch.zeros(1, len(PRIORS), 4)
        for box, matches in ((half, 1), (quarter, 0)):
            boxes[0, 0] = box
            matched = soft_targets(
                [example([MIDDLE], [2])], PRIORS, 3, boxes=boxes, least_forced=0.3
            )
            self.assertEqual(len(matched.prior), matches)

    def test_a_prior_matches_a_label_of_each_class(self) -> None:
        wanted = soft_targets([example([MIDDLE, MIDDLE], [1, 3], scores=[0.6, 0.3])], PRIORS, 3)
        codes = encode(torch.tensor([[MIDDLE]]), PRIORS[None])
        scores = wanted.quality(codes, PRIORS, 1.0)
        torch.testing.assert_close(scores[0, 1], torch.tensor([0.6, 0.0, 0.3]))
        self.assertTrue(bool(wanted.counts[0, 1].all()))
        self.assertAlmostEqual(float(generalised_iou_loss(codes, wanted, PRIORS)), 0, places=5)

    def test_the_target_falls_with_the_quality_of_the_box(self) -> None:
        wanted = soft_targets([example([MIDDLE], [2], scores=[0.8])], PRIORS, 3)
        left, top, right, bottom = MIDDLE
        half = torch.tensor([[[left, top, (left + right) / 2, bottom]]])
        codes = encode(half, PRIORS[None])
        self.assertAlmostEqual(float(wanted.quality(codes, PRIORS, 1.0)[0, 1, 1]), 0.4, places=5)
        self.assertAlmostEqual(float(wanted.quality(codes, PRIORS, 0.0)[0, 1, 1]), 0.8, places=5)
        self.assertGreater(float(generalised_iou_loss(codes, wanted, PRIORS)), 0.4)

    def test_classes_without_labels_and_ignore_regions_teach_nothing(self) -> None:
        wanted = soft_targets(
            [example([], [], labelled=[False, True, False, True], ignore=[MIDDLE])], PRIORS, 3
        )
        self.assertFalse(bool(wanted.counts[0, 1].any()))
        self.assertFalse(bool(wanted.counts[0, :, 1].any()))
        self.assertTrue(bool(wanted.counts[0, 0, 0]))

    def test_the_loss_is_least_at_the_target(self) -> None:
        wanted = torch.tensor([[[0.3]]])
        counts = torch.ones(1, 1, 1, dtype=torch.bool)
        losses = [
            float(quality_focal(torch.logit(torch.full((1, 1, 1), score)), wanted, counts))
            for score in (0.2, 0.3, 0.4)
        ]
        self.assertEqual(losses[1], 0.0)
        self.assertGreater(min(losses[0], losses[2]), 0.0)


class WidenTests(unittest.TestCase):
    def test_known_classes_keep_their_logits_under_other_names(self) -> None:
        model = small_model()
        names = model.labels[1:]
        labels = ["cake", *reversed(names)]
        wide = widened(model, labels)
        self.assertEqual(known_classes(model, labels).tolist(), [False] + [True] * len(names))
        pixels = torch.rand(1, 3, 96, 96, generator=torch.Generator().manual_seed(1))
        with torch.no_grad():
            before, codes = model.detector(pixels)
            after, same = wide.detector(pixels)
        torch.testing.assert_close(codes, same)
        torch.testing.assert_close(after[..., 2:], before[..., 1:].flip(-1))
        torch.testing.assert_close(torch.sigmoid(after[..., 1]), torch.full(after.shape[:2], 0.01))

    def test_a_mean_of_models_has_the_mean_of_their_weights(self) -> None:
        models = [small_model(seed) for seed in (1, 2)]
        name = models[0].detector.graph.logits[0]
        wanted = sum(model.detector.layer(name).weight.detach().clone() for model in models) / 2
        torch.testing.assert_close(averaged(models).detector.layer(name).weight.detach(), wanted)
        with self.assertRaisesRegex(ValueError, "same network"):
            averaged([models[0], widened(models[0], [*models[0].labels[1:], "cake"])])

    def test_a_class_can_not_be_lost(self) -> None:
        with self.assertRaisesRegex(ValueError, "lack"):
            widened(small_model(), ["cake"])

    def test_the_names_are_cocos(self) -> None:
        self.assertEqual(len(set(COCO)), 80)


class ScoreTests(unittest.TestCase):
    def test_each_label_confirms_the_best_detection(self) -> None:
        sample = Sample(
            path=Path("x"), image_id=1, size=(10, 10), boxes=np.array([MIDDLE], np.float32),
            classes=np.array([1]), scores=np.ones(1, np.float32),
            ignore=np.array([[0, 0, 0.3, 0.3]], np.float32),
            labelled=np.array([False, True, True, False]),
        )  # fmt: skip
        hidden, unknown = [0.1, 0.1, 0.2, 0.2], [0.7, 0.7, 0.9, 0.9]
        result = judged(
            [sample],
            [found((MIDDLE, 0.5, 1), (MIDDLE, 0.875, 1), (MIDDLE, 0.75, 2), (hidden, 0.25, 1),
                   (unknown, 0.25, 3))],
        )  # fmt: skip
        self.assertEqual(result.scores.tolist(), [0.875, 0.75, 0.5])
        self.assertEqual(result.right.tolist(), [True, False, False])

    def test_calibration_finds_the_scale_and_a_class_that_is_too_sure(self) -> None:
        random = np.random.default_rng(1)
        logits = random.normal(size=40_000) * 2
        classes = random.integers(1, 3, size=40_000)
        truth = 1 / (1 + np.exp(-(0.5 * logits - 0.2 - (classes == 2))))
        right = random.random(40_000) < truth
        scales, shifts = platt(Judged(1 / (1 + np.exp(-logits)), classes, right), 3, spread=1.0)
        torch.testing.assert_close(scales[:2], torch.full((2,), 0.5), atol=0.03, rtol=0)
        # A class without detections gets the common calibration.
        self.assertAlmostEqual(float(scales[2]), 0.5, delta=0.03)
        self.assertAlmostEqual(float(shifts[2]), -0.7, delta=0.1)
        self.assertAlmostEqual(float(shifts[0]), -0.2, delta=0.06)
        self.assertAlmostEqual(float(shifts[1]), -1.2, delta=0.06)

    def test_the_class_rows_take_the_calibration(self) -> None:
        model = small_model()
        pixels = torch.rand(1, 3, 96, 96, generator=torch.Generator().manual_seed(1))
        shifts = torch.arange(len(model.labels) - 1).float()
        scales = 1 + shifts / 4
        with torch.no_grad():
            before, _ = model.detector(pixels)
            rescale(model, scales, shifts)
            after, _ = model.detector(pixels)
        torch.testing.assert_close(after[..., 1:], before[..., 1:] * scales + shifts)
        torch.testing.assert_close(after[..., 0], before[..., 0])


if __name__ == "__main__":
    unittest.main()
