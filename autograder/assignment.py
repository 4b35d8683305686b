"""An assignment's settings, hints and files, read from ``solutions/<name>/``.

Settings reject unknown keys: a misspelt setting is an error, never a silent default.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

import spoken_digits
from autograder import __version__
from autograder.errors import SpeechmarkError


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
    chance_of_failing: float = Field(description="below the threshold twice, 0..1")


class CorpusCalibration(Settings):
    """What is known of the training run on one corpus, and the threshold that follows."""

    threshold: float = Field(ge=0, le=1)
    steps: int
    margin: float = Field(description="lowest accuracy of correct work less the threshold")
    chance_of_failing: float = Field(description="largest of any correct variant, repeat included")
    log_mel: float = Field(description="baseline: pooled log-mel without a network")
    untrained: tuple[float, ...] = Field(description="baseline: the reference before training")
    variants: dict[str, VariantRuns]
    digest: str = Field(description="content digest of the corpus")
    made_with: dict[str, str] = Field(description="versions and threads")


Model = TypeVar("Model", bound=BaseModel)


class Course:
    """A repository with ``solutions/`` and ``nbgrader_config.py`` at its root."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """The course at or above ``start`` (default: $SPEECHMARK_COURSE, else here).

        Raises:
            SpeechmarkError: none is found.
        """
        start = (start or Path(os.environ.get("SPEECHMARK_COURSE") or ".")).resolve()
        for folder in (start, *start.parents):
            if (folder / "solutions").is_dir() and (folder / "nbgrader_config.py").is_file():
                return cls(folder)
        raise SpeechmarkError(
            f"{start} is not inside a course: no folder at or above it holds solutions/ and "
            "nbgrader_config.py. Go to the course's folder, or name it in SPEECHMARK_COURSE."
        )

    def assignment(self, name: str) -> Assignment:
        """The assignment of that name.

        Raises:
            SpeechmarkError: there is none, or its settings are wrong.
        """
        folder = self.root / "solutions" / name
        if not (folder / "assignment.toml").is_file():
            known = sorted(p.parent.name for p in self.root.glob("solutions/*/assignment.toml"))
            raise SpeechmarkError(
                f"There is no assignment {name!r} in {self.root / 'solutions'}. "
                f"There is: {', '.join(known) or 'none'}."
            )
        return Assignment(self, folder)

    @property
    def state(self) -> Path:
        """Where results and caches of this course live; git ignores it."""
        return self.root / ".speechmark"


class Assignment:
    """One assignment: settings and files."""

    def __init__(self, course: Course, folder: Path) -> None:
        self.course = course
        self.folder = folder
        self.settings = _read(folder / "assignment.toml", AssignmentSettings)

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def release(self) -> Path:
        """The folder students receive."""
        return self.course.root / "assignments" / self.name

    @property
    def release_notebook(self) -> Path:
        return self.release / f"{self.name}.ipynb"

    @property
    def automatic(self) -> tuple[Part, ...]:
        """The parts the grader marks, in order."""
        return tuple(part for part in self.settings.part if not part.manual)

    @property
    def max_score(self) -> float:
        """Automatic points."""
        return sum(part.points for part in self.automatic)

    def hidden_suite(self, part: str) -> Path:
        return self.folder / "hidden" / f"test_{part}.py"

    def public_suite(self, part: str) -> Path:
        return self.folder / "public" / f"test_{part}.py"

    def reference_file(self, part: str) -> Path:
        return self.folder / "reference" / f"{part}.safetensors"

    @property
    def secrets(self) -> list[Path]:
        """Files that no worker may read: hidden suites, references, the gradebook."""
        files = [*self.folder.glob("hidden/*.py"), *self.folder.glob("reference/*.safetensors")]
        return [f for f in (*files, self.course.root / "gradebook.db") if f.is_file()]

    @cached_property
    def hints(self) -> dict[str, str]:
        """The hint catalogue: id to the text a student reads."""
        hints: dict[str, str] = {}
        for file in sorted((self.folder / "hints").glob("*.toml")):
            for hint, entry in _toml(file).items():
                hints[hint] = f"{entry['says']} {entry['asks']}"
        return hints

    @cached_property
    def reference_cells(self) -> dict[str, str]:
        """Part to the source of its solved cell, from the assignment's notebook."""
        import jupytext

        cells: dict[str, str] = {}
        for cell in jupytext.read(self.folder / f"{self.name}.py")["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            if cell["cell_type"] == "code" and grade_id.endswith("_solution"):
                cells[grade_id.removesuffix("_solution")] = cell["source"]
        return cells

    @cached_property
    def calibrations(self) -> dict[str, CorpusCalibration]:
        """Corpus name to its calibration, from ``calibration.json``."""
        file = self.folder / "calibration.json"
        if not file.is_file():
            return {}
        try:
            raw = json.loads(file.read_text())
            return {name: CorpusCalibration.model_validate(c) for name, c in raw.items()}
        except (OSError, ValueError) as error:
            raise SpeechmarkError(f"{file}: {error}") from error

    @cached_property
    def secret(self) -> str:
        """What only staff can know: a hash of the hidden suites, and of nothing else."""
        digest = hashlib.sha256()
        for file in sorted((self.folder / "hidden").glob("*.py")):
            digest.update(file.read_bytes())
        return digest.hexdigest()

    @cached_property
    def suites_digest(self) -> str:
        """Hash of the files that decide a verdict: suites, references, hints, settings."""
        digest = hashlib.sha256()
        files = [self.folder / "assignment.toml", self.folder / "calibration.json"]
        files.append(self.folder / f"{self.name}.py")
        for sub in ("hidden", "hints", "reference"):
            files += sorted((self.folder / sub).glob("*.*"))
        for file in files:
            if file.is_file() and file.suffix in {".py", ".toml", ".json", ".safetensors"}:
                digest.update(file.relative_to(self.folder).as_posix().encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()


@cache
def kit_digest(*packages: str) -> str:
    """Hash of the kit's own code: a result made by other code is not the same result.

    Args:
        packages: folders under the kit's package; default: all of it.
    """
    kit = Path(__file__).parent
    digest = hashlib.sha256(__version__.encode())
    for folder in (*(kit / p for p in packages or (".",)), Path(spoken_digits.__file__).parent):
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SpeechmarkError(f"{file}: {error}") from error


def _read(file: Path, model: type[Model]) -> Model:
    try:
        return model.model_validate(_toml(file))
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SpeechmarkError(f"{file}: {problems}") from error
