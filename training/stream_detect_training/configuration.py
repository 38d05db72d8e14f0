"""What a training run is made of."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .augment import KINDS
from .distil import Distillation
from .loss import CLASSIFICATION


@dataclass(frozen=True)
class Configuration:
    """Everything that decides a run's result; the same one gives the same weights."""

    data: str
    """Data file of the images to train on."""
    validation: str | None = None
    """Data file of the images to choose by."""
    initial: str | None = None
    """Model file to start from; none to start from scratch."""
    teacher: str | None = None
    """Model file to learn from."""
    name: str = "detector"
    provenance: str | None = None
    license: str = "unknown"
    width: float = 1.0
    side: int = 300
    steps: int = 10_000
    batch: int = 16
    rate: float = 1e-3
    optimiser: str = "adamw"
    """"adamw", or "relative" for networks without batch norm."""
    weight_decay: float = 1e-4
    warmup: int = 100
    averaging: float = 0.999
    augmentation: str = "strong"
    views: int = 0
    """Different views of an image, 0 for endless. A number lets what frozen layers and the teacher
    make of a view be computed once; memory grows with it."""
    classification: str = "focal"
    label_weight: float = 1.0
    """Weight of the SSD loss against boxes of the data."""
    teacher_weight: float = 0.0
    """Weight of the distillation."""
    distillation: Distillation = field(default_factory=Distillation)
    quantise: bool = False
    """Whether INT8 is simulated while training."""
    freeze: tuple[str, ...] = ()
    """Prefixes of the layers that stay as they are."""
    validate_every: int = 500
    log_every: int = 10
    seed: int = 1

    def __post_init__(self) -> None:
        choices = {
            "optimiser": ("adamw", "relative"),
            "augmentation": tuple(KINDS),
            "classification": tuple(CLASSIFICATION),
        }
        for key, values in choices.items():
            if getattr(self, key) not in values:
                raise ValueError(f"{key} must be one of {', '.join(values)}.")
        if self.teacher_weight and not self.teacher:
            raise ValueError("A teacher's weight needs a teacher: --teacher FILE.")
        if not (self.label_weight or self.teacher_weight):
            raise ValueError("Nothing is learned with both weights at 0.")
        if self.quantise and not self.initial:
            raise ValueError(
                "Simulated INT8 needs weights without batch norm: train first, then start from the "
                "result with --initial FILE."
            )

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")
