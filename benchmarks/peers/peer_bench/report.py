"""Writes a session as `docs/benchmarks.md`, its plot and the table of `README.md`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import paths
from .agreement_table import agreement_lines
from .cases import FAMILIES, MODES, TWO_STREAMS, Case
from .catalogue import MODELS, model
from .engines.registry import OURS, title
from .goals import GOALS, Figures, best_ratio, figures, ratios, standing
from .marks import rewrite
from .readme import readme_lines
from .session import load
from .statistics import median, percentile
from .tables import number, table, wrapped
from .video.report import video_goals, video_lines

Rounds = Sequence[Sequence[Mapping[str, Any]]]

INTRODUCTION = """# stream-detect compared with other engines

The same weights, the same input and the same two cores, in one session. All cases run once in each
round, in random order, each in a process of its own that is pinned to its cores. A figure is the
median over the rounds of each round's median. A ratio is the fastest peer's time divided by ours,
or our throughput divided by theirs: above 1, stream-detect is faster. Ratios that miss their goals
are listed like the others.

`make bench-peers` measures all of this again ([how](../benchmarks/peers/README.md)) and writes this
page."""


def write(folder: Path) -> None:
    """Writes the report of the session in `folder`."""
    from .plot import draw

    about, rounds = load(folder)
    found = figures(rounds)
    videos = _optional(folder / "videos.json")
    agreement = _optional(folder / "agreement.json")
    paths.PICTURES.mkdir(parents=True, exist_ok=True)
    draw(found, paths.PICTURES / "benchmarks.svg")
    lines = [INTRODUCTION, "", *_machine(about, rounds), "", *_goals(found, rounds, videos), ""]
    lines += ["![Ratio of the fastest peer's time to ours](pictures/benchmarks.svg)", ""]
    for mode in MODES:
        lines += _mode(mode, found)
    for video in videos:
        lines += video_lines(video)
    lines += agreement_lines(agreement)
    (paths.DOCUMENTS / "benchmarks.md").write_text("\n".join(lines).rstrip() + "\n")
    print(paths.DOCUMENTS / "benchmarks.md")
    rewrite(paths.README, readme_lines(about, len(rounds), found, videos))


def _optional(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text()) if path.exists() else []


def _machine(about: Mapping[str, Any], rounds: Rounds) -> list[str]:
    facts = about["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items())
    lines = wrapped(
        f"{about['date']}, median of {len(rounds)} rounds, {facts['processor']}, {facts['cores']} "
        f"cores, {facts['memory_gib']} GiB, {facts['system']}. {versions}."
    )
    steadiness = wrapped(
        "How steady the machine was: the rate of FP32 multiply-adds that one core (two for two "
        "threads and two streams) reached just before each run, in GFLOP/s, and how many cores "
        "other programs kept busy."
    )
    lines += ["", *steadiness, ""]
    rows = []
    for index, records in enumerate(rounds):
        for cores, modes in (("one", MODES[:1]), ("two", MODES[1:])):
            peaks = [record["probe_gflops"] for record in records if record["mode"] in modes]
            busy = [record["busy_cores"] for record in records if record["mode"] in modes]
            if peaks:
                row = [f"{index + 1}, {cores}", number(min(peaks), 0), number(median(peaks), 0)]
                rows.append([*row, number(max(peaks), 0), number(percentile(busy, 0.95))])
    return lines + table(["round, cores", "min", "median", "max", "busy cores, p95"], rows)


def _goals(found: Figures, rounds: Rounds, videos: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = []
    for goal in GOALS:
        result = standing(goal, found)
        places, unit = (1, "/s") if goal.mode == TWO_STREAMS else (2, " ms")
        best = number(result.best, places) + unit if result.best is not None else "–"
        ours = number(result.ours, places) + unit if result.ours is not None else "–"
        peer = _peer(result.best_case) if result.best_case else "–"
        figure = number(result.ratio)
        figure = f"**{figure}**" if result.is_reached else figure
        each = ratios(goal, rounds)
        spread = f"{min(each):.2f} to {max(each):.2f}" if each else "–"
        name = f"{goal.title}: {goal.model.title}"
        rows.append([name, peer, best, ours, figure, spread, f"{goal.target:g}"])
    legend = "Bold: goal reached. Rounds: the lowest and the highest ratio of a single round."
    lines = ["## The goals", "", legend, ""]
    lines += table(["case", "fastest peer", "theirs", "ours", "ratio", "rounds", "goal"], rows)
    if videos:
        lines += [
            "",
            *table(
                ["case", "fastest peer or detail", "ours", "ratio", "goal"], video_goals(videos[0])
            ),
        ]
    return lines


def _peer(case: Case) -> str:
    variant = "" if case.precision == case.family else f" ({case.precision.split('-')[1]})"
    return title(case.engine) + variant


def _mode(mode: str, found: Figures) -> list[str]:
    unit = "images per second" if mode == TWO_STREAMS else "milliseconds"
    lines = [f"## {mode.capitalize()}, {unit}", ""]
    for family in FAMILIES:
        chosen = {
            case: figure
            for case, figure in found.items()
            if (case.mode, case.family) == (mode, family)
        }
        if not chosen:
            continue
        keys = [
            network.key for network in MODELS if any(case.model == network.key for case in chosen)
        ]
        columns = sorted({(case.engine, case.precision) for case in chosen}, key=_order)
        head = [family.upper(), *(_column(*column) for column in columns), "ratio"]
        rows = []
        for key in keys:
            row = [chosen.get(Case(engine, key, precision, mode)) for engine, precision in columns]
            cells = [number(cell, 1 if mode == TWO_STREAMS else 2) for cell in row]
            figure = number(best_ratio(found, mode, family, key))
            rows.append([model(key).title, *cells, figure])
        lines += [*table(head, rows), ""]
    return lines if len(lines) > 2 else []


def _order(column: tuple[str, str]) -> tuple[bool, str, str]:
    return (column[0] != OURS, *column)


def _column(engine: str, precision: str) -> str:
    return title(engine) + (f" {precision.split('-')[1]}" if "-" in precision else "")
