"""The report on an invented session."""

import json
import tempfile
import unittest
from itertools import pairwise
from pathlib import Path
from unittest import mock

from peer_bench import paths, report
from peer_bench.cases import MODES, plan
from peer_bench.catalogue import DETECTORS
from peer_bench.engines.registry import OURS
from peer_bench.goals import GOALS
from peer_bench.marks import BEGIN, END


def invented(scale: float) -> list[dict[str, object]]:
    """A round in which every peer takes twice our time; `scale` slows all engines down."""
    records = []
    for case in plan(quick=False):
        slowness = scale * (1 if case.engine == OURS else 2)
        figure = {"images_per_second": 100 / slowness}
        if not case.is_throughput:
            figure = {"median_ms": 5 * slowness}
        records.append({**case.record(), **figure, "probe_gflops": 200.0, "busy_cores": 0.01})
    return records


def written(rounds: list[list[dict[str, object]]]) -> tuple[list[str], list[str], list[str]]:
    """Lines of the report and of the README for these rounds, and the names of the pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        machine = {"processor": "P", "cores": 2, "memory_gib": 8, "system": "S", "python": "3"}
        about = {"date": "2026-01-02", "machine": machine, "versions": {"stream-detect": "1"}}
        (folder / "session.json").write_text(json.dumps(about))
        for index, records in enumerate(rounds):
            document = {"round": index, "records": records}
            (folder / f"round-{index}.json").write_text(json.dumps(document))
        readme = folder / "README.md"
        readme.write_text(f"Before.\n\n{BEGIN}\nold\n{END}\n\nAfter.\n")
        places = {"RESULTS": folder, "DOCUMENTS": folder, "README": readme}
        places["PICTURES"] = folder / "pictures"
        with mock.patch.multiple(paths, **places), mock.patch("builtins.print"):
            report.write(folder)
        pictures = sorted(path.name for path in (folder / "pictures").iterdir())
        lines = (folder / "benchmarks.md").read_text().splitlines()
        return lines, readme.read_text().splitlines(), pictures


class ReportTests(unittest.TestCase):
    def test_every_goal_has_a_ratio_that_slow_rounds_do_not_change(self) -> None:
        lines, _, pictures = written([invented(1), invented(3), invented(1)])
        self.assertEqual(pictures, ["benchmarks.svg"])
        for goal in GOALS:
            start = f"| {goal.title}: {goal.model.title} |"
            rows = [line for line in lines if line.startswith(start)]
            self.assertEqual(len(rows), 1, start)
            cells = [cell.strip() for cell in rows[0].split("|")]
            expected = "**2.00**" if goal.target <= 2 else "2.00"
            self.assertEqual(cells[5:8], [expected, "2.00 to 2.00", f"{goal.target:g}"])

    def test_tables_are_whole(self) -> None:
        lines, _, _ = written([invented(1)])
        for before, line in pairwise(lines):
            if before.startswith("|") and line.startswith("|"):
                self.assertEqual(before.count("|"), line.count("|"), line)

    def test_the_readme_has_each_detector_once(self) -> None:
        _, readme, _ = written([invented(1)])
        self.assertEqual((readme[0], readme[-1]), ("Before.", "After."))
        self.assertNotIn("old", readme)
        rows = [line for line in readme if line.startswith(("| Mobile", "| ssdlite320"))]
        self.assertEqual(len(rows), len(DETECTORS) * len(MODES))
        for row in rows:
            self.assertEqual([cell.strip() for cell in row.split("|")][2:5], ["2.00"] * 3)

    def test_without_rounds_there_is_no_report(self) -> None:
        with self.assertRaises(SystemExit):
            written([])
