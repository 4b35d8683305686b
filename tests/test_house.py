"""The house stays as it was built: imports run down, and the engine knows no assignment by name."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

from autograder.course.assignment import Course
from autograder.course.settings import read_settings
from tests.conftest import ROOT

ENGINE = ROOT / "autograder"
TEMPLATE = ENGINE / "authoring" / "template"
"""An assignment, not the engine: what ``speechmark new`` writes."""

ORDINARY: dict[str, str] = {
    "negative_cosine": "a label-free sign of any run in autograder.lab.diagnostics",
}
"""Names of assignments' parts that are words of the field too, each with the reason."""

PAGES = {".html", ".css", ".js"}

DOZEN = 12
ATTACKS = {ROOT / "tests" / "hostile" / kind for kind in ("code", "files", "training")}
"""Folders in which a file is an attack."""


def test_imports_run_down() -> None:
    """The contracts of pyproject.toml: the floors, and what the wall and the suites' kit know.

    In a process of its own: import-linter disables every logger that there is.
    """
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_folders_do_not_know_each_other_in_circles() -> None:
    """A folder in a folder is one of its own: above what holds it, or below."""
    graph = grimp.build_graph("autograder", cache_dir=None)
    folders = {module for module in graph.modules if graph.find_children(module)}

    def folder(module: str) -> str:
        above = module.rpartition(".")[0]
        return module if module in folders or above == "autograder" else above

    known: dict[str, set[str]] = {}
    for module in graph.modules - {"autograder"}:
        imported = graph.find_modules_directly_imported_by(module) - {"autograder"}
        known.setdefault(folder(module), set()).update(map(folder, imported))
    order = TopologicalSorter({above: below - {above} for above, below in known.items()})
    assert len(list(order.static_order())) == len(known)


def test_no_folder_holds_more_than_a_dozen_modules() -> None:
    held = Counter(path.parent for path in engine() if path.suffix == ".py")
    for path in (ROOT / "tests").rglob("*.py"):
        if path.parent not in ATTACKS:
            held[path.parent] += 1
    crowded = {
        str(folder.relative_to(ROOT)): number
        for folder, number in held.items()
        if number - (folder / "__init__.py").is_file() > DOZEN
    }
    assert not crowded


def forbidden() -> set[str]:
    """The assignments' names and the names that their parts define, but for ordinary words."""
    names: set[str] = set()
    for assignment in Course(ROOT).assignments():
        settings = read_settings(assignment.folder / "assignment.toml")
        names |= {settings.name, *(name for part in settings.part for name in part.names)}
    return names - ORDINARY.keys()


def said(path: Path) -> Iterator[tuple[int, str]]:
    """Line and word: the identifiers and whole strings of a module, the words of a page."""
    if path.suffix in PAGES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield from ((number, word) for word in re.findall(r"\w+", line))
        return
    yield 1, path.stem
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        line = getattr(node, "lineno", 1)
        for field in ("id", "attr", "arg", "name", "asname", "module", "rest"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield from ((line, word) for word in value.split("."))
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield line, node.value
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield from ((line, word) for word in node.names)


def engine() -> list[Path]:
    """The modules and pages of the engine."""
    files = (p for p in ENGINE.rglob("*") if p.suffix in {".py", *PAGES})
    return sorted(path for path in files if TEMPLATE not in path.parents)


def test_the_engine_knows_no_assignment_by_name() -> None:
    names = forbidden()
    found = [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for path in engine()
        for line, word in said(path)
        if word in names
    ]
    assert not found, "\n".join(found)


def test_the_guard_sees_what_it_guards_against(tmp_path: Path) -> None:
    module = tmp_path / "encoder_of.py"
    module.write_text(
        "import nets.a1 as a2\ndef a3(a4, *, a5=1):\n    global a6\n"
        '    return a7.a8(a9=f"{a10}", other="a11")\n'
    )
    words = {word for _, word in said(module)}
    assert words >= {f"a{number}" for number in range(1, 12)}
    assert "encoder_of" in words
    page = tmp_path / "page.html"
    page.write_text("<p>{{ run.info_nce }}</p>")
    assert "info_nce" in {word for _, word in said(page)}


def test_every_word_on_the_list_is_needed() -> None:
    """A word stays on the list as long as an assignment uses it and the engine does too."""
    words = {word for path in engine() for _, word in said(path)}
    assert ORDINARY.keys() <= words
