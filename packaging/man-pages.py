#!/usr/bin/env python3
"""Man pages of the program and of each of its commands: man-pages.py GENERATOR PROGRAM FOLDER

GENERATOR is swift-argument-parser's generate-manual. What it writes is set in order here: it fills the lines
of examples and of tables like paragraphs, says nothing about exit codes that the help text doesn't say better,
and puts a full stop between the words of a command, where man has a hyphen. Needs only Python.
"""

import pathlib
import re
import subprocess
import sys
import tempfile


def blocks(lines):
    """The paragraphs of a description: lists of lines."""
    block = []
    for line in lines:
        if line.strip() and line != ".Pp":
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def literal(lines):
    """Lines that stay as they are, two columns to the left."""
    return [".Bd -literal -offset 2n", *(line.removeprefix("  ") for line in lines), ".Ed"]


def page(text, commands):
    head, _, rest = text.partition(".Sh DESCRIPTION\n")
    if not rest:
        head, mark, rest = text.partition(".Bl -tag")
        rest = mark + rest
    description, mark, rest = rest.partition(".Bl -tag")
    options, _, after = (mark + rest).partition(".Sh \"EXIT STATUS\"\n")
    see = after.partition(".Sh \"SEE ALSO\"\n")[2]
    about, status, examples, notes = [], [], [], False
    for block in blocks(description.splitlines()):
        title, *lines = block
        if title == "EXAMPLES:":
            examples += literal(lines)
        elif title == "EXIT CODES:":
            status += literal(lines)
            notes = True
        else:
            # What follows the exit codes explains them.
            part = status if notes else about
            part += ([".Pp"] if part else []) + block
    sections = [("DESCRIPTION", about), ("OPTIONS", options.rstrip().splitlines()),
                ("EXIT STATUS", status), ("EXAMPLES", examples), ("SEE ALSO", see.splitlines())]
    text = head + "".join(
        f'.Sh "{name}"\n' + "\n".join(lines) + "\n" for name, lines in sections if lines)
    # The paragraph marks behind some options leave an empty line too many.
    text = re.sub(r"\n\.Pp\n\.(It|El)", r"\n.\1", text)
    for name in commands:
        text = text.replace(f".Xr {name} 1", f".Xr {name.replace('.', '-')} 1")
        if f".Dt {name.upper()} 1" in text:
            text = text.replace(f".Dt {name.upper()} 1", f".Dt {name.upper().replace('.', '-')} 1")
    return text


def main(generator, program, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        subprocess.run([generator, program, "--multi-page", "--output-directory", made], check=True)
        pages = sorted(pathlib.Path(made).glob("*.1"))
        names = [path.stem for path in pages if path.stem != "stream-detect.help"]
        for path in pages:
            if path.stem in names:
                text = page(path.read_text().replace(".Xr stream-detect.help 1 ,\n", ""), names)
                (folder / f"{path.stem.replace('.', '-')}.1").write_text(text)
    print(f"{folder}: {len(names)} man pages")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
