"""The last stage of a peer's pipeline: JSON lines in the order of the frames."""

from __future__ import annotations

import queue

from .boxes import line

#: A frame's number and its objects; `None` says that a worker is done.
Result = tuple[int, list[dict[str, object]]]
Results = queue.Queue[Result | None]


def write(results: Results, output: str, workers: int) -> tuple[int, int]:
    """Writes results until each worker is done; returns how many frames and objects there were."""
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
