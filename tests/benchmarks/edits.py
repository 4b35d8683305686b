"""``python -m tests.benchmarks.edits``: many random sequences of edits; do points stay?

The properties of ``tests/grading/test_edits.py`` with more examples than a test run has time for.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.edits")
    parser.add_argument("--examples", type=int, default=300, help="of right and of wrong work each")
    os.environ["SPEECHMARK_EXAMPLES"] = str(parser.parse_args().examples)
    sys.exit(pytest.main(["-q", "-k", "sequence", str(ROOT / "tests/grading/test_edits.py")]))


if __name__ == "__main__":
    main()
