"""The teacher's views, and merging the boxes found in them."""

import unittest

import numpy as np
import torch

from stream_detect_training.distil import Distillation, blended, distillation_loss
from stream_detect_training.inference import Detections
from stream_detect_training.label import fused
from stream_detect_training.matching import targets
from stream_detect_training.views import View, in_frame, merged, teacher_views, tiles

from .support import example
from .test_matching import MIDDLE, PRIORS


def found(*rows: tuple[list[float], float, int]) -> Detections:
    boxes, scores, classes = zip(*rows, strict=True)
    return Detections(np.array(boxes, np.float32), np.array(scores, np.float32), np.array(classes))


class ViewTests(unittest.TestCase):
    def test_tiles_cover_the_frame_and_overlap_by_a_quarter(self) -> None:
        views = tiles(3)
        self.assertEqual(len(views), 9)
        self.assertAlmostEqual(views[-1].right, 1)
        side = views[0].right
        self.assertAlmostEqual((views[0].right - views[1].left) / side, 0.25)
        self.assertEqual(len(teacher_views([2, 3], mirror="all")), 28)
        self.assertEqual(len(teacher_views([2, 3], mirror="frame")), 15)

    def test_boxes_cut_by_a_tile_are_dropped(self) -> None:
        view = View(0.0, 0.4, 0.6, 1.0)
        kept = in_frame(
            found(
                ([0.0, 0.2, 0.5, 0.5], 0.9, 1),  # touches the frame's own edge
                ([0.5, 0.2, 1.0, 0.5], 0.8, 1),  # touches the right, inside the frame
                ([0.2, 0.0, 0.5, 0.5], 0.7, 1),  # touches the top, inside the frame
                ([0.2, 0.5, 0.5, 1.0], 0.6, 1),  # touches the frame's bottom
            ),
            view,
        )
        np.testing.assert_allclose(kept.scores, [0.9, 0.6])
        np.testing.assert_allclose(kept.boxes[0], [0, 0.52, 0.3, 0.7], atol=1e-6)

    def test_a_mirror_is_undone(self) -> None:
        kept = in_frame(found(([0.1, 0.2, 0.3, 0.4], 0.9, 1)), View(0, 0, 1, 1, mirrored=True))
        np.testing.assert_allclose(kept.boxes[0], [0.7, 0.2, 0.9, 0.4], atol=1e-6)

    def test_merging_votes_for_the_box(self) -> None:
        both = merged(
            [
                found(([0, 0, 0.5, 0.5], 0.6, 1)),
                found(([0, 0, 0.5, 0.55], 0.2, 1), ([0, 0, 0.5, 0.5], 0.3, 2)),
            ],
            overlap=0.5,
        )
        self.assertEqual(both.classes.tolist(), [1, 2])
        np.testing.assert_allclose(both.scores, [0.6, 0.3])
        np.testing.assert_allclose(both.boxes[0], [0, 0, 0.5, 0.5125], atol=1e-6)

    def test_labels_correct_the_teacher_as_far_as_they_are_trusted(self) -> None:
        from pathlib import Path

        from stream_detect_training.data import Sample

        sample = Sample(
            path=Path("x"), image_id=1, size=(10, 10),
            boxes=np.array([[0, 0, 0.5, 0.5], [0.6, 0.6, 0.9, 0.9]], np.float32),
            classes=np.array([1, 1]), scores=np.ones(2, np.float32),
            ignore=np.array([[0, 0.5, 0.4, 1]], np.float32),
            labelled=np.array([False, True, False]),
        )  # fmt: skip
        teacher = found(
            ([0, 0, 0.5, 0.45], 0.6, 1),  # confirmed
            ([0.5, 0, 0.7, 0.3], 0.8, 1),  # contradicted
            ([0, 0.6, 0.3, 0.9], 0.8, 1),  # in an ignore region
            ([0.5, 0, 0.7, 0.3], 0.8, 2),  # of a class without labels
        )
        both = fused(teacher, sample, 0.5)
        np.testing.assert_allclose(both.scores, [0.8, 0.4, 0.8, 0.8, 0.5])
        np.testing.assert_allclose(both.boxes[0], sample.boxes[0])
        self.assertIs(fused(teacher, sample, 0), teacher)


class DistillationTests(unittest.TestCase):
    def setUp(self) -> None:
        random = torch.Generator().manual_seed(1)
        self.teacher = (
            torch.randn(1, 4, 4, generator=random) - 2,
            torch.randn(1, 4, 4, generator=random),
        )

    def test_a_student_that_agrees_has_no_loss(self) -> None:
        wanted = targets([example([], [])], PRIORS, 3)
        losses = distillation_loss(self.teacher, self.teacher, wanted, Distillation())
        torch.testing.assert_close(sum(losses), torch.tensor(0.0), atol=1e-6, rtol=0)

    def test_merged_boxes_move_scores_and_move_boxes(self) -> None:
        wanted = targets([example([MIDDLE], [2], scores=[0.9])], PRIORS, 3)
        scores, codes = blended(self.teacher, wanted, Distillation(move_scores=0.5, move_boxes=1.0))
        before = torch.sigmoid(self.teacher[0][..., 1:])
        raised = before.clone()
        raised[0, 1, 1] += (0.9 - before[0, 1, 1]) / 2
        torch.testing.assert_close(scores, raised)
        torch.testing.assert_close(codes[0, 0], self.teacher[1][0, 0])
        middle = self.teacher[1][0, 1]
        torch.testing.assert_close(codes[0, 1], middle + 0.9 * (wanted.codes[0, 1] - middle))


if __name__ == "__main__":
    unittest.main()
