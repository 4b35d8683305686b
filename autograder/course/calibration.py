"""What is known of an assignment's training run on each corpus: ``calibration.json``."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from autograder.course.settings import Settings
from autograder.support.errors import SpeechmarkError

SCHEMA = 2

Kind = Literal["reference", "free", "stood_in", "untrained", "tenth", "wrong"]
"""What a variant is a variant of.

The reference; right solutions of a free part, which lower a bar (``free``) or are stood in for
by the reference where they fall short (``stood_in``); embeddings of another random beginning
(``untrained``); runs of a tenth of the steps (``tenth``); wrong solutions.
"""


class Variant(Settings):
    """Training runs of one notebook over several seeds."""

    kind: Kind
    values: dict[str, tuple[float | None, ...]] = Field(
        description="measure to its value at each seed; None where the run was ended"
    )
    short: dict[str, tuple[float | None, ...]] = Field(
        default={}, description="the same of the short run"
    )
    correct: bool = Field(default=False, description="must not fall short")
    chance: float = Field(
        description="of falling short with every repeat if correct, else of reaching every bar"
    )
    caught_by: str = Field(
        default="", description="the tier that is least likely to be reached, if not correct"
    )
    signals: dict[str, float] = Field(default={}, description="label-free, mean over seeds")

    def of(self, measure: str) -> list[float]:
        """The values of one measure that there are."""
        return [value for value in self.values.get(measure, ()) if value is not None]


class CorpusCalibration(Settings):
    """The bars on one corpus, and the runs they follow from."""

    bars: dict[str, float] = Field(description="calibrated measure to what it must exceed")
    short_bars: dict[str, float] = Field(default={}, description="the same for the short run")
    recipe: dict[str, Any] = Field(description="with which the runs were made")
    chance_of_failing: float = Field(description="largest of any correct variant")
    baselines: dict[str, float] = Field(
        default={}, description="measures that no network has part in"
    )
    variants: dict[str, Variant]
    digest: str = Field(description="content digest of the corpus")
    made_with: dict[str, str] = Field(description="versions and threads")

    def highest(self, measure: str, *kinds: Kind) -> float:
        """The highest value of a measure in runs of ``kinds`` (default: all); -inf for none."""
        return max(self._values(measure, kinds), default=float("-inf"))

    def lowest(self, measure: str, *kinds: Kind) -> float:
        """The lowest value of a measure in runs of ``kinds`` (default: all); -inf for none."""
        return min(self._values(measure, kinds), default=float("-inf"))

    def _values(self, measure: str, kinds: Collection[Kind]) -> list[float]:
        return [
            value
            for variant in self.variants.values()
            if not kinds or variant.kind in kinds
            for value in variant.of(measure)
        ]


def read_calibrations(file: Path) -> dict[str, CorpusCalibration]:
    """Corpus name to its calibration, from ``calibration.json``; empty without that file.

    Raises:
        SpeechmarkError: the file cannot be read, holds something else, or is of another schema.
    """
    if not file.is_file():
        return {}
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        schema = raw.get("schema_version", 1) if isinstance(raw, dict) else None
        if schema != SCHEMA:
            raise SpeechmarkError(
                f"{file} is of schema {schema}, and this version reads schema {SCHEMA}. "
                "Make it anew: speechmark calibrate"
            )
        return {
            name: CorpusCalibration.model_validate(found) for name, found in raw["corpora"].items()
        }
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise SpeechmarkError(f"{file}: {error}") from error


def as_text(calibrations: dict[str, CorpusCalibration]) -> str:
    """The content of ``calibration.json``, corpora in order of their names."""
    corpora = {name: calibrations[name].model_dump(mode="json") for name in sorted(calibrations)}
    return json.dumps({"schema_version": SCHEMA, "corpora": corpora}, indent=1) + "\n"
