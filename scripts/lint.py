#!/usr/bin/env python3
"""Checks what swift format does not: the width of comments and of C, and the length of files.

Prints a line for each fault, as compilers do, and ends with 1 where there is one.
"""

import pathlib
import subprocess
import sys

WIDTH = 100
# The longest a file may be, in lines. An unrolled kernel or a header of contracts takes more.
LENGTHS = {".swift": 300, ".c": 500, ".h": 500}


def faults(path):
    limit = LENGTHS[path.suffix]
    # Not splitlines(), which also ends lines at characters that editors show as part of one.
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, 1):
        # Swift's code is swift format's business, which leaves comments alone.
        if len(line) > WIDTH and (path.suffix != ".swift" or line.lstrip().startswith("//")):
            yield f"{path}:{number}: {len(line)} columns, {WIDTH} are allowed"
        if line.endswith((" ", "\t")):
            yield f"{path}:{number}: blanks at the end of the line"
    if lines[-1]:
        yield f"{path}:{len(lines)}: no line end at the end of the file"
    if len(lines) - 1 > limit:
        yield f"{path}: {len(lines) - 1} lines, {limit} are allowed"


def main():
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    tracked = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    paths = [pathlib.Path(name) for name in tracked.split("\0") if name]
    found = [
        fault
        for path in sorted(paths)
        if path.suffix in LENGTHS and path.exists()
        for fault in faults(path)
    ]
    print("\n".join(found) or f"{len(paths)} files: widths and lengths are as they should be")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
