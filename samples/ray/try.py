#!/usr/bin/env python3
"""Runs annotate.py on a Ray of this machine, kills a worker in the middle, and compares the results with those of a
single run: try.py PROGRAM"""

import hashlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def frames(folder):
    lines = []
    for path in sorted(pathlib.Path(folder).rglob("*.jsonl")):
        lines += [line for line in path.read_bytes().splitlines() if b'"type":"frame"' in line]
    return len(lines), hashlib.md5(b"\n".join(lines)).hexdigest()


def workers():
    """Processes of Ray that have a task of ours in work."""
    found = subprocess.run(["pgrep", "-f", "^ray::annotate"], capture_output=True, text=True).stdout
    return [int(number) for number in found.split()]


def main(program):
    program = str(pathlib.Path(program).resolve())
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "media").mkdir()
        for number in range(24):
            subprocess.run([HERE.parent / "make-clip.sh", work / "media" / f"clip{number}.mp4"], check=True,
                           stdout=subprocess.DEVNULL)
        subprocess.run([program, "batch", work / "media", "-o", work / "alone", "--quiet"], check=True)
        run = subprocess.Popen([sys.executable, HERE / "annotate.py", work / "media", work / "out", "--shards", "8",
                                "--program", program])
        end = time.monotonic() + 120
        while not (victims := workers()) and run.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
        for victim in victims[:1]:
            os.kill(victim, signal.SIGKILL)
            print(f"ray: killed worker {victim}", flush=True)
        if run.wait() != 0 or not victims:
            sys.exit(f"ray: exit code {run.returncode}, {len(victims)} workers seen")
        if frames(work / "out") != frames(work / "alone"):
            sys.exit("ray: the frame lines differ from those of a single run")
    print("ray: the frame lines are those of a single run, byte by byte")


if __name__ == "__main__":
    main(*sys.argv[1:])
