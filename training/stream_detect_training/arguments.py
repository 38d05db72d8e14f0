"""The command line's options."""

from __future__ import annotations

import argparse
from pathlib import Path

from .augment import KINDS
from .configuration import Configuration
from .fit import Fit
from .loss import CLASSIFICATION
from .views import MIRRORS


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    main = argparse.ArgumentParser(
        prog="stream_detect_training", description="Trains detectors for stream-detect."
    )
    main.add_argument("--threads", type=int, default=0, help="CPU threads; 0 for all")
    main.add_argument("--device", default="auto", help="auto, cpu or cuda")
    commands = main.add_subparsers(dest="command", required=True)
    _train(commands.add_parser("train", help="train, fine-tune or distil a detector"))
    _label(commands.add_parser("label", help="let a teacher label images"))
    _widen(commands.add_parser("widen", help="give a model rows for more classes"))
    _fit(commands.add_parser("fit", help="train heads on cached features and a teacher's labels"))
    _average(commands.add_parser("average", help="average models that have one origin"))
    _evaluate(commands.add_parser("evaluate", help="measure COCO mAP in FP32 and INT8"))
    _scores(commands.add_parser("scores", help="calibrate scores, so that they mean precision"))
    _calibrate(commands.add_parser("calibrate", help="find the ranges of the activations for INT8"))
    _split(commands.add_parser("split", help="split a COCO document for validation"))
    _export(commands.add_parser("export", help="write a run or a model as a model file"))
    return main


def _train(command: argparse.ArgumentParser) -> None:
    default = Configuration(data="")
    command.add_argument("folder", type=Path, help="folder of the run, resumed if it exists")
    command.add_argument("--data", required=True, help="data file to train on")
    command.add_argument("--validation", help="data file to choose the best weights with")
    command.add_argument("--initial", help="model file to start from (default: random weights)")
    command.add_argument("--teacher", help="model file of the teacher")
    command.add_argument("--name", default=default.name)
    command.add_argument("--provenance", help="origin of the weights, recorded in the model file")
    command.add_argument("--license", default=default.license)
    command.add_argument("--width", type=float, default=default.width, help="width multiplier")
    command.add_argument("--side", type=int, default=default.side, help="input side in pixels")
    command.add_argument("--steps", type=int, default=default.steps)
    command.add_argument("--batch", type=int, default=default.batch)
    command.add_argument("--rate", type=float, default=default.rate, help="learning rate")
    command.add_argument("--optimiser", choices=("adamw", "relative"), default=default.optimiser)
    command.add_argument("--weight-decay", type=float, default=default.weight_decay)
    command.add_argument("--warmup", type=int, default=default.warmup, help="steps")
    command.add_argument("--averaging", type=float, default=default.averaging)
    command.add_argument("--augmentation", choices=tuple(KINDS), default=default.augmentation)
    command.add_argument(
        "--views",
        type=int,
        default=default.views,
        help="fixed views per image; 0 for a new one each time",
    )
    command.add_argument(
        "--classification", choices=tuple(CLASSIFICATION), default=default.classification
    )
    command.add_argument("--label-weight", type=float, default=default.label_weight)
    command.add_argument("--teacher-weight", type=float, default=default.teacher_weight)
    soft = default.distillation
    command.add_argument("--move-scores", type=float, default=soft.move_scores)
    command.add_argument("--lower-scores", type=float, default=soft.lower_scores)
    command.add_argument("--move-boxes", type=float, default=soft.move_boxes)
    command.add_argument("--logit-weight", type=float, default=soft.logit_weight)
    command.add_argument("--quantise", action="store_true", help="simulate INT8 while training")
    command.add_argument("--freeze", nargs="*", default=[], help="prefixes of untrained layers")
    command.add_argument("--validate-every", type=int, default=default.validate_every)
    command.add_argument("--log-every", type=int, default=default.log_every)
    command.add_argument("--seed", type=int, default=default.seed)
    command.add_argument("--stop-at", type=int, help="stop at this step; run again to resume")


def _label(command: argparse.ArgumentParser) -> None:
    command.add_argument("out", type=Path, help="folder for the labels and the new data file")
    who = command.add_mutually_exclusive_group(required=True)
    who.add_argument("--model", help="model file of the teacher")
    who.add_argument(
        "--teachers", nargs="+", type=Path, help="ONNX files of teachers with COCO's 80 classes"
    )
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="data file")
    source.add_argument("--images", type=Path, help="folder of unlabelled images")
    command.add_argument("--tiles", default="2,3", help="grids, such as 2,3; none for no tiles")
    command.add_argument(
        "--mirror", choices=MIRRORS, default="frame", help="views that are also mirrored"
    )
    command.add_argument("--least-score", type=float, default=0.05)
    command.add_argument("--truth", type=float, default=0.0, help="trust in the labels, 0...1")
    command.add_argument(
        "--distinct",
        type=float,
        help="suppress fused boxes that overlap a better one of their class by more than this",
    )


