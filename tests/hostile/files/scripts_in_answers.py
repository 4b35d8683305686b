"""Writes markup, links and formulas that run in the written answer and in cells of its own.
stopped by: escaping
deserves: all
"""

import json

EVIL = "evil(1)"
SCRIPTS = [
    f"<script>{EVIL}</script>",
    f"<img src=x onerror={EVIL}>",
    f"<svg onload={EVIL}></svg>",
    f"[a link](javascript:{EVIL})",
    f"[a link](JaVaScRiPt:{EVIL})",
    f"[a link](&#106;avascript:{EVIL})",
    f"[a link][r]\n\n[r]: javascript:{EVIL}",
    f"![a picture](data:text/html,<script>{EVIL}</script>)",
    f'[a link](x "" onclick={EVIL})',
    f"<a href='javascript:{EVIL}'>x</a>",
    f"<javascript:{EVIL}>",
    f"<iframe srcdoc='<script>{EVIL}</script>'></iframe>",
    f"<math><mtext><style><img src=x onerror={EVIL}></style></mtext></math>",
    f"<!--><img src=x onerror={EVIL}>-->",
    f"<form action=javascript:{EVIL}><input type=submit></form>",
    f"```html\n<script>{EVIL}</script>\n```",
    f'```mermaid\nflowchart LR\nA-->B\nclick A href "javascript:{EVIL}"\n```',
    f"`<script>{EVIL}</script>`",
    f"$$\\href{{javascript:{EVIL}}}{{x}}$$",
    f"$`</script><script>{EVIL}</script>`$",
    f"\\begin{{equation}}<script>{EVIL}</script>\\end{{equation}}",
    f"| a |\n|---|\n| <img src=x onerror={EVIL}> |",
    f"&lt;img src=x onerror={EVIL}&gt; \\<img src=x onerror={EVIL}>",
]


def make(honest: bytes) -> bytes:
    notebook = json.loads(honest)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "discussion":
            cell["source"] = "\n\n".join(SCRIPTS)
    kinds = ("markdown", "raw", "code")
    notebook["cells"] += [
        {
            "cell_type": kinds[n % 3],
            "id": script,
            "metadata": {"format": "text/html"},
            "source": text,
        }
        for n, script in enumerate(SCRIPTS)
        for text in [f"# {script}" if n % 3 == 2 else script]
    ]
    notebook["metadata"] = {
        "title": SCRIPTS[0],
        "language_info": {"name": SCRIPTS[0], "pygments_lexer": "html"},
        "kernelspec": {"name": SCRIPTS[0], "display_name": SCRIPTS[1], "language": SCRIPTS[2]},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"x": SCRIPTS[0]}}},
    }
    return json.dumps(notebook).encode()
