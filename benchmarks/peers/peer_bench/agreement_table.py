"""The part of the report that compares the engines' outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .cases import FAMILIES
from .catalogue import MODELS
from .engines.registry import OURS, title
from .tables import table, wrapped


def agreement_lines(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """The section of the report; empty if nothing was compared."""
    if not records:
        return []
    lines = ["## Do the engines compute the same?", ""]
    lines += wrapped(
        "Raw outputs for the timed picture, compared with stream-detect's in FP32, which in turn "
        "is compared with PyTorch. FP32: the largest difference divided by the largest value. "
        "Fewer bits: the root mean square of the difference divided by the standard deviation of "
        "the outputs. The weights are random, so rounding to fewer bits matters more than in a "
        "trained network. An engine that is out of tolerance is not timed."
    )
    columns = sorted({(record["precision"], record["engine"]) for record in records}, key=_family)
    keys = [network for network in MODELS if any(r["model"] == network.key for r in records)]
    cells = {(r["precision"], r["engine"], r["model"]): _difference(r) for r in records}
    tolerances = {(r["precision"], r["engine"]): r["tolerance"] for r in records if "agrees" in r}
    rows = []
    for precision, engine in columns:
        tolerance = tolerances.get((precision, engine))
        row = [
            f"{precision.upper()} {title(engine)}",
            "–" if tolerance is None else f"{tolerance:g}",
        ]
        rows.append(row + [cells.get((precision, engine, network.key), "") for network in keys])
    head = ["", "tolerance", *(network.title for network in keys)]
    return [*lines, "", *table(head, rows)]


def _family(column: tuple[str, str]) -> tuple[int, bool, str]:
    precision, engine = column
    return (FAMILIES.index(precision.split("-")[0]), engine != OURS, engine + precision)


def _difference(record: Mapping[str, Any]) -> str:
    if "error" in record:
        return "–"
    words = f"{record['measure']:.1g}"
    return words if record["agrees"] else f"**{words}, out**"
