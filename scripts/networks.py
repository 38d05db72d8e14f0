#!/usr/bin/env python3
"""The table and the plot of all networks in docs/networks.md.

    scripts/networks.py write     counts parameters and multiply-adds with the program, and writes both
    scripts/networks.py measure   times every network with the program, then writes

Published accuracies and their sources are in docs/networks.json; measured times in
docs/networks-times.json, which has the machine's name. PROGRAM names the program (.build/release/
stream-detect by default), THREADS the threads of a measurement (1), SECONDS its length for each network
and precision (2). Measure on a machine that does nothing else. Needs only Python.
"""

import json
import math
import os
import pathlib
import platform
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PLOT = DOCS / "pictures" / "networks.svg"
TIMES = DOCS / "networks-times.json"
PROGRAM = os.environ.get("PROGRAM", str(ROOT / ".build" / "release" / "stream-detect"))
BEGIN, END = "<!-- networks: begin -->", "<!-- networks: end -->"
PRECISIONS = ("fp32", "int8")


def options(network):
    return [
        part for key in ("width", "classes", "size") if key in network
        for part in (f"--{key}", str(network[key]))
    ]


def run(*arguments):
    return subprocess.run(
        [PROGRAM, *arguments], check=True, capture_output=True, text=True).stdout


def count(network):
    """Parameters, with both of each batch norm, multiply-adds, and the side of the input."""
    text = run("models", "info", network["architecture"], *options(network))
    lines = text.splitlines()
    total = next(line for line in lines if line.startswith("total")).split()
    side = int(re.search(r"(\d+) x \d+ x 3 ", text)[1])
    return *(int(number.replace(",", "")) for number in total[-2:]), side


def processor():
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
        return re.search(r"model name\s*: (.*)", text)[1]
    except (OSError, TypeError):
        return platform.processor() or platform.machine()


def measure(networks):
    threads = os.environ.get("THREADS", "1")
    seconds = os.environ.get("SECONDS", "2")
    times = {"machine": processor(), "threads": int(threads), "milliseconds": {}}
    for network in networks:
        found = {}
        for precision in PRECISIONS:
            text = run(
                "bench", "--architecture", network["architecture"], *options(network), "--precision",
                precision, "--threads", threads, "--seconds", seconds, "--brief", "--json")
            found[precision] = json.loads(text)["median_ms"]
        times["milliseconds"][network["name"]] = found
        print(f"{network['name']}: {found}", flush=True)
    TIMES.write_text(json.dumps(times, indent=1) + "\n")


def table(networks, metric, title, times):
    measured = [f"ms, {precision.upper()}" for precision in PRECISIONS] if times else []
    head = ["network", title, "published by", "input", "parameters", "multiply-adds"] + measured
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|---|" + "---:|" * (len(head) - 3)]
    for network in networks:
        parameters, cost, side = network["count"]
        cells = [
            f"{network['name']} (`{network['architecture']}`)",
            f"{network[metric]:.1f}" if metric in network else "–", network["source"] or "–",
            str(side), f"{parameters / 1e6:.2f} M",
            f"{cost / 1e9:.2f} B" if cost >= 1e9 else f"{cost / 1e6:.0f} M",
        ]
        if times:
            found = times["milliseconds"].get(network["name"], {})
            cells += [f"{found[p]:.2f}" if p in found else "–" for p in PRECISIONS]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


