"""The command line: `python -m peer_bench COMMAND`, in the folder of `setup.sh`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from . import paths
from .cases import Case, plan, selected
from .session import FULL, QUICK, run_rounds, start


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="peer_bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--quick", action="store_true", help="ten minutes instead of 90")
    shared.add_argument("--engines", default="", help="peers, separated by commas")
    shared.add_argument("--models", default="", help="networks, separated by commas")
    shared.add_argument("--precisions", default="", help="fp32, bf16, int8, separated by commas")
    shared.add_argument("--name", default="latest", help="name of the session's folder")
    shared.add_argument("--modes", default="", help="one, two, streams, separated by commas")
    shared.add_argument("--rounds", type=int, help="number of rounds")
    shared.add_argument(
        "--patience", type=float, help="seconds to wait for a quiet machine before each run"
    )
    shared.add_argument("--video", type=Path, action="append", help="also time this file")
    for name, words in {
        "prepare": "make the weights and export them for every engine",
        "check": "check that all engines compute the same",
        "bench": "prepare, check, then time the networks",
        "video": "time whole programs on video",
        "report": "write the tables and the plot of a session",
        "all": "do all of the above",
    }.items():
        commands.add_parser(name, parents=[shared], help=words, description=words)
    return parser.parse_args()


def _words(text: str) -> set[str]:
    return {word for word in text.split(",") if word}


def main() -> None:
    options = _options()
    if not paths.program().exists():
        raise SystemExit(f"{paths.program()} is missing: run 'make build', or set STREAM_DETECT")
    cases = selected(
        plan(options.quick),
        _words(options.engines),
        _words(options.models),
        _words(options.precisions),
        _words(options.modes),
    )
    if not cases:
        raise SystemExit("no case matches --engines, --models, --precisions and --modes")
    pace = QUICK if options.quick else FULL
    if options.rounds:
        pace = replace(pace, rounds=options.rounds)
    if options.patience is not None:
        pace = replace(pace, patience=options.patience)
    command = options.command
    folder = paths.RESULTS / options.name
    if command in ("prepare", "check", "bench", "all"):
        from .prepare import prepare

        prepare(cases)
    if command in ("check", "bench", "all"):
        cases = _agreeing(cases, folder)
    if command in ("bench", "all"):
        start(folder)
        run_rounds(folder, cases, pace)
    if command in ("video", "all"):
        from .video.session import run_videos

        run_videos(folder, options.video or [], pace, options.quick)
    if command in ("report", "all"):
        from .report import write

        write(folder)


def _agreeing(cases: list[Case], folder: Path) -> list[Case]:
    from .check import agreeing, check

    return agreeing(cases, check(cases, folder))


if __name__ == "__main__":
    main()
