"""Grades for Gradescope, whose grades come from an autograder: one that hands out finished ones.

The zip is uploaded as a programming assignment's autograder ("Configure autograder"), and
"Regrade all submissions" gives each submission the ``results.json`` that was made here. It runs
nothing that a student wrote: it looks the submitter up by address or student number in
``submission_metadata.json``.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autograder.lms.roster import Student
from autograder.support import files

_SETUP = "#!/usr/bin/env bash\napt-get install -y python3\n"
_RUN = '''#!/usr/bin/env python3
"""Hands out the result that was made for who submitted."""
import json

held = json.load(open("/autograder/source/grades.json"))
users = json.load(open("/autograder/submission_metadata.json"))["users"]
names = [str(user.get(key) or "").casefold() for user in users for key in ("email", "sid")]
found = next((held[name] for name in names if name in held), None)
missing = {"score": 0, "output": "No grade was made for this submission yet.", "tests": []}
json.dump(found or missing, open("/autograder/results/results.json", "w"))
'''


def autograder_zip(results: Iterable[tuple[Student, Mapping[str, Any]]], path: Path) -> list[str]:
    """Write the zip.

    Args:
        results: students, and the ``results.json`` of each.
        path: where.

    Returns:
        The ids of students of whom neither an address nor a student number is known.
    """
    held: dict[str, Mapping[str, Any]] = {}
    unknown = []
    for student, result in results:
        names = {student.email.casefold(), student.further.get("gradescope_sid", "").casefold()}
        names.discard("")
        held |= dict.fromkeys(names, result)
        if not names:
            unknown.append(student.id)
    content = {
        "setup.sh": _SETUP,
        "run_autograder": _RUN,
        "grades.json": json.dumps(held, ensure_ascii=False),
    }
    with files.atomic(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, text in content.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o644 if name.endswith(".json") else 0o755) << 16
            archive.writestr(entry, text)
    return unknown
