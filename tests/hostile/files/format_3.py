"""Is a notebook of format 3, whose cells have neither ids nor the same names for things.
stopped by: reading
deserves: all
"""

import json


def make(honest: bytes) -> bytes:
    cells = [
        {
            "cell_type": cell["cell_type"],
            "metadata": cell["metadata"],
            **(
                {"input": cell["source"], "language": "python", "outputs": [], "collapsed": False}
                if cell["cell_type"] == "code"
                else {"source": cell["source"]}
            ),
        }
        for cell in json.loads(honest)["cells"]
    ]
    notebook = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [{"cells": cells}],
    }
    return json.dumps(notebook).encode()
