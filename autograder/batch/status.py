"""``speechmark status``: what of a class is graded, what no longer counts, what goes on.

Cheap enough to ask at any time, from another terminal: neither torch nor a sandbox is
needed, and notebooks that have not changed since the last look are not read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from rich.console import Console

from autograder import notebooks
from autograder.batch.heartbeat import Run, is_running, last_run
from autograder.course.assignment import Assignment
from autograder.course.releases import Releases
from autograder.course.submissions import Submission
from autograder.store.conditions import Conditions, kit_digest
from autograder.store.results import Store
from autograder.support import files
from autograder.support.console import unmarked
from autograder.support.errors import SpeechmarkError
from autograder.support.plaintext import plain
from autograder.support.words import duration

_NAMES_SHOWN = 12


@dataclass
class Status:
    """Where a class stands; each submission is in one of the four lists."""

    graded: list[str] = field(default_factory=list)
    """There is a result for the work as it is, by the suites and the kit as they are."""
    stale: list[str] = field(default_factory=list)
    """The work is graded as it is, but by suites or a kit that have changed since."""
    waiting: list[str] = field(default_factory=list)
    """Not graded, or handed in anew since."""
    unreadable: dict[str, str] = field(default_factory=dict)
    """No notebook that can be read: submission to reason."""
    changed: list[str] = field(default_factory=list)
    """What has changed since the last run: "suites", "kit"."""
    run: Run | None = None
    """The run that goes on, else the last one."""
    running: bool = False

    @property
    def seconds_left(self) -> float | None:
        """Estimate for the run that goes on."""
        if self.run is None or not self.running:
            return None
        left = self.run.total - self.run.done
        return self.run.seconds_left(left if self.run.regrade else min(left, self._to_do))

    @property
    def _to_do(self) -> int:
        return len(self.stale) + len(self.waiting)

    def as_json(self) -> dict[str, Any]:
        """Everything as plain values, with ``seconds_left``."""
        return {**asdict(self), "seconds_left": self.seconds_left}


def status(assignment: Assignment, submissions: Iterable[Submission]) -> Status:
    """Where the class stands.

    Args:
        assignment: released.
        submissions: the class.

    Raises:
        SpeechmarkError: the assignment is not released.
    """
    run = last_run(assignment)
    found = Status(run=run, running=is_running(assignment))
    now: Conditions | None = None
    before: list[Conditions] = []
    store, level = Store(assignment), run.level if run else 0
    if run:
        now = run.conditions.refreshed(assignment)
        before = [c for c in (run.conditions, *run.earlier) if c != now]
        names = ("suites", "kit")
        found.changed = [n for n in names if getattr(now, n) != getattr(run.conditions, n)]
    with _Digests(assignment) as digests:
        for submission in submissions:
            name = submission.name
            try:
                cells = digests.of(submission.notebook())
            except SpeechmarkError as error:
                found.unreadable[name] = str(error)
                continue
            if now and store.find(now.key_of(cells), level):
                found.graded.append(name)
            elif any(store.find(c.key_of(cells), level) for c in before):
                found.stale.append(name)
            else:
                found.waiting.append(name)
    return found


def show(status: Status, assignment: Assignment, console: Console) -> None:
    """Print a status for a person."""
    lists = (status.graded, status.stale, status.waiting, status.unreadable)
    total = sum(map(len, lists))
    console.print(f"{total} submissions of {unmarked(assignment.name)}", highlight=False)
    words = ("graded", f"stale{_because(status.changed)}", "not graded", "not readable")
    for each, what in zip(lists, words, strict=True):
        if each or what == "graded":
            names = [plain(name, 30) for name in list(each)[:_NAMES_SHOWN]]
            more = f" and {len(each) - len(names)} more" if len(each) > len(names) else ""
            listed = "" if each is status.graded else f"  {', '.join(names)}{more}"
            console.print(f"{len(each):6} {what}{unmarked(listed)}", highlight=False)
    for name, why in list(status.unreadable.items())[:_NAMES_SHOWN]:
        said = f"Not readable: {plain(name, 30)}: {plain(why, 400)}"
        console.print(unmarked(said), highlight=False, soft_wrap=True)
    run = status.run
    if run is None:
        console.print("There was no run over the class yet.")
        return
    how_far = f"{run.done} of {run.total} done: {run.words()}"
    if status.running:
        left = status.seconds_left
        eta = f", about {duration(left)} left" if left is not None else ""
        at_a_time = f", {run.jobs} at a time" if run.jobs else ""
        console.print(f"Running since {run.started}{at_a_time}; {how_far}{eta}.", highlight=False)
    elif run.ended:
        console.print(f"The last run ended {run.ended}; {how_far}.", highlight=False)
    else:
        console.print(
            f"The last run was interrupted ({run.updated}); {how_far}. What is done is kept: "
            f"speechmark grade {unmarked(assignment.name)} goes on from there.",
            highlight=False,
        )


def _because(changed: list[str]) -> str:
    return f" (changed since: {', '.join(changed)})" if changed else ""


class _Digests:
    """Digests of what grading would run of each file, kept as long as file, release and kit stay.

    A context manager, which writes them down for the next time.
    """

    def __init__(self, assignment: Assignment) -> None:
        self._path = assignment.course.state / "runs" / f"{assignment.name}.digests.json"
        content = notebooks.read_bytes(assignment.release_notebook)
        self._releases = Releases(assignment)
        self._basis = f"{hashlib.sha256(content).hexdigest()} {kit_digest()}"
        self._known: Mapping[str, Any] = {}
        with suppress(OSError, ValueError):
            remembered = json.loads(self._path.read_bytes())
            if isinstance(remembered, dict) and remembered.get("basis") == self._basis:
                self._known = remembered.get("digests", {})
        self._seen: dict[str, list[Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._seen != self._known:
            remembered = {"basis": self._basis, "digests": self._seen}
            with suppress(SpeechmarkError):
                files.write(self._path, json.dumps(remembered).encode())

    def of(self, path: Path) -> str:
        """The digest of what grading would run of a submission.

        Raises:
            SpeechmarkError: it cannot be read.
        """
        try:
            stat = path.lstat()
            mark = [stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino]
        except OSError:
            mark = []
        known = self._known.get(str(path))
        if mark and isinstance(known, list) and known[:-1] == mark:
            digest = str(known[-1])
        else:
            rebuilt = self._releases.rebuilt(notebooks.read(path))
            digest = notebooks.digest(rebuilt.cells)
        if mark:
            self._seen[str(path)] = [*mark, digest]
        return digest
