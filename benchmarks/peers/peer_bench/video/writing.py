"""The last stage of a peer's pipeline: writes JSON lines in frame order."""

from __future__ import annotations

import queue

from .boxes import line

#: A frame's number and its objects, or `None` when a worker has finished.
Result = tuple[int, list[dict[str, object]]]
Results = queue.Queue[Result | None]


def write(results: Results, output: str, workers: int) -> tuple[int, int]:
    """Writes results until every worker has finished; returns the counts of frames and objects."""
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