def _widen(command: argparse.ArgumentParser) -> None:
    command.add_argument("model")
    command.add_argument("-o", "--output", required=True)
    command.add_argument("--data", required=True, help="data file, which lists the classes")


def _average(command: argparse.ArgumentParser) -> None:
    command.add_argument("models", nargs="+")
    command.add_argument("-o", "--output", required=True)


def _fit(command: argparse.ArgumentParser) -> None:
    default = Fit()
    command.add_argument("model")
    command.add_argument("-o", "--output", required=True)
    command.add_argument("--data", nargs="+", required=True, help="data files")
    command.add_argument("--features", type=Path, required=True, help="folder for the cache")
    command.add_argument("--validation", help="data file; its figures are printed at the end")
    command.add_argument("--views", type=int, default=2, help="views per image: whole, mirror, crops")
    command.add_argument(
        "--layers", nargs="*", default=[], help="prefixes of trained layers, PREFIX or PREFIX=RATE"
    )
    command.add_argument("--rate", type=float, default=default.rate, help="relative step")
    command.add_argument(
        "--rows-rate",
        type=float,
        default=default.rows_rate,
        help="Adam's rate for the class rows; with --cells, steps relative to their size",
    )
    command.add_argument(
        "--cells",
        type=float,
        default=default.cells,
        help="train the class rows alone, on the cells with an object or a high score and this "
        "fraction of the others",
    )
    command.add_argument(
        "--runs", type=int, default=default.runs, help="with --cells, the mean of so many runs"
    )
    command.add_argument("--keep", help="model file whose classes keep their rows")
    command.add_argument("--epochs", type=float, default=default.epochs)
    command.add_argument("--batch", type=int, default=default.batch)
    command.add_argument("--power", type=float, default=default.power, help="exponent of the IoU")
    command.add_argument(
        "--matching",
        choices=("priors", "halved", "boxes"),
        default=default.matching,
        help="what is matched with labels: priors, priors with the first at half its size (as "
        "TensorFlow's SSDs were trained), or the boxes predicted at them",
    )
    command.add_argument(
        "--maps", nargs="*", type=int, default=[], help="maps whose class rows are trained; 0 is first"
    )
    command.add_argument("--least-score", type=float, default=default.least_score)
    command.add_argument("--box-weight", type=float, default=default.box_weight)
    command.add_argument("--old-weight", type=float, default=default.old_weight)
    command.add_argument("--averaging", type=float, default=default.averaging)
    command.add_argument("--bf16", action="store_true", help="compute convolutions in BF16")
    command.add_argument("--seed", type=int, default=default.seed)


def _evaluate(command: argparse.ArgumentParser) -> None:
    command.add_argument("model")
    command.add_argument("--data", required=True, help="data file")
    command.add_argument("--int8", action="store_true", help="simulate INT8 as well")
    command.add_argument("--json", type=Path, help="write all figures to this file")


def _scores(command: argparse.ArgumentParser) -> None:
    command.add_argument("model")
    command.add_argument("-o", "--output", required=True)
    command.add_argument("--data", required=True, help="labelled images that trained nothing")
    command.add_argument("--plot", type=Path, help="draw scores against precision")


def _calibrate(command: argparse.ArgumentParser) -> None:
    command.add_argument("model")
    command.add_argument("-o", "--output", required=True)
    command.add_argument("--data", required=True, help="data file")
    command.add_argument("--most", type=int, default=0, help="maximum number of images; 0 for all")


def _split(command: argparse.ArgumentParser) -> None:
    command.add_argument("annotations", type=Path, help="COCO document")
    command.add_argument("-o", "--output", type=Path, required=True, help="folder")
    command.add_argument("--fraction", type=float, default=0.25)
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--block", type=int, default=1, help="consecutive images per block")


def _export(command: argparse.ArgumentParser) -> None:
    command.add_argument("model", help="model file, such as best.safetensors of a run")
    command.add_argument("-o", "--output", required=True)
    command.add_argument("--fp32", action="store_true", help="FP32 weights instead of FP16")
    command.add_argument("--name")
    command.add_argument("--provenance")
    command.add_argument("--license")
    command.add_argument("--score-threshold", type=float)
