"""Model files, and that the network computes what the engine computes."""

import tempfile
import unittest
from pathlib import Path

import torch

from stream_detect_training.model_file import (
    Model,
    load_weights,
    new_description,
    read_model,
    write_model,
)
from stream_detect_training.network import Detector, folded_copy

from .support import SHARED, small_model

REFERENCE = SHARED / "models" / "ssdlite_mobilenet_v2_voc20"


class ModelFileTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "model.safetensors"

    def test_a_written_model_reads_back(self) -> None:
        model = small_model()
        images = torch.rand(1, 3, 96, 96)
        model.detector.quantise("observe")
        with torch.no_grad():
            model.detector(images)
            model.detector.quantise("frozen")
            wanted = model.detector(images)
            write_model(self.path, model, half=False)
            again = read_model(self.path)
            again.detector.quantise("frozen")
            found = again.detector(images)
        self.assertTrue(torch.equal(wanted[0], found[0]) and torch.equal(wanted[1], found[1]))
        self.assertEqual(again.labels, model.labels)
        self.assertFalse(self.path.with_name("model.safetensors.partial").exists())

    def test_fp16_changes_little(self) -> None:
        model = small_model()
        write_model(self.path, model, ranges=False)
        again = read_model(self.path)
        self.assertNotIn("quantization", again.description)
        for (name, a), (_, b) in zip(
            model.detector.named_layers(), again.detector.named_layers(), strict=True
        ):
            torch.testing.assert_close(a.weight, b.weight, atol=1e-3, rtol=1e-3, msg=name)

    def test_a_missing_tensor_is_named(self) -> None:
        model = small_model()
        with self.assertRaisesRegex(ValueError, r"backbone.features.0.0.0.weight is missing"):
            load_weights(model.detector, {}, "file")

    def test_other_files_are_refused(self) -> None:
        from safetensors.torch import save_file

        save_file({"x": torch.zeros(1)}, str(self.path))
        with self.assertRaisesRegex(ValueError, "not a stream-detect model file"):
            read_model(self.path)

    def test_folding_batch_norm_changes_nothing(self) -> None:
        torch.manual_seed(1)
        network = new_description("x", ["a"], width=0.35, side=96)["network"]
        detector = Detector(network, batch_norm=True)
        detector.train()
        with torch.no_grad():
            for _ in range(3):
                detector(torch.randn(4, 3, 96, 96))
        detector.eval()
        images = torch.randn(1, 3, 96, 96)
        with torch.no_grad():
            wanted, found = detector(images), folded_copy(detector).eval()(images)
        torch.testing.assert_close(wanted[0], found[0], atol=1e-4, rtol=1e-4)

    @unittest.skipUnless(REFERENCE.exists(), "no reference data beside the checkout")
    def test_outputs_equal_the_reference(self) -> None:
        from safetensors.torch import load_file

        description = new_description("voc", [str(index) for index in range(20)])
        detector = Detector(description["network"]).eval()
        tensors = load_file(str(REFERENCE / "weights.safetensors"))
        load_weights(detector, _canonical(tensors, detector), "reference")
        io = load_file(str(REFERENCE / "io.safetensors"))
        model = Model(detector, description)
        for image in ("000456", "bicycle"):
            pixels = (io[f"{image}.rgb"].float() - 127.5) / 127.5
            with torch.no_grad():
                logits, codes = model.detector(pixels.permute(2, 0, 1)[None])
            for found, key in ((logits, "class_logits"), (codes, "box_regression")):
                torch.testing.assert_close(found[0], io[f"{image}.{key}"], atol=1e-4, rtol=0)


def _canonical(tensors: dict, detector: Detector) -> dict:
    """The reference's tensors under our names: it names a layer by its place in TensorFlow."""
    names = {"backbone.features.0.0.0": "Conv", "backbone.features.1.4.0": "Conv_1"}
    maps = ["conv_13/expand", "Conv_1"] + [f"layer_19_2_{index}" for index in range(2, 6)]
    for index, place in enumerate(maps):
        for kind, suffix in (("classification", "conf"), ("regression", "loc")):
            path = f"head.{kind}_head.module_list.{index}"
            names[f"{path}.0.0"] = f"{place}_mbox_{suffix}/depthwise"
            names[f"{path}.1"] = f"{place}_mbox_{suffix}"
    for index in range(4):
        path = f"backbone.extra.{index}"
        names[f"{path}.0.0"] = f"layer_19_1_{index + 2}"
        names[f"{path}.1.0"] = f"layer_19_2_{index + 2}/depthwise"
        names[f"{path}.2.0"] = f"layer_19_2_{index + 2}"
    blocks = [name for name, _ in detector.named_layers() if name not in names]
    parts = ["conv/depthwise", "conv/project"] + [
        f"conv_{block}/{part}"
        for block in range(1, 17)
        for part in ("expand", "depthwise", "project")
    ]
    names |= dict(zip(blocks, parts, strict=True))
    return {
        f"{ours}.{suffix}": tensors[f"{theirs}.{suffix}"].float()
        for ours, theirs in names.items()
        for suffix in ("weight", "bias")
    }


if __name__ == "__main__":
    unittest.main()
