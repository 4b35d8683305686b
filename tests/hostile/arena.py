"""Where hostile submissions meet a real grader, and what is watched meanwhile.

A secret lies beside the hidden suites and in the grader's environment. A submission that
gets at something says ``got through``; one that wants a student to read what it saw says
``leaked``; markup that runs calls ``evil(1)``.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder import notebook
from autograder.assignment import Assignment, Course
from autograder.compose import filled
from autograder.grade import Grader
from autograder.isolation.namespaces import prctl
from autograder.isolation.student import Deadlines
from autograder.isolation.wire import Deadline
from autograder.nbgrader.feedback import part_html, repairs_html
from autograder.report import write_report
from autograder.results import SubmissionResult
from tests.conftest import copy_course
from tests.hostile.corpus import Case

HONEST = ("add_noise", "representation")
"""The parts that a hostile submission has done honestly. The rest is as released."""

SHORT = Deadlines(
    cell=Deadline(2, 40), call=Deadline(1, 40), training=Deadline(60, 300), submission=Deadline(25, 150)
)
_PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Arena:
    """A course with a secret, a grader of one level, and a record of what must not change."""

    assignment: Assignment
    grader: Grader
    level: int
    token: str
    secret: Path
    honest: SubmissionResult
    """The result of the honest submission, before any other was graded."""
    files: str = ""
    processes: set[int] = field(default_factory=set)

    def fill(self, text: str) -> str:
        """``text`` with what an attacker may know of this machine put in."""
        course = str(self.assignment.course.root)
        known = {"SECRET": str(self.secret), "COURSE": course, "GRADER": str(os.getpid())}
        for name, value in known.items():
            text = text.replace(f"@{name}@", value)
        return text

    def work(self, *parts: str) -> bytes:
        """An honest submission of ``parts``, or of :data:`HONEST`."""
        return solution(self.assignment, *(parts or HONEST))

    def hostile(self, case: Case) -> bytes:
        """A submission with the case's code in place of its part, or as the first cell."""
        source = self.fill(case.source)
        done = {p: self.assignment.reference_cells[p] for p in HONEST}
        if case.part is None:
            submission = json.loads(filled(self.assignment, done))
            cell = {"cell_type": "code", "id": "mine", "metadata": {}, "source": source}
            submission["cells"].insert(0, cell)
            return json.dumps(submission).encode()
        return filled(self.assignment, {**done, case.part: source})

    def grade(self, content: bytes | Path, name: str = "eve") -> SubmissionResult:
        """Grade it, stored results aside."""
        rebuilt = notebook.rebuild(notebook.read(content), self.grader.release)
        return self.grader.grade(name, rebuilt)

    def watch(self) -> None:
        """Note what is there now, for :meth:`changes`."""
        self.files, self.processes = _tree(self.assignment.course.root), _descendants()

    def changes(self) -> list[str]:
        """What is not as it was: files of the course, processes that are left, open threads."""
        found = []
        if _tree(self.assignment.course.root) != self.files:
            found.append("files of the course")
        end = time.monotonic() + 5
        while left := _descendants() - self.processes:
            if time.monotonic() > end:
                found += [f"process {_command(pid)}" for pid in left]
                break
            time.sleep(0.02)
        return found


def solution(assignment: Assignment, *parts: str) -> bytes:
    """A submission in which ``parts`` are the reference's and the rest is as released."""
    return filled(assignment, {p: assignment.reference_cells[p] for p in parts})


@contextmanager
def hostile_course() -> Iterator[tuple[Assignment, str, Path]]:
    """A copy of the course, as readable as a repository, with a secret beside its suites."""
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        os.chmod(folder, 0o755)
        root = copy_course(Path(folder) / "course")
        secret = root / "solutions" / "contrastive" / "hidden" / "secret.txt"
        secret.write_text(f"{token}\n")
        os.environ["SPEECHMARK_SECRET"] = token
        try:
            yield Course(root).assignment("contrastive"), token, secret
        finally:
            del os.environ["SPEECHMARK_SECRET"]


