"""Made-up results of an assignment about birds, and the pages written of them."""

from __future__ import annotations

import math
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from autograder.course.results import (
    Environment,
    PartResult,
    SubmissionResult,
    Training,
)
from autograder.course.results import (
    TestResult as CheckResult,
)
from autograder.course.settings import TrainingSettings
from autograder.lab.testing.outcomes import Outcome
from autograder.lms.marks import Mark, Marks
from autograder.report.report import write_report


def check(name: str, outcome: Outcome = "passed", **more: Any) -> CheckResult:
    return CheckResult(name=name, demand=f"Demand of {name}.", outcome=outcome, **more)


def part(name: str, score: float, *tests: CheckResult, of: float = 2.0) -> PartResult:
    ended: list[Outcome] = [t.outcome for t in tests if t.outcome != "passed"]
    outcome: Outcome = ended[0] if ended else "passed"
    return PartResult(id=name, score=score, max_score=of, outcome=outcome, tests=list(tests))


RUN = TrainingSettings.model_validate(
    {
        "part": "melody",
        "corpora": ["birds"],
        "inputs": ["mels"],
        "recipe": {"steps": 40},
        "measure": [
            {"name": "start", "of": "before", "by": "linear_probe", "title": "before training"},
            {"name": "plain", "of": "log_mel", "by": "linear_probe", "title": "without a net"},
            {"name": "gain", "of": "after", "by": "gain", "title": "what was gained"},
            {"name": "songs", "of": "after", "by": "linear_probe", "title": "songs told apart",
             "calibrated": True},
        ],
        "tier": [
            {"name": "moves", "demand": "It moves.", "measure": "gain", "above": [0],
             "hint": "melody.still"},
            {"name": "sings", "demand": "It sings.", "measure": "songs", "above": ["calibrated"],
             "hint": "melody.flat"},
        ],
        "swap": [{"part": "voice", "names": ["Throat"], "counts": True},
                 {"part": "voice", "names": ["Beak"], "hint": "melody.held_back"}],
        "curve": [{"name": "loss", "title": "The loss"}, {"name": "rank", "title": "The rank"}],
    }
)  # fmt: skip


def training(**changes: Any) -> Training:
    facts: dict[str, Any] = {
        "corpus": "birds", "digest": "d", "recipe": {"steps": 40}, "seed": 1,
        "measures": {"start": 0.54, "plain": 0.731, "gain": 0.32, "songs": 0.86},
        "bars": {"songs": 0.8},
        "curves": {"loss": [5.5 - 0.05 * i for i in range(40)]},
        "levels": {"loss": (5.54, "all songs sound alike")},
        "points": [[math.sin(i), math.cos(3 * i)] for i in range(30)],
        "labels": {"song": [str(i % 10) for i in range(30)],
                   "bird": ["wren" if i % 2 else "robin" for i in range(30)]},
    }  # fmt: skip
    return Training(**(facts | changes))


def measuring(**changes: float) -> Training:
    """A run with some measures changed."""
    run = training()
    return run.model_copy(update={"measures": run.measures | changes})


def result(name: str, *parts: PartResult, **changes: Any) -> SubmissionResult:
    chosen = parts or (part("fade", 2.0, check("test_ramp")), part("loss", 2.0, check("test_v")))
    facts: dict[str, Any] = {
        "name": name, "assignment": "birdsong", "key": f"key of {name!r}",
        "score": sum(p.score for p in chosen), "max_score": sum(p.max_score for p in chosen),
        "parts": list(chosen), "seconds": 12.5, "cpu_seconds": 11.0,
        "environment": Environment(
            kit="0.1.0", torch="2.11.0", python="3.11", device="cpu", threads=1, level=3,
            canaries={"network": True}, suites="suitesdigest",
        ),
    }  # fmt: skip
    # What a folder is called is not always valid Unicode; a result must be drawn all the same.
    made = SubmissionResult(**(facts | changes | {"name": ""}))
    return made.model_copy(update={"name": name})


def fault(name: str, detail: str = "disk full") -> SubmissionResult:
    broken = part("fade", 0.0, check("test_ramp", "grader", detail=detail))
    return result(name, broken, part("loss", 2.0, check("test_v")), graded=False)


def marked(points: float, **more: Any) -> Marks:
    """Marks of a gradebook: full points for :func:`result`'s parts, ``points`` of 4 by hand."""
    essay = Mark(points, 4.0, written=True, **more)
    return Marks({"fade": Mark(2.0, 2.0), "loss": Mark(2.0, 2.0), "essay": essay})


class Page(HTMLParser):
    """The elements, attributes, text and inline code of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.code: dict[str, list[str]] = {"script": [], "style": []}
        self._inside = ""
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        self._inside = tag if tag in self.code else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        (self.code[self._inside] if self._inside else self.words).append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def policy(self) -> str:
        metas = [a for tag, a in self.tags if tag == "meta" and "http-equiv" in a]
        return metas[0]["content"]

    @property
    def links(self) -> list[str]:
        return [a["href"] for _, a in self.tags if "href" in a]


def report(tmp_path: Path, *results: SubmissionResult, **options: Any) -> Page:
    options = {"title": "Birdsong", "training": RUN} | options
    return Page(write_report(results, tmp_path / "report", **options))


def own(
    tmp_path: Path, submission: SubmissionResult, reader: str = "students", **options: Any
) -> Page:
    """The student's own page, or that of ``staff``."""
    report(tmp_path, submission, **options)
    (page,) = (tmp_path / "report" / reader).iterdir()
    return Page(page)
