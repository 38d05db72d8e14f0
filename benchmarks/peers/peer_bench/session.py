"""A session: rounds of all cases in random order, so that no engine gets all the quiet minutes.

The engines of one network follow each other, so that a round's ratio compares neighbouring seconds.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import machine, ours
from .cases import Case
from .engines import registry
from .running import Unavailable, cores_of, run


@dataclass(frozen=True)
class Pace:
    """How long a session takes."""

    rounds: int
    #: Time that each run measures for.
    seconds: float
    #: Longest wait for a quiet machine before each run, in seconds.
    patience: float


QUICK = Pace(rounds=2, seconds=0.4, patience=2)
FULL = Pace(rounds=5, seconds=1, patience=10)
#: The machine is quiet if other programs use no more than this share of one core.
QUIET = 0.2


def start(folder: Path) -> None:
    """Makes the session's folder and records date, machine and versions."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("round-*.json"):
        old.unlink()
    about = {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": machine.description(),
        "versions": {"stream-detect": ours.version(), **registry.versions()},
    }
    (folder / "session.json").write_text(json.dumps(about, indent=1) + "\n")


def run_rounds(folder: Path, cases: Sequence[Case], pace: Pace, seed: int = 0) -> None:
    """Runs all rounds; writes `round-N.json` into `folder` after each."""
    order = random.Random(seed)
    for index in range(pace.rounds):
        shuffled = in_random_order(cases, order)
        records = []
        for number, case in enumerate(shuffled):
            records.append(measure(case, pace))
            _print(records[-1], f"round {index + 1}, {number + 1} of {len(cases)}")
        document = {"round": index, "records": records}
        (folder / f"round-{index}.json").write_text(json.dumps(document, indent=1) + "\n")


def in_random_order(cases: Sequence[Case], order: random.Random) -> list[Case]:
    """The networks, precisions and modes in random order, and the engines of each in random order."""
    groups: dict[tuple[str, str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.model, case.family, case.mode), []).append(case)
    shuffled = list(groups.values())
    order.shuffle(shuffled)
    for group in shuffled:
        order.shuffle(group)
    return [case for group in shuffled for case in group]


def measure(case: Case, pace: Pace) -> dict[str, Any]:
    """Runs one case, and records the state of the machine just before."""
    busy = machine.wait_until_quiet(QUIET, pace.patience)
    record: dict[str, Any] = {**case.record(), "busy_cores": round(busy, 3)}
    record["probe_gflops"] = machine.probe(cores_of(case))["fp32"]
    try:
        record.update(run(case, pace.seconds))
    except Unavailable as error:
        record["error"] = str(error)
    return record


def _print(record: dict[str, Any], place: str) -> None:
    words = [record[key] for key in ("engine", "model", "precision", "mode")]
    if "error" in record:
        figure = record["error"]
    elif record["mode"] == "two streams":
        figure = f"{record['images_per_second']:.1f} images/s"
    else:
        figure = f"{record['median_ms']:.3f} ms"
    print(f"{place}: {', '.join(words)}: {figure}", flush=True)


def load(folder: Path) -> tuple[dict[str, Any], list[list[dict[str, Any]]]]:
    """A session's description, and the records of each round."""
    about = json.loads((folder / "session.json").read_text())
    files = sorted(folder.glob("round-*.json"))
    if not files:
        raise SystemExit(f"{folder}: has no rounds; run 'bench' first")
    return about, [json.loads(file.read_text())["records"] for file in files]
