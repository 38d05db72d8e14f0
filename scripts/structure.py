#!/usr/bin/env python3
"""How modules and folders depend on each other, read from Package.swift and the sources.

    scripts/structure.py check     fails if the folders of a module depend on each other in a cycle
    scripts/structure.py folders   lists the folders of each module and the folders they depend on
    scripts/structure.py graph     prints the module graph as Mermaid text
    scripts/structure.py write     writes that graph into docs/design.md
    scripts/structure.py current   fails if the graph in docs/design.md is out of date

Dependencies are found by name: a file depends on another if it mentions a type or a top-level
function that only the other file declares, or a member that the other file adds to a type of
another folder. This needs no build, and errs on the side of missing dependencies: a member name
that is declared twice in the module is ignored.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- module graph: begin -->", "<!-- module graph: end -->"

MODIFIERS = (
    r"(?:@\w+(?:\([^)]*\))?\s+|public |package |internal |open |final |indirect |nonisolated "
    r"|mutating |static |class |lazy |private\(set\) |package private\(set\) |consuming |borrowing )*"
)
DECLARATION = re.compile(
    rf"^({MODIFIERS})(struct|class|enum|protocol|actor|typealias|func|let|var)\s+(`?\w+`?)"
)
EXTENSION = re.compile(rf"^(?:{MODIFIERS})extension\s+([\w.]+)")
MEMBER = re.compile(
    rf"^  ({MODIFIERS})(struct|class|enum|typealias|func|let|var|case)\s+(`?\w+`?)"
)
INITIALIZER = re.compile(rf"^  (?:{MODIFIERS})init\??(?:<[^>]*>)?\(\s*(\w+)")
ANY_MEMBER = re.compile(rf"^ +{MODIFIERS}(?:func|let|var|case)\s+(`?\w+`?)")
IDENTIFIER = re.compile(r"\.?\b[A-Za-z_]\w*")


def code(text):
    """The text without comments and the contents of string literals."""
    text = re.sub(r'"""(?:.|\n)*?"""', lambda m: "\n" * m.group().count("\n"), text)
    text = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)
    text = re.sub(r"//.*", "", text)
    return re.sub(r"/\*(?:.|\n)*?\*/", "", text)


class File:
    """What one file declares for the rest of its module, and the names it mentions."""

    def __init__(self, path, folder):
        self.path, self.folder = path, folder
        self.types, self.members = set(), set()
        # Members declared inside the file's own types: mentioning such a name proves nothing.
        self.own = set()
        text = code(path.read_text())
        extended = None
        for line in text.splitlines():
            if line[:1] not in (" ", "", "}"):
                extended = None
                if "private " in line and "private(set)" not in line:
                    continue
                if match := DECLARATION.match(line):
                    self.types.add(match[3].strip("`"))
                elif match := EXTENSION.match(line):
                    extended = match[1].split(".")[0]
            elif extended and not line.startswith("   "):
                if match := INITIALIZER.match(line):
                    if match[1] != "_":
                        self.members.add((extended, f"{extended}({match[1]}:"))
                elif "private " not in line and (match := MEMBER.match(line)):
                    self.members.add((extended, "." + match[3].strip("`")))
            elif match := ANY_MEMBER.match(line):
                self.own.add("." + match[1].strip("`"))
        self.mentions = set(IDENTIFIER.findall(text))
        # A generic parameter hides a type of the same name.
        for list_ in re.findall(r"(?:func|struct|class|enum|init|protocol) ?\w*<([^>]+)>", text):
            self.mentions -= {part.split(":")[0].strip() for part in list_.split(",")}
        self.mentions |= {name.lstrip(".") for name in self.mentions}
        self.mentions |= {
            f"{m[1]}({m[2]}:" for m in re.finditer(r"\b([A-Z]\w*)\(\s*(\w+):", text)
        }


def modules():
    """The Swift modules under Sources: name to files."""
    found = {}
    for folder in sorted((ROOT / "Sources").iterdir()):
        files = sorted(folder.rglob("*.swift"))
        if files:
            found[folder.name] = [
                File(path, path.relative_to(folder).parts[0] if path.parent != folder else ".")
                for path in files
            ]
    return found


def uses(files):
    """For each pair of folders, the names of the second that the first uses."""
    declared = defaultdict(set)
    for file in files:
        for name in file.types:
            declared[name].add(file)
    own = set().union(*(file.own for file in files))
    for file in files:
        for extended, name in file.members:
            # If the extended type is in the same folder, mentioning the type counts already.
            beside = {home.folder for home in declared.get(extended, ())}
            if name not in own and file.folder not in beside:
                declared[name].add(file)
    edges = defaultdict(set)
    for file in files:
        for name in file.mentions:
            homes = declared.get(name, ())
            if len(homes) != 1:
                continue
            (home,) = homes
            if home.folder != file.folder:
                edges[file.folder, home.folder].add(
                    (name, file.path.name, home.path.name)
                )
    return edges


def cycle(edges):
    """The folders of a dependency cycle in order, or None."""
    after = defaultdict(set)
    for first, second in edges:
        after[first].add(second)

    def walk(folder, path):
        if folder in path:
            return path[path.index(folder) :] + [folder]
        for following in sorted(after[folder]):
            if found := walk(following, path + [folder]):
                return found
        return None

    for folder in sorted(after):
        if found := walk(folder, []):
            return found
    return None


def check():
    failed = False
    for module, files in modules().items():
        edges = uses(files)
        if found := cycle(edges):
            failed = True
            print(f"{module}: folders depend on each other: {' -> '.join(found)}")
            for first, second in zip(found, found[1:]):
                for name, source, home in sorted(edges[first, second])[:8]:
                    print(f"  {first}/{source} uses {name} of {second}/{home}")
    return 1 if failed else 0


def folders():
    for module, files in modules().items():
        print(module)
        edges = uses(files)
        for folder in sorted({file.folder for file in files}):
            others = sorted(second for first, second in edges if first == folder)
            print(f"  {folder}: {', '.join(others)}")
    return 0


def targets():
    """The package's own modules in the order of Package.swift, each with its dependencies."""
    dump = subprocess.run(
        ["swift", "package", "dump-package"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    found = {}
    listed = json.loads(dump)["targets"]
    own = {target["name"] for target in listed if target["type"] != "test"}
    for target in listed:
        if target["type"] == "test" or "Tests" in (target.get("path") or ""):
            continue
        names = [next(iter(d.values()))[0] for d in target["dependencies"]]
        found[target["name"]] = [name for name in names if name in own]
    return found


def imported(module):
    """The modules that a module's sources import."""
    names = set()
    for path in (ROOT / "Sources" / module).rglob("*.swift"):
        names |= set(
            re.findall(r"^(?:\w+ )?import (?:\w+ )?(\w+)", path.read_text(), re.MULTILINE)
        )
    return names


def graph():
    """Mermaid text: an arrow from a module to each dependency that no other dependency implies."""
    listed = targets()
    for module, names in listed.items():
        if (ROOT / "Sources" / module).is_dir() and list(
            (ROOT / "Sources" / module).rglob("*.swift")
        ):
            unused = set(names) - imported(module)
            if unused:
                text = ", ".join(sorted(unused))
                sys.exit(f"{module} depends on {text} in Package.swift but never imports it")

    def reach(module):
        below = set(listed[module])
        for name in listed[module]:
            below |= reach(name)
        return below

    lines = ["```mermaid", "graph TD"]
    for module, names in listed.items():
        others = set().union(*(reach(name) for name in names)) if names else set()
        for name in names:
            if name not in others:
                lines.append(f"  {module} --> {name}")
    return "\n".join([*lines, "```"])


def write(is_check):
    path = ROOT / "docs" / "design.md"
    text = path.read_text()
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    new = f"{head}{BEGIN}\n{graph()}\n{END}{tail}"
    if is_check:
        if new != text:
            print("The module graph in docs/design.md is outdated: run scripts/structure.py write")
        return int(new != text)
    path.write_text(new)
    return 0


if __name__ == "__main__":
    commands = {
        "check": check,
        "folders": folders,
        "graph": lambda: print(graph()) or 0,
        "write": lambda: write(False),
        "current": lambda: write(True),
    }
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    sys.exit(commands[sys.argv[1]]())
