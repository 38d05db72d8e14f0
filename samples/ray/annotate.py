#!/usr/bin/env python3
"""Annotates an archive on a Ray cluster: annotate.py SOURCES OUT [--shards N] [--program PATH]

Each Ray task does one shard of the list with one processor; OUT is a folder that all nodes see. A task whose worker
or node dies is started again by Ray, and goes on where the shard stopped. Needs Python and Ray (pip install ray).
"""

import argparse
import subprocess
import sys

import ray

# Exit codes of `batch`: all done; some inputs are bad for good.
DONE, BAD_INPUTS = 0, 3
# Stopped with its work saved; an input that may come back.
AGAIN = (4, 7)


class NotYet(Exception):
    """The shard isn't finished; another try goes on with it."""


@ray.remote(num_cpus=1, max_retries=20, retry_exceptions=[NotYet])
def annotate(program, sources, out, shard, shards):
    command = [program, "batch", sources, "-o", out, "--shard", f"{shard}/{shards}", "--threads", "1", "--quiet"]
    # The program must not outlive a worker that is killed: setpriv has the kernel see to that.
    run = subprocess.run(["setpriv", "--pdeathsig", "TERM", "--", *command], stdin=subprocess.DEVNULL)
    if run.returncode in AGAIN:
        raise NotYet(f"shard {shard}/{shards}: exit code {run.returncode}")
    return run.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", help="a folder, a glob or @LIST")
    parser.add_argument("out", help="the folder of the results")
    parser.add_argument("--shards", type=int, help="tasks (default: four for each processor)")
    parser.add_argument("--program", default="stream-detect")
    options = parser.parse_args()
    ray.init(log_to_driver=False)
    shards = options.shards or 4 * max(int(ray.cluster_resources().get("CPU", 1)), 1)
    codes = ray.get([
        annotate.remote(options.program, options.sources, options.out, shard, shards)
        for shard in range(1, shards + 1)])
    subprocess.run([options.program, "batch", "status", options.out])
    sys.exit(max((code for code in codes if code not in (DONE, BAD_INPUTS)), default=0))


if __name__ == "__main__":
    main()
