"""Two seconds saved at the start of every process that touches nbformat."""

import sys


def leave_out() -> None:
    """Have jsonschema do without its grammar of internationalised web addresses.

    No notebook contains any, and building it takes longer than all of nbgrader's own import. To
    be called before nbformat is imported, and so before jupytext and nbgrader are. For the whole
    process: jsonschema asks for this optional package alone, and only while it is imported.
    """
    if "jsonschema" not in sys.modules:
        sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
