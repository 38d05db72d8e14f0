"""FFmpeg decodes and scales in its own process; OpenVINO infers in two asynchronous streams.

Pixels arrive through a pipe at the network's size, so Python has little to do; OpenVINO converts
and normalises them. Prints the frames per second from FFmpeg's start to the last line.
"""

from __future__ import annotations

import argparse
import json
import queue
import threading
import time

import numpy as np
import openvino
from openvino.preprocess import PrePostProcessor

from .. import paths
from ..catalogue import V2_DETECTOR
from .boxes import Postprocessor
from .frames import ffmpeg_frames
from .writing import Results, write

STREAMS = 2


def _compiled(precision: str) -> openvino.CompiledModel:
    core = openvino.Core()
    path = paths.ONNX / f"{V2_DETECTOR.key}.onnx"
    if precision == "int8":
        path = paths.OPENVINO / f"{V2_DETECTOR.key}.int8.xml"
    steps = PrePostProcessor(core.read_model(path))
    pixels = steps.input()
    pixels.tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    pixels.model().set_layout(openvino.Layout("NCHW"))
    pixels.preprocess().convert_element_type(openvino.Type.f32)
    pixels.preprocess().mean(list(V2_DETECTOR.mean)).scale(list(V2_DETECTOR.deviation))
    configuration = {
        "PERFORMANCE_HINT": "THROUGHPUT",
        "NUM_STREAMS": STREAMS,
        "INFERENCE_NUM_THREADS": STREAMS,
        "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32",
        # The decoder shares the cores.
        "ENABLE_CPU_PINNING": False,
    }
    return core.compile_model(steps.build(), "CPU", configuration)


def run(path: str, output: str, precision: str) -> dict[str, float]:
    side = V2_DETECTOR.side
    requests = openvino.AsyncInferQueue(_compiled(precision), 2 * STREAMS)
    postprocess = Postprocessor(side)
    results: Results = queue.Queue()

    def finish(request: openvino.InferRequest, frame: int) -> None:
        logits, codes = (request.get_output_tensor(index).data[0] for index in range(2))
        results.put((frame, postprocess(logits, codes)))

    blank = np.zeros((1, side, side, 3), np.uint8)
    for _ in range(20):
        requests.start_async(blank)
    requests.wait_all()
    requests.set_callback(finish)
    start = time.perf_counter()
    written: list[tuple[int, int]] = []
    writer = threading.Thread(target=lambda: written.append(write(results, output, 1)))
    writer.start()
    for frame, pixels in enumerate(ffmpeg_frames(path, side)):
        requests.start_async(pixels[None], userdata=frame)
    requests.wait_all()
    results.put(None)
    writer.join()
    elapsed = time.perf_counter() - start
    frames, objects = written[0]
    return {"fps": frames / elapsed, "frames": frames, "objects": objects, "elapsed": elapsed}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video")
    parser.add_argument("output")
    parser.add_argument("--precision", default="fp32")
    options = parser.parse_args()
    print(json.dumps(run(options.video, options.output, options.precision)))


if __name__ == "__main__":
    main()
