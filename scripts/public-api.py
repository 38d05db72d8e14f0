#!/usr/bin/env python3
"""The public names that `import StreamDetect` brings, from the library's symbol graph.

    scripts/public-api.py GRAPH          lists them with the number of their members, and counts them
    scripts/public-api.py GRAPH --check  fails where one has no documentation, shows a type of another
                                         module than Foundation or the standard library, or has the
                                         name of one of Foundation's or SwiftUI's

GRAPH is StreamDetect.symbols.json, which scripts/make-docs.sh writes.
"""

import json
import sys
from collections import Counter

# Where types may come from that the declarations of the library mention.
FOREIGN = {"Swift", "_Concurrency", "Foundation", "FoundationEssentials", "CoreVideo"}

# Names that a program would have to qualify if the library had them, too.
TAKEN = set(
    """
    Progress Data Date URL Process Operation OperationQueue Measurement Unit Notification Bundle
    Scanner Stream Thread Timer Host Port Lock Color Font Shape Window Image View Text Path
    Rectangle Circle Button Label List Section Group Form Menu Picker Slider Toggle Table Scene App
    State Binding Environment Animation Transition Gradient Material Angle Anchor Edge Axis Alignment
    Layout Canvas Link Grid Gesture Namespace Network Result Error Task Clock Duration Span Box
    """.split()
)

TYPES = {"struct", "class", "enum", "protocol", "typealias", "actor"}


def main():
    if not 2 <= len(sys.argv) <= 3 or sys.argv[2:] not in ([], ["--check"]):
        sys.exit(__doc__)
    with open(sys.argv[1]) as file:
        symbols = json.load(file)["symbols"]
    names = {s["identifier"]["precise"]: ".".join(s["pathComponents"]) for s in symbols}
    members = Counter(s["pathComponents"][0] for s in symbols if len(s["pathComponents"]) > 1)
    kinds = {s["identifier"]["precise"]: s["kind"]["identifier"].split(".")[-1] for s in symbols}
    top = sorted(
        (s for s in symbols if len(s["pathComponents"]) == 1), key=lambda s: s["pathComponents"]
    )
    if sys.argv[2:]:
        faults = list(check(symbols, names, top))
        for fault in faults:
            print(fault, file=sys.stderr)
        sys.exit(1 if faults else 0)
    for symbol in top:
        name = symbol["pathComponents"][0]
        print(f"{kinds[symbol['identifier']['precise']]:7} {name:20} {members[name]:3} members")
    nested = sum(
        len(s["pathComponents"]) > 1 and kinds[s["identifier"]["precise"]] in TYPES
        for s in symbols
    )
    print(
        f"import StreamDetect brings {len(top)} names, with {nested} nested types and "
        f"{len(symbols) - len(top) - nested} other members."
    )


def check(symbols, names, top):
    """Sentences on what is wrong."""
    for symbol in symbols:
        name = names[symbol["identifier"]["precise"]]
        if not symbol.get("docComment"):
            yield f"{name} has no documentation"
        for fragment in symbol.get("declarationFragments", []):
            precise = fragment.get("preciseIdentifier")
            if precise and precise not in names and not is_allowed(precise):
                yield f"{name} shows {fragment['spelling']}, a type of another module ({precise})"
    for symbol in top:
        name = symbol["pathComponents"][0]
        if name in TAKEN:
            yield f"{name} hides a name of Foundation or SwiftUI"
        if symbol["kind"]["identifier"] in ("swift.func", "swift.var"):
            yield f"{name} is a free function or variable"


def is_allowed(precise):
    """Whether a mangled name is the standard library's or Foundation's."""
    if precise.startswith("c:"):
        return True
    rest = precise.removeprefix("s:")
    # `s` and `S` begin the standard library's own short forms, `Sc` those of concurrency.
    if rest[:1] in ("s", "S"):
        return True
    digits = ""
    while rest[:1].isdigit():
        digits, rest = digits + rest[0], rest[1:]
    return bool(digits) and rest[: int(digits)] in FOREIGN


if __name__ == "__main__":
    main()
