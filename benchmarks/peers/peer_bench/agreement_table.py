"""The part of the report that says how far the engines' outputs are apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .cases import FAMILIES
from .catalogue import MODELS
from .engines.registry import OURS, title
from .tables import table, wrapped


def agreement_lines(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """The section of the report; nothing where nothing was compared."""
    if not records:
        return []
    lines = ["## Do they compute the same?", ""]
    lines += wrapped(
        "Raw outputs for the picture that is timed beside stream-detect's in FP32, and those "
        "beside PyTorch's. FP32: the largest difference over the largest number; in fewer bits: "
        "the deviation of the difference over that of the outputs. Weights are random, so rounding "
        "to fewer bits shows more than in a trained network. What is out of tolerance is not timed."
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
