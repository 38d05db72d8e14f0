"""Checks that all engines compute the same before anything is timed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from . import paths
from .agreement import compare
from .cases import ONE_THREAD, Case
from .catalogue import model
from .engines.registry import OURS
from .running import Unavailable, run

SECONDS = 0.05


def check(cases: Iterable[Case], folder: Path) -> list[dict[str, Any]]:
    """Compares every engine's outputs with ours in FP32, and ours with PyTorch's.

    Returns one record per comparison, and writes all into the session's `folder`. Only one thread
    is checked, because threads and streams run the same network.
    """
    wanted = {
        Case(case.engine.split(":")[0], case.model, case.precision, ONE_THREAD) for case in cases
    }
    references: dict[str, dict[str, np.ndarray]] = {}
    records = []
    for case in sorted(wanted, key=lambda case: (case.model, case.precision, case.engine)):
        if case.model not in references:
            references[case.model] = _reference(case.model)
        reference = references[case.model]
        if (case.engine, case.precision) == (OURS, "fp32"):
            reference = _pytorch(case.model)
        records.append(_record(case, reference))
        print(_sentence(records[-1]), flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "agreement.json").write_text(json.dumps(records, indent=1) + "\n")
    return records


def _record(case: Case, reference: dict[str, np.ndarray]) -> dict[str, Any]:
    record: dict[str, Any] = case.record()
    try:
        agreement = compare(reference, _outputs(case).values(), case.family)
    except (Unavailable, ValueError) as error:
        return {**record, "error": str(error)}
    return {
        **record,
        "largest": agreement.largest,
        "deviation": agreement.deviation,
        "measure": agreement.measure,
        "tolerance": agreement.tolerance,
        "agrees": agreement.is_within,
    }


def _outputs(case: Case) -> dict[str, np.ndarray]:
    with tempfile.TemporaryDirectory() as folder:
        suffix = "safetensors" if case.engine == OURS else "npz"
        path = Path(folder) / f"outputs.{suffix}"
        run(case, SECONDS, path)
        if case.engine == OURS:
            return load_file(path)
        with np.load(path) as file:
            return dict(file)


def _reference(key: str) -> dict[str, np.ndarray]:
    try:
        return _outputs(Case(OURS, key, "fp32", ONE_THREAD))
    except Unavailable as error:
        raise SystemExit(f"stream-detect cannot run {key}: {error}") from None


def _pytorch(key: str) -> dict[str, np.ndarray]:
    tensors = load_file(paths.case_input(key))
    return {name: tensors[name] for name in model(key).outputs}


def _sentence(record: dict[str, Any]) -> str:
    words = f"{record['model']} {record['precision']} {record['engine']}: "
    if "error" in record:
        return words + record["error"]
    verdict = "agrees" if record["agrees"] else "DISAGREES"
    return words + f"{verdict}, {record['measure']:.2g} of {record['tolerance']:.2g}"


def agreeing(cases: Iterable[Case], records: Iterable[dict[str, Any]]) -> list[Case]:
    """The cases whose engine is within tolerance; the others are not timed."""
    good = {
        (record["engine"], record["model"], record["precision"])
        for record in records
        if record.get("agrees")
    }
    return [
        case for case in cases if (case.engine.split(":")[0], case.model, case.precision) in good
    ]
