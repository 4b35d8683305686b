"""Speechmark's grades in nbgrader: gradebook, feedback, formgrader and export stay nbgrader's."""

import importlib
import sys

if "jsonschema" not in sys.modules:
    # nbformat's jsonschema would build a grammar of internationalised web addresses, which no
    # notebook contains; it takes longer than all of nbgrader's own import.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    importlib.import_module("jsonschema")
    del sys.modules["rfc3987_syntax"]
