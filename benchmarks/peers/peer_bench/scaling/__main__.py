"""Measures everything and draws `docs/performance.md`: `python -m peer_bench.scaling`.

With `--draw` the measurements of last time are drawn again.
"""

from __future__ import annotations

import argparse
import json
import time

from .. import machine, paths
from ..catalogue import DETECTORS
from ..ours import can_split_an_image, lacks
from . import document, plots, sources
from .roofline import Limits, layers
from .sweeps import PRECISIONS, Network, bench, measured, points

RESULTS = paths.RESULTS / "scaling.json"
PROBES = 10
PROBED = ("fp32", "l2", "l3")


def measure(rounds: int) -> dict[str, object]:
    """All figures, as JSON."""
    available = [precision for precision in PRECISIONS if not lacks(precision)]
    sweeps = measured(points(available, can_split_an_image()), rounds)
    sweeps["sources"] = sources.sweep(available, rounds)
    reports = {}
    for model in DETECTORS:
        options = (*Network(model.architecture, model.side).options, "--threads", "1")
        reports[model.title] = bench(options, machine.ONE)
    probes = [machine.probe(machine.ONE, PROBED) for _ in range(PROBES)]
    return {
        "machine": {**machine.description(), "date": time.strftime("%Y-%m-%d", time.gmtime())},
        # A limit is what can be reached: the best of several.
        "limits": {name: max(probe[name] for probe in probes) for name in PROBED},
        "sweeps": sweeps,
        "reports": reports,
    }


def draw(results: dict) -> None:
    """The plots and the tables."""
    peaks = results["limits"]
    limits = Limits(peaks["fp32"], peaks["l2"], peaks["l3"])
    networks = {title: layers(report, limits) for title, report in results["reports"].items()}
    medians = {title: report["median_ms"] for title, report in results["reports"].items()}
    paths.PICTURES.mkdir(parents=True, exist_ok=True)
    plots.draw_sweeps(results["sweeps"], paths.PICTURES / "scaling.svg")
    plots.draw_roofline(networks, limits, paths.PICTURES / "roofline.svg")
    document.write(document.figures(results["machine"], limits, networks, medians))


def main() -> None:
    parser = argparse.ArgumentParser(prog="peer_bench.scaling", description=__doc__)
    parser.add_argument("--draw", action="store_true", help="draw the last measurements again")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of everything; 3")
    options = parser.parse_args()
    if not options.draw:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(measure(options.rounds), indent=1) + "\n")
    draw(json.loads(RESULTS.read_text()))


if __name__ == "__main__":
    main()
