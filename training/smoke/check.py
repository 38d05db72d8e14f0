"""Checks the results of the smoke run: the loss fell, and the model file reads back unchanged."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch

from stream_detect_training.model_file import read_model


def losses(run: Path) -> list[float]:
    records = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    return [record["loss"] for record in records if "loss" in record]


def main(work: Path) -> None:
    scratch = losses(work / "scratch")
    first, last = sum(scratch[:2]) / 2, sum(scratch[-2:]) / 2
    assert last < 0.85 * first, f"the loss went from {first:.3f} to {last:.3f}"
    distilled = losses(work / "distilled")
    assert all(value == value and value < 100 for value in distilled), distilled
    for plot in ("losses.png", "validation.png"):
        assert (work / "distilled" / plot).stat().st_size > 1000, plot
    model = read_model(work / "model.safetensors")
    assert model.description["quantization"]["activations"], "no activation ranges"
    again = read_model(work / "distilled" / "last.safetensors")
    image = torch.rand(1, 3, *model.detector.input_size)
    with torch.no_grad():
        for a, b in zip(model.detector(image), again.detector(image), strict=True):
            assert torch.equal(a, b), "the exported model differs from the run's"
    print(f"smoke: loss {first:.3f} -> {last:.3f}; {len(distilled)} log lines of distillation")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
