"""What an assignment's ``assignment.toml``, hints and ``calibration.json`` may say.

Unknown keys are refused: a misspelt setting must not be silently without effect.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from autograder.support.errors import SpeechmarkError


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Part(Settings):
    """One part: its points, and the names its solution cell defines."""

    id: str
    points: float = Field(gt=0)
    names: tuple[str, ...] = ()
    manual: bool = False


class Tier(Settings):
    """A demand on the trained encoder's probe accuracy."""

    name: str
    demand: str
    above: Literal["untrained", "log_mel", "threshold"]
    hint: str
    weight: float = Field(gt=0)


class TrainingSettings(Settings):
    """What of the training run the assignment sets itself."""

    seed: int


class AssignmentSettings(Settings):
    """The whole of ``assignment.toml``."""

    name: str
    title: str
    training_part: str
    corpora: tuple[str, ...] = Field(min_length=1)
    part: tuple[Part, ...]
    training: TrainingSettings
    tier: tuple[Tier, ...]

    @model_validator(mode="after")
    def _parts_fit(self) -> AssignmentSettings:
        ids = [part.id for part in self.part]
        if len(set(ids)) != len(ids):
            raise ValueError("two parts have the same id")
        if self.training_part not in ids:
            raise ValueError(f"training_part {self.training_part!r} is no part")
        return self


class VariantRuns(Settings):
    """Training runs of one notebook over several seeds."""

    kind: Literal["reference", "right", "views", "wrong"]
    accuracies: tuple[float, ...]
    correct: bool = Field(default=False, description="must not fail for the training run")
    chance_of_failing: float = Field(description="short with every repeat, 0..1")
    signals: dict[str, float] = Field(default={}, description="label-free, mean over seeds")


class CorpusCalibration(Settings):
    """What is known of the training run on one corpus, and the threshold that follows."""

    threshold: float = Field(ge=0, le=1)
    steps: int
    margin: float = Field(description="lowest accuracy that counts as correct less the threshold")
    chance_of_failing: float = Field(description="largest of any correct variant, repeat included")
    log_mel: float = Field(description="baseline: pooled log-mel without a network")
    untrained: tuple[float, ...] = Field(description="baseline: the reference before training")
    variants: dict[str, VariantRuns]
    digest: str = Field(description="content digest of the corpus")
    made_with: dict[str, str] = Field(description="versions and threads")


def read_settings(file: Path) -> AssignmentSettings:
    """The settings in ``assignment.toml``.

    Raises:
        SpeechmarkError: the file cannot be read, or a setting is wrong or unknown.
    """
    try:
        return AssignmentSettings.model_validate(read_toml(file))
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SpeechmarkError(f"{file}: {problems}") from error


def read_calibrations(file: Path) -> dict[str, CorpusCalibration]:
    """Corpus name to its calibration, from ``calibration.json``; empty without that file.

    Raises:
        SpeechmarkError: the file cannot be read, or holds something else.
    """
    if not file.is_file():
        return {}
    try:
        raw = json.loads(file.read_text())
        return {name: CorpusCalibration.model_validate(c) for name, c in raw.items()}
    except (OSError, ValueError) as error:
        raise SpeechmarkError(f"{file}: {error}") from error


def read_toml(file: Path) -> dict[str, Any]:
    """A TOML file as plain values; what is wrong with it is a SpeechmarkError."""
    try:
        return tomllib.loads(file.read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SpeechmarkError(f"{file}: {error}") from error
