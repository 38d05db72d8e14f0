"""One peer in one process: loads a network, times it, prints one line of JSON.

With `--barrier` it prints `ready`, then waits for a line on standard input before it starts, so
that two workers can start at the same time.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

import numpy as np

from . import images
from .catalogue import model
from .engines.registry import engine_class
from .statistics import summary, timed_runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine")
    parser.add_argument("model")
    parser.add_argument("precision")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--outputs", help="write the outputs to this .npz file")
    parser.add_argument("--barrier", action="store_true")
    options = parser.parse_args()
    network = model(options.model)
    image = images.normalised(network, images.picture(network.side, images.TIMED_SEED))
    engine, _, variant = options.engine.partition(":")
    if variant == "throughput":
        from .engines.open_vino import throughput

        rate = throughput(network, options.precision, image, options.seconds)
        print(json.dumps({"images_per_second": rate}))
        return
    loaded = engine_class(engine)(network, options.precision, options.threads, image)
    timed_runs(loaded.run, options.seconds / 4)
    if options.barrier:
        print("ready", flush=True)
        sys.stdin.readline()
    start = time.perf_counter()
    times = timed_runs(loaded.run, options.seconds)
    rate = len(times) / (time.perf_counter() - start)
    if options.outputs:
        # np.array copies, because some engines return their own memory.
        np.savez(options.outputs, *[np.array(output) for output in loaded.outputs()])
    print(json.dumps({**summary(times), "images_per_second": rate}))


if __name__ == "__main__":
    main()
