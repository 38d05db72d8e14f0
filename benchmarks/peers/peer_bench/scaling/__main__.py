"""Measures and writes the figures of `docs/performance.md`: `python -m peer_bench.scaling`.

With `--draw` it writes the last measurements again.
"""

from __future__ import annotations

import argparse
import json
import time

from .. import machine, paths
from ..catalogue import DETECTORS
from ..marks import rewrite
from ..ours import can_split_an_image, lacks
from . import document, plots, sources
from .roofline import Limits, Network, network
from .sweeps import PRECISIONS, Architecture, bench, measured, points

RESULTS = paths.RESULTS / "scaling.json"
PROBES = 10
MEMORIES = ("l2", "l3")


def measure(rounds: int) -> dict[str, object]:
    """All measurements, as JSON."""
    available = [precision for precision in PRECISIONS if not lacks(precision)]
    sweeps = measured(points(available, can_split_an_image()), rounds)
    sweeps["sources"] = sources.sweep(available, rounds)
    reports: dict[str, list[dict]] = {precision: [] for precision in available}
    for precision in available:
        for model in DETECTORS:
            options = (*Architecture(model.architecture, model.side).options, "--threads", "1")
            command = (*options, "--precision", precision)
            runs = [bench(command, machine.ONE) for _ in range(rounds)]
            reports[precision].append({"title": model.title, "runs": runs})
    probed = (*available, *MEMORIES)
    probes = [machine.probe(machine.ONE, probed) for _ in range(PROBES)]
    return {
        "machine": {**machine.description(), "date": time.strftime("%Y-%m-%d", time.gmtime())},
        # The best of several probes, because a limit is what the machine can reach.
        "limits": {name: max(probe[name] for probe in probes) for name in probed},
        "sweeps": sweeps,
        "reports": reports,
    }


def draw(results: dict) -> None:
    """Draws the plots and writes the tables."""
    networks = [
        _network(results["limits"], precision, report)
        for precision, reports in results["reports"].items()
        for report in reports
    ]
    paths.PICTURES.mkdir(parents=True, exist_ok=True)
    plots.draw_sweeps(results["sweeps"], paths.PICTURES / "scaling.svg")
    plots.draw_roofline(networks, paths.PICTURES / "roofline.svg")
    rewrite(paths.DOCUMENTS / "performance.md", document.figures(results["machine"], networks))


def _network(peaks: dict[str, float], precision: str, report: dict) -> Network:
    limits = Limits(peaks[precision], peaks["l2"], peaks["l3"])
    return network(report["title"], precision, report["runs"], limits)


def main() -> None:
    parser = argparse.ArgumentParser(prog="peer_bench.scaling", description=__doc__)
    parser.add_argument("--draw", action="store_true", help="write the last measurements again")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default: 3)")
    options = parser.parse_args()
    if not options.draw:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(measure(options.rounds), indent=1) + "\n")
    draw(json.loads(RESULTS.read_text()))


if __name__ == "__main__":
    main()
