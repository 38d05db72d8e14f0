"""Command line: `python -m stream_detect_training COMMAND --help`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import torch

from .arguments import parser
from .calibrate import calibrate
from .cells import fit_cells
from .configuration import Configuration
from .data import Images, load, load_source, read_sources
from .distil import Distillation
from .evaluate import Evaluation
from .features import features
from .fit import Fit, Part, fit
from .label import folder_document, foreign_labeller, label_sets, own_labeller
from .model_file import read_model, write_model
from .plots import plot_reliability
from .scores import best_threshold, judged, platt, reliability, rescale
from .split import split_file
from .trainer import Trainer
from .views import teacher_views
from .widen import averaged, known_classes, widened


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
    if options.teachers:
        labeller = foreign_labeller(
            options.teachers, options.least_score, distinct=options.distinct
        )
    else:
        grids = [] if options.tiles == "none" else [int(n) for n in options.tiles.split(",")]
        views = teacher_views(grids, options.mirror)
        labeller = own_labeller(read_model(options.model).to(device), views, options.least_score)
    data = options.data or _folder_data(options.images, options.out, labeller.labels)
    print(label_sets(labeller, data, options.out, truth=options.truth))


def _folder_data(images: Path, out: Path, labels: list[str]) -> Path:
    """A data file for a folder of images without labels."""
    out.mkdir(parents=True, exist_ok=True)
    name = images.resolve().name
    (out / f"{name}.images.json").write_text(json.dumps(folder_document(images)))
    entry = {"images": str(images.resolve()), "annotations": f"{name}.images.json"}
    path = out / "images.json"
    path.write_text(json.dumps({"labels": labels, "sets": [entry]}))
    return path


def widen(options: argparse.Namespace, device: str) -> None:
    labels, _ = read_sources(options.data)
    write_model(options.output, widened(read_model(options.model), labels), half=False, ranges=False)


def fit_heads(options: argparse.Namespace, device: str) -> None:
    model = read_model(options.model)
    labels = model.labels[1:]
    parts = []
    for path in options.data:
        names, sources = read_sources(path)
        if names != labels:
            raise ValueError(f"{path}: the labels are not the model file's.")
        for source in sources:
            samples = load_source(source, labels)
            folder = options.features / source.annotations.stem
            cached = features(model, samples, folder, views=options.views, progress=True)
            parts.append(Part(cached, samples, source.repeat))
    kept = (0,)
    if options.keep:
        known = known_classes(read_model(options.keep), labels)
        kept += tuple((known.nonzero()[:, 0] + 1).tolist())
    fields = {key: value for key, value in vars(options).items() if key in Fit.__annotations__}
    plan = Fit(**(fields | {"layers": tuple(options.layers), "maps": tuple(options.maps), "kept": kept}))
    if plan.cells:
        result = fit_cells(model, parts, plan, progress=True)
    else:
        result = fit(model, parts, plan, original=read_model(options.model), progress=True)
    write_model(options.output, result, half=False, ranges=False)
    if options.validation:
        print(*Evaluation(load(options.validation))(result).lines(), sep="\n")


def average(options: argparse.Namespace, device: str) -> None:
    mean = averaged([read_model(path) for path in options.models])
    write_model(options.output, mean, half=False, ranges=False)


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


def scores(options: argparse.Namespace, device: str) -> None:
    model = read_model(options.model)
    data = load(options.data)
    found = Evaluation(data).detections(model)
    before = judged(data.samples, found)
    scales, shifts = platt(before, len(data.labels))
    rescale(model, scales, shifts)
    write_model(options.output, model, half=False, ranges="quantization" in model.description)
    after = judged(data.samples, Evaluation(data).detections(model))
    threshold, precision, recall, f1 = best_threshold(after, data.samples)
    print(f"scales {scales.min():.2f} to {scales.max():.2f}")
    print(f"shifts {shifts.min():.2f} to {shifts.max():.2f}")
    print(f"F1 {f1:.3f} at {threshold:.2f}: precision {precision:.3f}, recall {recall:.3f}")
    if options.plot:
        plot_reliability(options.plot, {"before": reliability(before), "after": reliability(after)})


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
    "widen": widen,
    "fit": fit_heads,
    "average": average,
    "evaluate": evaluate,
    "scores": scores,
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
