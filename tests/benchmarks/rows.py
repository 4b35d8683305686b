"""The rows of the table: each measures one thing, on its own, at any size."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.course.assignment import Assignment
from autograder.nbgrader.config import course_config
from autograder.nbgrader.gradebook import register
from tests.benchmarks import classes, meter, stock
from tests.benchmarks.meter import Cost

MIB = 1 << 20


@dataclass
class Bench:
    """What a row is given: an empty folder, how large to be, and where to put its lines."""

    folder: Path
    size: int | None = None
    jobs: int = 2
    device: str = "cpu"
    level: int = 3
    lines: list[dict[str, Any]] = field(default_factory=list)
    say: Callable[[dict[str, Any]], None] = lambda line: None

    def of(self, default: int) -> int:
        """The size asked for, or the row's own."""
        return self.size or default

    def line(self, what: str, **values: Any) -> None:
        """One line of the table."""
        found = {"what": what, **values, "load": round(os.getloadavg()[0], 1)}
        self.lines.append(found)
        self.say(found)

    def course(self, name: str) -> Assignment:
        return classes.course(self.folder / name)

    def grade(self, assignment: Assignment, *options: str, jobs: int | None = None) -> Cost:
        """``speechmark grade`` over the class; its JSON is the cost's output."""
        given = ("--jobs", str(jobs or self.jobs), "--level", str(self.level), "--json", *options)
        command = classes.speechmark("grade", assignment.name, "--device", self.device, *given)
        return meter.run(command, assignment.course.root, classes.environment())


def _per(cost: Cost, count: int) -> dict[str, Any]:
    exact = {} if cost.exact else {"note": "CPU of waited-for children only"}
    return {
        "submissions": count,
        "CPU-s each": round(cost.cpu / count, 3),
        "wall s each": round(cost.wall / count, 3),
        "CPU-s": round(cost.cpu, 1),
        "wall s": round(cost.wall, 1),
        "peak MiB": cost.peak // MIB,
        **exact,
    }


def _results(cost: Cost) -> list[dict[str, Any]]:
    if cost.status not in (0, 1):
        cost.check()
    submissions: list[dict[str, Any]] = json.loads(cost.output)["submissions"]
    return submissions


def startup(bench: Bench) -> None:
    """CPU of the commands that need no torch: the least of several runs."""
    assignment = bench.course("course")
    classes.hand_in(assignment.course.root, classes.variants(assignment, 3), bench.of(300))
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "speechmark --help": classes.speechmark("--help"),
        "speechmark doctor --brief": classes.speechmark("doctor", "--brief"),
        "speechmark status": classes.speechmark("status", assignment.name),
    }
    for what, command in commands.items():
        costs = [
            meter.run(command, assignment.course.root, classes.environment()) for _ in range(6)
        ]
        failed = [cost for cost in costs if cost.status]
        seconds = [round(cost.cpu, 3) for cost in costs]
        line = {"CPU-s first": seconds[0], "CPU-s least": min(seconds)}
        bench.line(what, **line, **({"note": "fails"} if failed else {}))


def side_by_side(bench: Bench) -> None:
    """Stock nbgrader against Speechmark, the same submissions and tests, in one run."""
    _side_by_side(bench, count=bench.of(200), train=False)


def side_by_side_training(bench: Bench) -> None:
    """As ``stock``, with the training run in both."""
    _side_by_side(bench, count=bench.of(4), train=True)


