"""Python, OpenCV and ONNX Runtime: a thread decodes and scales, others infer, one writes.

Prints frames a second from the first frame to the last line, without imports and loading.
"""

from __future__ import annotations

import argparse
import json
import queue
import threading
import time
from collections.abc import Iterator

import cv2
import numpy as np

from ..catalogue import V2_DETECTOR
from ..engines.onnx_runtime import session
from .boxes import Postprocessor, line

Job = tuple[int, np.ndarray]
WAITING = 4


def _frames(path: str) -> Iterator[Job]:
    capture = cv2.VideoCapture(path, cv2.CAP_FFMPEG)
    if not capture.isOpened():
        raise SystemExit(f"{path}: OpenCV cannot open it")
    index = 0
    side = V2_DETECTOR.side
    while True:
        found, frame = capture.read()
        if not found:
            return
        yield (
            index,
            cv2.dnn.blobFromImage(frame, 1 / 127.5, (side, side), (127.5,) * 3, swapRB=True),
        )
        index += 1


def run(path: str, output: str, precision: str, workers: int, threads: int) -> dict[str, float]:
    # A session a worker: one that several share would share its threads.
    sessions = [session(V2_DETECTOR, precision, threads, spins=False) for _ in range(workers)]
    blank = np.zeros((1, 3, V2_DETECTOR.side, V2_DETECTOR.side), np.float32)
    for worker in sessions:
        for _ in range(10):
            worker.run(None, {"input": blank})
    cv2.setNumThreads(1)
    jobs: queue.Queue[Job | None] = queue.Queue(WAITING)
    results: queue.Queue[tuple[int, list[dict[str, object]]] | None] = queue.Queue()

    def infer(worker: object) -> None:
        postprocess = Postprocessor(V2_DETECTOR.side)
        while (job := jobs.get()) is not None:
            logits, codes = worker.run(None, {"input": job[1]})
            results.put((job[0], postprocess(logits[0], codes[0])))
        jobs.put(None)
        results.put(None)

    def decode() -> None:
        for job in _frames(path):
            jobs.put(job)
        jobs.put(None)

    start = time.perf_counter()
    pool = [threading.Thread(target=infer, args=(worker,)) for worker in sessions]
    for thread in (threading.Thread(target=decode), *pool):
        thread.start()
    frames, objects = write(results, output, workers)
    elapsed = time.perf_counter() - start
    return {"fps": frames / elapsed, "frames": frames, "objects": objects, "elapsed": elapsed}


def write(results: queue.Queue, output: str, workers: int) -> tuple[int, int]:
    """Writes results in the order of their frames until each worker has said `None`."""
    waiting: dict[int, list[dict[str, object]]] = {}
    frames = objects = 0
    with open(output, "w") as file:
        while workers:
            result = results.get()
            if result is None:
                workers -= 1
                continue
            waiting[result[0]] = result[1]
            while frames in waiting:
                found = waiting.pop(frames)
                file.write(line(frames, found))
                objects += len(found)
                frames += 1
    return frames, objects


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video")
    parser.add_argument("output")
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    print(json.dumps(run(options.video, options.output, options.precision,
                         options.workers, options.threads)))  # fmt: skip


if __name__ == "__main__":
    main()
