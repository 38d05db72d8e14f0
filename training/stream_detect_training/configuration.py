"""The configuration of a training run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .augment import KINDS
from .distil import Distillation
from .loss import CLASSIFICATION


@dataclass(frozen=True)
class Configuration:
    """Everything that the result depends on: equal configurations give equal weights."""

    data: str
    """Data file of the images to train on."""
    validation: str | None = None
    """Data file of the images that choose the best weights."""
    initial: str | None = None
    """Model file to start from, or `None` for random weights."""
    teacher: str | None = None
    """Model file of the teacher."""
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
    """Fixed views per image, or 0 for a new one each time. With fixed views the outputs of the
    frozen layers and of the teacher are computed only once, and kept in memory."""
    classification: str = "focal"
    label_weight: float = 1.0
    """Weight of the SSD loss against the data's boxes."""
    teacher_weight: float = 0.0
    """Weight of the distillation loss."""
    distillation: Distillation = field(default_factory=Distillation)
    quantise: bool = False
    """Whether training simulates INT8."""
    freeze: tuple[str, ...] = ()
    """Prefixes of the layers that are not trained."""
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
            raise ValueError("--teacher-weight needs a teacher: --teacher FILE.")
        if not (self.label_weight or self.teacher_weight):
            raise ValueError("--label-weight and --teacher-weight can't both be 0.")
        if self.quantise and not self.initial:
            raise ValueError(
                "Simulated INT8 needs weights without batch norm: train first, then start from the "
                "result with --initial FILE."
            )

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")