def _side_by_side(bench: Bench, count: int, train: bool) -> None:
    from autograder.grading.exam import choose_corpus

    ours = bench.course("ours")
    submissions = classes.variants(ours)
    corpus = choose_corpus(ours, None) if train else None
    theirs = bench.folder / "stock"
    theirs.mkdir()
    names = classes.hand_in(ours.course.root, submissions, count)
    contents = [
        (ours.course.root / "submitted" / name / ours.name / f"{ours.name}.ipynb").read_bytes()
        for name in names
    ]
    stock.course(theirs, ours, corpus)
    stock.hand_in(theirs, ours.name, contents, names)
    option = "--train" if train else "--no-train"
    command = stock.nbgrader("autograde", ours.name)
    base = meter.run(command, theirs, stock.environment())
    bench.line(f"stock nbgrader, {option}, serial, cold", **_per(base, count))
    for jobs in (1, 2):
        _forget_grades(ours)
        shutil.rmtree(ours.course.root / ".speechmark", ignore_errors=True)
        for state in ("cold", "cached"):
            cost = bench.grade(ours, option, jobs=jobs)
            found = _results(cost)
            if not train:
                cost = _sum(cost, _into_nbgrader(ours, found))
            faults = sum(not result["graded"] for result in found)
            bench.line(
                f"speechmark and nbgrader pass, {option}, {jobs} job{'s' * (jobs > 1)}, {state}",
                **_per(cost, count),
                **{"times the rate of stock": round(base.wall / cost.wall, 1)},
                **({"not graded": faults} if faults else {}),
            )


def overhead(bench: Bench) -> None:
    """CPU beyond what the submissions' own cells and calls need, training left out."""
    count = bench.of(200)
    assignment = bench.course("course")
    submissions = classes.variants(assignment)
    names = classes.hand_in(assignment.course.root, submissions, count)
    sample = [
        str(assignment.course.root / "submitted" / n / assignment.name / f"{assignment.name}.ipynb")
        for n in names[: len(submissions)]
    ]
    command = [sys.executable, "-m", "tests.benchmarks.needs", str(assignment.course.root)]
    needed = json.loads(meter.run([*command, *sample], classes.ROOT).check().output)
    own, tests, suites = (
        statistics.mean(needed[number % len(needed)][which] for number in range(count))
        for which in range(3)
    )
    _forget_grades(assignment)
    cost = bench.grade(assignment, "--no-train")
    found = _results(cost)
    inside = statistics.mean(result["cpu_seconds"] for result in found)
    cost = _sum(cost, _into_nbgrader(assignment, found))
    bench.line(
        "overhead per submission, --no-train, nbgrader pass included",
        **_per(cost, count),
        **{
            "cells and calls CPU-s": round(own, 3),
            "cells and tests CPU-s": round(tests, 3),
            "cells and whole suites without a wall CPU-s": round(suites, 3),
            "in grader and workers CPU-s": round(inside, 3),
            "beyond cells and calls CPU-s": round(cost.cpu / count - own, 3),
            "beyond cells and tests CPU-s": round(cost.cpu / count - tests, 3),
            "beyond cells and whole suites CPU-s": round(cost.cpu / count - suites, 3),
        },
    )


def gradebook(bench: Bench) -> None:
    """The nbgrader pass alone: the class is graded, the gradebook is empty."""
    count = bench.of(100)
    assignment = bench.course("course")
    classes.hand_in(assignment.course.root, classes.variants(assignment), count)
    found = _results(bench.grade(assignment, "--no-train"))
    _forget_grades(assignment)
    first = _into_nbgrader(assignment, found[:1])
    _forget_grades(assignment)
    whole = _into_nbgrader(assignment, found)
    again = _into_nbgrader(assignment, found)
    more = (whole.cpu - first.cpu) / max(1, count - 1)
    bench.line(
        "nbgrader pass",
        **_per(whole, count),
        **{
            "CPU-s of the first": round(first.cpu, 2),
            "CPU-s of each more": round(more, 4),
            "CPU-s again, unchanged": round(again.cpu, 2),
        },
    )


def _into_nbgrader(assignment: Assignment, results: list[dict[str, Any]]) -> Cost:
    """Write results into nbgrader, in a process of their own.

    The command does so only after grading with training. Results without it are completed by
    zero points for that part.
    """
    points = {part.id: part.points for part in assignment.automatic}
    whole = [
        {**r, "parts": [{**part, "max_score": points[part["id"]]} for part in r["parts"]]}
        for r in results
        if r["graded"]
    ]
    root = assignment.course.root
    (root / "results.json").write_text(json.dumps(whole))
    script = (
        "import json\n"
        "from pathlib import Path\n"
        "from autograder.course.assignment import Course\n"
        "from autograder.nbgrader.course import autograde\n"
        "from autograder.course.results import SubmissionResult\n"
        "raw = json.loads(Path('results.json').read_text())\n"
        "results = [SubmissionResult.model_validate(r) for r in raw]\n"
        f"done = autograde(Course(Path()).assignment({assignment.name!r}), results)\n"
        "assert not done.problems, done.problems\n"
    )
    return meter.run([sys.executable, "-c", script], root, classes.environment()).check()