@contextmanager
def arena(level: int) -> Iterator[Arena]:
    """A warm grader of ``level`` that has graded one honest submission."""
    with hostile_course() as (assignment, token, secret):
        # A process that loses its parent becomes ours, so that none is overlooked.
        prctl(_PR_SET_CHILD_SUBREAPER, 1)
        try:
            with Grader(assignment, level=level, train=False, deadlines=SHORT) as grader:
                place = Arena(assignment, grader, level, token, secret, None)  # type: ignore[arg-type]
                place.honest = place.grade(place.work(), "honest")
                yield place
        finally:
            prctl(_PR_SET_CHILD_SUBREAPER, 0)


def points(result: SubmissionResult) -> dict[str, float]:
    """Part to its points."""
    return {part.id: part.score for part in result.parts}


def read_by_students(result: SubmissionResult) -> str:
    """All that a student is told: the page, the feedback, and each demand, hint and line."""
    told = [part_html(part) for part in result.parts] + [repairs_html(result.repairs)]
    told += [f"{t.demand} {t.hint} {t.where}" for p in result.parts for t in p.tests]
    with tempfile.TemporaryDirectory() as folder:
        write_report([result], Path(folder), title="Hostile")
        told += [page.read_text() for page in Path(folder).glob("students/*.html")]
    return "\n".join(told)


def pages(result: SubmissionResult) -> list[str]:
    """The pages of the class report."""
    with tempfile.TemporaryDirectory() as folder:
        write_report([result], Path(folder), title="Hostile")
        return [page.read_text() for page in Path(folder).rglob("*.html")]


class _Active(HTMLParser):
    """Collects markup that would run ``evil(1)``, or fetch from ``//evil``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._raw = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._raw = tag if tag in ("script", "style") else ""
        for name, value in attrs:
            flat = "".join((value or "").split()).lower()
            active = name.startswith("on") or name in ("srcdoc", "style")
            active |= flat.startswith(("javascript:", "vbscript:", "data:text", "data:image/svg"))
            if "evil" in flat and (active or flat.startswith(("//", "http"))):
                self.found.append(f"<{tag} {name}={value}>")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        self._raw = ""

    def handle_data(self, data: str) -> None:
        if self._raw and "evil(1)" in data:
            self.found.append(f"<{self._raw}>{data}")


def active_markup(html: str) -> list[str]:
    """Markup in a page that a browser would run."""
    parser = _Active()
    parser.feed(html)
    return parser.found


def load_maker(case: Case, place: Arena) -> ModuleType:
    """A case of ``files/`` as a module, with what an attacker may know put in."""
    module = ModuleType(f"hostile_{case.name}")
    exec(compile(place.fill(case.source), str(case.path), "exec"), vars(module))
    return module


def hand_in(case: Case, place: Arena, student: str) -> Path:
    """Put the submission of a case of ``files/`` where nbgrader looks for it."""
    make = load_maker(case, place).make
    folder = place.assignment.course.root / "submitted" / student / "contrastive"
    if "folder" in make.__code__.co_varnames[: make.__code__.co_argcount]:
        folder.parent.parent.mkdir(parents=True, exist_ok=True)
        make(folder, place.work())
    else:
        folder.mkdir(parents=True)
        (folder / "contrastive.ipynb").write_bytes(make(place.work()))
    return folder


def remove(folder: Path) -> None:
    """Take a submission away, whatever it is."""
    student = folder.parent
    if student.is_symlink():
        student.unlink()
    else:
        shutil.rmtree(student)


def _tree(root: Path) -> str:
    """Digest of the names, modes, times and contents of a course's own files."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if ".speechmark" in path.parts or "submitted" in path.parts:
            continue
        status = path.lstat()
        digest.update(f"{path} {status.st_mode} {status.st_uid} {status.st_size}".encode())
        if path.is_file():
            digest.update(f"{status.st_mtime_ns}".encode() + path.read_bytes())
    return digest.hexdigest()


def _descendants() -> set[int]:
    """Processes below this one that have not ended."""
    parents: dict[int, int] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            fields = _stat(int(entry))
            if fields and fields[0] != "Z":
                parents[int(entry)] = int(fields[1])
    found: set[int] = set()
    level = {os.getpid()}
    while level:
        level = {pid for pid, parent in parents.items() if parent in level}
        found |= level
    return found


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def _command(pid: int) -> Any:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return pid
