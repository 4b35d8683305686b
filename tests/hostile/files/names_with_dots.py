"""Names its cells, attachments and files after paths that lead out of every folder.
stopped by: rebuilding
deserves: all
"""

import json
from pathlib import Path


def make(folder: Path, honest: bytes) -> None:
    folder.mkdir(parents=True)
    notebook = json.loads(honest)
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"../../{number}"
        cell["attachments"] = {"../../../x.png": {"image/png": "eA=="}}
        cell["metadata"]["name"] = "../../etc/passwd"
    notebook["metadata"]["name"] = "../../solutions/contrastive/hidden/test_info_nce"
    (folder / "contrastive.ipynb").write_text(json.dumps(notebook))
    (folder / "..ipynb").write_bytes(honest)
    (folder / "...").mkdir()