class Panel:
    """Points over a logarithmic axis, with the areas of circles for parameters."""

    WIDTH, HEIGHT, LEFT, TOP = 860, 520, 60, 40

    def __init__(self, points, x_title, y_title, y_range, top):
        self.points, self.top = points, top
        self.x_title, self.y_title, self.y_range = x_title, y_title, y_range
        values = [x for x, *_ in points]
        self.x_range = (min(values) / 1.3, max(values) * 1.8)

    def place(self, x, y):
        low, high = (math.log(limit) for limit in self.x_range)
        across = (math.log(x) - low) / (high - low)
        up = (y - self.y_range[0]) / (self.y_range[1] - self.y_range[0])
        return self.LEFT + across * self.WIDTH, self.top + self.TOP + (1 - up) * self.HEIGHT

    def ticks(self):
        for exponent in range(-3, 4):
            for digit in (1, 2, 5):
                value = digit * 10.0**exponent
                if self.x_range[0] <= value <= self.x_range[1]:
                    yield value

    def draw(self):
        left, bottom = self.LEFT, self.top + self.TOP + self.HEIGHT
        parts = [
            f'<rect x="{left}" y="{self.top + self.TOP}" width="{self.WIDTH}" '
            f'height="{self.HEIGHT}" fill="none" stroke="#999"/>',
            f'<text x="{left}" y="{self.top + 28}" font-size="13">{self.y_title}</text>',
            f'<text x="{left + self.WIDTH}" y="{bottom + 34}" text-anchor="end" font-size="13">'
            f'{self.x_title}</text>',
        ]
        for value in self.ticks():
            x, _ = self.place(value, self.y_range[0])
            parts.append(
                f'<path d="M{x:.1f} {bottom}v-{self.HEIGHT}" stroke="#e4e4e4"/>'
                f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{value:g}</text>')
        step = 5 if self.y_range[1] - self.y_range[0] > 10 else 1
        for value in range(self.y_range[0], self.y_range[1] + 1, step):
            _, y = self.place(self.x_range[0], value)
            parts.append(
                f'<path d="M{left} {y:.1f}h{self.WIDTH}" stroke="#e4e4e4"/>'
                f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{value}</text>')
        circles = []
        for x, y, parameters, name in sorted(self.points):
            cx, cy = self.place(x, y)
            circles.append((cx, cy, max(2.5, 2.2 * math.sqrt(parameters / 1e6)), name))
        taken = [
            (cx - min(r, 9), cy - min(r, 9), cx + min(r, 9), cy + min(r, 9))
            for cx, cy, r, _ in circles
        ]
        for cx, cy, radius, name in circles:
            parts.append(
                f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="{radius:.1f}" fill="#3b76af" '
                f'fill-opacity="0.35" stroke="#3b76af"/>')
            parts.append(self.label(cx, cy, radius, name, taken))
        return parts

    def label(self, cx, cy, radius, name, taken):
        """The name at the place nearest to its circle where it covers neither circles nor names."""
        width, gap = 6.2 * len(name), min(radius, 9) + 4
        right = self.LEFT + self.WIDTH
        places = [
            (x, cy + shift)
            for shift in sorted(range(-96, 97, 6), key=abs)
            for x in (cx + gap, cx - gap - width, cx - width / 2)
            if self.LEFT <= x and x + width <= right and (x != cx - width / 2 or abs(shift) >= gap + 4)
        ]
        x, y = next((
            (x, y) for x, y in places
            if all(
                x + width < left or end < x or y + 6 <= upper or lower <= y - 6
                for left, upper, end, lower in taken)
        ), places[0])
        taken.append((x, y - 6, x + width, y + 6))
        text = f'<text x="{x:.1f}" y="{y + 4:.1f}">{name}</text>'
        if abs(y - cy) <= gap + 8:
            return text
        near = min(max(cx, x), x + width)
        return f'<path d="M{cx:.1f} {cy:.1f}L{near:.1f} {y:.1f}" stroke="#bbb"/>' + text


def plot(classifiers, detectors):
    panels = []
    for networks, metric, title, limits in (
        (classifiers, "accuracy", "ImageNet, top-1 in %, as published", (45, 85)),
        (detectors, "map", "COCO, mAP in %, as published", (19, 26)),
    ):
        points = [
            (network["count"][1] / 1e9, network[metric], network["count"][0], network["name"])
            for network in networks if metric in network
        ]
        top = len(panels) * (Panel.HEIGHT + 90)
        panels.append(Panel(
            points, "multiply-adds, billions; areas are parameters", title, limits, top))
    height = len(panels) * (Panel.HEIGHT + 90) + 10
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{Panel.WIDTH + 90}" height="{height}" '
        f'font-family="sans-serif" font-size="11">')
    body = [part for panel in panels for part in panel.draw()]
    PLOT.write_text("\n".join(
        [head, '<rect width="100%" height="100%" fill="#fff"/>', *body, "</svg>"]) + "\n")


def write(networks):
    for network in networks:
        network["count"] = count(network)
    times = json.loads(TIMES.read_text()) if TIMES.exists() else None
    is_detector = lambda network: network["architecture"].startswith("ssd")
    classifiers = [network for network in networks if not is_detector(network)]
    detectors = [network for network in networks if is_detector(network)]
    plot(classifiers, detectors)
    lines = [BEGIN, "", f"![Accuracy against multiply-adds](pictures/{PLOT.name})", ""]
    if times:
        threads = "one thread" if times["threads"] == 1 else f"{times['threads']} threads"
        lines += [f"Times: medians on {threads} of {times['machine']}.", ""]
    lines += table(classifiers, "accuracy", "top-1, %", times) + [""]
    lines += table(detectors, "map", "mAP, %", times) + ["", END]
    page = DOCS / "networks.md"
    text = page.read_text()
    before, rest = text.split(BEGIN)
    page.write_text(before + "\n".join(lines) + rest.split(END)[1])


def main():
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    if command not in ("write", "measure"):
        sys.exit(__doc__)
    networks = json.loads((DOCS / "networks.json").read_text())
    if command == "measure":
        measure(networks)
    write(networks)


main()
