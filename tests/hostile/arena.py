"""Where hostile submissions meet a real grader, and what is watched meanwhile.

A secret lies beside the hidden suites and in the grader's environment. A submission that
gets at something says ``got through``; one that wants a student to read what it saw says
``leaked:``; markup that runs calls ``evil(1)``.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import notebooks
from autograder.course.assignment import Assignment, Course
from autograder.course.compose import filled
from autograder.course.results import SubmissionResult
from autograder.grading.grader import Grader
from autograder.grading.job import Job
from autograder.isolation.linux.namespaces import prctl
from autograder.isolation.remote.deadlines import Deadline, Deadlines
from tests.conftest import change, copy_course
from tests.hostile.corpus import Case, read_case

HONEST = ("add_noise", "representation")
"""Parts that every submission here has done honestly, and that are always marked."""

UNTOUCHED = "time_mask"
"""The part that none has written: any point in it is a point gained."""

SHORT = Deadlines(
    cell=Deadline(2, 60),
    call=Deadline(1, 60),
    training=Deadline(60, 300),
    submission=Deadline(25, 240),
)
PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Arena:
    """A course with a secret, a grader of one level, and a record of what must not change."""

    assignment: Assignment
    grader: Grader
    level: int
    token: str
    secret: Path
    known: dict[str, str] = field(default_factory=dict)
    """More that an attacker knows: placeholder to what stands for it."""
    _files: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _processes: set[int] = field(default_factory=set)

    @property
    def root(self) -> Path:
        return self.assignment.course.root

    def fill(self, text: str) -> str:
        """``text`` with what an attacker may know of this machine put in."""
        known = {"SECRET": self.secret, "COURSE": self.root, "GRADER": os.getpid()}
        for name, value in {**known, **self.known}.items():
            text = text.replace(f"@{name}@", str(value))
        return text

    def honest(self, **instead: str) -> bytes:
        """The reference but for the untouched part, with ``instead``, part to source, put in."""
        done = {**self.assignment.reference_cells, **instead}
        return filled(self.assignment, {p: done[p] for p in done if p != UNTOUCHED})

    def hostile(self, case: Case) -> bytes:
        """An honest submission with the case in place of its part, or as the first cell."""
        source = self.fill(self.source(case))
        if case.part is not None:
            return self.honest(**{case.part: source})
        submission = json.loads(self.honest())
        cell = {"cell_type": "code", "id": "mine", "metadata": {}, "source": source}
        submission["cells"].insert(0, cell)
        return json.dumps(submission).encode()

    def source(self, case: Case) -> str:
        """All that a case of ``code/`` or ``training/`` does, with what it is laid over."""
        below = case.keys.get("over")
        if below is None:
            return case.source
        if below == "reference":
            first = self.assignment.reference_cells[str(case.part)]
        else:
            first = self.source(read_case(case.path.with_stem(below)))
        return f"{first}\n\n\n{case.source}"

    def mark_only(self, *parts: str) -> None:
        """Let the grader mark these parts alone: what a case is not about only costs time."""
        settings = self.assignment.settings
        chosen = tuple(part for part in settings.part if part.id in parts)
        update: dict[str, Any] = {"part": chosen}
        if settings.training and settings.training.part not in parts:
            # It is questioned in a worker of its own, and its points are left out.
            update["training"] = None
        fewer = Assignment(self.assignment.course, self.assignment.folder)
        fewer.settings = settings.model_copy(update=update)
        self.grader.assignment = fewer

    def grade(self, content: bytes, *parts: str) -> SubmissionResult:
        """Mark ``parts`` of a submission, stored results aside."""
        self.mark_only(*parts)
        return self.grader.grade("eve", notebooks.rebuild(notebooks.read(content), self.release))

    @property
    def release(self) -> notebooks.Notebook:
        return self.grader.release

    def watch(self) -> None:
        """Note what is there now, for :meth:`changes`."""
        self._files, self._processes = _files(self.root), descendants()

    def changes(self) -> list[str]:
        """What is not as it was: files of the course, processes that are left."""
        now = _files(self.root)
        found = [
            path
            for path in now.keys() | self._files.keys()
            if now.get(path) != self._files.get(path)
        ]
        end = time.monotonic() + 60  # what cleans up may be slow
        while left := descendants() - self._processes:
            if time.monotonic() > end:
                return found + [f"process {_command(pid)}" for pid in left]
            time.sleep(0.02)
        return found

    def hand_in(self, case: Case, student: str) -> Path:
        """Put the submission of a case of ``files/`` where nbgrader looks for it."""
        scope: dict[str, Any] = {"__name__": case.name}
        exec(compile(self.fill(case.source), str(case.path), "exec"), scope)
        folder = self.root / "submitted" / student / "contrastive"
        (self.root / "submitted").mkdir(exist_ok=True)
        if scope["make"].__code__.co_argcount == 2:
            scope["make"](folder, self.honest())
        else:
            folder.mkdir(parents=True)
            (folder / "contrastive.ipynb").write_bytes(scope["make"](self.honest()))
        return folder


def train_briefly(assignment: Assignment, corpus: str, calibration: Mapping[str, Any]) -> None:
    """Make the run of a copied course one of two steps, and change what its calibration says."""
    file = assignment.folder / "calibration.json"
    known = json.loads(file.read_text())
    known["corpora"][corpus] |= calibration
    file.write_text(json.dumps(known))
    change(assignment, "assignment.toml", "steps = 180", "steps = 2")
    change(assignment, "assignment.toml", "short = {", "# short = {")


@contextmanager
def arena(level: int, calibration: Mapping[str, Any] | None = None) -> Iterator[Arena]:
    """A copy of the course with a secret in it, and a warm grader of ``level`` for it.

    Args:
        level: of isolation.
        calibration: changes to the course's; with it the training run is made.
    """
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        # As readable as a course's repository, so that it is the wall that holds.
        os.chmod(folder, 0o755)
        root = copy_course(Path(folder) / "course")
        secret = root / "solutions" / "contrastive" / "hidden" / "secret.txt"
        secret.write_text(f"{token}\n")
        os.environ["SPEECHMARK_SECRET"] = token
        # A process that loses its parent becomes this one's child, so that none is overlooked.
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        try:
            assignment = Course(root).assignment("contrastive")
            if calibration:
                train_briefly(assignment, "fsdd", calibration)
            train = calibration is not None
            corpus = "fsdd" if train else None
            job = Job(assignment, level, corpus=corpus, train=train, deadlines=SHORT)
            with Grader(job) as grader:
                yield Arena(assignment, grader, level, token, secret)
        finally:
            prctl(PR_SET_CHILD_SUBREAPER, 0)
            del os.environ["SPEECHMARK_SECRET"]


def _files(root: Path) -> dict[str, tuple[int, ...]]:
    """Mode, owner, size and time of the last change of a course's own files and folders."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            status = os.lstat(os.path.join(folder, name))
            facts = (status.st_mode, status.st_uid, status.st_size, status.st_ctime_ns)
            found[os.path.join(folder, name)] = facts if name in files else facts[:2]
    state = (str(root / ".speechmark"), str(root / "submitted"))
    return {path: facts for path, facts in found.items() if not path.startswith(state)}


def descendants() -> set[int]:
    """Processes below this one that have not ended."""
    parents: dict[int, int] = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            state, parent, *_ = Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if state != "Z":
            parents[int(entry)] = int(parent)
    found: set[int] = set()
    level = {os.getpid()}
    while level := {pid for pid, parent in parents.items() if parent in level}:
        found |= level
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return str(pid)