def _forget_grades(assignment: Assignment) -> None:
    root = assignment.course.root
    for folder in (root / "autograded", root / "feedback", root / ".speechmark" / "nbgrader"):
        shutil.rmtree(folder, ignore_errors=True)
    for file in root.glob("gradebook.db*"):
        file.unlink()
    # As generate_assignment has done for stock nbgrader, in a gradebook that is there already.
    register(assignment, course_config(root))


def _sum(first: Cost, second: Cost) -> Cost:
    """Of two commands, one after the other."""
    return replace(
        first,
        cpu=first.cpu + second.cpu,
        wall=first.wall + second.wall,
        memory=[*first.memory, *second.memory],
    )


def growth(bench: Bench) -> None:
    """How cost grows with the class."""
    for count in (10, 100, 1000):
        if bench.size and count > bench.size:
            continue
        assignment = bench.course(f"course{count}")
        classes.hand_in(assignment.course.root, classes.variants(assignment), count)
        for state in ("cold", "cached"):
            cost = bench.grade(assignment, "--no-train")
            found = _results(cost)
            line = {**_per(cost, count), "not graded": sum(not r["graded"] for r in found)}
            bench.line(f"speechmark, --no-train, {bench.jobs} jobs, {state}", **line)


def whole_class(bench: Bench) -> None:
    """A class with training: wall time against the sum of training CPU over the cores."""
    count = bench.of(200)
    assignment = bench.course("course")
    classes.hand_in(assignment.course.root, classes.variants(assignment), count)
    cost = bench.grade(assignment, "--train")
    found = _results(cost)
    steps, embedding = (
        sum((result["training"] or {}).get(spent, 0.0) for result in found)
        for spent in ("cpu_seconds", "embedding_seconds")
    )
    cores = len(os.sched_getaffinity(0))

    def ratio(cpu: float) -> float | None:
        return round(cost.wall / (cpu / cores), 3) if cpu else None

    bench.line(
        f"speechmark, --train, {bench.jobs} jobs, cold",
        **_per(cost, count),
        **{
            "training runs": sum((r["training"] or {}).get("runs", 0) for r in found),
            "training CPU-s": round(steps + embedding, 1),
            "of it embedding": round(embedding, 1),
            "wall over training CPU / cores": ratio(steps + embedding),
            "wall over steps' CPU / cores": ratio(steps),
            "not graded": sum(not result["graded"] for result in found),
        },
    )


