"""What an assignment's ``assignment.toml`` and hints may say.

Unknown keys, bars and names are refused: a misspelt setting must not be silently without
effect. docs/assignments.md explains each key to who writes one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from autograder.support.errors import SpeechmarkError

INPUTS = ("train_waves", "train_mels", "waves", "mels")
CALIBRATED = "calibrated"


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Part(Settings):
    """One part: its points, and the names its solution cell defines."""

    id: str
    points: float = Field(gt=0)
    names: tuple[str, ...] = ()
    manual: bool = False
    free: bool = Field(default=False, description="right solutions may compute different things")


class Criterion(Settings):
    """What a written answer is marked by, where a person marks it."""

    part: str
    criterion: str = Field(description="what must be in the answer, for who marks it")
    points: float = Field(gt=0)
    says: str = Field(description="what the student reads where it is lacking")


class Measure(Settings):
    """A number that is taken of every run, outside the wall."""

    name: str
    of: str = Field(pattern=r"^(before|after)(\.\w+)?$|^log_mel$|^answers$")
    by: str = Field(description="a built-in probe, or a function of measures.py")
    title: str
    calibrated: bool = Field(default=False, description="calibration finds a bar for it")


Share = Annotated[float, Field(ge=-1, le=1)]


class Tier(Settings):
    """A demand on a measure of the run; each is a test of the training part."""

    name: str
    demand: str = Field(description="what must hold, as the student reads it")
    measure: str
    above: tuple[str | Share, ...] = Field(
        min_length=1, description="bars of which the measure must exceed one"
    )
    also: tuple[str, ...] = Field(default=(), description="tiers that must be reached too")
    hint: str
    weight: float = Field(gt=0, default=1.0)


class Swap(Settings):
    """Names for which the reference may stand in where a run falls short."""

    part: str
    names: tuple[str, ...] = Field(min_length=1)
    counts: bool = Field(default=False, description="the run with it is graded")
    hint: str | None = Field(default=None, description="what is told if it lifts the run")


class Curve(Settings):
    """A curve over the steps of the run."""

    name: str
    title: str


class TrainingSettings(Settings):
    """The training run: whose points it decides, what it is given, what is measured."""

    part: str
    needs: tuple[str, ...] = ()
    corpora: tuple[str, ...] = Field(
        min_length=1, description="in order of preference: the first that is found is used"
    )
    inputs: tuple[Literal["train_waves", "train_mels", "waves", "mels"], ...] = Field(min_length=1)
    seed: int = 0
    repeats: int = Field(default=1, ge=0, description="further seeds for a run that is short")
    cpu_seconds: float = Field(default=600, gt=0)
    recipe: dict[str, Any] = {}
    short: dict[str, Any] | None = Field(
        default=None, description="what of the recipe differs in a first, shorter run"
    )
    measure: tuple[Measure, ...] = Field(min_length=1)
    tier: tuple[Tier, ...] = Field(min_length=1)
    swap: tuple[Swap, ...] = ()
    curve: tuple[Curve, ...] = ()

    @property
    def headline(self) -> Measure:
        """The measure that the last tier is about."""
        return next(m for m in self.measure if m.name == self.tier[-1].measure)

    @property
    def calibrated(self) -> tuple[Measure, ...]:
        """The measures with a calibrated bar."""
        return tuple(measure for measure in self.measure if measure.calibrated)

    @property
    def counting(self) -> Swap | None:
        """The swap whose run may be graded in place of the student's own."""
        return next((swap for swap in self.swap if swap.counts), None)

    @property
    def short_recipe(self) -> dict[str, Any] | None:
        """The whole recipe of the short run; None where there is none."""
        return None if self.short is None else self.recipe | self.short

    @model_validator(mode="after")
    def _names_are_known(self) -> TrainingSettings:
        measures = [measure.name for measure in self.measure]
        tiers = [tier.name for tier in self.tier]
        _once("measure", measures)
        _once("tier", tiers)
        _once("curve", [curve.name for curve in self.curve])
        if not any(not name.startswith("train_") for name in self.inputs):
            raise ValueError("inputs: nothing to embed; name mels or waves as well")
        for index, tier in enumerate(self.tier):
            of = f"tier {tier.name!r}"
            _known(f"{of}: measure", [tier.measure], measures)
            bars = [bar for bar in tier.above if isinstance(bar, str)]
            _known(f"{of}: above", bars, [*measures, CALIBRATED])
            its = next(m for m in self.measure if m.name == tier.measure)
            if CALIBRATED in bars and not its.calibrated:
                raise ValueError(
                    f"{of}: above: {its.name!r} has no calibrated bar; give the measure "
                    "calibrated = true"
                )
            _known(f"{of}: also", tier.also, tiers[:index])
        if sum(swap.counts for swap in self.swap) > 1:
            raise ValueError("swap: at most one may have counts = true")
        if changed := set(self.short or {}) - set(self.recipe):
            _known("short", sorted(changed), list(self.recipe))
        return self


