"""An audit as a person reads it."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.authoring.audit import Audit
from autograder.support.console import unmarked

_MARKS = {"passed": "[green]·[/]", "grader": "[bold red]G[/]"}


def show(found: Audit, console: Console) -> None:
    """Print the matrix of solutions against parts, then every finding."""
    parts = list(dict.fromkeys(part for row in found.matrix.values() for part in row))
    table = Table(box=None, pad_edge=False)
    table.add_column("solution")
    for part in parts:
        table.add_column(part, justify="center")
    for name, outcomes in sorted(found.matrix.items()):
        seen = [outcomes.get(part, "") for part in parts]
        table.add_row(unmarked(name), *(_MARKS.get(o, f"[red]{o}[/]" if o else "") for o in seen))
    console.print(table)
    for title, findings in (
        ("Correct work that fails", found.false_fails),
        ("Mistakes that pass", found.false_passes),
        ("Parts that fail for another part's sake", found.collateral),
        ("Mistakes answered by another hint", found.wrong_hint),
    ):
        console.print(f"[bold]{title}: {len(findings)}[/]")
        for finding in findings:
            line = f"  {finding.file} {finding.part}::{finding.test}: {finding.observed}"
            console.print(unmarked(line), soft_wrap=True, highlight=False)
    console.print(f"[bold]Mistakes that only one test catches: {len(found.single_catches)}[/]")
    by_test: dict[str, list[str]] = {}
    for name, test in sorted(found.single_catches.items()):
        by_test.setdefault(test, []).append(Path(name).stem.partition("__")[2])
    for test, names in by_test.items():
        console.print(unmarked(f"  {test}: {', '.join(names)}"), soft_wrap=True, highlight=False)
    console.print(f"[bold]Tests that no mistake needs: {len(found.unneeded_tests)}[/]")
    for test in found.unneeded_tests:
        console.print(unmarked(f"  {test}"), highlight=False)
    console.print(f"[bold]Tests that were not asked: {len(found.skipped)}[/]")
    for test, reasons in found.skipped.items():
        for reason, files in reasons.items():
            beside = "everywhere" if len(files) == len(found.matrix) else ", ".join(files)
            line = f"  {test}: {reason} ({beside})"
            console.print(unmarked(line), soft_wrap=True, highlight=False)
    console.print(
        f"{found.right} right, {found.wrong} wrong: {'sound' if found.sound else 'UNSOUND'}"
    )
