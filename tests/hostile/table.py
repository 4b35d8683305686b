"""The table of docs/attacks.md: ``python -m tests.hostile.table`` writes it anew."""

from __future__ import annotations

from pathlib import Path

from tests.hostile.corpus import LAYERS, Case, cases

PAGE = Path(__file__).resolve().parents[2] / "docs" / "attacks.md"

_HEAD = """\
# Attacks, and the layer that stopped each

Generated from the docstrings in `tests/hostile/`, where every attack is a small file that the
test suite runs; `python -m tests.hostile.table` writes this page anew. What each level
promises is in [SECURITY.md](../SECURITY.md).

An attack passes the test suite when it gained no point that its honest remainder does not
deserve, nothing that is hidden or secret reached the result, the feedback or the class report,
no process and no changed file was left, and the same grader then gave an honest submission
exactly its points.
"""


def page() -> str:
    """The whole page."""
    kinds = {kind: cases(kind) for kind in ("code", "files", "training")}
    known = [case for found in kinds.values() for case in found if "open" in case.keys]
    code, files, training = ([c for c in found if c not in known] for found in kinds.values())
    parts = [
        _HEAD,
        "## The layers\n",
        _rows(("Layer", "What it is"), sorted(LAYERS.items(), key=lambda row: row[0].lower())),
        f"## {len(code)} attacks by code in a cell\n",
        _table(code),
        f"## {len(training)} attacks on the training run\n",
        _table(training),
        f"## {len(files)} attacks by the file\n",
        _table(files),
        f"## {len(known)} that are not stopped\n",
        "Their tests are expected to fail, so that it is noticed when one of them is stopped.\n",
        _rows(
            ("Attack", "Why"), [(_link(case), f"{_sentence(case.keys['open'])}") for case in known]
        ),
    ]
    return "\n".join(parts)


def _table(found: list[Case]) -> str:
    rows = [(_link(case), case.about, ", ".join(case.layers)) for case in found]
    return _rows(("Attack", "What it tries", "Stopped by"), rows)


def _link(case: Case) -> str:
    words = case.name.replace("_", " ")
    return f"[{words}](../tests/hostile/{case.path.parent.name}/{case.path.name})"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _rows(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
