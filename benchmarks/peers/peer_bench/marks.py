"""Documents of which a script writes one part, between two marks, and people write the rest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

BEGIN = "<!-- begin figures -->"
END = "<!-- end figures -->"


def replaced(text: str, lines: Sequence[str]) -> str:
    """`text` with `lines` between the marks instead of what was there.

    Raises `ValueError` unless `text` has each mark once, in order.
    """
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise ValueError(f"the text needs {BEGIN} and {END}, once each")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return "\n".join([before + BEGIN, "", *lines, "", END + after])


def rewrite(path: Path, lines: Sequence[str]) -> None:
    """Replaces the marked part of the document at `path`."""
    path.write_text(replaced(path.read_text(), lines))
    print(path)
