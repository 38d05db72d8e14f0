"""The cases that are timed: engine, network, precision and mode."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

from .catalogue import DETECTORS, MODELS, REDUCED, Model
from .engines.registry import OURS, PRECISIONS

ONE_THREAD = "one thread"
TWO_THREADS = "two threads, one image"
#: Two independent streams of images, in images per second; the other modes are in milliseconds.
TWO_STREAMS = "two streams"
FAMILIES = ("fp32", "bf16", "int8")
MODES = (ONE_THREAD, TWO_THREADS, TWO_STREAMS)
#: The modes by the names that options use.
MODE_NAMES = {"one": ONE_THREAD, "two": TWO_THREADS, "streams": TWO_STREAMS}

#: OpenVINO can also run two streams in one process, which its makers recommend.
OPENVINO_THROUGHPUT = "openvino:throughput"


@dataclass(frozen=True)
class Case:
    """One measurement, made in a process of its own."""

    engine: str
    model: str
    precision: str
    mode: str

    @property
    def is_throughput(self) -> bool:
        return self.mode == TWO_STREAMS

    @property
    def family(self) -> str:
        """FP32, BF16 or INT8: variants of a precision compete with each other."""
        return self.precision.split("-")[0]

    def record(self) -> dict[str, str]:
        return asdict(self)


def _cases(
    models: Iterable[Model], precisions: Iterable[str], mode: str, engines: Iterable[str]
) -> list[Case]:
    found = []
    for model in models:
        for engine in engines:
            for precision in PRECISIONS[engine.split(":")[0]]:
                if precision.split("-")[0] in precisions:
                    found.append(Case(engine, model.key, precision, mode))
    return found


def plan(quick: bool) -> list[Case]:
    """All cases; with `quick` only the detectors of the goals and the strongest engines."""
    if quick:
        engines = [OURS, "onnxruntime", "openvino", "litert"]
        cases = _cases(DETECTORS, FAMILIES, ONE_THREAD, engines)
        cases += _cases(DETECTORS, ("fp32",), TWO_THREADS, engines)
        streams = [OURS, "onnxruntime", OPENVINO_THROUGHPUT]
        cases += _cases(DETECTORS[:1], FAMILIES, TWO_STREAMS, streams)
        return [case for case in cases if case.precision != "int8-s8s8"]
    engines = list(PRECISIONS)
    fast = [engine for engine in engines if engine != "opencv"]
    cases = []
    for mode in (ONE_THREAD, TWO_THREADS):
        cases += _cases(MODELS, ("fp32",), mode, engines)
        cases += _cases(REDUCED, FAMILIES[1:], mode, engines)
    return cases + _cases(DETECTORS, FAMILIES, TWO_STREAMS, [*fast, OPENVINO_THROUGHPUT])


def selected(
    cases: Iterable[Case],
    engines: set[str],
    models: set[str],
    precisions: set[str],
    modes: Collection[str] = (),
) -> list[Case]:
    """The cases that match every set; an empty set matches all. Ours are always kept."""
    return [
        case
        for case in cases
        if (not engines or case.engine == OURS or case.engine.split(":")[0] in engines)
        and (not models or case.model in models)
        and (not precisions or case.family in precisions)
        and (not modes or case.mode in {MODE_NAMES.get(mode, mode) for mode in modes})
    ]
