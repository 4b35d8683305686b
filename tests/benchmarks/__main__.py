"""``python -m tests.benchmarks [ROW...]``: measures, and prints the table.

Without rows: all of them, in order. ``--size`` makes a row smaller or larger (submissions;
for ``training`` steps). Nothing else should run on the machine meanwhile: the load average
beside each line says whether something did.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.rows import ROWS, Bench


def main() -> None:
    arguments = _arguments()
    rows = arguments.rows or list(ROWS)
    conditions = _facts()
    print(_words_of(conditions), flush=True)
    lines: list[dict[str, Any]] = []
    for name in rows:
        about = (ROWS[name].__doc__ or "").splitlines()[0]
        print(f"\n## {name}\n\n{about}\n", flush=True)
        with tempfile.TemporaryDirectory(prefix="speechmark-benchmark-") as folder:
            bench = Bench(
                folder=Path(folder),
                size=arguments.size,
                jobs=arguments.jobs,
                device=arguments.device,
                level=arguments.level,
                say=lambda line: print(_words(line), file=sys.stderr, flush=True),
            )
            try:
                ROWS[name](bench)
            except (RuntimeError, OSError, ValueError) as error:
                bench.line(f"{name} could not be measured", why=str(error)[-1500:])
        print(_table(bench.lines), flush=True)
        lines += [{"row": name, **line} for line in bench.lines]
        if arguments.json:
            written = {"conditions": conditions, "lines": lines}
            arguments.json.write_text(json.dumps(written, indent=1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []], help=", ".join(ROWS))
    parser.add_argument("--size", type=int, help="submissions, or steps of the training row")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--level", type=int, choices=(1, 2, 3), default=3)
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the figures here too, row by row"
    )
    return parser.parse_args()


def _facts() -> dict[str, Any]:
    revision = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return {
        "date": datetime.date.today().isoformat(),
        "revision": revision.stdout.strip(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory GiB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: version(name) for name in ("torch", "nbgrader")},
        "load at start": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _words_of(conditions: dict[str, Any]) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in conditions.items())
    return (
        f"Conditions: {facts}.\nEvery figure includes all processes and imports; one thread each."
    )


def _table(lines: list[dict[str, Any]]) -> str:
    """Markdown; a row of many figures and one line stands upright."""
    if len(lines) == 1:
        body = [[name, value] for name, value in lines[0].items() if name != "what"]
        head = ["", lines[0]["what"]]
    else:
        head = list(dict.fromkeys(name for line in lines for name in line))
        body = [[line.get(name, "") for name in head] for line in lines]
    rows = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)


def _words(line: dict[str, Any]) -> str:
    rest = ", ".join(f"{name} {value}" for name, value in line.items() if name != "what")
    return f"{line['what']}: {rest}"


if __name__ == "__main__":
    sys.exit(main())
