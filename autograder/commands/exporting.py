"""What ``speechmark export`` writes: grades, and the feedback beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.course.assignment import Assignment
from autograder.lms import export
from autograder.lms.export import Line
from autograder.lms.marks import Marks
from autograder.lms.origins import Origins
from autograder.lms.roster import Roster, read_roster
from autograder.lms.sent import Sent
from autograder.support import files
from autograder.support.errors import SpeechmarkError


@dataclass
class Exported:
    """What was written, and who is not in it; students by name."""

    files: list[Path] = field(default_factory=list)
    exported: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unnumbered: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    without_feedback: list[str] = field(default_factory=list)
    too_many: list[str] = field(default_factory=list)

    def lists(self) -> dict[str, list[str]]:
        """The lists that a person should look at, each with what it is."""
        return {
            "wait for a person and are left out": self.waiting,
            "have handed in nothing": self.missing,
            "have no number in that system, neither from a download nor in students.csv":
                self.unnumbered,
            "rows of the file are nobody's here and were left out": self.strangers,
            "have more points than the file's maximum, which that system may refuse": self.too_many,
            "have no feedback page yet (nbgrader generate_feedback)": self.without_feedback,
        }  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {
            name: list(map(str, value)) if name == "files" else value
            for name, value in vars(self).items()
        }


def write(
    assignment: Assignment,
    system: str,
    *,
    changed: bool,
    into: Path | None,
    title: str,
    folder: Path,
) -> Exported:
    """Write the grades of an assignment for a system, and its feedback.

    Args:
        assignment: graded.
        system: one of :data:`autograder.lms.export.SYSTEMS`.
        changed: only what is not as it was exported there last.
        into: the system's own export, to fill in.
        title: of the assignment's column.
        folder: where the files go.

    Raises:
        SpeechmarkError: nothing is graded, or ``into`` does not fit.
    """
    from autograder.nbgrader.marks import read_marks

    root = assignment.course.root
    roster, origins = read_roster(root), Origins(assignment)
    marks = read_marks(assignment)
    if not marks:
        raise SpeechmarkError(
            f"The gradebook holds no grades of {assignment.name!r}. First: "
            f"speechmark grade {assignment.name}"
        )
    lines = [Line(roster.get(id), marks[id], origins.of(id)) for id in sorted(marks)]
    sent = Sent(assignment)
    done = Exported(
        waiting=[_name(roster, line) for line in lines if not line.grade],
        missing=[roster.shown(student.id) for student in roster if student.id not in marks],
    )
    chosen = lines if system == "csv" else [line for line in lines if line.grade]
    if changed:
        chosen = sent.changed(chosen, system)
    done.exported = [_name(roster, line) for line in chosen]
    if system == "gradescope":
        done.files.append(folder / f"{assignment.name}_gradescope.zip")
        unknown = _for_gradescope(assignment, chosen, done.files[0])
        done.unnumbered = [roster.shown(id) for id in unknown]
    else:
        there = {line.student.id for line in chosen}
        others = [line for line in lines if line.student.id not in there]
        others += [Line(s, Marks(), origins.of(s.id)) for s in roster if s.id not in marks]
        text = _text(system, chosen, others, roster, into, title, done)
        done.files.append(folder / f"{assignment.name}_{system}.csv")
        files.write(done.files[0], text.encode("utf-8-sig" if system == "csv" else "utf-8"))
        _pack(assignment, chosen, system, folder, roster, done)
    sent.note(chosen, system)
    return done


def _name(roster: Roster, line: Line) -> str:
    return roster.shown(line.student.id)


def _text(
    system: str,
    lines: Sequence[Line],
    others: Sequence[Line],
    roster: Roster,
    into: Path | None,
    title: str,
    done: Exported,
) -> str:
    now = datetime.now().astimezone()
    if into is not None and system != "csv":
        try:
            template = into.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise SpeechmarkError(f"{into}: {error}") from error
        text, done.strangers = export.filled(template, lines, system, title, now, others)
        most = export.most_of(template, system, title)
        done.too_many = [
            _name(roster, line) for line in lines if most is not None and float(line.grade) > most
        ]
        return text
    if system == "moodle":
        done.unnumbered = [_name(roster, line) for line in lines if not line.number(system)]
        return export.for_moodle(lines, now)
    if system == "canvas":
        done.unnumbered = [_name(roster, line) for line in lines if not line.number(system)]
        return export.for_canvas(lines, title)
    if system == "google":
        return export.for_google(lines, title)
    return export.as_csv(lines, roster)


def _pack(
    assignment: Assignment,
    lines: Sequence[Line],
    system: str,
    folder: Path,
    roster: Roster,
    done: Exported,
) -> None:
    """Put the feedback beside the grades, if any was made."""
    from autograder.lms.returning import feedback_zip

    path = folder / f"{assignment.name}_{system}_feedback.zip"
    outcome = feedback_zip(assignment, lines, system, path)
    done.without_feedback = [roster.shown(id) for id in outcome["without"]]
    if outcome["packed"]:
        done.files.append(path)


def _for_gradescope(assignment: Assignment, lines: Sequence[Line], path: Path) -> list[str]:
    from autograder.lms.gradescope import autograder_zip
    from autograder.report.gradescope import results_json
    from autograder.store.ledger import held

    results, training = held(assignment), assignment.settings.training
    return autograder_zip(
        [
            (line.student, results_json(results[line.student.id], training, line.marks))
            for line in lines
            if line.student.id in results
        ],
        path,
    )
