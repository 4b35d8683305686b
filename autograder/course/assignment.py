"""An assignment's settings, hints and files, read from ``solutions/<name>/``.

Settings reject unknown keys: a misspelt setting is an error, never a silent default.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import notebooks
from autograder.notebooks import startup
from autograder.support.errors import SpeechmarkError

if TYPE_CHECKING:
    from autograder.course.calibration import CorpusCalibration
    from autograder.course.settings import AssignmentSettings, Part, TrainingSettings


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
            SpeechmarkError: there is none.
        """
        folder = self.root / "solutions" / name
        if not (folder / "assignment.toml").is_file():
            known = [assignment.name for assignment in self.assignments()]
            raise SpeechmarkError(
                f"There is no assignment {name!r} in {self.root / 'solutions'}. "
                f"There is: {', '.join(known) or 'none'}."
            )
        return Assignment(self, folder)

    def assignments(self) -> list[Assignment]:
        """All assignments of the course, in order of their names."""
        files = sorted(self.root.glob("solutions/*/assignment.toml"))
        return [Assignment(self, file.parent) for file in files]

    @property
    def state(self) -> Path:
        """Where results and caches of this course live; git ignores it."""
        return self.root / ".speechmark"


class Assignment:
    """One assignment: settings and files."""

    def __init__(self, course: Course, folder: Path) -> None:
        self.course = course
        self.folder = folder

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Assignment) and self.folder == other.folder

    def __hash__(self) -> int:
        return hash(self.folder)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as the path of its folder, whose files another process reads for itself."""
        return _assignment, (self.course.root, self.name)

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def settings(self) -> AssignmentSettings:
        """``assignment.toml``, read when it is first asked for.

        Raises:
            SpeechmarkError: the file cannot be read, or a setting is wrong or unknown.
        """
        from autograder.course.settings import read_settings

        settings = read_settings(self.folder / "assignment.toml")
        if settings.name != self.name:
            raise SpeechmarkError(
                f"{self.folder / 'assignment.toml'}: name is {settings.name!r}, but the folder "
                f"is called {self.name!r}. They must be the same."
            )
        return settings

    @property
    def training(self) -> TrainingSettings:
        """The settings of the training run.

        Raises:
            SpeechmarkError: the assignment has none.
        """
        if self.settings.training is None:
            raise SpeechmarkError(f"The assignment {self.name!r} has no training run.")
        return self.settings.training

    def part(self, id: str) -> Part:
        """The part of that id; there must be one."""
        return next(part for part in self.settings.part if part.id == id)

    @property
    def release(self) -> Path:
        """The folder students receive."""
        return self.course.root / "assignments" / self.name

    @property
    def is_released(self) -> bool:
        """Whether there is a notebook that students receive."""
        return (self.release / f"{self.name}.ipynb").is_file()

    @property
    def release_notebook(self) -> Path:
        """The notebook that students received.

        Raises:
            SpeechmarkError: it has not been released yet.
        """
        path = self.release / f"{self.name}.ipynb"
        if not self.is_released:
            raise SpeechmarkError(
                f"{self.name} has not been released: there is no {path}. "
                f"Run: speechmark release {self.name}"
            )
        return path

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

    @property
    def hidden_suites(self) -> list[Path]:
        return sorted((self.folder / "hidden").glob("*.py"))

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
        """The hint catalogue: id to the text a student reads.

        Raises:
            SpeechmarkError: a file cannot be read, or a hint is there twice.
        """
        from autograder.course.settings import read_toml

        hints: dict[str, str] = {}
        for file in sorted((self.folder / "hints").glob("*.toml")):
            for hint, entry in read_toml(file).items():
                if hint in hints:
                    raise SpeechmarkError(f"{file}: the hint {hint!r} is there twice.")
                if not isinstance(entry, dict) or set(entry) != {"says", "asks"}:
                    raise SpeechmarkError(f"{file}: {hint}: a hint has says and asks, no more.")
                hints[hint] = f"{entry['says']} {entry['asks']}"
        return hints

    @cached_property
    def reference_cells(self) -> dict[str, str]:
        """Part to the source of its solved cell, from the assignment's notebook."""
        startup.leave_out()
        import jupytext

        cells = notebooks.cells_of(jupytext.read(self.folder / f"{self.name}.py"))
        return {str(cell.part): cell.source for cell in cells if cell.holds_code}

    @cached_property
    def shown_names(self) -> frozenset[str]:
        """Names that the release's locked cells set and grading does not have, such as a corpus."""
        release = notebooks.read(self.release_notebook)
        setup = set(notebooks.setup_cells(release))
        shown = [
            cell.source
            for cell in notebooks.cells_of(release)
            if cell.is_code and cell.marks.locked and cell.marks.grade_id not in setup
        ]
        return frozenset(name for source in shown for name in notebooks.assigned(source))

    @cached_property
    def calibrations(self) -> dict[str, CorpusCalibration]:
        """Corpus name to its calibration, from ``calibration.json``."""
        from autograder.course.calibration import read_calibrations

        return read_calibrations(self.folder / "calibration.json")

    @property
    def training_file(self) -> Path:
        """The code of the training run, which students receive too."""
        return self.folder / "public" / "training.py"

    @property
    def measures_file(self) -> Path:
        """Measures, questions and flags of the assignment's own, if it has any."""
        return self.folder / "measures.py"

    @cached_property
    def training_source(self) -> str:
        """The content of :attr:`training_file`.

        Raises:
            SpeechmarkError: it cannot be read.
        """
        return self._text(self.training_file, "the training run")

    @cached_property
    def secret(self) -> str:
        """A line that only staff know, from which the order of the clips is made.

        Raises:
            SpeechmarkError: there is none.
        """
        secret = self._text(self.folder / "secret", "a random line, from which the order").strip()
        if not secret:
            raise SpeechmarkError(f"{self.folder / 'secret'} is empty; it must hold a random line.")
        return secret

    def _text(self, file: Path, what: str) -> str:
        try:
            return file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SpeechmarkError(f"{file}: {error}. It holds {what}.") from error

    @cached_property
    def suites_digest(self) -> str:
        """Hash of the files that decide a verdict: suites, references, hints, settings, run."""
        files = [self.folder / "assignment.toml", self.folder / f"{self.name}.py"]
        files += self._training_files
        for sub in ("hidden", "hints", "reference"):
            files += sorted((self.folder / sub).glob("*.*"))
        return self._digest(files)

    @cached_property
    def part_digests(self) -> dict[str, str]:
        """Part to a hash of what decides its verdict: its suite, references, hints, points."""
        return {
            part.id: self._digest(
                [
                    self.hidden_suite(part.id),
                    self.reference_file(part.id),
                    self._hint_file(part.id),
                ],
                str(part.points),
            )
            for part in self.automatic
        }

    def training_digest(self, replaced: Sequence[Part]) -> str:
        """Hash of what decides the training run, with ``replaced`` parts by the reference."""
        training = self.training
        stand_ins = {swap.part for swap in training.swap} | {part.id for part in replaced}
        cells = [f"{id} {self.reference_cells[id]}" for id in sorted(stand_ins)]
        names = [" ".join(part.names) for part in replaced]
        files = [*self._training_files, self._hint_file(training.part)]
        return self._digest(files, training.model_dump_json(), *cells, *names)

    @property
    def _training_files(self) -> list[Path]:
        names = ("calibration.json", "measures.py", "secret", "hints/training.toml")
        return [self.training_file, *(self.folder / name for name in names)]

    def _hint_file(self, name: str) -> Path:
        return self.folder / "hints" / f"{name}.toml"

    def _digest(self, files: Iterable[Path], *more: str) -> str:
        digest = hashlib.sha256("\0".join(more).encode())
        for file in files:
            if file.is_file() and file.suffix in {"", ".py", ".toml", ".json", ".safetensors"}:
                digest.update(f"{file.parent.name}/{file.name}".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()


def _assignment(root: Path, name: str) -> Assignment:
    return Course(root).assignment(name)
