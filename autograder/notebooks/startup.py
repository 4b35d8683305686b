"""Two seconds saved at the start of every process that touches nbformat."""

import importlib
import sys


def leave_out() -> None:
    """Import jsonschema without its grammar of internationalised web addresses.

    No notebook contains any, and building it takes longer than all of nbgrader's own import. To
    be called before nbformat is imported, and so before jupytext and nbgrader are.
    """
    if "jsonschema" not in sys.modules:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
        importlib.import_module("jsonschema")
        del sys.modules["rfc3987_syntax"]
