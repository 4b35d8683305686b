"""``python -m tests.benchmarks.revisions OTHER ROW...``: two checkouts, the same rows, in turn.

OTHER is a checkout of another revision (``git worktree add``). Each row is measured in it and in
this one, round after round, so that whatever else the machine does burdens both alike. Of every
figure the least of the rounds is told, for processor time only grows when something is in the way.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.revisions")
    parser.add_argument("other", type=Path, help="a checkout of another revision")
    parser.add_argument("rows", nargs="+", help="of tests.benchmarks")
    parser.add_argument("--size", type=int)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    checkouts = {"other": given.other.resolve(), "this": ROOT}
    seen: dict[str, list[dict[str, Any]]] = {name: [] for name in checkouts}
    for number in range(given.rounds):
        for name, checkout in checkouts.items():
            lines = measured(checkout, given.rows, given.size)
            for line in lines:
                print(f"{number + 1} {name}: {json.dumps(line)}", file=sys.stderr, flush=True)
            seen[name] += lines
    for what in dict.fromkeys(line["what"] for line in seen["this"]):
        print(f"\n{what}")
        least = {name: figures(lines, what) for name, lines in seen.items()}
        for figure, new in least["this"].items():
            old = least["other"].get(figure)
            ratio = f"{new / old:.2f}" if old else "-"
            print(f"  {figure}: {old} -> {new} ({ratio})")


def measured(checkout: Path, rows: list[str], size: int | None) -> list[dict[str, Any]]:
    """The lines that the checkout's own benchmarks print for these rows."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lines.json"
        command = [sys.executable, "-m", "tests.benchmarks", *rows, "--json", str(file)]
        command += ["--size", str(size)] if size else []
        path = f"{checkout}{os.pathsep}{checkout / 'datasets'}"
        environment = {**os.environ, "PYTHONPATH": path}
        subprocess.run(
            command, cwd=checkout, env=environment, check=True, stdout=subprocess.DEVNULL
        )
        lines: list[dict[str, Any]] = json.loads(file.read_text())["lines"]
        return lines


def figures(lines: list[dict[str, Any]], what: str) -> dict[str, float]:
    """Each figure of a line, the least of all rounds; the load is the highest."""
    found: dict[str, list[float]] = {}
    for line in lines:
        if line["what"] == what:
            for name, value in line.items():
                if isinstance(value, int | float) and not isinstance(value, bool):
                    found.setdefault(name, []).append(value)
    return {name: max(v) if name == "load" else min(v) for name, v in found.items()}


if __name__ == "__main__":
    main()