class AssignmentSettings(Settings):
    """The whole of ``assignment.toml``."""

    name: str
    title: str
    setup: tuple[str, ...] = Field(default=(), description="locked cells that the grader runs")
    part: tuple[Part, ...] = Field(min_length=1)
    rubric: tuple[Criterion, ...] = ()
    training: TrainingSettings | None = None

    @model_validator(mode="after")
    def _parts_fit(self) -> AssignmentSettings:
        ids = [part.id for part in self.part]
        _once("part", ids)
        _once("name of a part", [name for part in self.part for name in part.names])
        self._check_rubric()
        if training := self.training:
            automatic = [part.id for part in self.part if not part.manual]
            _known("training.part", [training.part], automatic)
            for swap in training.swap:
                _known("training.swap.part", [swap.part], ids)
                defined = next(part.names for part in self.part if part.id == swap.part)
                _known(f"training.swap of {swap.part!r}: names", swap.names, defined)
        return self

    def _check_rubric(self) -> None:
        points = {part.id: part.points for part in self.part if part.manual}
        _known("rubric: part", [one.part for one in self.rubric], list(points))
        for part in dict.fromkeys(one.part for one in self.rubric):
            worth = sum(one.points for one in self.rubric if one.part == part)
            if abs(worth - points[part]) > 1e-9:
                raise ValueError(
                    f"rubric: the criteria of {part!r} are worth {worth:g} points together, "
                    f"the part {points[part]:g}"
                )


def _once(what: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{what} {', '.join(map(repr, twice))} is there twice")


def _known(where: str, names: Iterable[str], allowed: Sequence[str]) -> None:
    for name in names:
        if name not in allowed:
            raise ValueError(f"{where}: {name!r} is not one of {', '.join(allowed) or 'none'}")


def read_settings(file: Path) -> AssignmentSettings:
    """The settings in ``assignment.toml``.

    Raises:
        SpeechmarkError: the file cannot be read, or a setting is wrong or unknown.
    """
    try:
        return AssignmentSettings.model_validate(read_toml(file))
    except ValidationError as error:
        problems = "; ".join(_said(problem) for problem in error.errors())
        raise SpeechmarkError(f"{file}: {problems}") from error


def _said(problem: Any) -> str:
    """A problem of validation with the key it is about and what is allowed there."""
    where = ".".join(str(key) for key in problem["loc"])
    if problem["type"] == "extra_forbidden":
        allowed = ", ".join(_keys(problem["loc"][:-1]))
        return f"{where} is no key. Allowed here: {allowed}"
    message = problem["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message


def _keys(place: Sequence[int | str]) -> list[str]:
    """The keys that a table of ``assignment.toml`` may have."""
    model: type[BaseModel] = AssignmentSettings
    for key in place:
        if isinstance(key, str):
            annotation = model.model_fields[key].annotation
            inner = [a for a in (annotation, *get_args(annotation)) if isinstance(a, type)]
            model = next(a for a in inner if issubclass(a, BaseModel))
    return list(model.model_fields)


def read_toml(file: Path) -> dict[str, Any]:
    """A TOML file as plain values; what is wrong with it is a SpeechmarkError."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SpeechmarkError(f"{file}: {error}") from error
