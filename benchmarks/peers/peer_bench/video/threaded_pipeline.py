"""A pipeline of Python threads: one reads frames, several infer, one writes.

Prints the frames per second from the first frame to the last line, without imports and loading.
"""

from __future__ import annotations

import argparse
import json
import queue
import threading
import time

import cv2
import numpy as np

from ..catalogue import V2_DETECTOR
from .boxes import Postprocessor
from .frames import SOURCES
from .inference import ENGINES, Inference
from .writing import Results, write

WAITING = 4
WARM_UPS = 10


def run(options: argparse.Namespace) -> dict[str, float]:
    side = V2_DETECTOR.side
    # One session per worker: workers that shared a session would share its threads.
    kind = ENGINES[options.engine]
    networks = [kind(options.precision, options.threads) for _ in range(options.workers)]
    for network in networks:
        for _ in range(WARM_UPS):
            network(np.zeros((side, side, 3), np.uint8))
    cv2.setNumThreads(1)
    jobs: queue.Queue[tuple[int, np.ndarray] | None] = queue.Queue(WAITING)
    results: Results = queue.Queue()

    def take() -> None:
        for job in enumerate(SOURCES[options.source](options.video, side)):
            jobs.put(job)
        jobs.put(None)

    def infer(network: Inference) -> None:
        postprocess = Postprocessor(side)
        while (job := jobs.get()) is not None:
            results.put((job[0], postprocess(*network(job[1]))))
        # Ends the other workers too.
        jobs.put(None)
        results.put(None)

    start = time.perf_counter()
    workers = [threading.Thread(target=infer, args=(network,)) for network in networks]
    for thread in (threading.Thread(target=take), *workers):
        thread.start()
    frames, objects = write(results, options.output, options.workers)
    elapsed = time.perf_counter() - start
    return {"fps": frames / elapsed, "frames": frames, "objects": objects, "elapsed": elapsed}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video")
    parser.add_argument("output")
    parser.add_argument("--source", choices=SOURCES, default="opencv")
    parser.add_argument("--engine", choices=ENGINES, default="onnxruntime")
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    print(json.dumps(run(parser.parse_args())))


if __name__ == "__main__":
    main()
