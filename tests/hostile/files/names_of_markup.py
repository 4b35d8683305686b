"""Names its cells, kinds and languages with markup and orders to a terminal.
stopped by: escaping
deserves: all
"""

import json

NAME = "\\[/x] [link=//evil]here[/link] \x1b[2J\x1b]0;title\x07 <script>evil(1)</script>"


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    notebook["metadata"]["kernelspec"] = {"name": NAME, "language": NAME, "display_name": NAME}
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"{NAME} {number}"[:64]
        cell["metadata"]["tags"] = [NAME]
    extra = {"nbgrader": {"grade_id": NAME, "solution": True, "grade": False, "schema_version": 3}}
    cell = {"cell_type": "code", "id": NAME, "metadata": extra, "source": f"x = {NAME!r}"}
    notebook["cells"].append({**cell, "outputs": [], "execution_count": None})
    return json.dumps(notebook).encode()