def training(bench: Bench) -> None:
    """The training run's own speed and where it goes."""
    assignment = bench.course("course")
    command = [sys.executable, "-m", "tests.benchmarks.training.speed"]
    steps = bench.of(assignment.training.recipe["steps"])
    arguments = [str(assignment.course.root), bench.device, str(steps)]
    cost = meter.run([*command, *arguments], classes.ROOT).check()
    found = json.loads(cost.output)
    clock = "wall" if bench.device == "cuda" else "CPU-s"
    total = sum(found[clock].values())
    shares = {
        stage: f"{seconds:.2f} s ({seconds / total:.0%})"
        for stage, seconds in sorted(found[clock].items(), key=lambda item: -item[1])
    }
    rates = {key: round(found[key]) for key in ("views per CPU-s", "views per s")}
    labels = ("untrained, few labels", "few labels", "all labels")
    known = {key: found[key] for key in ("corpus", "steps", *labels)}
    bench.line(
        f"training run on {bench.device}",
        **rates,
        **known,
        **shares,
        **{"peak MiB": cost.peak // MIB},
    )


def recipe(bench: Bench) -> None:
    """The recipe against the first one that worked: accuracy on unheard speakers, and cost."""
    assignment = bench.course("course")
    command = [sys.executable, "-m", "tests.benchmarks.training.recipe"]
    cost = meter.run([*command, str(assignment.course.root), str(bench.of(5))], classes.ROOT)
    found = json.loads(cost.check().output)
    for which in ("first", "present"):
        runs = [run[which] for run in found["runs"]]
        seen = [round(run["accuracy"], 3) for run in runs]
        few = [round(run["few labels"], 3) for run in runs]
        bench.line(
            f"{which} recipe, {len(runs)} seeds",
            **{"mean accuracy": round(statistics.mean(seen), 4), "lowest": min(seen)},
            **{"highest": max(seen), "few labels, mean": round(statistics.mean(few), 4)},
            **{"few, lowest": min(few), "few, highest": max(few)},
            **{"CPU-s": round(statistics.mean(r["CPU-s"] for r in runs), 1)},
        )
    each = {who: round(accuracy, 3) for who, accuracy in found["left out"].items()}
    mean = round(statistics.mean(found["left out"].values()), 4)
    bench.line("present recipe, one speaker left out", **{"mean accuracy": mean}, **each)


def families(bench: Bench) -> None:
    """The training runs of all assignments at equal steps: processor time, side by side."""
    steps = bench.of(120)
    command = [sys.executable, "-m", "tests.benchmarks.training.families", str(steps), "3"]
    found = json.loads(meter.run(command, classes.ROOT).check().output)
    first = sum(found[classes.NAME].values())
    for name, spent in found.items():
        bench.line(
            f"{name}, {steps} steps, the least of 3 rounds",
            **{f"CPU-s of {stage}": round(seconds, 2) for stage, seconds in spent.items()},
            **{f"times {classes.NAME}": round(sum(spent.values()) / first, 2)},
        )


def soak(bench: Bench) -> None:
    """A large class, hostile submissions among it: memory, processes and every result."""
    count = bench.of(1000)
    alone = bench.course("alone")
    honest, attacks = classes.variants(alone), classes.hostile(alone)
    mixed = [*honest * 3, *attacks]
    for number, content in enumerate(mixed[len(honest) * 2 :]):
        path = alone.course.root / "submitted" / f"v{number:02d}" / alone.name
        path.mkdir(parents=True)
        (path / f"{alone.name}.ipynb").write_bytes(content)
    expected = [
        _points(result)
        for result in sorted(_results(bench.grade(alone, "--no-train")), key=lambda r: r["name"])
    ]
    expected = [*expected[: len(honest)] * 2, *expected]
    together = bench.course("together")
    classes.hand_in(together.course.root, mixed, count)
    cost = bench.grade(together, "--no-train")
    found = sorted(_results(cost), key=lambda result: result["name"])
    different = [
        result["name"]
        for number, result in enumerate(found)
        if _points(result) != expected[number % len(mixed)]
    ]
    # Attacks on memory come and go: what a run comes to hold for good is the least that is seen.
    parts = [
        [size // MIB for second, size in cost.memory if part <= 5 * second / cost.wall < part + 1]
        for part in range(5)
    ]
    bench.line(
        "soak, --no-train, hostile ones among them",
        **_per(cost, count),
        **{
            "other points than alone": len(different),
            "which": different[:10],
            "processes left": cost.left,
            "least MiB in each fifth": [min(seen, default=0) for seen in parts],
            "median MiB in each fifth": [int(statistics.median(seen or [0])) for seen in parts],
        },
    )


def _points(result: dict[str, Any]) -> dict[str, Any]:
    return {"graded": result["graded"], **{p["id"]: p["score"] for p in result["parts"]}}


ROWS: dict[str, Callable[[Bench], None]] = {
    "startup": startup,
    "stock": side_by_side,
    "stock-training": side_by_side_training,
    "overhead": overhead,
    "gradebook": gradebook,
    "growth": growth,
    "training": training,
    "recipe": recipe,
    "families": families,
    "class": whole_class,
    "soak": soak,
}
