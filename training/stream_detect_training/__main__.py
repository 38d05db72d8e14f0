"""Command line: `python -m stream_detect_training COMMAND --help`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import torch

from .arguments import parser
from .calibrate import calibrate
from .configuration import Configuration
from .data import Images, load
from .distil import Distillation
from .evaluate import Evaluation
from .label import folder_document, label_sets
from .model_file import read_model, write_model
from .split import split_file
from .trainer import Trainer
from .views import teacher_views


def train(options: argparse.Namespace, device: str) -> None:
    fields = {
        key: value for key, value in vars(options).items() if key in Configuration.__annotations__
    }
    fields["freeze"] = tuple(options.freeze)
    fields["distillation"] = Distillation(
        move_scores=options.move_scores,
        lower_scores=options.lower_scores,
        move_boxes=options.move_boxes,
        logit_weight=options.logit_weight,
    )
    trainer = Trainer(Configuration(**fields), options.folder, device)
    if trainer.resume():
        print(f"resuming from step {trainer.step}")
    trainer.run(stop_at=options.stop_at)


def label(options: argparse.Namespace, device: str) -> None:
    model = read_model(options.model).to(device)
    data = options.data or _folder_data(options.images, options.out, model.labels[1:])
    grids = [] if options.tiles == "none" else [int(part) for part in options.tiles.split(",")]
    views = teacher_views(grids, options.mirror)
    path = label_sets(
        model, data, options.out, views, least_score=options.least_score, truth=options.truth
    )
    print(path)


def _folder_data(images: Path, out: Path, labels: list[str]) -> Path:
    """A data file for a folder of images without labels."""
    out.mkdir(parents=True, exist_ok=True)
    name = images.resolve().name
    (out / f"{name}.images.json").write_text(json.dumps(folder_document(images)))
    entry = {"images": str(images.resolve()), "annotations": f"{name}.images.json"}
    path = out / "images.json"
    path.write_text(json.dumps({"labels": labels, "sets": [entry]}))
    return path


def evaluate(options: argparse.Namespace, device: str) -> None:
    model = read_model(options.model).to(device)
    evaluation = Evaluation(load(options.data), progress=True)
    modes = {"FP32": "off"} | ({"INT8": "frozen"} if options.int8 else {})
    if options.int8 and "quantization" not in model.description:
        raise ValueError(f"{options.model} has no activation ranges; run calibrate first.")
    figures = {}
    for name, mode in modes.items():
        model.detector.quantise(mode)
        result = evaluation(model)
        figures[name] = {"figures": result.figures, "classes": result.classes}
        print(f"{name}:", *result.lines(), sep="\n  ")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


def calibrate_file(options: argparse.Namespace, device: str) -> None:
    model = read_model(options.model).to(device)
    calibrate(model, load(options.data), Images(), most=options.most, progress=True)
    write_model(options.output, model)


def split(options: argparse.Namespace, device: str) -> None:
    train_count, validation_count = split_file(
        options.annotations,
        options.output,
        options.fraction,
        seed=options.seed,
        block=options.block,
    )
    print(f"{train_count} images to train on, {validation_count} to validate on")


def export(options: argparse.Namespace, device: str) -> None:
    model = read_model(options.model)
    for key in ("name", "provenance", "license", "score_threshold"):
        if getattr(options, key) is not None:
            model.description[key] = getattr(options, key)
    write_model(
        options.output, model, half=not options.fp32, ranges="quantization" in model.description
    )


COMMANDS = {
    "train": train,
    "label": label,
    "evaluate": evaluate,
    "calibrate": calibrate_file,
    "split": split,
    "export": export,
}


def main() -> int:
    options = parser().parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    device = options.device
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        COMMANDS[options.command](options, device)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; run the same command to resume from the last checkpoint", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
